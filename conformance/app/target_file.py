"""Target files (TOML)."""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any, cast

from conformance import Credentials, Limits, SettingsError, SourceStore, Target, Timeouts
from conformance.app.target_keys import keys_from, secret
from specs import Spec, apis, flaw


def schema() -> Mapping[str, Any]:
    """The JSON Schema of target files."""
    text = resources.files("conformance").joinpath("schemas/target.schema.json").read_text("utf-8")
    return cast("Mapping[str, Any]", json.loads(text))


def read_target_file(path: Path) -> dict[str, Any]:
    """The content of a target file; the path of a file in it is taken from its own folder.

    Raises:
        SettingsError: it cannot be read, is not TOML, or has wrong keys or types; the message names the place.
    """
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"expected a target file at {path} but it cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"expected TOML in {path} but: {error}") from error
    wrong = next(_unknown(schema(), content, ""), None)
    if wrong is None and "url" not in content:
        wrong = "there is no url: say where the target answers, also when a command starts it"
    wrong = wrong or flaw(schema(), content)
    if wrong is not None:
        raise SettingsError(f"{path} is not a target file: {wrong}; `conformance target explain` tells what there is")
    if content["api"] not in apis():
        raise SettingsError(
            f"{path} names api={content['api']!r}, of which there is no specification; known: {', '.join(apis())}"
        )
    if "ca_file" in content:
        content["ca_file"] = str(path.parent / content["ca_file"])
        if not Path(content["ca_file"]).is_file():
            raise SettingsError(f"expected certificates at {content['ca_file']}, as {path} says, but no file is there")
    return content


def _unknown(described: Mapping[str, Any], content: Any, place: str) -> Iterator[str]:
    """What is said of each key that is not known, and which one may have been meant."""
    known = described.get("properties")
    if known is None or not isinstance(content, Mapping):
        return
    for name, value in content.items():
        if name in known:
            yield from _unknown(known[name], value, f"{place}{name}.")
            continue
        near = difflib.get_close_matches(name, known, n=1)
        inside = [
            f"{table}.{name}" for table, each in schema()["properties"].items() if name in each.get("properties", ())
        ]
        meant = [f"{place}{each}" for each in near] or inside
        hint = f"did you mean {meant[0]}?" if meant else f"known are {', '.join(f'{place}{each}' for each in known)}"
        yield f"there is no key {place}{name}; {hint}"


def target_from(content: Mapping[str, Any], spec: Spec) -> Target:
    """The target that a target file describes; raises SettingsError, CredentialsError."""
    region = content.get("region", "us-east-1")
    plain = ("account_id", "role", "exclusive", "read_only", "ca_file")
    optional = {key: content[key] for key in plain if key in content}
    if "prefix" in content:
        optional.update(prefix=content["prefix"], own_only=True)
    return Target(
        api=spec.api, url=content["url"].rstrip("/"), edition=spec.edition, credentials=_credentials(content, spec, region),
        region=region, s3=_store(content), timeouts=replace(Timeouts(), **content.get("timeouts", {})),
        limits=Limits(**content.get("limits", {})), **optional,
    )  # fmt: skip


def _credentials(content: Mapping[str, Any], spec: Spec, region: str) -> Credentials:
    auth = content.get("auth", {"scheme": "none"})
    scheme = auth["scheme"]
    if scheme not in {"none", spec.auth.scheme}:
        raise SettingsError(f"auth.scheme={scheme!r} is not one of {spec.api}'s; expected none or {spec.auth.scheme}")
    if scheme == "none":
        if len(auth) > 1:
            raise SettingsError(
                f"auth.scheme is none, but there is auth.{next(n for n in auth if n != 'scheme')} as well"
            )
        return Credentials(region=region, service=spec.auth.service)
    keys = keys_from(auth, "auth", scheme)
    if not keys:
        raise SettingsError(
            f"auth.scheme={scheme!r} needs access_key and secret_key (for instance as env:NAME), or profile, or source"
        )
    checked = auth.get("checked", True)
    return Credentials(scheme=scheme, region=region, service=spec.auth.service, checked=checked, **keys)


def _store(content: Mapping[str, Any]) -> SourceStore | None:
    table = content.get("s3")
    if table is None:
        return None
    place: dict[str, Any] = {key: secret(table[key]) for key in ("endpoint", "bucket") if key in table}
    if "prefix" in content:
        place["prefix"] = content["prefix"]
    return SourceStore(**place, **keys_from(table, "s3", "sigv4"))
