"""Looks a target over before a run: what is there, what works, and what a run will not be able to tell."""

from __future__ import annotations

import enum
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from conformance.answer import answer_of
from conformance.engine import Run
from conformance.errors import ConformanceError, SourceStoreError, StageError
from conformance.history import Call, Intent
from conformance.skew import skew_of, told
from conformance.target import Tampering, Target
from specs import Operation, Resource, Spec
from strategies import based, drop, has, put

SCENARIO = "survey"
_ABSENT = frozenset({404, 405, 501})
_REFUSED = frozenset({401, 403})
_OBJECT = re.compile(r"\$\{object\.[^}]+\}")
_PLACEHOLDER = re.compile(r"\$\{([A-Za-z]+)[.}]")


class State(enum.StrEnum):
    """What a sight means for a run."""

    GOOD = "good"
    OPEN = "open"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One thing that was found; where one is ``bad``, a run would tell nothing."""

    subject: str
    state: State
    text: str


@dataclass(slots=True, kw_only=True)
class Survey:
    """Asks a target with as few requests as it takes.

    First only what has no effect is sent. Then each operation that has one gets a request that must be refused, unless
    ``reads_only``. With ``jobs`` one job of each kind is made and followed to its end.
    """

    spec: Spec
    target: Target
    jobs: bool = False
    _missing: list[str] = field(default_factory=list)
    _silent: bool = False

    def sights(self) -> Iterator[Sight]:
        """Everything that is found, as it is found; what was made is removed at the end."""
        looking = Run(spec=self.spec, target=replace(self.target, read_only=True), clauses=())
        try:
            yield from self._looked(looking)
        finally:
            looking.close()
        if self._silent:
            return
        trying = Run(spec=self.spec, target=self.target, clauses=())
        try:
            yield from self._tried(trying)
        finally:
            left = trying.close()
        for each in left:
            yield Sight(subject="left behind", state=State.OPEN, text=each)
        yield from self._untestable()

    # -- without effect

    def _looked(self, run: Run) -> Iterator[Sight]:
        operation = self._plainest()
        began = time.monotonic()
        call = _asked(lambda: self._call(run, operation, run.context.stage.resolve(based(operation))))
        if isinstance(call, str) or call.response is None:
            self._silent = True
            said = call if isinstance(call, str) else call.detail or str(call.trouble)
            hint = "; name its certificate in ca_file" if "certificate" in said else ""
            yield Sight(
                subject="reachable", state=State.BAD, text=f"nothing answers at {self.target.url}: {said}{hint}"
            )
            return
        milliseconds, clock = 1000 * (time.monotonic() - began), self._clock(call)
        yield Sight(subject="reachable", state=State.GOOD, text=f"{self.target.url} answered in {milliseconds:.0f} ms")
        yield clock
        yield from self._signatures(run, operation, call)
        if self._silent:
            return
        for each in self.spec.operations.values():
            if each.effect == "read":
                yield self._answered(each, _asked(lambda each=each: self._read(run, each)))  # type: ignore[misc]

    def _plainest(self) -> Operation:
        """The read that needs least."""
        reads = [each for each in self.spec.operations.values() if each.effect == "read"]
        return min(reads, key=lambda each: (bool(_placeholders(each) & set(self.spec.resources)), each.neighbour))

    def _clock(self, call: Call) -> Sight:
        seconds = skew_of(call)
        if seconds is None:
            return Sight(
                subject="clock", state=State.OPEN, text="the answer has no Date, so that clocks cannot be compared"
            )
        allowed = self.spec.auth.stale_seconds
        if self.target.credentials.scheme != "none" and abs(seconds) > allowed:
            return Sight(
                subject="clock", state=State.BAD,
                text=f"{told(seconds)}; signatures are good for {allowed} s, so set the clocks",
            )  # fmt: skip
        return Sight(subject="clock", state=State.GOOD, text=told(seconds))

    def _signatures(self, run: Run, operation: Operation, call: Call) -> Iterator[Sight]:
        answer = run.context.session.answer(call)
        if self.target.credentials.scheme == "none":
            if answer.status in _REFUSED:
                self._silent = True
                text = f"an unsigned request is refused ({answer.described()}): the keys belong into [auth]"
                yield Sight(subject="signatures", state=State.BAD, text=text)
            else:
                yield Sight(subject="signatures", state=State.GOOD, text="requests are not signed, as auth says")
            return
        if answer.status in _REFUSED:
            self._silent = True
            text = f"a signed request is refused: {answer.described()} {answer.message or ''}".strip()
            yield Sight(subject="signatures", state=State.BAD, text=f"{text}; check keys, region and clock")
            return
        yield Sight(subject="signatures", state=State.GOOD, text=f"a signed request is taken ({answer.described()})")
        unsigned = _asked(lambda: self._call(run, operation, call.intent.arguments, tampering="unsigned"))
        if isinstance(unsigned, str):
            yield Sight(subject="signatures", state=State.OPEN, text=f"an unsigned request was not tried: {unsigned}")
            return
        refusal = run.context.session.answer(unsigned)
        text = f"an unsigned request is {'taken as well, so that clauses on signatures will fail' if refusal.success else 'refused'}"
        state = State.OPEN if refusal.success else State.GOOD
        yield Sight(subject="signatures", state=state, text=f"{text} ({refusal.described()})")

    def _read(self, run: Run, operation: Operation) -> Call:
        """Ask an operation that reads: about something that is there, else about what is not there."""
        try:
            arguments = run.context.stage.resolve(based(operation))
        except StageError:
            arguments = run.context.stage.resolve(_about_nothing(operation))
        return self._call(run, operation, arguments)

    def _call(self, run: Run, operation: Operation, arguments: Any, *, tampering: Tampering | None = None) -> Call:
        return run.context.session.call(
            operation, arguments, Intent(scenario=SCENARIO, role="survey"), tampering=tampering
        )

    def _answered(self, operation: Operation, call: Call | str, *, due: str = "taken") -> Sight:
        """What the answer of an operation says of it."""
        subject = operation.name
        if isinstance(call, str):
            return Sight(subject=subject, state=State.OPEN, text=f"not tried: {call}")
        answer = answer_of(self.spec, call.response)
        if call.response is None:
            return Sight(subject=subject, state=State.OPEN, text=f"no answer: {call.detail or call.trouble}")
        if answer.success:
            good = due == "taken"
            text = "answers" if good else "takes a request that must be refused"
            return Sight(
                subject=subject, state=State.GOOD if good else State.OPEN, text=f"{text} ({answer.described()})"
            )
        known = answer.name is not None and self.spec.errors.statuses(answer.name) is not None
        named = known or (
            answer.name is not None and self.spec.errors.open_names and _is_about_nothing(operation, call)
        )
        if answer.status in _ABSENT and not named:
            self._missing.append(operation.name)
            return Sight(subject=subject, state=State.OPEN, text=f"seems not to be there ({answer.described()})")
        if answer.status is not None and answer.status >= 500:
            return Sight(subject=subject, state=State.OPEN, text=f"fails ({answer.described()})")
        return Sight(subject=subject, state=State.GOOD, text=f"answers with a refusal ({answer.described()})")

    # -- what may have an effect

    def _tried(self, run: Run) -> Iterator[Sight]:
        for operation in self.spec.operations.values():
            if operation.effect != "read":
                wrong = _to_be_refused(operation, self.target)
                if wrong is None:
                    call: Call | str = "it takes no request that is sure to be refused"
                else:
                    call = _asked(lambda o=operation, w=wrong: self._call(run, o, run.context.stage.resolve(w)))  # type: ignore[misc]
                yield self._answered(operation, call, due="refused")
        yield from self._source(run)
        if self.jobs and not self.target.read_only:
            for resource in self.spec.resources.values():
                if resource.is_job:
                    yield self._job(run, resource)
        else:
            text = "no job was made, so how long one takes, and whether the target reads source data, is not known (--jobs)"
            yield Sight(subject="jobs", state=State.OPEN, text=text)

    def _source(self, run: Run) -> Iterator[Sight]:
        if self.target.s3 is None or self.target.read_only:
            return
        place = f"s3://{self.target.s3.bucket} at {self.target.s3.endpoint}"
        try:
            store = run.context.stage.fixtures.open_store()
            store.put(f"{run.context.stage.run}/survey", b"survey")
        except (StageError, SourceStoreError) as error:
            yield Sight(subject="source data", state=State.BAD, text=str(error))
            return
        yield Sight(subject="source data", state=State.GOOD, text=f"the suite can write into {place}")

    def _job(self, run: Run, resource: Resource) -> Sight:
        """Make one job that succeeds, and see how long that takes."""
        scene = next((name for name, each in resource.scenes.items() if _succeeds(resource, each.statuses)), None)
        began, most = time.monotonic(), self.target.timeouts.job_end_max
        try:
            made = run.context.stage.make(resource, scene=scene)
            status = run.context.stage.wait(made) if scene is None else made.status
        except (StageError, ConformanceError) as error:
            return Sight(subject=f"a {resource.name}", state=State.BAD, text=str(error))
        seconds = time.monotonic() - began
        text = f"came to {status} in {seconds:.1f} s"
        reads = _needs_source(self.spec, resource.create.operation)
        if seconds > most / 2:
            return Sight(
                subject=f"a {resource.name}", state=State.OPEN, text=f"{text}; raise timeouts.job_end_max ({most:g} s)"
            )
        more = ", so the target reads its source data" if reads and resource.phase(status) == "succeeded" else ""
        return Sight(subject=f"a {resource.name}", state=State.GOOD, text=text + more)

    # -- what a run will not tell

    def _untestable(self) -> Iterator[Sight]:
        spec, target = self.spec, self.target
        clauses = [each for each in spec.clauses if each.not_tested is None]
        lacks: list[tuple[str, int]] = []
        if target.read_only:
            lacks.append(("read_only", sum(spec.operations[c.operation].effect != "read" for c in clauses)))
        elif target.s3 is None:
            lacks.append(("no [s3] for source data", sum(_needs_source(spec, c.operation) for c in clauses)))
        if self._missing:
            lacks.append((f"not there: {', '.join(self._missing)}", sum(c.operation in self._missing for c in clauses)))
        if target.limits.jobs == 0:
            lacks.append(("limits.jobs is 0", sum(spec.operations[c.operation].effect != "read" for c in clauses)))
        for reason, count in lacks:
            if count:
                yield Sight(subject="untestable", state=State.OPEN, text=f"{count} of {len(clauses)} clauses: {reason}")
        if target.credentials.scheme == "none" and spec.auth.scheme != "none":
            count = sum(c.kind == "auth" for c in clauses)
            yield Sight(
                subject="does not apply", state=State.OPEN, text=f"{count} clauses on signatures: auth.scheme is none"
            )
        if not target.exclusive:
            text = "clauses on whole lists and on side effects may stay unproven: exclusive is not set"
            yield Sight(subject="not proven", state=State.OPEN, text=text)


def _asked(send: Callable[[], Call]) -> Call | str:
    """The call, or why there is none."""
    try:
        return send()
    except (StageError, ConformanceError) as error:
        return str(error)


def _placeholders(operation: Operation) -> set[str]:
    return set(_PLACEHOLDER.findall(str(dict(operation.base))))


def _about_nothing(operation: Operation) -> dict[str, Any]:
    """The base request, about ids that name nothing."""
    arguments = based(operation)
    for each in operation.fields():
        if has(arguments, each) and each.schema.get("absent"):
            arguments = put(operation, arguments, each, each.schema["absent"][0])
    return arguments


def _is_about_nothing(operation: Operation, call: Call) -> bool:
    """Whether a request names something that there is not, so that to miss it is the right answer."""
    sent = call.intent.arguments
    return any(sent.get(each.name) in each.schema.get("absent", ()) for each in operation.parameters)


def _to_be_refused(operation: Operation, target: Target) -> dict[str, Any] | None:
    """A request that must be refused: about nothing, or of a creation without something that it cannot do without.

    Source data is named and not written.
    """
    arguments = _about_nothing(operation)
    if operation.effect != "create":
        return arguments if arguments != based(operation) else None
    bucket, prefix = (target.s3.bucket, target.s3.prefix) if target.s3 else ("conformance", target.prefix)
    arguments = json.loads(_OBJECT.sub(f"s3://{bucket}/{prefix}/survey/nothing", json.dumps(arguments)))
    due = [each for each in operation.fields() if each.required and each.location == "body" and len(each.path) == 1]
    due = [each for each in due if has(arguments, each)]
    if not due:
        return arguments if arguments != based(operation) else None
    return drop(operation, arguments, min(due, key=lambda each: bool(each.schema.get("ours"))))


def _succeeds(resource: Resource, statuses: tuple[str, ...]) -> bool:
    return bool(statuses) and all(resource.phase(each) == "succeeded" for each in statuses)


def _needs_source(spec: Spec, name: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether an operation can be tried only with source data: its own, or that of what it is about."""
    operation = spec.operations[name]
    if _OBJECT.search(str(dict(operation.base))):
        return True
    about = [spec.resources[each].create.operation for each in _placeholders(operation) & set(spec.resources)]
    return any(each not in seen and _needs_source(spec, each, seen | {name}) for each in about)
