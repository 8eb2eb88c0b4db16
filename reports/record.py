"""What one run found, as one value: everything a report is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from conformance import Call, Finding
from reports.baseline import Baseline
from reports.outcome import Outcome, Overall
from reports.timeline import Timeline

SCHEMA_VERSION = 1
EMBEDDED = "embedded emulator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What was run, against what, and with which settings.

    Attributes:
        suite_version: version of this suite.
        api: short name of the API.
        title: its name for people.
        edition: edition of the documents, where there are several.
        spec_sha256: hash of the specification that was judged by.
        target: ``url`` (or ``embedded emulator``), ``auth`` (the declared scheme), and whatever else is declared.
        seed: what random choices were drawn from.
        profile: name of the profile.
        settings: all settings of the run.
        started: ISO 8601 time.
    """

    suite_version: str
    api: str
    title: str
    edition: str | None = None
    spec_sha256: str = ""
    target: Mapping[str, Any] = field(default_factory=dict)
    seed: int | str | None = None
    profile: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    started: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A call of the evidence; the two counts say how many bytes of its bodies the record does not keep."""

    call: Call
    request_omitted: int = 0
    response_omitted: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A finding, the exchanges that prove it, a script that repeats them, and the jobs it is about."""

    finding: Finding
    exchanges: tuple[Exchange, ...] = ()
    curl: str = ""
    timeline: Timeline | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Footer:
    """How the run ended. ``requests`` and ``seconds`` are None in what was read of a record that is cut off.

    ``left`` is what the run has made and could not remove from the target.
    """

    verdict: Overall
    exit_code: int
    counts: Mapping[str, int]
    families: Mapping[str, Mapping[str, int]]
    requests: int | None = None
    seconds: float | None = None
    interrupted: str | None = None
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A run: its header, an entry a clause, its footer. A record that is not ``complete`` was cut off.

    ``baseline`` is what was known of the target before, held against the run; None where nothing was said of that.
    """

    header: Header
    entries: tuple[Entry, ...]
    footer: Footer
    complete: bool = True
    baseline: Baseline | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings, without what proves them."""
        return tuple(entry.finding for entry in self.entries)

    @property
    def outcome(self) -> Outcome:
        """What is said of the run as a whole."""
        return _outcome(
            self.findings, verdict=self.footer.verdict, interrupted=self.footer.interrupted, baseline=self.baseline
        )

    @property
    def excused(self) -> frozenset[str]:
        """The clauses that are as a baseline knows them."""
        return frozenset() if self.baseline is None else self.baseline.excused

    def against(self, baseline: Baseline) -> Record:
        """The same run, held against a baseline; its footer says what it comes to then."""
        footer = footer_for(
            self.findings, requests=self.footer.requests, seconds=self.footer.seconds,
            interrupted=self.footer.interrupted, baseline=baseline, left=self.footer.left,
        )  # fmt: skip
        return replace(self, baseline=baseline, footer=footer)


def _outcome(
    findings: tuple[Finding, ...], *, interrupted: str | None, baseline: Baseline | None, verdict: Overall | None = None
) -> Outcome:
    if baseline is None:
        return Outcome.of(findings, verdict=verdict, interrupted=interrupted)
    return Outcome.of(
        findings, verdict=verdict, interrupted=interrupted, excused=baseline.excused, outdated=len(baseline.outdated)
    )


def footer_for(
    findings: tuple[Finding, ...],
    *,
    requests: int | None,
    seconds: float | None,
    interrupted: str | None,
    baseline: Baseline | None = None,
    left: tuple[str, ...] = (),
) -> Footer:
    """The footer that counts these findings."""
    outcome = _outcome(findings, interrupted=interrupted, baseline=baseline)
    families: dict[str, dict[str, int]] = {}
    for finding in findings:
        row = families.setdefault(str(finding.clause.family), {})
        row[str(finding.verdict)] = row.get(str(finding.verdict), 0) + 1
    return Footer(
        verdict=outcome.verdict, exit_code=outcome.verdict.exit_code,
        counts={str(verdict): count for verdict, count in outcome.counts.items()},
        families=families, requests=requests, seconds=seconds, interrupted=interrupted, left=left,
    )  # fmt: skip
