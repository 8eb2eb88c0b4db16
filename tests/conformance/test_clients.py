"""Several clients of one run: one history, one budget, calls numbered without gaps, and faults that are heard."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

import specs
from conformance import BudgetError, Intent, Limits, Target
from conformance.session import Session
from conformance.target import Reply, Tampering
from specs import Request, Response

SPEC = specs.load("neptune")
LISTED = Response(
    status=200, headers={"content-type": "application/json"}, body=b'{"status":"200 OK","payload":{"loadIds":[]}}'
)


@dataclass(slots=True)
class Slow:
    """A connection that gives other threads the time to come between."""

    used: set[int] = field(default_factory=set)

    def send(self, request: Request, /, *, tampering: Tampering | None = None) -> Reply:
        del tampering
        self.used.add(threading.get_ident())
        time.sleep(0.0005)  # long enough for another thread to begin; nothing is asserted of how long
        return Reply(sent=request, response=LISTED)

    def close(self) -> None:
        """Nothing is open."""


def clients(number: int, limits: Limits) -> list[Session]:
    target = Target(api="neptune", url="http://127.0.0.1:1", limits=limits)
    first = Session(spec=SPEC, target=target, connection=Slow())
    return [first, *(first.client(each, Slow()) for each in range(1, number))]


def at_once(sessions: list[Session], work: Callable[[Session], None]) -> list[BaseException]:
    faults: list[BaseException] = []

    def run(session: Session) -> None:
        try:
            work(session)
        except BudgetError as error:
            faults.append(error)

    threads = [threading.Thread(target=run, args=(session,)) for session in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


def ask(session: Session, times: int) -> None:
    for _ in range(times):
        session.call(SPEC.operations["ListLoaderJobs"], {}, Intent(scenario="race", group=session.group()))


def test_the_history_is_one_and_has_no_gaps() -> None:
    sessions = clients(4, Limits())
    assert at_once(sessions, lambda session: ask(session, 50)) == []
    calls = sessions[0].history.calls
    assert [call.id for call in calls] == list(range(1, 201))
    assert {call.process for call in calls} == {0, 1, 2, 3}
    assert len({call.intent.group for call in calls}) == 200
    for process in range(4):
        own = [call for call in calls if call.process == process]
        assert all(before.ended <= after.started for before, after in itertools.pairwise(own) if before.ended)
        assert len(sessions[process].connection.used) == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("budget", [1, 7, 60])
def test_the_budget_is_one_and_is_never_overdrawn(budget: int) -> None:
    sessions = clients(4, Limits(requests=budget))
    faults = at_once(sessions, lambda session: ask(session, 40))
    assert len(faults) == 4
    assert len(sessions[0].history) == budget


def test_a_listener_that_ends_the_run_hides_no_call_from_the_others() -> None:
    """Another client may still write behind that call, and a file of the history must not have a gap then."""
    [session] = clients(1, Limits())
    heard: list[int] = []

    def objecting(_: object) -> None:
        raise BudgetError(1)

    session.listeners += [objecting, lambda call: heard.append(call.id)]
    with pytest.raises(BudgetError):
        ask(session, 1)
    assert heard == [1]
