"""Baseline files (TOML): what is known of a target, by clause.

TOML, because target files are: one language for what people write. It has dates, refuses a key that is given twice, and
takes no bare word for a truth value.
"""

from __future__ import annotations

import datetime
import functools
import json
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Self, cast

from conformance import Finding, OutputError, SettingsError
from reports import Baseline, Deviation, Expectation, held_against
from specs import Spec, SpecError, apis, load, problem

_HEAD = """\
# What is known of a target, and tolerated until the day named. `conformance run --baseline {name}` fails on anything
# else that is broken, and on an entry whose clause is kept by now or whose day has passed.
# expect: fail (the clause is broken) or unproven (it cannot be proven kept).
# sometimes = true: the clause is kept in some runs.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineFile:
    """The content of a baseline file."""

    api: str
    edition: str | None
    deviations: tuple[Deviation, ...]


@functools.cache
def schema() -> Mapping[str, Any]:
    """The JSON Schema of baseline files."""
    text = resources.files("conformance").joinpath("schemas/baseline.schema.json").read_text("utf-8")
    return cast("Mapping[str, Any]", json.loads(text))


def read_baseline(path: Path) -> BaselineFile:
    """The baseline in a file.

    Raises:
        SettingsError: it cannot be read, is not TOML, or has wrong keys, types or dates; the message names the place.
    """
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"expected a baseline at {path} but it cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"expected TOML in {path} but: {error}") from error
    known = content.get("known")
    for clause, entry in known.items() if isinstance(known, dict) else ():
        expires = entry.get("expires") if isinstance(entry, dict) else None
        if isinstance(expires, datetime.date) and not isinstance(expires, datetime.datetime):
            entry["expires"] = expires.isoformat()
        elif expires is not None:
            raise SettingsError(
                f"{path}: expected expires of {clause!r} to be a date of TOML, as 2027-01-31 without quotes, but got {expires!r}"
            )
    wrong = problem(schema(), content)
    if wrong is not None:
        raise SettingsError(f"{path} is not a baseline: {wrong}")
    return BaselineFile(
        api=content["api"], edition=content.get("edition"),
        deviations=tuple(_deviation(clause, entry) for clause, entry in content["known"].items()),
    )  # fmt: skip


def _deviation(clause: str, entry: Mapping[str, Any]) -> Deviation:
    return Deviation(
        clause=clause, expect=Expectation(entry["expect"]), reason=entry["reason"], link=entry.get("link", ""),
        expires=datetime.date.fromisoformat(entry["expires"]), sometimes=entry.get("sometimes", False),
    )  # fmt: skip


def require_fit(
    file: BaselineFile, path: Path, *, api: str, edition: str | None, also: Collection[str] = frozenset()
) -> None:
    """Make sure that a baseline is about an API and its clauses; ``also`` are clauses that only a record knows.

    Raises:
        SettingsError: it is about another API or edition, or names clauses that there are not.
    """
    if file.api != api:
        raise SettingsError(
            f"the baseline {path} is about api={file.api!r}, but this is {api!r}; pass the baseline of {api}"
        )
    if file.edition != edition:
        raise SettingsError(
            f"the baseline {path} is about edition={file.edition!r} of {api}, but this is edition={edition!r}"
        )
    known = {*also, *_clauses(api, edition)}
    unknown = [each.clause for each in file.deviations if each.clause not in known]
    if unknown:
        raise SettingsError(
            f"the baseline {path} names {_listed(unknown)}, of which {api} has no clause; remove the entry, or take the id from "
            f"`conformance specs list {api}`"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDeviations:
    """What a file says of a target, ready to be held against what a run finds."""

    file: BaselineFile
    name: str

    @classmethod
    def read(cls, path: Path, spec: Spec) -> Self:
        """The baseline of a file, which must be about an API; raises SettingsError."""
        file = read_baseline(path)
        require_fit(file, path, api=spec.api, edition=spec.edition)
        return cls(file=file, name=path.name)

    def held(self, findings: Sequence[Finding]) -> Baseline:
        """It, held against findings, today."""
        return held_against(self.file.deviations, findings, name=self.name, day=today())


def today() -> datetime.date:
    """The day by which entries expire: that of UTC, the same for everybody."""
    return datetime.datetime.now(datetime.UTC).date()


def _clauses(api: str, edition: str | None) -> Iterable[str]:
    try:
        return [clause.id for clause in load(api, edition=edition).clauses] if api in apis() else []
    except SpecError:  # a record of an edition that there is no more
        return []


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(map(repr, names[:3])) + more


def write_baseline(file: BaselineFile, path: Path) -> None:
    """Write a baseline file, its entries by clause; raises OutputError."""
    lines = [_HEAD.format(name=path.name), "schema = 1", f"api = {_text(file.api)}"]
    if file.edition is not None:
        lines.append(f"edition = {_text(file.edition)}")
    if not file.deviations:
        lines += ["", "[known]"]
    for each in sorted(file.deviations, key=lambda deviation: deviation.clause):
        lines += [
            "",
            f"[known.{_text(each.clause)}]",
            f"expect = {_text(each.expect)}",
            f"reason = {_text(each.reason)}",
        ]
        if each.link:
            lines.append(f"link = {_text(each.link)}")
        lines.append(f"expires = {each.expires.isoformat()}")
        if each.sometimes:
            lines.append("sometimes = true")
    beside = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text("\n".join(lines) + "\n", "utf-8")
        beside.replace(path)
    except OSError as error:
        raise OutputError(f"expected to write the baseline {path} but: {error.strerror or error}") from error


def _text(value: str) -> str:
    """A basic string of TOML: JSON's, but for characters beyond ASCII, which stand as they are."""
    whole = value.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")
