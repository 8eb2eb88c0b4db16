"""Several clients of one run: one history, one budget, calls numbered without gaps, and faults that are heard."""

from __future__ import annotations

import itertools
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

import specs
from conformance import BudgetError, Intent, Limits, Target
from conformance.session import Session
from conformance.target import Reply, Tampering
from specs import Request, Response

SPEC = specs.load("neptune")
ROUNDS = 40
LISTED = Response(
    status=200, headers={"content-type": "application/json"}, body=b'{"status":"200 OK","payload":{"loadIds":[]}}'
)


@pytest.fixture(autouse=True)
def _restless() -> Iterator[None]:
    """Threads take turns all the time: one comes between wherever the lock of the session does not keep it out."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@dataclass(slots=True)
class Prompt:
    """A connection on which the answer is there at once."""

    used: set[int] = field(default_factory=set)

    def send(self, request: Request, /, *, tampering: Tampering | None = None) -> Reply:
        del tampering
        self.used.add(threading.get_ident())
        return Reply(sent=request, response=LISTED)

    def close(self) -> None:
        """Nothing is open."""


def clients(number: int, limits: Limits) -> list[Session]:
    target = Target(api="neptune", url="http://127.0.0.1:1", limits=limits)
    first = Session(spec=SPEC, target=target, connection=Prompt())
    return [first, *(first.client(each, Prompt()) for each in range(1, number))]


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


def lingering(left: int) -> int:
    """Nothing is kept back, and there is time for others between looking at the budget and taking from it."""
    del left
    for _ in range(300):
        pass
    return 0


def test_the_history_is_one_and_has_no_gaps() -> None:
    sessions = clients(4, Limits())
    assert at_once(sessions, lambda session: ask(session, 200)) == []
    calls = sessions[0].history.calls
    assert [call.id for call in calls] == list(range(1, 801))
    assert {call.process for call in calls} == {0, 1, 2, 3}
    assert len({call.intent.group for call in calls}) == 800
    for process in range(4):
        own = [call for call in calls if call.process == process]
        assert all(before.ended <= after.started for before, after in itertools.pairwise(own) if before.ended)
        assert len(sessions[process].connection.used) == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("budget", [1, 7, 60])
def test_the_budget_is_one_and_is_never_overdrawn(budget: int) -> None:
    for _ in range(ROUNDS):  # only the last request of each can be one too many
        sessions = clients(4, Limits(requests=budget))
        for session in sessions:
            session.reserve = lingering
        faults = at_once(sessions, lambda session: ask(session, budget + 1))  # more than there is, whoever comes first
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
