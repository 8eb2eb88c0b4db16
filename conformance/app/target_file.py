"""Target files (TOML), and targets from flags."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any, cast

from conformance import Credentials, Limits, SettingsError, SourceStore, Target, Timeouts
from specs import Spec, apis, problem


def schema() -> Mapping[str, Any]:
    """The JSON Schema of target files."""
    text = resources.files("conformance").joinpath("schemas/target.schema.json").read_text("utf-8")
    return cast("Mapping[str, Any]", json.loads(text))


def read_target_file(path: Path) -> dict[str, Any]:
    """The content of a target file.

    Raises:
        SettingsError: it cannot be read, is not TOML, or has wrong keys or types; the message names the place.
    """
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"expected a target file at {path} but it cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"expected TOML in {path} but: {error}") from error
    wrong = problem(schema(), content)
    if wrong is not None:
        raise SettingsError(f"{path} is not a target file: {wrong}; known keys are {', '.join(schema()['properties'])}")
    if content["api"] not in apis():
        raise SettingsError(
            f"{path} names api={content['api']!r}, of which there is no specification; known: {', '.join(apis())}"
        )
    if "url" not in content:
        raise SettingsError(f"{path} has no url; say where the target answers, also when a command starts it")
    return content


def target_from(content: Mapping[str, Any], spec: Spec) -> Target:
    """The target that a target file describes; raises SettingsError."""
    auth, region = content.get("auth", {"scheme": "none"}), content.get("region", "us-east-1")
    if auth["scheme"] not in {"none", spec.auth.scheme}:
        raise SettingsError(
            f"auth scheme={auth['scheme']!r} is not one of {spec.api}'s; expected none or {spec.auth.scheme}"
        )
    credentials = Credentials(
        scheme=auth["scheme"], access_key=_secret(auth.get("access_key", "")), secret_key=_secret(auth.get("secret_key", "")),
        region=region, service=spec.auth.service,
    )  # fmt: skip
    if credentials.scheme != "none" and not (credentials.access_key and credentials.secret_key):
        raise SettingsError(
            f"auth scheme={credentials.scheme!r} needs access_key and secret_key; give both, for instance as env:NAME"
        )
    s3 = None
    if "s3" in content:
        s3 = SourceStore(**{key: _secret(value) for key, value in content["s3"].items()})
    optional = {key: content[key] for key in ("account_id", "role", "exclusive") if key in content}
    return Target(
        api=spec.api, url=content["url"].rstrip("/"), edition=spec.edition, credentials=credentials, region=region, s3=s3,
        timeouts=replace(Timeouts(), **content.get("timeouts", {})), limits=Limits(**content.get("limits", {})), **optional,
    )  # fmt: skip


def _secret(value: str) -> str:
    if not value.startswith("env:"):
        return value
    name = value.removeprefix("env:")
    if name not in os.environ:
        raise SettingsError(
            f"expected the variable {name} in the environment, as the target file says, but it is not set"
        )
    return os.environ[name]
