"""The calls of a race in the words of the models."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass

from conformance.answer import Kind
from conformance.evidence.job_life import Ask, See
from conformance.evidence.job_queue import Cancel, Look, Start
from conformance.evidence.model import FOREVER, Event
from conformance.evidence.token_register import Claim
from conformance.history import Call
from conformance.oracles.contest import Contest, accepted_essences, essence, may_have_happened, window
from conformance.view import View
from specs import MISSING, Resource, point


@dataclass(frozen=True, slots=True, kw_only=True)
class Retelling:
    """Makes events of calls; calls that tell nothing and have no effect are left out."""

    view: View
    resource: Resource
    contest: Contest

    # -- a queue

    def queue(self, calls: Iterable[Call]) -> list[Event]:
        """Requests for jobs and their ends, and what reads show of them, for the model of a queue."""
        found = (self._queued(call) for call in calls)
        return [event for event in found if event is not None]

    def _queued(self, call: Call) -> Event | None:
        role, job = call.intent.role, self.contest.job(call)
        if role == "start":
            return self._event(call, Start(job=job, queued=self._asks(call)), self._started(call))
        if role == "cancel":
            return self._event(call, Cancel(job=job), self._plainly(call))
        status = self.status(call)
        phase = None if status is None else self.resource.phase(status)
        if role != "read" or phase is None or (phase == "running" and status not in self._surely_running()):
            return None
        return self._event(call, Look(job=job), phase)

    def _asks(self, call: Call) -> bool:
        queue = self.resource.queue
        return queue is not None and call.intent.arguments.get(queue.parameter) in (queue.admit, queue.admit_text)

    def _started(self, call: Call) -> str | None:
        """How a request for a job was answered; a refusal has its reason in the queue if the same was accepted once."""
        if self.contest.names[call.id] in self.contest.ids:
            return "accepted"
        answer, queue = self.view.answer(call), self.resource.queue
        if not answer.refused:
            return "refused" if answer.kind is Kind.THROTTLED else None
        if essence(self.resource, call) not in accepted_essences(self.view, self.resource):
            return "refused"
        if queue is None:
            missing = answer.status == 404 or answer.name in self.view.spec.errors.missing_names
            return "refused" if missing else "busy"
        told, allowed = ("full", queue.full) if self._asks(call) else ("busy", queue.busy)
        return told if allowed.allows_name(answer.name, suffix=self.view.spec.errors.suffix) else "refused"

    def _surely_running(self) -> tuple[str, ...]:
        """The statuses that only a running job has: those of the scene that keeps the slot."""
        scene = self.resource.scenes.get(self.resource.queue.hold) if self.resource.queue else None
        return (
            scene.statuses if scene is not None and scene.statuses else tuple(self.resource.phases.get("running", ()))
        )

    # -- single jobs

    def reads(self, calls: Iterable[Call]) -> Iterator[Event]:
        """What reads show, for the model of single jobs."""
        for call in calls:
            status = self.status(call)
            if call.intent.role == "read" and self.resource.phase(status) is not None:
                event = self._event(call, See(job=self._id(call)), status)
                if event is not None:
                    yield event

    def requests(self, calls: Iterable[Call], *, told: str | None) -> Iterator[Event]:
        """Cancels and confirmations, for the model of single jobs; ``told`` is where their answers show the status."""
        for call in calls:
            if call.intent.role in {"cancel", "confirm"}:
                answered = self._plainly(call)
                shown = point(self.view.tree(call), told) if told and answered == "accepted" else MISSING
                known = isinstance(shown, str) and self.resource.phase(shown) is not None
                event = self._event(call, Ask(job=self._id(call), what=call.intent.role), shown if known else answered)
                if event is not None:
                    yield event

    def deletes(self, calls: Iterable[Call], gone: tuple[str, ...]) -> Iterator[Event]:
        """Deletes, and whether reads still find the thing."""
        for call in calls:
            event = None
            if call.intent.role == "delete":
                event = self._event(call, Ask(job=self._id(call), what="delete"), self._plainly(call))
            elif call.intent.role == "read":
                answer = self.view.answer(call)
                missing = answer.name in self.view.spec.errors.missing_names or answer.status == 404
                if answer.success or (missing and not self._may_be_too_new(call)):
                    shown = "gone" if missing or self.status(call) in gone else "there"
                    event = self._event(call, See(job=self._id(call)), shown)
            if event is not None:
                yield event

    def claims(self, token: str | None) -> Iterator[Event]:
        """Creations, by their token or, without one, as if all had the same."""
        for call in self.contest.starts():
            key = str(call.intent.arguments.get(token)) if token else "any"
            identifier = point(self.view.tree(call), self.resource.id)
            told = identifier if isinstance(identifier, str) and identifier else None
            if told is None and self.view.answer(call).refused:
                told = "refused"
            event = self._event(call, Claim(token=key), told)
            if event is not None and self.view.answer(call).kind is not Kind.THROTTLED:
                yield event

    # -- any

    def status(self, call: Call) -> str | None:
        """The status a read shows."""
        status = point(self.view.tree(call), self.resource.status or "")
        return status if isinstance(status, str) else None

    def _id(self, call: Call) -> str:
        return self.contest.ids.get(call.intent.case, call.intent.case)

    def _plainly(self, call: Call) -> str | None:
        answer = self.view.answer(call)
        if self._may_be_too_new(call):
            return None
        return "accepted" if answer.success else "refused" if answer.refused else None

    def _may_be_too_new(self, call: Call) -> bool:
        """Whether something is called unknown that no read has shown before: no document says how soon it is known."""
        return self.view.unknown(call) and not any(
            each.precedes(call) and self.contest.job(each) == self.contest.job(call) and self.status(each) is not None
            for each in self.contest.calls
            if each.intent.role == "read"
        )

    def _event(self, call: Call, asked: Hashable, told: Hashable | None) -> Event | None:
        """The event of a call; one whose answer says nothing may have happened at any time or never."""
        if told is None and not may_have_happened(self.view, call):
            return None
        began, ended = window(call)
        return Event(id=call.id, began=began, ended=FOREVER if told is None else ended, asked=asked, answered=told)
