"""Actions on single instances: where they are taken, where they are refused, and what comes of them."""

from __future__ import annotations

from conformance.oracles.contest import may_have_happened
from conformance.oracles.deed import Deed, deeds
from conformance.oracles.registry import Tally, oracle
from conformance.view import Sighting, View
from specs import MISSING, Change, Clause, Level, point

#: Looks after which a job that should have been stopped is said to have gone on.
_OFTEN = 3


@oracle("action-accepted")
def accepted(clause: Clause, view: View, tally: Tally) -> None:
    """An instance seen in an accepting status before and after a refusal was in one when it was refused."""
    for deed in deeds(clause, view):
        if deed.found not in deed.action.accepts:
            continue
        if deed.answer.success:
            tally.hit(str(deed.found))
        elif _may_be_gone(view, deed):
            tally.undecided(f"{deed.identifier} may have been deleted before it was refused")
        elif deed.answer.refused and deed.before is not None and deed.left in deed.action.accepts:
            tally.breach(
                deed.before.call,
                deed.call,
                deed.later[0].call,
                expected=f"{deed.action.name} to be taken, from {deed.found}",
                actual=deed.answer.described(),
            )
        else:
            tally.undecided("it was not taken, and the status had changed or was not seen again")


def _may_be_gone(view: View, deed: Deed, *, ever: bool = False) -> bool:
    """Whether it, or what it belongs to, may have been deleted after the look before or at the same time.

    Looks behind a delete may not show it yet. With ``ever``, also before that look: what was deleted may still be read.
    """
    before = deed.before
    within = {deed.identifier, *(value for value in deed.call.intent.arguments.values() if isinstance(value, str))}
    return any(
        use.named(call.intent.arguments) in within
        and call is not deed.call
        and (ever or before is None or not call.precedes(before.call))
        and not deed.call.precedes(call)
        and may_have_happened(view, call)
        for use in (resource.delete for resource in view.spec.resources.values())
        if use is not None
        for call in view.by_operation[use.operation]
    )


@oracle("action-refused")
def refused(clause: Clause, view: View, tally: Tally) -> None:
    """What was seen in a status with no way back to where the action is taken must refuse it."""
    for deed in deeds(clause, view):
        before = deed.before
        if before is None or deed.found not in deed.action.refuses or not _surely(deed, deed.found):
            continue
        if deed.answer.success:
            tally.breach(
                before.call,
                deed.call,
                expected=f"{deed.action.name} to be refused, as the status is {deed.found}",
                actual=deed.answer.described(),
            )
        elif deed.answer.refused:
            tally.hit(deed.found)


def _surely(deed: Deed, state: str) -> bool:
    """Whether no status that permits the action can be reached from one."""
    reached = deed.resource.reachable(state)
    return reached is not None and reached <= set(deed.action.refuses)


@oracle("action-refusal")
def refusal(clause: Clause, view: View, tally: Tally) -> None:
    """A refusal of an instance that was there in no accepting status, before or after, is one of the documented ones."""
    operation, suffix = view.spec.operations[clause.operation], view.spec.errors.suffix
    for deed in deeds(clause, view):
        before, allowed = deed.before, operation.refusals.get(deed.action.refusal)
        unknown = operation.refusals.get(f"unknown-{deed.resource.name}")
        missed = unknown is not None and unknown.allows(deed.answer.name, deed.answer.status, suffix=suffix)
        if before is None or allowed is None or deed.found is None or deed.found in deed.action.accepts:
            continue
        if deed.answer.success:
            tally.hit(f"taken from {deed.found}")
        elif not deed.answer.refused or deed.left in deed.action.accepts or _may_be_gone(view, deed, ever=missed):
            continue
        elif allowed.allows(deed.answer.name, deed.answer.status, suffix=suffix):
            tally.hit(f"refused from {deed.found}")
        else:
            tally.breach(
                before.call,
                deed.call,
                expected=f"{' or '.join(allowed.names) or 'a refusal'} with HTTP {' or '.join(map(str, allowed.statuses))}",
                actual=deed.answer.described(),
            )


@oracle("action-effect")
def effect(clause: Clause, view: View, tally: Tally) -> None:
    """What has taken an action comes to one of the documented statuses, unless it ended by itself before."""
    for deed in deeds(clause, view):
        if not deed.answer.success or deed.found not in deed.action.accepts or not deed.alone:
            continue
        reached = next((s for s in deed.later if deed.state(s) in deed.action.leads), None)
        ended = next((s for s in deed.later if deed.resource.is_terminal(s.status)), None)
        if reached is not None and (ended is None or reached.call.id <= ended.call.id):
            tally.hit(str(deed.state(reached)))
        elif ended is None:
            tally.undecided(_open(deed))
        elif _by_itself(deed, ended) and not (clause.level is not Level.MUST and _ran_on(deed, ended)):
            tally.undecided(f"{deed.identifier} was {ended.status} before {deed.action.name} took effect")
        else:
            assert deed.before is not None  # noqa: S101 - it was seen in an accepting status
            tally.breach(
                deed.before.call,
                deed.call,
                ended.call,
                expected=f"{' or '.join(deed.action.leads)} after {deed.action.name} was taken",
                actual=str(ended.status),
            )


def _open(deed: Deed) -> str:
    if not deed.later:
        return f"{deed.identifier} was not seen again after {deed.action.name} was taken"
    waited = deed.later[-1].ended - (deed.call.ended or deed.call.started)
    return f"{deed.identifier} was still {deed.state(deed.later[-1])} {waited:.1f} s after {deed.action.name} was taken"


def _by_itself(deed: Deed, ended: Sighting) -> bool:
    """Whether a job may have come to another end without the action: it moved, or was touched once more."""
    if deed.touched_until(ended.call):
        return True  # the other request may have had its effect first
    return ended.status in deed.action.instead and deed.found not in deed.resource.resting


def _ran_on(deed: Deed, ended: Sighting) -> bool:
    """Whether a job that has taken an action was seen going on as before, time and again, and then came to its own end."""
    before = [s for s in deed.later if s.call.id < ended.call.id]
    going_on = all(deed.state(s) in deed.action.accepts for s in before)
    return going_on and len(before) >= _OFTEN and not deed.touched_until(ended.call)


@oracle("action-absorbed")
def absorbed(clause: Clause, view: View, tally: Tally) -> None:
    """What has ended shows the same status after an deed as before it."""
    for deed in deeds(clause, view):
        before, after = deed.before, next((s for s in deed.later if s.status is not None), None)
        if before is None or after is None or not deed.resource.is_terminal(before.status):
            continue
        if after.status == before.status:
            tally.hit(str(before.status))
        else:
            tally.breach(
                before.call, deed.call, after.call, expected=f"{before.status} for good", actual=f"{after.status} later"
            )


@oracle("action-shown")
def shown(clause: Clause, view: View, tally: Tally) -> None:
    """The answer shows what was set; a read shows that or what was there before, and never goes back to it."""
    for deed in deeds(clause, view):
        change = deed.action.sets
        if change is None or not deed.answer.success:
            continue
        wanted = deed.call.intent.arguments.get(change.argument)
        told = point(view.tree(deed.call), change.answer) if change.answer else MISSING
        if told not in (MISSING, wanted):
            tally.breach(deed.call, expected=f"{change.answer} to be {wanted}", actual=str(told)[:100])
        if deed.alone and deed.before is not None:
            _read(deed, change, tally)


def _read(deed: Deed, change: Change, tally: Tally) -> None:
    """Compare the reads up to the next request of ours that may change the instance."""
    wanted = deed.call.intent.arguments.get(change.argument)
    old = point(deed.before.tree, change.read) if deed.before else MISSING
    new: Sighting | None = None
    for sighting in deed.later:
        if deed.touched_until(sighting.call):
            break
        value = point(sighting.tree, change.read)
        if value == wanted:
            new = sighting
            tally.hit("read")
        elif new is not None:
            tally.breach(
                deed.call, new.call, sighting.call, expected=f"{change.read} to stay {wanted}", actual=str(value)[:100]
            )
        elif value not in (old, MISSING):
            tally.breach(deed.call, sighting.call, expected=f"{change.read} to be {wanted}", actual=str(value)[:100])
    if new is None:
        tally.undecided(f"no read shows {wanted} as {change.read} yet")
