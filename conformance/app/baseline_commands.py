"""What ``conformance baseline`` does: writes what is known of a target, and holds a record against it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from conformance import Finding, SettingsError, Verdict
from conformance.app.baseline_file import BaselineFile, read_baseline, require_fit, today, write_baseline
from conformance.app.results import prepared, write_reports
from reports import Baseline, Deviation, Expectation, Record, State, held_against, read

_DAYS = 90
_OPEN = frozenset({Verdict.VACUOUS, Verdict.INCONCLUSIVE, Verdict.UNTESTABLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the command line says of new entries."""

    reason: str | None = None
    link: str | None = None
    expires: datetime.date | None = None

    def deviation(self, clause: str, expect: Expectation, *, today: datetime.date) -> Deviation:
        """A new entry; raises SettingsError where no reason is given."""
        if not self.reason or not self.reason.strip():
            raise SettingsError(f"{clause} is not in the baseline yet, and no --reason says why it is tolerated")
        expires = self.expires or today + datetime.timedelta(days=_DAYS)
        return Deviation(clause=clause, expect=expect, reason=self.reason, link=self.link or "", expires=expires)


def open_record(path: Path) -> Record:
    """The record in a file; raises SettingsError, RecordError."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"expected a record at {path} but it cannot be read: {error}") from error
    return read(text.splitlines(keepends=True))


def write(record_path: Path, out: Path, given: Given) -> None:
    """Write what a record shows to be broken or not proven into a baseline; what one already says of it is kept.

    Raises:
        SettingsError: the run ended early, the baseline is about something else, or a new entry has no reason.
    """
    record = open_record(record_path)
    if record.footer.interrupted is not None:
        raise SettingsError(
            f"the run of {record_path} ended early ({record.footer.interrupted}), so what it did not prove says nothing of the target; "
            "finish it with `conformance run --resume` first"
        )
    before: Mapping[str, Deviation] = {}
    if out.exists():
        file = read_baseline(out)
        require_fit(file, out, api=record.header.api, edition=record.header.edition, also=_ids(record))
        before = {each.clause: each for each in file.deviations}
    found = {finding.clause.id: finding for finding in record.findings}
    kept, dropped = _kept(before, found, given)
    new = [
        given.deviation(clause, expect, today=today())
        for clause, finding in found.items()
        if clause not in kept and (expect := _expected(finding)) is not None
    ]
    entries = (*kept.values(), *new)
    write_baseline(BaselineFile(api=record.header.api, edition=record.header.edition, deviations=entries), out)
    broken = sum(each.expect is Expectation.FAIL for each in entries)
    click.echo(
        f"{out}: {broken} broken and {len(entries) - broken} not proven clauses are known; {len(new)} new, {len(kept)} as before, "
        f"{len(dropped)} removed because they are kept now"
    )
    for clause in dropped:
        click.echo(f"  removed: {clause}")


def _expected(finding: Finding) -> Expectation | None:
    if finding.verdict is Verdict.FAIL:
        return Expectation.FAIL
    return Expectation.UNPROVEN if finding.clause.mandatory and finding.verdict in _OPEN else None


def _kept(
    before: Mapping[str, Deviation], found: Mapping[str, Finding], given: Given
) -> tuple[dict[str, Deviation], list[str]]:
    """Entries that stay, and the clauses of those that are no longer needed. An expired one gets the new date, if there is one."""
    kept: dict[str, Deviation] = {}
    dropped = []
    for clause, each in before.items():
        verdict = found[clause].verdict if clause in found else None
        if verdict is Verdict.PASS and not each.sometimes:
            dropped.append(clause)
        elif not (verdict is Verdict.FAIL and each.expect is Expectation.UNPROVEN):
            late = each.expires < today() and given.expires is not None
            kept[clause] = replace(each, expires=given.expires) if late and given.expires is not None else each
    return kept, dropped


def _ids(record: Record) -> frozenset[str]:
    return frozenset(finding.clause.id for finding in record.findings)


def check(record_path: Path, baseline_path: Path, folder: Path | None) -> int:
    """Hold a record against a baseline; the exit code. With a folder, the reports are written into it."""
    record = open_record(record_path)
    file = read_baseline(baseline_path)
    require_fit(file, baseline_path, api=record.header.api, edition=record.header.edition, also=_ids(record))
    held = held_against(file.deviations, record.findings, name=baseline_path.name, day=today())
    judged = record.against(held)
    click.echo(f"{record.header.api}: {judged.footer.verdict}: {judged.outcome.sentence}")
    for line in told(held, record.findings):
        click.echo(f"  {line}")
    if folder is not None:
        write_reports(prepared(folder), judged)
        click.echo(f"  report: {folder / 'report.html'}")
    return judged.footer.exit_code


def told(baseline: Baseline, findings: Sequence[Finding]) -> list[str]:
    """What a person is told of a baseline: what is new, what needs looking after, and what nothing was proven of."""
    known = baseline.by_clause
    new = [f for f in findings if f.verdict is Verdict.FAIL and f.clause.id not in baseline.excused]
    lines = [
        f"new: {each.clause.id}: {known[each.clause.id].why if each.clause.id in known else each.reason}"[:300]
        for each in new
    ]
    for state in (State.EXPIRED, State.STALE, State.NOT_SEEN):
        lines += [f"{state}: {each.deviation.clause}: {each.why}" for each in baseline.in_state(state)]
    lines.append(f"known: {len(baseline.in_state(State.KNOWN))} as expected")
    return lines
