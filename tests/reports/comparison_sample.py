"""Runs to compare: three versions of one target, another target, another API."""

from __future__ import annotations

from dataclasses import replace

from conformance import Finding, Verdict
from reports import Comparison, Header, Record, Subject, compare
from tests.reports.sample import HEADER, HOSTILE, call, clause, finding, record_of

V = Verdict
#: What each of three versions says of each clause; None where it knows no such clause.
STORY: dict[str, tuple[Verdict | None, Verdict | None, Verdict | None]] = {
    "kept/always": (V.PASS, V.PASS, V.PASS),
    "broke/later": (V.PASS, V.FAIL, V.FAIL),
    "advice/lost": (V.PASS, V.WARN, V.PASS),
    "proof/lost": (V.PASS, V.VACUOUS, V.PASS),
    "was/fixed": (V.FAIL, V.PASS, V.PASS),
    "was/hidden": (V.FAIL, V.INCONCLUSIVE, V.PASS),
    "open/still": (V.VACUOUS, V.UNTESTABLE, V.UNTESTABLE),
    "kept/dropped": (V.PASS, None, V.DISABLED),
    "open/gone": (V.VACUOUS, None, None),
    "comes/later": (None, V.FAIL, V.PASS),
    "only/first": (V.NOT_APPLICABLE, V.NOT_APPLICABLE, None),
}  # fmt: skip


def found(subject: str, verdict: Verdict, number: int) -> Finding:
    told = {V.FAIL: {"expected": "a refusal", "actual": f"200 in run {number}", "evidence": (7,)},
            V.WARN: {"expected": "a name", "actual": "none"}}.get(verdict, {})  # fmt: skip
    reason = "" if verdict is V.PASS else f"{subject} is {verdict}"
    return finding(verdict, subject=subject, **({"reason": reason} | told))


def version(number: int, *, header: Header = HEADER) -> Record:
    """One of the three versions."""
    verdicts = {subject: row[number] for subject, row in STORY.items()}
    return record_of(
        [
            (found(subject, verdict, number), [call(7)] if verdict is V.FAIL else [])
            for subject, verdict in verdicts.items()
            if verdict is not None
        ],
        header=header,
    )


def versions(*, base: str | None = None) -> Comparison:
    """The three versions beside one another; the page of the last lies beside."""
    subjects = [Subject(label=f"v{at + 1}", record=version(at), report="../v3/report.html" if at == 2 else None)
                for at in range(3)]  # fmt: skip
    [comparison] = compare(subjects, base=base)
    return comparison


def two_apis() -> tuple[Comparison, ...]:
    """The versions, and a run of another API by a target that puts markup where it can."""
    header = replace(HEADER, api="other", title=f"Other {HOSTILE}", target={"url": HOSTILE})
    record = record_of(
        [
            (
                finding(V.FAIL, expected=HOSTILE, actual=HOSTILE, reason=HOSTILE, id="other.Op/a/b"),
                [call(7, detail=HOSTILE)],
            )
        ],
        header=header,
    )
    named = Subject(label="v1", record=version(0))
    return compare([named, Subject(label=HOSTILE, record=record), Subject(label="v2", record=version(1))])


def many(count: int = 10_000) -> Comparison:
    """Three large runs that differ in one clause of ten."""
    clauses = [clause(f"field{at}/type", operation=f"Operation{at % 12}") for at in range(count)]
    subjects = []
    for number in range(3):
        rows = [
            (Finding(clause=each, verdict=V.FAIL if at % 10 == number * 3 else V.PASS, hits=1, actual="200"), [])
            for at, each in enumerate(clauses)
        ]
        subjects.append(Subject(label=f"run {number}", record=record_of(rows, curl=False)))
    [comparison] = compare(subjects)
    return comparison
