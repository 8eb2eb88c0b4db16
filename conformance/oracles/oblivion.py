"""What a target seems to have forgotten: things of ours it knew, knows no more, and that we have not deleted.

A target that was restarted, or has lost what it kept, is no witness any more: what it knew before says nothing of what it
does behind. Documents say that a thing is readable and listed, and those clauses judge it; all others are judged by what
came before the loss.
"""

from __future__ import annotations

import weakref
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from conformance.history import Call
from conformance.oracles.contest import may_have_happened
from conformance.view import ODD, View
from specs import Resource

#: Kinds of clauses that one answer breaks by itself, or that compare what is said of one id that is known.
#: A loss excuses none of them: some are about nothing else.
UNEXCUSED = frozenset({
    "action-absorbed", "action-accepted", "action-effect", "action-shown", "answered", "auth", "body-shape", "counters-rest", "counters-rise", "counters-total", "counters-whole", "echo", "end-time",
    "error-envelope", "error-name", "error-status", "held-once", "hold", "hold-free", "immutable", "items-agree", "items-final", "list-agrees", "list-fields",
    "listed", "media-type", "member", "no-server-error", "not-before", "page-bound", "readable", "retention", "scope",
    "shown-when", "status-forward", "status-known", "success-status", "terminal", "unique-id", "unique-items",
})  # fmt: skip
_NOT_PLAIN = ODD | {"outside", "auth", "stranger"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Something that was known and is no more: the last call that shows it known, and the first that does not."""

    resource: Resource
    identifier: str
    known: Call
    unknown: Call

    def described(self) -> str:
        """In words."""
        return (
            f"the target seems to have forgotten the {self.resource.name} {self.identifier}, known in call {self.known.id} "
            f"and not in call {self.unknown.id}"
        )


_LOSSES: weakref.WeakKeyDictionary[View, Loss | None] = weakref.WeakKeyDictionary()
_BEFORE: weakref.WeakKeyDictionary[View, View] = weakref.WeakKeyDictionary()


def first_loss(view: View) -> Loss | None:
    """The loss that may have come first, if there is any: the one of what was known least long."""
    if view not in _LOSSES:
        _LOSSES[view] = _first_loss(view)
    return _LOSSES[view]


def view_before(view: View, loss: Loss) -> View:
    """The history up to the last call that shows what was lost later."""
    if view not in _BEFORE:
        calls = [call for call in view.calls if call.id <= loss.known.id]
        _BEFORE[view] = View(view.spec, calls, exclusive=view.exclusive, signed=view.signed)
    return _BEFORE[view]


def _first_loss(view: View) -> Loss | None:
    named = _named(view)
    listed = _listed(view)
    found = [
        loss
        for resource in view.spec.resources.values()
        for identifier, made in view.created(resource.name).items()
        if (loss := _lost(view, resource, made, named[identifier], identifier=identifier, listed=listed[identifier]))
    ]
    return min(found, key=lambda loss: loss.known.id, default=None)


def _named(view: View) -> Mapping[str, list[Call]]:
    """By id, the well-formed calls that name it."""
    found: dict[str, list[Call]] = defaultdict(list)
    for call in view.calls:
        if call.intent.role not in _NOT_PLAIN and call.operation in view.spec.operations:
            for value in view.names(call):
                found[value].append(call)
    return found


def _listed(view: View) -> Mapping[str, list[Call]]:
    """By id, the lists that show it."""
    found: dict[str, list[Call]] = defaultdict(list)
    for operation in view.spec.operations.values():
        for call in view.plain(operation.name) if operation.listing is not None else ():
            for identifier in view.ids(call) or ():
                found[identifier].append(call)
    return found


def _lost(
    view: View, resource: Resource, made: Call, named: Iterable[Call], *, identifier: str, listed: Iterable[Call]
) -> Loss | None:  # fmt: skip
    later = [call for call in named if made.precedes(call)]
    seen = (c for c in later if view.answer(c).success and not view.unknown(c))
    known = max([made, *listed, *seen], key=lambda call: call.id)
    unknown = next((c for c in later if known.precedes(c) and _is_unknown(view, resource, made, identifier, c)), None)
    if unknown is None:
        return None
    loss = Loss(resource=resource, identifier=identifier, known=known, unknown=unknown)
    return None if _may_be_deleted(view, made, loss) else loss


def _is_unknown(view: View, resource: Resource, made: Call, identifier: str, call: Call) -> bool:
    """Whether a call asks for a thing, or for something new within it, and is told that there is no such thing."""
    operation = view.spec.operations[call.operation]
    if not view.unknown(call):
        return False
    # Of what has ended, a cancel may say the same.
    uses = [resource.read, resource.delete, *(action.use for action in resource.actions.values())]
    if resource.cancel is not None and resource.cancel.operation == call.operation:
        return False
    at = {name for name, value in call.intent.arguments.items() if value == identifier}
    places = {each.name for each in operation.parameters if each.location == "path"} - at
    given, first = call.intent.arguments, made.intent.arguments
    if any(name in given and name in first and given[name] != first[name] for name in places):
        return False  # it is looked for where it is not
    if any(u is not None and u.operation == call.operation and u.named(given) == identifier for u in uses):
        return True
    return operation.creates is not None and any(
        each.location == "path" and each.name in at for each in operation.parameters
    )


def _may_be_deleted(view: View, made: Call, loss: Loss) -> bool:
    """Whether a request of ours may have deleted a thing, or what it was made within; a refusal may lie, if none knew better."""
    within = {loss.identifier, *(value for value in made.intent.arguments.values() if isinstance(value, str))}
    earlier = [call for call in view.calls if not loss.unknown.precedes(call)]
    uses = [resource.delete for resource in view.spec.resources.values() if resource.delete is not None]
    return any(
        (
            (may_have_happened(view, call) or (not call.precedes(loss.known) and not view.unknown(call)))
            and any(call.operation == use.operation and use.named(call.intent.arguments) in within for use in uses)
        )
        # Of an odd request we do not know what is made of it.
        or (
            call.intent.role in ODD
            and may_have_happened(view, call)
            and any(each in call.request.target for each in within)
        )
        for call in earlier
    )
