"""The record as JUnit XML: a suite a family, a case a clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from conformance import Finding, Verdict
from reports.baseline import Standing
from reports.record import Record
from reports.text import visible

_QUIET = frozenset({Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.ERROR})


def render_junit(record: Record) -> str:
    """The XML text.

    ``fail`` is a failure and ``error`` an error. What was not proven, does not apply or is disabled is skipped, with
    verdict and reason in the message: JUnit has no better word, so a gate must look at the exit code as well. Skipped is
    also what a baseline knows; a stale entry of it is a failure.
    """
    header, footer = record.header, record.footer
    root = ET.Element("testsuites", name=visible(f"{header.title} conformance"))
    standings = {} if record.baseline is None else record.baseline.by_clause
    cases = [_case(finding, standings.get(finding.clause.id)) for finding in record.findings]
    families: dict[str, list[Case]] = {}
    for case in cases:
        families.setdefault(str(case.finding.clause.family), []).append(case)
    for family, inside in families.items():
        _add_suite(root, f"{header.api}.{family}", inside, started=header.started)
    totals = _totals(cases)
    ran = {case.finding.clause.id for case in cases}
    for each in record.baseline.outdated if record.baseline else ():
        if each.deviation.clause not in ran:
            _add_alone(
                root,
                f"{header.api}.baseline",
                each.deviation.clause,
                tag="failure",
                kind=str(each.state),
                message=each.why,
            )
            totals = {**totals, "tests": totals["tests"] + 1, "failures": totals["failures"] + 1}
    if not record.complete or footer.interrupted is not None:
        message = footer.interrupted or "the record is cut off"
        _add_alone(root, f"{header.api}.run", "ended", tag="error", kind="interrupted", message=message)
        totals = {**totals, "tests": totals["tests"] + 1, "errors": totals["errors"] + 1}
    for name, count in totals.items():
        root.set(name, str(count))
    root.set("time", f"{footer.seconds or 0:.3f}")
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A finding as JUnit has it: ``tag`` is failure, error, skipped or nothing, ``kind`` the type that it names."""

    finding: Finding
    tag: str | None
    kind: str
    message: str


def _case(finding: Finding, standing: Standing | None) -> Case:
    verdict = finding.verdict
    message = f"{verdict}: {finding.reason or finding.clause.not_tested or finding.actual or 'no reason given'}"
    tag = {Verdict.FAIL: "failure", Verdict.ERROR: "error"}.get(verdict, None if verdict in _QUIET else "skipped")
    kind = str(verdict)
    if standing is not None and standing.state.outdated and tag != "error":
        tag, kind, message = "failure", str(standing.state), f"{standing.why}; {message}"
    elif standing is not None and standing.state.excuses and tag in {"failure", "skipped"}:
        tag, message = (
            "skipped",
            f"known: {standing.deviation.reason} {standing.deviation.link}".rstrip() + f"; {message}",
        )
    return Case(finding=finding, tag=tag, kind=kind, message=message)


def _totals(cases: Sequence[Case]) -> dict[str, int]:
    tags = [case.tag for case in cases]
    return {
        "tests": len(tags), "failures": tags.count("failure"), "errors": tags.count("error"), "skipped": tags.count("skipped"),
    }  # fmt: skip


def _add_alone(root: ET.Element, name: str, title: str, *, tag: str, kind: str, message: str) -> None:
    """A suite of one case that is no finding."""
    failed = tag == "failure"
    suite = ET.SubElement(
        root,
        "testsuite",
        name=visible(name),
        tests="1",
        failures=str(int(failed)),
        errors=str(int(not failed)),
        skipped="0",
    )
    case = ET.SubElement(suite, "testcase", classname=visible(name), name=visible(title), time="0")
    ET.SubElement(case, tag, type=kind, message=visible(message))


def _add_suite(root: ET.Element, name: str, cases: Sequence[Case], *, started: str) -> None:
    suite = ET.SubElement(root, "testsuite", name=visible(name), timestamp=visible(started))
    for key, count in _totals(cases).items():
        suite.set(key, str(count))
    for case in cases:
        _add_case(suite, case)


def _add_case(suite: ET.Element, told: Case) -> None:
    finding, clause = told.finding, told.finding.clause
    operation, _, rest = clause.id.partition("/")
    case = ET.SubElement(suite, "testcase", classname=visible(operation), name=visible(rest or operation), time="0")
    properties = ET.SubElement(case, "properties")
    for name, value in (
        ("clause", clause.id), ("verdict", finding.verdict), ("hits", finding.hits), ("level", clause.level),
        ("basis", clause.basis), ("mandatory", str(clause.mandatory).lower()),
    ):  # fmt: skip
        ET.SubElement(properties, "property", name=name, value=visible(str(value)))
    if told.tag in {"failure", "error"}:
        element = ET.SubElement(case, told.tag, type=told.kind, message=visible(told.message))
        element.text = visible(_explanation(finding))
    elif told.tag == "skipped":
        ET.SubElement(case, "skipped", message=visible(told.message))
    elif finding.verdict is Verdict.WARN:
        ET.SubElement(case, "system-out").text = visible(f"{told.message}\n{_explanation(finding)}")


def _explanation(finding: Finding) -> str:
    source = finding.clause.source
    return (
        f"{finding.clause.id} ({finding.clause.level}, {finding.clause.basis})\n{finding.clause.statement}\n"
        f"Documented: {finding.expected or finding.clause.statement}\nReceived: {finding.actual or finding.reason}\n"
        f"Source: {source.document} {source.section}\nCalls: {', '.join(map(str, finding.evidence)) or 'none'}"
    )
