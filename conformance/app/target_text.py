"""Target files in words: what each key means, and a commented file to begin with; both made from the schema."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from conformance import OutputError, SettingsError
from conformance.app.target_file import schema
from specs import Spec, load

_WIDTH = 100
_TYPES = {
    "string": "text",
    "boolean": "true or false",
    "integer": "whole number",
    "number": "number",
    "array": "list of texts",
}
#: Keys that a template leaves out: other ways to the same, which the words about their table name.
_ALTERNATIVES = frozenset({"profile", "source", "session_token"})
Key = tuple[str, Mapping[str, Any], bool]


def keys(described: Mapping[str, Any], place: str = "") -> Iterator[Key]:
    """Name, description and whether it is needed, of every key below a table, those of its tables behind them."""
    needed = described.get("required", ())
    for name, each in described["properties"].items():
        yield f"{place}{name}", each, name in needed
        if each.get("type") == "object":
            yield from keys(each, f"{place}{name}.")


def explained(key: str | None = None) -> str:
    """All keys in words, or one and those below it; raises SettingsError for one that there is not."""
    found = [each for each in keys(schema()) if key is None or each[0] == key or each[0].startswith(f"{key}.")]
    if not found:
        raise SettingsError(f"there is no key {key}; known are {', '.join(name for name, _, _ in keys(schema()))}")
    return "\n".join(_entry(*each) for each in found)


def _entry(name: str, described: Mapping[str, Any], needed: bool) -> str:  # noqa: FBT001 - a part of a key
    title = f"[{name}]" if described.get("type") == "object" else name
    facts = [_type(described), *(["needed"] if needed else [])]
    if "default" in described:
        facts.append(f"without it {json.dumps(described['default'])}")
    text = textwrap.fill(described["description"], _WIDTH, initial_indent="    ", subsequent_indent="    ")
    return f"{title} ({', '.join(facts)})\n{text}\n"


def _type(described: Mapping[str, Any]) -> str:
    if described.get("type") == "object":
        return "table"
    return " or ".join(described["enum"]) if "enum" in described else _TYPES[described["type"]]


def template(spec: Spec, url: str | None = None) -> str:
    """A target file for an API with every key in it; all but those that are needed are commented out."""
    lines = [
        f"# Target file for {spec.title}.",
        "# `conformance target check` with this file says whether it works.",
        "",
    ]
    tables: list[tuple[str, Mapping[str, Any]]] = []
    for name, described, needed in keys(schema()):
        if described.get("type") == "object":
            tables.append((name, described))
        elif "." not in name and (name != "edition" or spec.editions):
            lines += _line(name, described, _value(name, described, spec, url), active=needed)
    for table, described in tables:
        lines += [*_comment(described["description"]), f"# [{table}]"]
        for name, each in described["properties"].items():
            if table in {"auth", "s3"} and name in _ALTERNATIVES:
                continue
            lines += [
                f"# {name} = {_toml(_value(f'{table}.{name}', each, spec, url))}".ljust(48) + f" # {_first(each)}"
            ]
        lines.append("")
    return "\n".join(lines)


def _line(name: str, described: Mapping[str, Any], value: Any, *, active: bool) -> list[str]:
    return [*_comment(described["description"]), f"{'' if active else '# '}{name} = {_toml(value)}", ""]


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(text, _WIDTH)]


def _first(described: Mapping[str, Any]) -> str:
    return str(described["description"]).partition(". ")[0].rstrip(".")


def _value(name: str, described: Mapping[str, Any], spec: Spec, url: str | None) -> Any:
    """What stands behind a key: what is known, its default, or an example."""
    known = {"api": spec.api, "auth.scheme": spec.auth.scheme, "edition": spec.edition, **({"url": url} if url else {})}
    if known.get(name) is not None:
        return known[name]
    return described["examples"][0] if "examples" in described else described["default"]


def _toml(value: Any) -> str:
    """A value as TOML writes it, which is as JSON does for all that stands in target files."""
    return json.dumps(value, ensure_ascii=False)


def write_template(api: str, file: Path, url: str | None) -> None:
    """Write a target file for an API; raises SettingsError where there is one already, OutputError, SpecError."""
    text = template(load(api), url)
    if url is not None and not url.startswith(("http://", "https://")):
        raise SettingsError(f"expected --url to begin with http:// or https:// but got url={url!r}")
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError as error:
        raise SettingsError(f"{file} is there already; it is not written over, name another file") from error
    except OSError as error:
        raise OutputError(f"expected to write a target file to {file} but: {error.strerror or error}") from error
