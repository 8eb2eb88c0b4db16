"""Brings what an earlier part of a run has left on a target to rest, before anything new is sent."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from conformance.drivers.context import Context
from conformance.drivers.ranges import walk
from conformance.errors import OtherInstanceError, StageError
from conformance.history import Call
from conformance.instance import Instance
from conformance.seam import UNHEARD
from specs import Resource, point

SCENARIO = "resume"
_ASKED = 3


def same_target(context: Context) -> None:
    """Make sure that the target is the one of the earlier part: it still knows something of what was made there.

    Raises:
        OtherInstanceError: it knows nothing of all that was seen there, as one does that was started anew.
    """
    known = [made for made in _seen(context) if not made.gone]
    if not known:
        return
    for made in known[-_ASKED:]:
        try:
            call, _ = context.stage.read(made, role="resumed", scenario=SCENARIO)
        except StageError:
            return
        answer = context.session.answer(call)
        missing = answer.refused and (answer.status == 404 or answer.name in context.spec.errors.missing_names)
        if not missing:
            return
    raise OtherInstanceError(context.session.target.url, known[-1].id)


def _seen(context: Context) -> list[Instance]:
    """What was made and has been read since."""
    found = []
    for made in context.stage.instances:
        read = made.resource.read
        if read is not None and any(
            call.operation == read.operation
            and call.intent.arguments.get(read.parameter) == made.id
            and context.session.answer(call).success
            for call in context.session.history.calls
        ):
            found.append(made)
    return found


def adopt(context: Context, names: Sequence[str]) -> None:
    """Take for ours what an unanswered request has made, where a list shows it under a name that only we give."""
    for call in _unheard(context):
        operation = context.spec.operations[call.operation]
        resource = context.spec.resources[operation.creates or ""]
        for identifier, item in _items(context, resource.list, _listed(context, call, resource)):
            known = any(each.id == identifier and each.resource is resource for each in context.stage.instances)
            if not known and any(name in json.dumps(item, default=str) for name in names):
                context.session.guard.adopt(identifier)
                context.stage.instances.append(
                    Instance(resource=resource, id=identifier, arguments=call.intent.arguments, since=call.started)
                )


def settle_jobs(context: Context) -> None:
    """Let go of the jobs that were made, and see them end: none of them may stand in the way of a new one."""
    until = context.session.now() + context.session.target.timeouts.job_end_max
    for made in context.stage.instances:
        if made.resource.is_job and not made.gone and not made.resource.is_terminal(made.status):
            with contextlib.suppress(StageError):  # what must not be sent now is tried again when the run cleans up
                context.stage.release(made)
                context.stage.wait(made, scenario=SCENARIO, seconds=max(0.0, until - context.session.now()))


def settle_unheard(context: Context) -> Iterator[int]:
    """The ids of requests for something new, not answered before the suite ended, that are over by now.

    That is known on a target which nobody else uses. The request has had the time that an answer may take, and every job in
    the list that nobody knows of is seen at its end. What an earlier list shows was there before.
    """
    session = context.session
    for call in _unheard(context) if session.target.exclusive else ():
        session.nap(call.started + session.target.timeouts.request - session.now())
        resource = context.spec.resources[context.spec.operations[call.operation].creates or ""]
        if _over(context, call, resource):
            yield call.id


def _unheard(context: Context) -> list[Call]:
    """The requests for something new whose answer nobody waited for."""
    return [
        call for call in context.session.history.calls
        if call.trouble == UNHEARD and (operation := context.spec.operations.get(call.operation)) is not None and operation.creates
    ]  # fmt: skip


def _over(context: Context, call: Call, resource: Resource) -> bool:
    """Whether whatever a request has made is at its end, as far as lists show; of what is no job nothing goes on."""
    if not resource.is_job:
        return True
    calls = _listed(context, call, resource)
    if resource.read is None or not calls or not all(context.session.answer(each).success for each in calls):
        return False
    earlier = [
        each for each in context.session.history.calls if each.operation == resource.list and each.precedes(call)
    ]
    known = {made.id for made in context.stage.instances} | {key for key, _ in _items(context, resource.list, earlier)}
    strangers = {key for key, _ in _items(context, resource.list, calls)} - known
    until = context.session.now() + context.session.target.timeouts.job_end_max
    arguments = calls[0].intent.arguments
    return all(
        _ended(context, Instance(resource=resource, id=each, arguments=arguments), until) for each in sorted(strangers)
    )


def _listed(context: Context, call: Call, resource: Resource) -> list[Call]:
    """Walk through the list that what a request asks for would stand in."""
    operation = context.spec.operations.get(resource.list or "")
    if operation is None or operation.listing is None:
        return []
    needed = {parameter.name for parameter in operation.parameters if parameter.required}
    scoped = {name: value for name, value in call.intent.arguments.items() if name in needed}
    return walk(context, operation, group=0, role="settle", scenario=SCENARIO, arguments=scoped)


def _items(context: Context, name: str | None, calls: Iterable[Call]) -> Iterator[tuple[str, Any]]:
    """The items of lists, each with its id."""
    operation = context.spec.operations.get(name or "")
    if operation is None or operation.listing is None:
        return
    for call in calls:
        for item in context.stage.items(operation, call):
            identifier = point(item, operation.listing.item_id)
            if isinstance(identifier, str):
                yield identifier, item


def _ended(context: Context, made: Instance, until: float) -> bool:
    """Whether a job that is not known to be ours is seen at its end; it is only looked at."""
    try:
        status = context.stage.wait(made, scenario=SCENARIO, seconds=max(0.0, until - context.session.now()))
    except StageError:
        return False
    return made.resource.is_terminal(status)
