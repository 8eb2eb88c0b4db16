"""Conforming calls for clauses that a recorded run did not exercise: appended to it, they are to be accepted."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.history import Call, Intent
from conformance.oracles.ranges import refusal_for
from conformance.view import View, among
from specs import Clause, Operation, Refusal, Resource, Response, build
from tests.conformance.corruption.answers import known_name, refusal, success, successes
from tests.conformance.corruption.body import cut, encoded, put, retold, with_items
from tests.conformance.corruption.draft import Draft, again
from tests.conformance.corruption.effects import fresh
from tests.conformance.corruption.values import fitting

Exhibit = Callable[[Clause, View], Iterator[Call]]
_EXHIBITS: dict[str, Exhibit] = {}
_GROUP = 900_001


def exhibit(clause: Clause, view: View) -> Draft | None:
    """The history of a view with calls behind it that exercise a clause; None where no such calls are known."""
    found = _EXHIBITS.get(clause.kind)
    return Draft(view).append(*found(clause, view)) if found is not None else None


def _exhibits(*kinds: str) -> Callable[[Exhibit], Exhibit]:
    def register(function: Exhibit) -> Exhibit:
        _EXHIBITS.update(dict.fromkeys(kinds, function))
        return function

    return register


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Makes calls of one operation."""

    view: View
    operation: Operation

    def __call__(self, role: str, response: Response, *, clause: str | None = None, **arguments: Any) -> Call:
        sent: Mapping[str, Any] = {**self.operation.base, **arguments}
        intent = Intent(scenario="exhibit", role=role, clause=clause, case="exhibit", group=_GROUP, arguments=sent)
        request = build(self.operation, sent, headers=self.view.spec.headers)
        return Call(
            id=0,
            process=0,
            operation=self.operation.name,
            request=request,
            response=response,
            started=0.0,
            ended=0.0,
            intent=intent,
        )

    def accepted(self) -> Response:
        """An answer that accepts: one that was seen, or one made of the documented members."""
        return success(self.view, self.operation.name) or self.complete()

    def complete(self) -> Response:
        """An answer with every documented member."""
        spec = self.operation.response
        headers = {"content-type": "application/xml" if spec.media == "xml" else "application/json"}
        body = encoded(self.operation, fitting(spec.schema)) if spec.media != "none" else b""
        return Response(status=spec.statuses[0], headers=headers, body=body)


def _sender(clause: Clause, view: View) -> Sender:
    return Sender(view=view, operation=view.spec.operations[clause.operation])


def _due(clause: Clause, view: View) -> Response:
    """The refusal that the documents prefer for the violation of a clause."""
    allowed = refusal_for(clause, view) or Refusal()
    name = next(iter(allowed.names), known_name(view.spec, view.spec.operations[clause.operation]))
    return refusal(view.spec, name, allowed.statuses[0])


@_exhibits("constraint", "unknown-id", "body-error", "garbage-token")
def _violation(clause: Clause, view: View) -> Iterator[Call]:
    send = _sender(clause, view)
    yield send("control", send.accepted())
    yield send("outside", _due(clause, view), clause=clause.id)
    yield send("control", send.accepted())
    if clause.kind == "constraint":
        yield send("inside", send.accepted(), clause=clause.id)


@_exhibits("violation-error")
def _violation_of_kind(clause: Clause, view: View) -> Iterator[Call]:
    operation = view.spec.operations[clause.operation]
    probed = (each for each in operation.clauses if each.kind == "constraint" and each.not_tested is None)
    return _violation(next(each for each in probed if each.data["violation"] == clause.data["violation"]), view)


@_exhibits("valid-request")
def _valid(clause: Clause, view: View) -> Iterator[Call]:
    send = _sender(clause, view)
    yield send("inside", send.accepted(), clause=clause.id)


@_exhibits("auth")
def _auth(clause: Clause, view: View) -> Iterator[Call]:
    send, auth = _sender(clause, view), view.spec.auth
    yield send("control", send.accepted())
    yield send("auth", refusal(view.spec, next(iter(auth.names), "AccessDenied"), auth.statuses[0]), clause=clause.id)
    yield send("control", send.accepted())


@_exhibits("error-name", "error-status", "error-envelope")
def _refused(clause: Clause, view: View) -> Iterator[Call]:
    send = _sender(clause, view)
    name = known_name(view.spec, send.operation)
    statuses = view.spec.errors.statuses(name) or (400,)
    yield send("outside", refusal(view.spec, name, statuses[0]))


@_exhibits("success-status", "media-type", "body-shape", "member")
def _accepted(clause: Clause, view: View) -> Iterator[Call]:
    send = _sender(clause, view)
    yield send("exhibit", send.complete())


@_exhibits("no-effect")
def _without_effect(clause: Clause, view: View) -> Iterator[Call]:
    send = _sender(clause, view)
    look = _list_look(send) if send.operation.effect == "create" else _read_look(view)
    yield look("before")
    yield send("outside", refusal(view.spec, known_name(view.spec, send.operation)))
    yield look("after")


def _list_look(send: Sender) -> Callable[[str], Call]:
    operation = send.view.spec.operations[send.view.spec.resources[send.operation.creates or ""].list or ""]
    seen = successes(send.view, operation.name)[-1]
    return lambda role: again(seen, role=role, group=_GROUP)


def _read_look(view: View) -> Callable[[str], Call]:
    """Looks at something that was created, and that nobody changed."""
    for resource in view.spec.resources.values():
        if resource.read is not None:
            seen = successes(view, resource.read.operation)[-1]
            return lambda role: again(seen, role=role, group=_GROUP)
    raise LookupError("nothing can be read")


@_exhibits("equivalence")
def _equivalent(clause: Clause, view: View) -> Iterator[Call]:
    send = _sender(clause, view)
    if send.operation.effect != "create":
        for role in ("first", "second", "first"):
            yield send(role, send.accepted(), clause=clause.id)
        return
    resource = view.spec.resources[send.operation.creates or ""]
    for number, role in enumerate(("first", "second")):
        made = made_job(view, resource, f"9000000{number:03d}")
        yield again(made, role=role, clause=clause.id, group=_GROUP, case="exhibit")
        yield again(
            read_of(view, resource, f"9000000{number:03d}"), role=f"outcome-{role}", group=_GROUP, case="exhibit"
        )


def made_job(view: View, resource: Resource, identifier: str) -> Call:
    """A creation that was accepted with an id."""
    _, call = view.creations[resource.name][0]
    return again(call, retold(view, call, lambda tree: put(tree, resource.id, identifier)), role="create", clause=None)


def read_of(
    view: View, resource: Resource, identifier: str, status: str | None = None, counter: str | None = None
) -> Call:
    """A read of an instance, which shows a status if that is given, and 3 at the place of a counter."""
    assert resource.read is not None
    seen = successes(view, resource.read.operation)[0]

    def told(tree: Any) -> None:
        if resource.read_id:
            put(tree, resource.read_id, identifier)
        if status is not None and resource.status:
            put(tree, resource.status, status)
        if counter is not None:
            put(tree, counter, 3)

    arguments = {**seen.intent.arguments, resource.read.parameter: identifier}
    return again(seen, retold(view, seen, told), arguments=arguments, role="poll", clause=None)


@_exhibits("not-before")
def _not_shown_yet(clause: Clause, view: View) -> Iterator[Call]:
    """A job in a status that passes quickly, and does not show the member yet."""
    resource = view.spec.resources[clause.data["resource"]]
    place: str = clause.data["pointer"]
    yield made_job(view, resource, "9000000002")
    read = read_of(view, resource, "9000000002", clause.data["statuses"][0])
    seen = successes(view, read.operation)[0]

    def told(tree: Any) -> None:
        if resource.read_id:
            put(tree, resource.read_id, "9000000002")
        put(tree, resource.status or "", clause.data["statuses"][0])
        cut(tree, place)

    yield again(read, retold(view, seen, told))


@_exhibits("listed")
def _listed(clause: Clause, view: View) -> Iterator[Call]:
    """A job that runs before and after a whole list, and stands in it."""
    operation = view.spec.operations[clause.operation]
    assert operation.listing is not None
    resource = view.spec.resources[operation.listing.resource]
    running, identifier = resource.phases.get("running", ())[0], "9000000001"
    made = made_job(view, resource, identifier)
    yield made
    yield read_of(view, resource, identifier, running)
    seen = next(
        walk[0]
        for call in among(view.by_operation[operation.name], "whole")
        for walk in view.walks(call.intent.group, "whole")
    )
    item = fresh(view, seen, identifier)
    if operation.listing.status is not None:
        put(item, operation.listing.status, running)
    shown = with_items(view, seen, lambda items: [item, *items])
    scope = operation.listing.scope
    arguments = dict(seen.intent.arguments)
    if scope is not None:
        arguments[scope.parameter] = made.intent.arguments[scope.parameter]
    yield again(seen, shown, group=_GROUP, arguments=arguments)
    yield read_of(view, resource, identifier, running)


@_exhibits("one-at-a-time")
def _in_company(clause: Clause, view: View) -> Iterator[Call]:
    """A job that runs before and after another one of the same parent is seen waiting."""
    resource = view.spec.resources[clause.data["resource"]]
    running, waiting = resource.phases.get("running", ())[0], resource.phases.get("waiting", ())[0]
    yield made_job(view, resource, "9000000002")
    yield read_of(view, resource, "9000000002", running)
    yield made_job(view, resource, "9000000003")
    yield read_of(view, resource, "9000000003", waiting)
    yield read_of(view, resource, "9000000002", running)


@_exhibits("order-stable")
def _listed_twice(clause: Clause, view: View) -> Iterator[Call]:
    """Two lists that show two ended jobs in the same order."""
    operation = view.spec.operations[clause.operation]
    resource = view.spec.resources[clause.data["resource"]]
    ids = [i for i, seen in view.sightings(resource).items() if resource.is_terminal(seen[-1].status)][:2]
    seen = next(call for call in view.by_operation[operation.name] if view.items(call))
    shown = with_items(view, seen, lambda _: [fresh(view, seen, each) for each in ids])
    for case in ("once", "twice"):
        yield again(seen, shown, role="whole", group=_GROUP, case=case)


@_exhibits("waits", "waits-failure")
def _waiting(clause: Clause, view: View) -> Iterator[Call]:
    """A job that waits is seen waiting, then another that it waits for running; then both are seen to fail."""
    resource = view.spec.resources[clause.data["resource"]]
    assert resource.waits is not None
    assert resource.read is not None
    ids = ("9000000011", "9000000012")
    for identifier, needs in zip(ids, ([], [{resource.waits.member: ids[0]}]), strict=True):
        made = made_job(view, resource, identifier)
        kept = {name: value for name, value in made.intent.arguments.items() if name not in resource.waits.unless}
        yield again(made, arguments={**kept, resource.waits.parameter: needs})
    seen = next(each[0].call for each in view.sightings(resource).values())
    for identifier, phase in ((ids[1], "waiting"), (ids[0], "running"), (ids[0], "failed"), (ids[1], "failed")):
        status = resource.phases[phase][0]
        told = retold(view, seen, functools.partial(put, pointer=resource.status or "", value=status))
        yield again(seen, told, arguments={**seen.intent.arguments, **resource.read.naming(identifier)}, role="poll")
