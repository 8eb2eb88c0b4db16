"""A history as oracles read it: indexed by clause, operation and group, with answers and bodies decoded once."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.answer import Answer, answer_of, tree_of
from conformance.history import Call
from specs import MISSING, Clause, Resource, Spec, point

#: Roles of calls that speak HTTP oddly, or were answered for keys that had expired: judged for robustness only.
ODD = frozenset({"odd", "raw", "expired"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One observation of a job: when it was asked for and answered, and the status shown."""

    call: Call
    status: str | None
    tree: Any

    @property
    def started(self) -> float:
        """When the read was sent."""
        return self.call.started

    @property
    def ended(self) -> float:
        """When it was answered."""
        return self.call.ended if self.call.ended is not None else self.call.started


class View:
    """Indexes over a history; everything in it is derived from the calls and the specification.

    Args:
        spec: what the documents say.
        calls: the history.
        exclusive: whether nobody else used the target.
        signed: whether the target asks for signatures.
    """

    def __init__(self, spec: Spec, calls: Sequence[Call], *, exclusive: bool = False, signed: bool = True) -> None:
        self.spec = spec
        self.calls = calls
        self.exclusive = exclusive
        self.signed = signed
        self.by_operation: dict[str, list[Call]] = defaultdict(list)
        self.by_clause: dict[str, list[Call]] = defaultdict(list)
        self.by_group: dict[int, list[Call]] = defaultdict(list)
        for call in calls:
            self.by_operation[call.operation].append(call)
            if call.intent.clause is not None:
                self.by_clause[call.intent.clause].append(call)
            if call.intent.group:
                self.by_group[call.intent.group].append(call)
        self._answers: dict[int, Answer] = {}
        self._trees: dict[int, Any] = {}
        self._created: dict[str, dict[str, Call]] = {}
        self._sightings: dict[str, dict[str, list[Sighting]]] = {}
        self._successes: dict[str, list[Call]] = {}
        self._clauses = {clause.id: clause for clause in spec.clauses}

    def answer(self, call: Call) -> Answer:
        """What the answer of a call says."""
        known = self._answers.get(call.id)
        if known is None:
            known = self._answers[call.id] = answer_of(self.spec, call.response)
        return known

    def tree(self, call: Call) -> Any:
        """The decoded body of a successful answer, else MISSING."""
        if call.id not in self._trees:
            operation = self.spec.operations.get(call.operation)
            success = operation is not None and self.answer(call).success and call.request.method == operation.method
            self._trees[call.id] = tree_of(operation, call.response) if success and operation is not None else MISSING
        return self._trees[call.id]

    def clause(self, identifier: str | None) -> Clause | None:
        """The clause of an id."""
        return self._clauses.get(identifier or "")

    def names(self, call: Call) -> set[str]:
        """The texts that a call's arguments hold, and those in lists of them: the ids among them are what it names."""
        values = call.intent.arguments.values()
        listed = [each for value in values if isinstance(value, list) for each in value]
        return {each for each in (*values, *listed) if isinstance(each, str)}

    def unknown(self, call: Call) -> bool:
        """Whether an answer says that there is nothing of the id asked for: by a refusal, or by leaving it out."""
        answer = self.answer(call)
        if answer.success:
            reads = (
                r for r in self.spec.resources.values() if r.read is not None and r.read.operation == call.operation
            )
            return any(
                each.read.named(call.intent.arguments) is not None and each.is_absent(self.tree(call))
                for each in reads
                if each.read
            )
        return answer.refused and (answer.status == 404 or answer.name in self.spec.errors.missing_names)

    def plain(self, operation: str) -> list[Call]:
        """The calls of an operation that were sent as its documents say, odd ones left out."""
        return [call for call in self.by_operation[operation] if call.intent.role not in ODD]

    def successes(self, operation: str) -> list[Call]:
        """The plain calls of an operation that were accepted."""
        known = self._successes.get(operation)
        if known is None:
            described = self.spec.operations[operation]
            known = self._successes[operation] = [
                call
                for call in self.plain(operation)
                if call.request.method == described.method and self.answer(call).success
            ]
        return known

    def bracketed(self, call: Call) -> bool:
        """Whether the nearest controls before and after a call, in its group, were both accepted."""
        group = self.by_group[call.intent.group]
        before = [each for each in group if each.id < call.id and each.intent.role == "control"]
        after = [each for each in group if each.id > call.id and each.intent.role == "control"]
        return bool(before and after) and self.answer(before[-1]).success and self._settled(after).success

    def followed(self, call: Call) -> bool:
        """Whether the nearest control after a call, in its group, was accepted."""
        after = [
            each for each in self.by_group[call.intent.group] if each.id > call.id and each.intent.role == "control"
        ]
        return bool(after) and self._settled(after).success

    def _settled(self, controls: Sequence[Call]) -> Answer:
        """The answer of the first control that was not put off."""
        for each in controls:
            found = self.answer(each)
            if found.kind not in {"throttled", "none"}:
                return found
        return self.answer(controls[-1])

    # -- lists

    def items(self, call: Call) -> list[Any] | None:
        """The items of a list answer; None where it is not one. A missing list is an empty one.

        An answer to a request that names what it wants to see is no list.
        """
        operation = self.spec.operations.get(call.operation)
        if operation is None or operation.listing is None:
            return None
        read = self.spec.resources[operation.listing.resource].read
        if read is not None and read.operation == call.operation and read.name in call.intent.arguments:
            return None
        tree = self.tree(call)
        if tree is MISSING:
            return None
        found = point(tree, operation.listing.items)
        if found is MISSING or found is None:
            return []
        return found if isinstance(found, list) else None

    def ids(self, call: Call) -> list[str] | None:
        """The ids of a list answer."""
        items = self.items(call)
        operation = self.spec.operations[call.operation]
        if items is None or operation.listing is None:
            return None
        return [str(point(item, operation.listing.item_id)) for item in items]

    def walks(self, group: int, role: str) -> list[list[Call]]:
        """The walks of a role in a group, in order: a walk is a run of calls of one case."""
        found: list[list[Call]] = []
        previous: Call | None = None
        for call in self.by_group[group]:
            if call.intent.role != role:
                previous = None if call.intent.role != "throttled" else previous
                continue
            if previous is None or previous.intent.case != call.intent.case or not self._continues(call):
                found.append([])
            found[-1].append(call)
            previous = call
        return found

    def _continues(self, call: Call) -> bool:
        """Whether a call asks for a later page."""
        listing = self.spec.operations[call.operation].listing
        if listing is None:
            return False
        if listing.token is not None:
            return listing.token.parameter in call.intent.arguments
        return (
            listing.page is not None
            and int(call.intent.arguments.get(listing.page.parameter, listing.page.first)) > listing.page.first
        )

    # -- jobs

    @functools.cached_property
    def creations(self) -> dict[str, list[tuple[str, Call]]]:
        """By resource: the id and the call of every creation that was accepted, in order."""
        found: dict[str, list[tuple[str, Call]]] = defaultdict(list)
        for call in self.calls:
            operation = self.spec.operations.get(call.operation)
            if operation is None or operation.creates is None or call.request.method != operation.method:
                continue
            identifier = point(self.tree(call), self.spec.resources[operation.creates].id)
            if isinstance(identifier, str) and identifier:
                found[operation.creates].append((identifier, call))
        return found

    @functools.cached_property
    def deletions(self) -> dict[str, Call]:
        """By id of what was deleted, the first call that was accepted for it."""
        found: dict[str, Call] = {}
        for resource in self.spec.resources.values():
            for call in self.by_operation[resource.delete.operation] if resource.delete else ():
                identifier = resource.delete.named(call.intent.arguments) if resource.delete else None
                if isinstance(identifier, str) and self.answer(call).success:
                    found.setdefault(identifier, call)
        return found

    def created(self, resource: str) -> Mapping[str, Call]:
        """The first accepted creation of every id of ours."""
        known = self._created.get(resource)
        if known is None:
            known = self._created[resource] = {}
            for identifier, call in self.creations.get(resource, ()):
                known.setdefault(identifier, call)
        return known

    def sightings(self, resource: Resource) -> dict[str, list[Sighting]]:
        """By id: what single reads showed, in order."""
        known = self._sightings.get(resource.name)
        if known is None:
            known = self._sightings[resource.name] = self._seen(resource)
        return known

    def _seen(self, resource: Resource) -> dict[str, list[Sighting]]:
        found: dict[str, list[Sighting]] = defaultdict(list)
        if resource.read is None:
            return found
        for call in self.by_operation[resource.read.operation]:
            identifier = resource.read.named(call.intent.arguments)
            tree = self.tree(call)
            if resource.is_absent(tree):
                continue
            if isinstance(identifier, str) and tree is not MISSING and call.intent.role not in ODD:
                status = point(tree, resource.status) if resource.status else None
                found[identifier].append(
                    Sighting(call=call, status=status if isinstance(status, str) else None, tree=tree)
                )
        return found


def among(calls: Iterable[Call], *roles: str) -> list[Call]:
    """The calls of these roles."""
    return [call for call in calls if call.intent.role in roles]
