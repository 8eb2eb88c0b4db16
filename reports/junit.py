"""The record as JUnit XML: a suite a family, a case a clause."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from conformance import Finding, Verdict
from reports.record import Record
from reports.text import visible

_QUIET = frozenset({Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.ERROR})


def render_junit(record: Record) -> str:
    """The XML text.

    ``fail`` is a failure and ``error`` an error. What was not proven, does not apply or is disabled is skipped, with
    verdict and reason in the message: JUnit has no better word, so a gate must look at the exit code as well.
    """
    header, footer = record.header, record.footer
    root = ET.Element("testsuites", name=visible(f"{header.title} conformance"))
    families: dict[str, list[Finding]] = {}
    for finding in record.findings:
        families.setdefault(str(finding.clause.family), []).append(finding)
    for family, findings in families.items():
        _add_suite(root, f"{header.api}.{family}", findings, started=header.started)
    if not record.complete or footer.interrupted is not None:
        suite = ET.SubElement(
            root, "testsuite", name=f"{header.api}.run", tests="1", failures="0", errors="1", skipped="0"
        )
        case = ET.SubElement(suite, "testcase", classname=f"{header.api}.run", name="ended", time="0")
        ET.SubElement(case, "error", type="interrupted", message=visible(footer.interrupted or "the record is cut off"))
    totals = _totals(record.findings)
    if not record.complete or footer.interrupted is not None:
        totals = {**totals, "tests": totals["tests"] + 1, "errors": totals["errors"] + 1}
    for name, count in totals.items():
        root.set(name, str(count))
    root.set("time", f"{footer.seconds or 0:.3f}")
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _totals(findings: Iterable[Finding]) -> dict[str, int]:
    verdicts = [finding.verdict for finding in findings]
    return {
        "tests": len(verdicts), "failures": verdicts.count(Verdict.FAIL), "errors": verdicts.count(Verdict.ERROR),
        "skipped": sum(verdict not in _QUIET for verdict in verdicts),
    }  # fmt: skip


def _add_suite(root: ET.Element, name: str, findings: list[Finding], *, started: str) -> None:
    suite = ET.SubElement(root, "testsuite", name=visible(name), timestamp=visible(started))
    for key, count in _totals(findings).items():
        suite.set(key, str(count))
    for finding in findings:
        _add_case(suite, finding)


def _add_case(suite: ET.Element, finding: Finding) -> None:
    clause = finding.clause
    operation, _, rest = clause.id.partition("/")
    case = ET.SubElement(suite, "testcase", classname=visible(operation), name=visible(rest or operation), time="0")
    properties = ET.SubElement(case, "properties")
    for name, value in (
        ("clause", clause.id), ("verdict", finding.verdict), ("hits", finding.hits), ("level", clause.level),
        ("basis", clause.basis), ("mandatory", str(clause.mandatory).lower()),
    ):  # fmt: skip
        ET.SubElement(properties, "property", name=name, value=visible(str(value)))
    message = f"{finding.verdict}: {finding.reason or clause.not_tested or finding.actual or 'no reason given'}"
    if finding.verdict in (Verdict.FAIL, Verdict.ERROR):
        tag = "failure" if finding.verdict is Verdict.FAIL else "error"
        element = ET.SubElement(case, tag, type=str(finding.verdict), message=visible(message))
        element.text = visible(_explanation(finding))
    elif finding.verdict not in _QUIET:
        ET.SubElement(case, "skipped", message=visible(message))
    if finding.verdict is Verdict.WARN:
        ET.SubElement(case, "system-out").text = visible(f"{message}\n{_explanation(finding)}")


def _explanation(finding: Finding) -> str:
    source = finding.clause.source
    return (
        f"{finding.clause.id} ({finding.clause.level}, {finding.clause.basis})\n{finding.clause.statement}\n"
        f"Documented: {finding.expected or finding.clause.statement}\nReceived: {finding.actual or finding.reason}\n"
        f"Source: {source.document} {source.section}\nCalls: {', '.join(map(str, finding.evidence)) or 'none'}"
    )
