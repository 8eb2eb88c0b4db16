"""Cleans up after a run: what we made is cancelled and deleted, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from conformance.answer import tree_of
from conformance.errors import BudgetError, CredentialsError, StageError, UnreachableError
from conformance.history import Call, Intent
from conformance.instance import Instance
from conformance.leftover import OBJECT, Leftover
from conformance.stage import Stage
from specs import Contents, Spec, Use, places, point

#: A target that shows ever more to remove is left alone.
_PAGES = 100


@dataclass(slots=True, kw_only=True)
class Clearance:
    """Removes what stands on a stage; ``left`` is what could not be removed so far."""

    stage: Stage
    left: list[Leftover] = field(default_factory=list)
    interrupted: bool = False
    """Whether the user did not want to wait for the end of it."""

    def due(self, room: int) -> int:
        """How many requests it takes to remove everything; 0 where there is plenty of room for it."""
        if 2 * len(self.stage.instances) < room:
            return 0
        return sum(2 for each in self.stage.instances if not each.gone and _removable(each))

    def carry_out(self) -> tuple[Leftover, ...]:
        """Cancel and delete what we made, children first; what could not be removed. Never fatal.

        Where the target cannot be spoken to any more, or the user does not want to wait, all that is left is told.
        """
        stage = self.stage
        stage.session.cleaning = stage.session.guard.closing = True
        ended: str | None = None
        for made in reversed(stage.instances):
            if made.gone or not _removable(made):
                continue
            reason = ended
            if ended is None:
                try:
                    reason = self._remaining(made)
                except (BudgetError, StageError) as error:
                    reason = str(error)
                except (UnreachableError, CredentialsError, KeyboardInterrupt) as error:
                    reason = ended = str(error) or "interrupted by the user"
                    self.interrupted = self.interrupted or isinstance(error, KeyboardInterrupt)
            if reason is not None:
                self.left.append(
                    Leftover(kind=made.resource.name, id=made.id, arguments=self._way(made), reason=reason)
                )
        for key in stage.store.clean_up() if stage.store is not None else ():
            self.left.append(Leftover(kind=OBJECT, id=key, reason="the S3 endpoint did not delete it"))
        return tuple(self.left)

    def take_up(self, leftovers: Iterable[Leftover]) -> None:
        """Take over what an earlier run could not remove, to be removed now."""
        stage = self.stage
        for each in leftovers:
            if each.kind == OBJECT:
                if stage.store is not None:
                    stage.store.adopt(each.id)
                continue
            stage.session.guard.adopt(each.id)
            resource = stage.session.spec.resources[each.kind]
            stage.instances.append(Instance(resource=resource, id=each.id, arguments=each.arguments))

    def _way(self, made: Instance) -> dict[str, Any]:
        """What a request needs beside an instance's id, of the arguments it was made with."""
        uses = [use for use in (made.resource.cancel, made.resource.delete, made.resource.read) if use is not None]
        names = {name for use in uses for name in places(self.stage.session.spec.operations[use.operation])}
        return {name: value for name, value in made.arguments.items() if name in names}

    def _remaining(self, made: Instance) -> str | None:
        """Remove an instance, or end it; why it is still there, if it is."""
        stage, session = self.stage, self.stage.session
        stage.release(made)
        if made.resource.delete is not None:
            return self._deleted(made, made.resource.delete)
        answer = session.answer(session.history.calls[-1])
        if answer.success or made.resource.read is None:
            return None
        call, status = stage.read(made, role="cleanup")
        seen = session.answer(call)
        missing = seen.status == 404 or seen.name in session.spec.errors.missing_names
        over = made.resource.is_terminal(status) or missing
        return None if over else f"not cancelled, {answer.described()}; its status is {status}"

    def _deleted(self, made: Instance, use: Use) -> str | None:
        """Delete an instance, once the jobs that use it have ended or were waited for a little; why it is still there."""
        stage, session = self.stage, self.stage.session
        until = session.now() + session.target.timeouts.list_lag_max
        for each in stage.instances:
            ended = each.gone or not each.resource.is_job or each.resource.is_terminal(each.status)
            if not ended and made.id in each.arguments.values():
                stage.wait(each, seconds=max(0.0, until - session.now()))
        answer = session.answer(stage.delete(made, use))
        if answer.refused and made.resource.contents is not None and self._emptied(made, made.resource.contents):
            answer = session.answer(stage.delete(made, use))
        gone = answer.success or answer.name in session.spec.errors.missing_names or answer.status == 404
        return None if gone else answer.described()

    def _emptied(self, made: Instance, contents: Contents) -> bool:
        """Remove what came into an instance of ours by our jobs, page by page; whether anything was removed."""
        stage, session = self.stage, self.stage.session
        operation = session.spec.operations[contents.delete.operation]
        intent = Intent(scenario="stage", role="cleanup")
        removed: set[str] = set()
        for _ in range(_PAGES):
            call = stage.use(made, contents.list, role="cleanup", scenario="stage")
            fresh = [each for each in _inside(session.spec, call, contents) if each not in removed]
            before = len(removed)
            for each in fresh:
                arguments = {contents.parent: made.id, **contents.delete.naming(each)}
                if session.answer(session.call(operation, arguments, intent)).success:
                    removed.add(each)
            if len(removed) == before:
                break
        return bool(removed)


def _inside(spec: Spec, call: Call, contents: Contents) -> list[str]:
    """The ids of what a list of an instance's contents shows; none where it is no such list."""
    operation = spec.operations[call.operation]
    items = point(tree_of(operation, call.response), contents.items)
    found = [point(each, contents.id) for each in items] if isinstance(items, list) else []
    return [each for each in found if isinstance(each, str)]


def _removable(made: Instance) -> bool:
    """Whether there is anything to be done about an instance."""
    waits = made.resource.cancel is not None and not made.resource.is_terminal(made.status)
    return waits or made.resource.delete is not None
