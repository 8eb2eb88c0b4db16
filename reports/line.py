"""The lines of a run record: values to JSON and back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from types import NoneType
from typing import Any

from conformance import Call, Finding, Verdict, from_json, to_json
from reports.errors import BrokenLineError
from reports.excerpt import plain, shorten
from reports.fields import Fields
from reports.outcome import Overall
from reports.record import SCHEMA_VERSION, Entry, Exchange, Footer, Header
from reports.timeline import timeline_from, timeline_line
from specs import Basis, Clause, Family, Level, Source

Line = dict[str, Any]


def header_line(header: Header) -> Line:
    """The first line of a record."""
    content = asdict(header) | {"target": plain(header.target), "settings": plain(header.settings)}
    return {"line": "header", "schema": SCHEMA_VERSION, **content}


def finding_line(entry: Entry) -> Line:
    """The line of one clause."""
    finding, clause = entry.finding, entry.finding.clause
    # Left out where there is none: such a line is what it was before there were timelines.
    timeline = {} if entry.timeline is None else {"timeline": timeline_line(entry.timeline)}
    return {
        "line": "finding", "id": clause.id, "operation": clause.operation, "family": str(clause.family),
        "kind": clause.kind, "level": str(clause.level), "basis": str(clause.basis), "mandatory": clause.mandatory,
        "statement": clause.statement, "not_tested": clause.not_tested,
        "source": {
            "document": clause.source.document, "section": clause.source.section,
            "sentences": list(clause.source.sentences),
        },
        "verdict": str(finding.verdict), "hits": finding.hits, "probes": dict(finding.probes),
        "reason": shorten(finding.reason), "expected": shorten(finding.expected), "actual": shorten(finding.actual),
        "reading": finding.reading, "evidence": [_exchange_line(exchange) for exchange in entry.exchanges],
        "evidence_ids": list(finding.evidence), "curl": entry.curl, **timeline,
    }  # fmt: skip


def _exchange_line(exchange: Exchange) -> Line:
    content = to_json(exchange.call)
    content["request"]["omitted"] = exchange.request_omitted
    if content["response"] is not None:
        content["response"]["omitted"] = exchange.response_omitted
    return content


def footer_line(footer: Footer) -> Line:
    """The last line of a record."""
    return {"line": "footer", **asdict(footer), "verdict": str(footer.verdict)}


def header_from(content: Mapping[str, Any], number: int) -> Header:
    """The header that :func:`header_line` wrote; raises BrokenLineError."""
    got = Fields(content, number)
    return Header(
        suite_version=got.text("suite_version"), api=got.text("api"), title=got.text("title"),
        edition=got.optional("edition"), spec_sha256=got.text("spec_sha256"), target=got.mapping("target"),
        seed=got.one_of("seed", int, str, NoneType), profile=got.text("profile"), settings=got.mapping("settings"),
        started=got.text("started"),
    )  # fmt: skip


def entry_from(content: Mapping[str, Any], number: int) -> Entry:
    """The entry that :func:`finding_line` wrote; raises BrokenLineError."""
    got = Fields(content, number)
    source = Fields(got.mapping("source"), number)
    try:
        clause = Clause(
            id=got.text("id"), operation=got.text("operation"), family=Family(got.text("family")),
            kind=got.text("kind"), level=Level(got.text("level")), basis=Basis(got.text("basis")),
            statement=got.text("statement"),
            source=Source(
                document=source.text("document"), section=source.text("section"),
                sentences=tuple(map(str, source.sequence("sentences"))),
            ),
            not_tested=got.optional("not_tested"),
        )  # fmt: skip
        finding = Finding(
            clause=clause, verdict=Verdict(got.text("verdict")), hits=got.count("hits"), reason=got.text("reason"),
            expected=got.text("expected"), actual=got.text("actual"), reading=got.optional("reading"),
            evidence=tuple(map(int, got.sequence("evidence_ids"))), probes=got.counts("probes"),
        )  # fmt: skip
    except (ValueError, TypeError) as error:
        raise BrokenLineError(number, str(error)) from error
    exchanges = tuple(_exchange_from(each, number) for each in got.sequence("evidence"))
    told = got.mapping("timeline") if content.get("timeline") is not None else None
    timeline = None if told is None else timeline_from(told, number)
    return Entry(finding=finding, exchanges=exchanges, curl=got.text("curl"), timeline=timeline)


def _exchange_from(content: Any, number: int) -> Exchange:
    try:
        call = from_json(content)
        omitted = [int(content[part]["omitted"]) if content[part] else 0 for part in ("request", "response")]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BrokenLineError(number, f"its evidence is not a call ({error})") from error
    if not _is_sound(call):
        raise BrokenLineError(number, "a call of its evidence has a value of a wrong type")
    return Exchange(call=call, request_omitted=omitted[0], response_omitted=omitted[1])


def _is_sound(call: Call) -> bool:
    request, response, intent = call.request, call.response, call.intent
    texts: list[Any] = [
        request.method, request.path, call.operation, call.detail, intent.role, intent.case, intent.scenario,
        *(text for pair in request.query for text in pair), call.trouble or "",
    ]  # fmt: skip
    moments: list[Any] = [call.started, call.started if call.ended is None else call.ended]
    numbers: list[Any] = [call.id, call.process]
    for message in (request, response):
        headers: Any = {} if message is None else message.headers
        if not isinstance(headers, dict):
            return False
        texts += [*headers, *headers.values()]
    if response is not None:
        numbers.append(response.status)
    return (
        all(isinstance(text, str) for text in texts)
        and all(isinstance(number, int) for number in numbers)
        and all(isinstance(moment, int | float) and math.isfinite(moment) for moment in moments)
    )


def footer_from(content: Mapping[str, Any], number: int) -> Footer:
    """The footer that :func:`footer_line` wrote; raises BrokenLineError."""
    got = Fields(content, number)
    try:
        verdict, meant = Overall(got.text("verdict")), Overall.from_exit_code(got.count("exit_code"))
    except ValueError as error:
        raise BrokenLineError(number, str(error)) from error
    if verdict is not meant and not (verdict is Overall.KNOWN_GAPS and meant is Overall.CONFORMING):
        raise BrokenLineError(number, f"verdict={verdict!s} does not go with exit_code={meant.exit_code}")
    families = got.mapping("families")
    return Footer(
        verdict=verdict, exit_code=got.count("exit_code"), counts=got.counts("counts"),
        families={family: Fields(families, number).counts(family) for family in families},
        requests=got.one_of("requests", int, NoneType), seconds=got.one_of("seconds", int, float, NoneType),
        interrupted=got.optional("interrupted"), left=got.texts("left") if "left" in content else (),
    )  # fmt: skip
