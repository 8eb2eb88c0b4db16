"""A race accuses nobody by answers that may say no more than that a thing is too new, or a cancel under way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from conformance import Verdict
from specs import Response
from tests.conformance.oracles.script import Script, script

START, READ, CANCEL = "StartLoaderJob", "GetLoaderJobStatus", "CancelLoaderJob"
CLAUSE = f"{CANCEL}/loadJob/racing-cancel"
UNKNOWN = "BulkLoadIdNotFoundException"


@dataclass
class Race:
    """A race over cancels of the load ``s``, which was started behind the load ``long``; told call by call."""

    found: Script = field(default_factory=lambda: script("neptune"))
    ids: dict[str, str] = field(default_factory=dict)

    def start(self, case: str, moment: float) -> None:
        self.ids[case] = f"00000000-0000-4000-8000-{len(self.ids) + 1:012}"
        self._call(START, self.found.told(START, payload__loadId=self.ids[case]), "start", case, moment)

    def see(self, case: str, status: str, moment: float, *, client: int = 0) -> None:
        answer = self.found.told(READ, payload__overallStatus__status=status)
        self._call(READ, answer, "read", case, moment, client=client)

    def cancel(self, answer: Response, moment: float, *, client: int) -> None:
        self._call(CANCEL, answer, "cancel", "s", moment, client=client)

    def _call(self, operation: str, answer: Response, role: str, case: str, moment: float, *, client: int = 0) -> None:
        arguments = {} if operation == START else {"loadId": self.ids[case]}
        call = self.found.call(operation, answer, role, moment=moment, case=case, group=1, arguments=arguments)
        intent = replace(call.intent, scenario="race cancels-of-one")
        self.found.calls[-1] = replace(call, process=client, intent=intent)


def _too_new(*, seen_before: bool) -> Verdict:
    """Two clients cancel one waiting load, both are told that there is none, and it waits on."""
    race = Race()
    race.start("long", 0.0)
    race.see("long", "LOAD_IN_PROGRESS", 1.0)
    race.start("s", 2.0)
    if seen_before:
        race.see("s", "LOAD_IN_QUEUE", 3.0)
    race.cancel(race.found.refused(UNKNOWN, 404), 4.0, client=0)
    race.cancel(race.found.refused(UNKNOWN, 404), 4.1, client=1)
    race.see("s", "LOAD_IN_QUEUE", 6.0)
    race.see("long", "LOAD_IN_PROGRESS", 7.0)
    return race.found.judged(CLAUSE).verdict


def _late(*, end: str) -> Verdict:
    """A load that waits is cancelled by two clients, starts all the same when the one before it has ended, and ends."""
    race = Race()
    race.start("long", 0.0)
    race.start("s", 1.0)
    race.see("s", "LOAD_IN_QUEUE", 2.0)
    race.cancel(race.found.told(CANCEL), 4.0, client=0)
    race.cancel(race.found.told(CANCEL), 4.1, client=1)
    race.see("long", "LOAD_IN_PROGRESS", 5.5)  # so that the other one waited
    race.see("long", "LOAD_COMPLETED", 6.0)
    race.see("s", "LOAD_IN_PROGRESS", 7.0)
    race.see("s", "LOAD_CANCELLED_BY_USER", 8.0, client=1)
    race.see("s", end, 9.0)
    return race.found.judged(CLAUSE).verdict


def test_a_cancel_need_not_know_what_no_read_has_shown() -> None:
    assert _too_new(seen_before=False) is not Verdict.FAIL
    assert _too_new(seen_before=True) is Verdict.FAIL


def test_a_cancel_may_take_effect_after_the_load_has_started() -> None:
    assert _late(end="LOAD_CANCELLED_BY_USER") is not Verdict.FAIL
    assert _late(end="LOAD_IN_PROGRESS") is Verdict.FAIL
