"""Recorded histories with the verdicts expected of them, judged again by the suite as it is now."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance import Finding, SettingsError, Verdict, View, judge
from conformance.app.stored_history import read_history
from specs import load

SCHEMA = 1
VERDICTS = "verdicts.json"
#: What a history proves; any other verdict of a clause says that it does not.
_DECIDED = (Verdict.FAIL, Verdict.WARN, Verdict.PASS)
_BROKEN = frozenset({Verdict.FAIL, Verdict.WARN, Verdict.ERROR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One recorded history: of a mutant, or for None of the emulator without a fault.

    ``verdicts`` are those of the clauses that the history decides, ``known`` all clauses there were at the time.
    """

    api: str
    name: str
    path: Path
    mutant: str | None
    clause: str | None
    verdicts: Mapping[str, str]
    known: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A clause that is judged otherwise now; ``now`` is None for one that is not there any more."""

    clause: str
    recorded: str
    now: str | None
    reason: str = ""

    def __str__(self) -> str:
        tail = f": {self.reason[:300]}" if self.reason else ""
        return f"{self.clause} was {self.recorded} and is {self.now or 'no clause any more'}{tail}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What judging again came to. ``unknown`` are verdicts of clauses younger than the recording: told, and no fault."""

    recording: Recording
    changes: tuple[Change, ...]
    unknown: Mapping[str, str]


def recordings(folder: Path) -> list[Recording]:
    """All recordings below a folder; raises SettingsError where there are none."""
    found = [each for file in sorted(folder.glob(f"*/{VERDICTS}")) for each in _of_api(file)]
    if not found:
        raise SettingsError(f"expected recorded histories in {folder} but there is no */{VERDICTS}")
    return found


def _of_api(file: Path) -> Iterator[Recording]:
    content = json.loads(file.read_text("utf-8"))
    if content.get("schema") != SCHEMA:
        raise SettingsError(
            f"expected schema={SCHEMA} in {file} but got schema={content.get('schema')!r}; record it anew"
        )
    for name, entry in content["histories"].items():
        yield Recording(
            api=content["api"], name=name, path=file.parent / f"{name}.jsonl.xz", mutant=entry["mutant"],
            clause=entry["clause"], known=frozenset(content["known"]),
            verdicts={each: verdict for verdict in _DECIDED for each in entry.get(verdict, ())},
        )  # fmt: skip


def findings_of(path: Path) -> list[Finding]:
    """Everything the suite says now about a stored history."""
    header, calls, notes = read_history(path)
    view = View(
        load(header["api"], edition=header["edition"]), calls, exclusive=header["exclusive"], signed=header["auth"] != "none"
    )  # fmt: skip
    return judge(view.spec.clauses, view, notes=notes)


def compared(recording: Recording) -> Comparison:
    """Judge a recording again.

    A change is: a clause that the history decided is decided otherwise, or not any more, or is gone; or one that it did not
    decide is broken now.
    """
    now = {finding.clause.id: finding for finding in findings_of(recording.path)}
    changes = [
        Change(clause=clause, recorded=verdict, now=None if finding is None else str(finding.verdict), reason=_reason(finding))
        for clause, verdict in recording.verdicts.items()
        if (finding := now.get(clause)) is None or finding.verdict != verdict
    ]  # fmt: skip
    changes += [
        Change(clause=clause, recorded="undecided", now=str(finding.verdict), reason=finding.reason)
        for clause, finding in now.items()
        if clause in recording.known and clause not in recording.verdicts and finding.verdict in _BROKEN
    ]
    unknown = {
        clause: str(finding.verdict)
        for clause, finding in now.items()
        if clause not in recording.known and finding.verdict in {*_DECIDED, *_BROKEN}
    }
    return Comparison(recording=recording, changes=tuple(changes), unknown=unknown)


def _reason(finding: Finding | None) -> str:
    return "" if finding is None else finding.reason


def expected_of(findings: Iterable[Finding]) -> dict[str, list[str]]:
    """The clauses that a history decides, by verdict, as they stand in the file of verdicts."""
    decided: dict[str, list[str]] = defaultdict(list)
    for finding in findings:
        if finding.verdict in _DECIDED:
            decided[str(finding.verdict)].append(finding.clause.id)
    return {str(verdict): decided[verdict] for verdict in _DECIDED if decided[verdict]}


def write_verdicts(folder: Path, api: str, histories: Mapping[str, Mapping[str, Any]]) -> None:
    """Write the verdicts expected of an API's histories."""
    known = [clause.id for clause in load(api).clauses]
    content = {"schema": SCHEMA, "api": api, "known": known, "histories": dict(histories)}
    (folder / VERDICTS).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")
