"""Breaks what is accepted and refused, and what means the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from conformance.history import Call
from conformance.oracles.ranges import refusal_for
from conformance.view import View, among
from specs import MISSING, Clause, Refusal, Resource, Response, point
from tests.conformance.corruption.answers import plain_refusal, success, successes
from tests.conformance.corruption.body import put, retold
from tests.conformance.corruption.draft import Draft, again
from tests.conformance.corruption.registry import corruption
from tests.conformance.corruption.values import another


def refused_outside(clause: Clause, view: View) -> list[Call]:
    """The violations of a clause that were refused between accepted controls."""
    calls = among(view.by_clause[clause.id], "outside")
    return [call for call in calls if view.answer(call).refused and view.bracketed(call)]


@corruption("a violation is accepted", "constraint", "body-error", "unknown-id", "garbage-token")
def accept_outside(clause: Clause, view: View) -> Draft | None:
    allowed: Refusal | None = refusal_for(clause, view)
    calls = refused_outside(clause, view)
    if not calls or (allowed is not None and allowed.either):
        return None
    draft = Draft(view)
    operation = view.spec.operations[clause.operation]
    resource = view.spec.resources.get(operation.creates or "")
    if resource is not None and resource.late_refusal:
        return draft.answer(calls[0], _accepted_and_done(draft, view, resource))
    return draft.answer(calls[0], success(view, clause.operation))


def _accepted_and_done(draft: Draft, view: View, resource: Resource) -> Response | None:
    """The answer to a creation whose job is seen to end well."""
    for identifier, made in view.creations.get(resource.name, ()):
        sightings = view.sightings(resource).get(identifier, [])
        if not sightings:
            continue
        if not any(resource.is_terminal(each.status) for each in sightings):
            ended = resource.phases.get("succeeded", ())[0]
            draft.append(
                again(
                    sightings[-1].call,
                    retold(view, sightings[-1].call, lambda tree, ended=ended: put(tree, resource.status or "", ended)),
                )
            )
        if not any(each.status in resource.late_refusal for each in sightings):
            return made.response
    return None


@corruption("a valid request is refused", "constraint", "valid-request")
def refuse_inside(clause: Clause, view: View) -> Draft | None:
    tried = [call for call in among(view.by_clause[clause.id], "inside") if view.answer(call).success]
    tried += [call for call in among(view.by_clause[clause.id], "inside") if call not in tried]
    control = next(iter(successes(view, clause.operation)), None)
    if not tried or control is None:
        return None
    attempt = tried[0]
    operation = view.spec.operations[clause.operation]
    field = clause.data.get("field")
    known = {each.name: each for each in operation.fields()}
    refers = known[field].schema.get("refers") if field in known else None
    said = plain_refusal(view, operation, operation.refusals.get(f"unknown-{refers}"))
    plain = again(control, role="control", clause=None, case="base", group=attempt.intent.group)
    draft = Draft(view)
    for call in tried:
        if (call.intent.group, call.intent.case) == (attempt.intent.group, attempt.intent.case):
            draft.answer(call, said)
    return draft.after(attempt, plain, again(attempt, said), plain)


def _equivalents(clause: Clause, view: View) -> list[list[Call]]:
    """By group, the calls of an equivalence that were all accepted."""
    groups: dict[int, list[Call]] = {}
    for call in view.by_clause[clause.id]:
        groups.setdefault(call.intent.group, []).append(call)
    accepted = [
        calls for calls in groups.values() if len(calls) >= 2 and all(view.answer(call).success for call in calls)
    ]
    # An answer that changes by itself between two equal requests tells nothing: such groups come last.
    return sorted(accepted, key=lambda calls: len({repr(view.tree(call)) for call in calls}) > 1)


def _answered_twice(view: View, calls: list[Call], said: Response) -> Draft:
    """Let the second of two equal requests be answered so each time, and see both answers once more."""
    first, second = among(calls, "first"), among(calls, "second")
    draft = Draft(view)
    for call in second:
        draft.answer(call, said)
    return draft.append(again(second[0], said), again(first[0]))


@corruption("only one of two equal requests is accepted", "equivalence")
def refuse_second(clause: Clause, view: View) -> Draft | None:
    operation = view.spec.operations[clause.operation]
    for calls in _equivalents(clause, view):
        draft = _answered_twice(view, calls, plain_refusal(view, operation))
        if operation.effect == "create":
            draft.without(*among(view.by_group[calls[0].intent.group], "outcome-second"))
        return draft
    return None


@corruption("two equal requests lead to different answers", "equivalence")
def change_second(clause: Clause, view: View) -> Draft | None:
    operation = view.spec.operations[clause.operation]
    for calls in _equivalents(clause, view):
        second = among(calls, "second")[0]
        if operation.effect == "create":
            draft = _change_outcome(view, view.spec.resources[operation.creates or ""], calls)
        elif operation.listing is not None:
            draft = (
                _answered_twice(view, calls, _shortened(view, operation.listing.items, second))
                if view.ids(second)
                else None
            )
        else:
            schema = operation.response.schema
            draft = _answered_twice(
                view, calls, retold(view, second, lambda tree, s=schema: _changed_somewhere(tree, s))
            )
        if draft is not None:
            return draft
    return None


def _changed_somewhere(tree: Any, schema: Mapping[str, Any]) -> Any:
    """A tree with the first documented value in it changed."""
    if isinstance(tree, dict):
        name = next(name for name in schema["properties"] if name in tree)
        return {**tree, name: _changed_somewhere(tree[name], schema["properties"][name])}
    return [*tree, *tree[:1]] if isinstance(tree, list) else another(tree)


def _shortened(view: View, items: str, call: Call) -> Response:
    return retold(view, call, lambda tree: put(tree, items, point(tree, items)[1:]))


def _change_outcome(view: View, resource: Resource, calls: list[Call]) -> Draft | None:
    reads = view.by_group[calls[0].intent.group]
    first, second = among(reads, "outcome-first"), among(reads, "outcome-second")
    if not first or not second:
        return None
    place = next(place for place in resource.observable if point(view.tree(second[-1]), place) is not MISSING)

    def differ(tree: Any) -> Any:
        return put(tree, place, another(point(tree, place)))

    draft = Draft(view)
    changed = [replace(read, response=retold(view, read, differ)) for read in second]
    for read, other in zip(second, changed, strict=True):
        draft.answer(read, other.response)
    return draft.append(again(first[-1]), again(changed[-1]))
