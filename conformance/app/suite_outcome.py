"""What a finding means for a pytest item."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from conformance import Call, Finding, Target, Verdict
from reports import Standing, curl_script

_UNPROVEN = {Verdict.VACUOUS, Verdict.INCONCLUSIVE, Verdict.UNTESTABLE}
_BODY_SHOWN = 400


def conclude(
    finding: Finding,
    explanation: Callable[[], str],
    *,
    allow_unproven: bool,
    stopped: str | None,
    standing: Standing | None = None,
) -> None:
    """Return where the clause is kept; else end the item as failed, skipped or expected to fail, with the reason.

    What a baseline knows is expected; a stale entry of it fails, also where the clause is kept.
    """
    verdict, clause = finding.verdict, finding.clause
    if standing is not None and verdict is not Verdict.ERROR:
        _known(finding, standing)
    if verdict is Verdict.PASS:
        return
    if verdict is Verdict.FAIL:
        pytest.fail(explanation(), pytrace=False)
    if verdict is Verdict.ERROR:
        pytest.fail(f"{clause.id}\nThe suite is at fault, not the target: {finding.reason}", pytrace=False)
    if verdict is Verdict.WARN:
        pytest.xfail(f"{clause.level} not kept: {finding.reason}")
    if verdict not in _UNPROVEN:
        pytest.skip(f"{verdict}: {finding.reason}")
    reason = f"not proven: {verdict}: {finding.reason}" + (f" ({stopped})" if stopped else "")
    if clause.mandatory and not allow_unproven:
        pytest.fail(f"{clause.id} ({clause.level})\n{clause.statement}\n{reason}", pytrace=False)
    pytest.skip(reason)


def _known(finding: Finding, standing: Standing) -> None:
    """End the item of a clause that a baseline knows, as what it says there is; return where it says nothing."""
    seen = f"{finding.verdict}: {finding.reason or finding.actual}"
    if standing.state.outdated:
        pytest.fail(f"{finding.clause.id}\n{standing.why}\n{seen}", pytrace=False)
    if standing.state.excuses and finding.verdict in {Verdict.FAIL, Verdict.WARN}:
        pytest.xfail(f"known: {standing.deviation.reason} {standing.deviation.link} ({seen})")
    if standing.state.excuses and finding.verdict in _UNPROVEN:
        pytest.skip(f"known: {standing.deviation.reason} {standing.deviation.link} ({seen})")


def explained(finding: Finding, calls: Sequence[Call], *, target: Target, service: str) -> str:
    """What a person needs to know of a breach: what is demanded, what was seen, the exchanges, and how to repeat them."""
    clause = finding.clause
    source = f"document {clause.source.document}" + (f", {clause.source.section}" if clause.source.section else "")
    lines = [
        f"{clause.id} ({clause.level}, {clause.basis})", clause.statement, f"Source:   {source}",
        f"Expected: {finding.expected}", f"Observed: {finding.actual}",
    ]  # fmt: skip
    if finding.reading is not None:
        lines.append(f"Reading:  {finding.reading}")
    for call in calls:
        lines += ["", *_exchange(call)]
    if calls:
        script = curl_script(
            calls, auth_scheme=target.credentials.scheme, service=service, region=target.region, base_url=target.url
        )
        lines += ["", "Repeat it with curl:", *(f"  {line}" if line else "" for line in script.splitlines())]
    return "\n".join(lines)


def _exchange(call: Call) -> list[str]:
    request, response = call.request, call.response
    lines = [f"call {call.id}: {request.method} {request.target[:_BODY_SHOWN]}"]
    if request.body:
        lines.append(f"  sent: {_short(request.body)}")
    if response is None:
        lines.append(f"  not answered: {call.trouble} {call.detail}".rstrip())
    else:
        lines.append(f"  answered {response.status}: {_short(response.body)}")
    return lines


def _short(body: bytes) -> str:
    text = ascii(body.decode("utf-8", "backslashreplace"))[1:-1]
    return text if len(text) <= _BODY_SHOWN else f"{text[:_BODY_SHOWN]}… ({len(body)} bytes)"
