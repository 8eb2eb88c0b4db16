"""Parameter ranges: what is inside is accepted, what is outside is refused, and what must mean the same does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from conformance.answer import Kind
from conformance.history import Call
from conformance.oracles.registry import Tally, oracle
from conformance.view import View, among
from specs import MISSING, Clause, Operation, Resource, point


@oracle("constraint")
def constraint(clause: Clause, view: View, tally: Tally) -> None:
    """Both sides of a constraint."""
    calls = view.by_clause[clause.id]
    outside_is_refused(clause, view, tally, among(calls, "outside"))
    inside_is_accepted(clause, view, tally, among(calls, "inside"))


@oracle("valid-request")
def valid_request(clause: Clause, view: View, tally: Tally) -> None:
    """Requests that keep to every constraint."""
    inside_is_accepted(clause, view, tally, among(view.by_clause[clause.id], "inside"))


def outside_is_refused(clause: Clause, view: View, tally: Tally, calls: list[Call]) -> None:
    """Requests with one violation are refused, and not for another reason: the controls around them are accepted."""
    refusal = refusal_for(clause, view)
    for call in calls:
        tally.needed.add("outside")
        answer = view.answer(call)
        if answer.success and refusal is not None and refusal.either:
            tally.hit("outside")
        elif answer.success:
            _accepted(clause, view, tally, call)
        elif answer.refused and view.bracketed(call):
            tally.hit("outside")
        elif answer.refused:
            tally.undecided(f"{call.intent.case}: refused, but a request without the violation was not accepted either")
        else:
            tally.undecided(f"{call.intent.case}: {answer.described()}{f' ({call.trouble})' if call.trouble else ''}")


def refusal_for(clause: Clause, view: View) -> Any:
    """What the documents allow as an answer to the violation of a clause; None where they say nothing."""
    operation = view.spec.operations[clause.operation]
    violation = clause.data.get("violation")
    return operation.refusals.get(f"{clause.data.get('field')}:{violation}", operation.refusals.get(str(violation)))


def _accepted(clause: Clause, view: View, tally: Tally, call: Call) -> None:
    operation = view.spec.operations[clause.operation]
    expected = f"a refusal of {call.intent.case}"
    actual = f"{view.answer(call).described()} to {clause.data.get('field', 'the body')} = {call.intent.case}"
    resource = view.spec.resources.get(operation.creates or "")
    if resource is None or not resource.late_refusal:
        tally.breach(call, expected=expected, actual=actual)
        return
    identifier = point(view.tree(call), resource.id)
    for sighting in view.sightings(resource).get(str(identifier), ()):
        if resource.is_terminal(sighting.status):
            if sighting.status in resource.late_refusal:
                tally.hit("outside")
            else:
                tally.breach(
                    call,
                    sighting.call,
                    expected=f"{expected}, at once or by the job's status",
                    actual=f"{actual}, and the job ended as {sighting.status}",
                )
            return
    tally.undecided(f"{call.intent.case}: accepted, and the job has not come to an end that could refuse it")


def inside_is_accepted(clause: Clause, view: View, tally: Tally, calls: list[Call]) -> None:
    """Valid requests are accepted; one that is refused twice, with accepted controls around the second, is proof."""
    operation = view.spec.operations[clause.operation]
    attempts: dict[tuple[int, str], list[Call]] = defaultdict(list)
    for call in calls:
        attempts[call.intent.group, call.intent.case].append(call)
    for (_, case), tried in attempts.items():
        tally.needed.add("inside")
        if any(_taken(clause, view, operation, call) for call in tried):
            tally.hit("inside")
            continue
        refused = [call for call in tried if view.answer(call).refused]
        if len(refused) >= 2 and view.bracketed(refused[-1]):
            control = next(
                c
                for c in view.by_group[refused[-1].intent.group]
                if c.intent.role == "control" and c.id < refused[-1].id
            )
            tally.breach(
                refused[-1],
                control,
                expected=f"{case} to be accepted, as the plain request is",
                actual=view.answer(refused[-1]).described() + _said(view, refused[-1]),
            )
        else:
            tally.undecided(
                f"{case}: {view.answer(tried[-1]).described()}, and a plain request was not accepted either"
            )


def _said(view: View, call: Call) -> str:
    message = view.answer(call).message
    return f": {message[:160]}" if message else ""


def _taken(clause: Clause, view: View, operation: Operation, call: Call) -> bool:
    answer = view.answer(call)
    if answer.success:
        return True
    name = clause.data.get("field")
    refers = operation.field(name).schema.get("refers") if name else None
    if refers is None or not answer.refused:
        return False
    unknown = operation.refusals.get(f"unknown-{refers}")
    return (
        unknown is not None
        and answer.status in unknown.statuses
        and unknown.allows_name(answer.name, suffix=view.spec.errors.suffix)
    )


@oracle("equivalence")
def equivalence(clause: Clause, view: View, tally: Tally) -> None:
    """Two requests that must mean the same are answered the same, or start jobs that end the same."""
    operation = view.spec.operations[clause.operation]
    groups: dict[int, list[Call]] = defaultdict(list)
    for call in view.by_clause[clause.id]:
        groups[call.intent.group].append(call)
    for group, calls in groups.items():
        if operation.effect == "read":
            _same_answers(view, tally, operation, calls)
        else:
            resource = view.spec.resources.get(operation.creates or "")
            if resource is not None:
                _same_outcomes(
                    view, tally, resource, calls, among(view.by_group[group], "outcome-first", "outcome-second")
                )


def _same_answers(view: View, tally: Tally, operation: Operation, calls: list[Call]) -> None:
    """Proof is a difference that shows twice, between answers of which each is the same every time."""
    calls = [call for call in calls if view.answer(call).kind is not Kind.THROTTLED]
    firsts, seconds = among(calls, "first"), among(calls, "second")
    if len(firsts) < 2 or not seconds:
        return
    one, other = [_shown(view, operation, call) for call in firsts], [_shown(view, operation, call) for call in seconds]
    case = firsts[0].intent.case
    if any(shown != one[0] for shown in one) or any(shown != other[0] for shown in other):
        tally.undecided(f"{case}: the answer changed by itself between two equal requests")
    elif one[0] == other[0] and view.answer(firsts[0]).success:
        tally.hit(case)
    elif one[0] == other[0]:
        tally.undecided(f"{case}: both were refused ({view.answer(firsts[0]).described()})")
    elif len(seconds) > 1:
        tally.breach(firsts[0], seconds[0], expected="the same answer to both", actual=_difference(one[0], other[0]))
    else:
        tally.undecided(f"{case}: the answers differed once, and were not asked for again")


def _shown(view: View, operation: Operation, call: Call) -> Any:
    answer = view.answer(call)
    if not answer.success:
        return answer.kind, answer.status, answer.name
    tree = view.tree(call)
    if operation.listing is not None and (listed := view.ids(call)) is not None:
        return listed
    return documented(tree, operation.response.schema)


def documented(tree: Any, schema: Mapping[str, Any]) -> Any:
    """What of a body the documents speak of: members they do not know may change with every answer."""
    if isinstance(tree, dict) and "properties" in schema:
        return {name: documented(tree[name], member) for name, member in schema["properties"].items() if name in tree}
    if isinstance(tree, list) and "items" in schema:
        return [documented(each, schema["items"]) for each in tree]
    return tree


def _difference(first: Any, second: Any, place: str = "") -> str:
    """Where two answers differ first, and what stands there in each."""
    if isinstance(first, dict) and isinstance(second, dict):
        for name in {**first, **second}:
            if first.get(name, MISSING) != second.get(name, MISSING):
                return _difference(first.get(name, MISSING), second.get(name, MISSING), f"{place}/{name}")
    if isinstance(first, list) and isinstance(second, list):
        if len(first) != len(second):
            return f"{len(first)} items and {len(second)} items{f' at {place}' if place else ''}"
        index = next(index for index, (one, other) in enumerate(zip(first, second, strict=True)) if one != other)
        return _difference(first[index], second[index], f"{place}/{index}")
    return f"{str(first)[:120]} and {str(second)[:120]}{f' at {place}' if place else ''}"


def _same_outcomes(view: View, tally: Tally, resource: Resource, calls: list[Call], reads: list[Call]) -> None:
    kinds = {
        role: [view.answer(c).kind for c in among(calls, role) if view.answer(c).kind is not Kind.THROTTLED]
        for role in ("first", "second")
    }
    if not kinds["first"] or not kinds["second"]:
        return
    case = calls[0].intent.case
    shown = {
        role: [_observed(view, resource, c) for c in among(reads, f"outcome-{role}")] for role in ("first", "second")
    }
    if not shown["first"] and not shown["second"]:
        if all(kind is Kind.REFUSAL for kind in (*kinds["first"], *kinds["second"])):
            tally.undecided(f"{case}: both were refused")
        elif kinds["first"][-1] != kinds["second"][-1] and min(map(len, kinds.values())) >= 2:
            tally.breach(
                among(calls, "first")[-1],
                among(calls, "second")[-1],
                expected="both to be answered alike",
                actual=f"{kinds['first'][-1]} and {kinds['second'][-1]}",
            )
        return
    if any(one == other for one in shown["first"] for other in shown["second"] if MISSING not in one):
        tally.hit(case)
    elif (
        min(len(shown["first"]), len(shown["second"])) >= 2
        and len({*shown["first"]}) == 1
        and len({*shown["second"]}) == 1
    ):
        reads_first, reads_second = among(reads, "outcome-first"), among(reads, "outcome-second")
        tally.breach(
            reads_first[-1],
            reads_second[-1],
            expected="jobs that end alike",
            actual=f"{shown['first'][-1]} and {shown['second'][-1]}",
        )
    else:
        first, second = among(calls, "first"), among(calls, "second")
        if len(first) >= 2 and len(second) >= 2 and _settled(kinds):
            tally.breach(
                first[-1],
                second[-1],
                expected="both to be answered alike",
                actual=f"{view.answer(first[-1]).described()} and {view.answer(second[-1]).described()}",
            )
        else:
            tally.undecided(f"{case}: the outcomes differed, but not the same way twice")


def _settled(kinds: dict[str, list[Kind]]) -> bool:
    return all(len(set(found)) == 1 for found in kinds.values()) and kinds["first"][-1] != kinds["second"][-1]


def _observed(view: View, resource: Resource, call: Call) -> tuple[Any, ...]:
    tree = view.tree(call)
    places = resource.observable or ((resource.status,) if resource.status else ())
    return tuple(str(point(tree, place)) if point(tree, place) is not MISSING else None for place in places)
