"""Takes a run up again where an earlier part of it has ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from conformance.clearance import Clearance
from conformance.drivers import settling
from conformance.drivers.context import Context
from conformance.earlier import Earlier
from conformance.errors import SourceStoreError
from conformance.history import Call
from conformance.instance import Instance
from conformance.leftover import OBJECT, Leftover
from specs import Use


def recall(context: Context, earlier: Earlier) -> None:
    """Put what the earlier parts have sent and made into a run that has sent nothing yet; nothing is sent."""
    stage = context.stage
    context.session.take_up(earlier.calls, earlier.moment)
    for call in earlier.calls:
        stage.observe(call)
    by_id = {(made.resource.name, made.id): made for made in stage.instances}
    for call in earlier.calls:
        _recall_status(context, by_id, call)
    for _ in range(earlier.progress.size):
        stage.longer()


def _recall_status(context: Context, by_id: Mapping[tuple[str, str], Instance], call: Call) -> None:
    for resource in context.spec.resources.values():
        use: Use | None = resource.read
        if use is None or use.operation != call.operation:
            continue
        made = by_id.get((resource.name, str(call.intent.arguments.get(use.parameter))))
        if made is not None:
            made.status = context.stage.status_in(resource, call) or made.status


def settle(context: Context, earlier: Earlier, clearance: Clearance) -> frozenset[int]:
    """Bring what the earlier parts have left to rest and remove it; the calls that are over by now.

    What cannot be removed now is tried once more at the end of the run, and is left to the clearance where it is forgotten here.

    Raises:
        OtherInstanceError: the target is not the one that they have spoken to.
        KeyboardInterrupt: the user does not want to wait for that.
    """
    settling.same_target(context)
    settling.adopt(context, earlier.names)
    settling.settle_jobs(context)
    settled = frozenset(settling.settle_unheard(context))
    clearance.left += _recall_objects(context, earlier)
    first = Clearance(stage=context.stage)
    left = first.carry_out()
    context.session.cleaning = context.session.guard.closing = False
    if first.interrupted:
        raise KeyboardInterrupt
    clearance.left += [each for each in left if each.kind == OBJECT]
    context.stage.instances[:] = [made for made in context.stage.instances if not made.gone and not _rests(made)]
    return settled


def _rests(made: Instance) -> bool:
    """Whether nothing more can be done about an instance: a list is not to be populated by such ones alone."""
    return made.resource.is_job and made.resource.is_terminal(made.status) and made.resource.delete is None


def _recall_objects(context: Context, earlier: Earlier) -> Iterator[Leftover]:
    store = context.stage.store
    for name in earlier.names if store is not None else ():
        try:
            assert store is not None  # noqa: S101 - asked just now
            store.recall(name)
        except SourceStoreError as error:
            yield Leftover(kind=OBJECT, id=name, reason=f"what begins so could not be listed: {error}")
