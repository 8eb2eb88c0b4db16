"""A race accuses nobody by answers that may say no more than that a thing is too new."""

from __future__ import annotations

from dataclasses import replace

from conformance import Verdict
from specs import Response
from tests.conformance.oracles.script import Script, script

START, READ, CANCEL = "StartLoaderJob", "GetLoaderJobStatus", "CancelLoaderJob"
LONG, WAITING = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
CLAUSE = f"{CANCEL}/loadJob/racing-cancel"
UNKNOWN = "BulkLoadIdNotFoundException"


def _race(*, seen_before: bool) -> Script:
    """Two clients cancel one waiting job, both are told that there is none, and it waits on."""
    found = script("neptune")

    def act(operation: str, answer: Response, role: str, case: str, *, process: int, moment: float) -> None:
        arguments = {} if operation == START else {"loadId": LONG if case == "long" else WAITING}
        call = found.call(operation, answer, role, moment=moment, case=case, group=1, arguments=arguments)
        found.calls[-1] = replace(call, process=process, intent=replace(call.intent, scenario="race cancels-of-one"))

    def shown(status: str) -> Response:
        return found.told(READ, payload__overallStatus__status=status)

    act(START, found.told(START, payload__loadId=LONG), "start", "long", process=0, moment=0.0)
    act(READ, shown("LOAD_IN_PROGRESS"), "read", "long", process=0, moment=1.0)
    act(START, found.told(START, payload__loadId=WAITING), "start", "s", process=0, moment=2.0)
    if seen_before:
        act(READ, shown("LOAD_IN_QUEUE"), "read", "s", process=0, moment=3.0)
    act(CANCEL, found.refused(UNKNOWN, 404), "cancel", "s", process=0, moment=4.0)
    act(CANCEL, found.refused(UNKNOWN, 404), "cancel", "s", process=1, moment=4.1)
    act(READ, shown("LOAD_IN_QUEUE"), "read", "s", process=0, moment=6.0)
    act(READ, shown("LOAD_IN_PROGRESS"), "read", "long", process=0, moment=7.0)
    return found


def _late(*, end: str) -> Script:
    """A job that waits is cancelled by two clients, starts all the same when the one before it has ended, and ends."""
    found = script("neptune")

    def act(operation: str, answer: Response, role: str, case: str, *, process: int, moment: float) -> None:
        arguments = {} if operation == START else {"loadId": LONG if case == "long" else WAITING}
        call = found.call(operation, answer, role, moment=moment, case=case, group=1, arguments=arguments)
        found.calls[-1] = replace(call, process=process, intent=replace(call.intent, scenario="race cancels-of-one"))

    def shown(status: str) -> Response:
        return found.told(READ, payload__overallStatus__status=status)

    act(START, found.told(START, payload__loadId=LONG), "start", "long", process=0, moment=0.0)
    act(START, found.told(START, payload__loadId=WAITING), "start", "s", process=0, moment=1.0)
    act(READ, shown("LOAD_IN_QUEUE"), "read", "s", process=0, moment=2.0)
    act(CANCEL, found.told(CANCEL), "cancel", "s", process=0, moment=4.0)
    act(CANCEL, found.told(CANCEL), "cancel", "s", process=1, moment=4.1)
    act(READ, shown("LOAD_IN_PROGRESS"), "read", "long", process=0, moment=5.5)  # so that the other one waited
    act(READ, shown("LOAD_COMPLETED"), "read", "long", process=0, moment=6.0)
    act(READ, shown("LOAD_IN_PROGRESS"), "read", "s", process=0, moment=7.0)
    act(READ, shown("LOAD_CANCELLED_BY_USER"), "read", "s", process=1, moment=8.0)
    act(READ, shown(end), "read", "s", process=0, moment=9.0)
    return found


def test_a_cancel_may_take_effect_after_the_job_has_started() -> None:
    assert _late(end="LOAD_CANCELLED_BY_USER").judged(CLAUSE).verdict is not Verdict.FAIL
    assert _late(end="LOAD_IN_PROGRESS").judged(CLAUSE).verdict is Verdict.FAIL


def test_a_cancel_need_not_know_what_no_read_has_shown() -> None:
    assert _race(seen_before=False).judged(CLAUSE).verdict is not Verdict.FAIL
    assert _race(seen_before=True).judged(CLAUSE).verdict is Verdict.FAIL
