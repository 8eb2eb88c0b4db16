"""Sends the boundary portfolio, each violation between controls that are accepted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from conformance.answer import tree_of
from conformance.drivers.context import Context
from conformance.errors import StageError
from conformance.history import Call, Intent
from specs import Operation, point
from strategies import Equivalence, Probe, based, equivalences, probes

SCENARIO = "ranges"
_CONTROL_EVERY = 12
#: What any accepted request shows; where nothing else is asked for, one is sent for it.
_SHAPES = ("success-status", "media-type", "body-shape", "member")


def run(context: Context, operation: Operation) -> None:
    """Exercise every constraint of an operation, then defaults and encodings."""
    wanted = [probe for probe in probes(operation, context.spec.api) if probe.clause in context.selected]
    refused = [probe for probe in wanted if probe.role == "outside"]
    if refused or context.wants(
        operation, "violation-error", "no-effect", "error-name", "error-status", "error-envelope"
    ):
        refuse(context, operation, refused or [p for p in probes(operation, context.spec.api) if p.role == "outside"])
    for probe in wanted:
        if probe.role == "inside":
            accept(context, operation, probe)
    for pair in equivalences(operation, context.spec.api):
        if pair.clause in context.selected:
            compare(context, operation, pair)
    if not wanted and context.wants(operation, *_SHAPES):
        control(context, operation, context.session.group())


def control(
    context: Context,
    operation: Operation,
    group: int,
    *,
    scenario: str = SCENARIO,
    reuse: Mapping[str, Any] | None = None,
) -> Call | None:
    """Send the base request, about the instances in ``reuse`` if given; it must be accepted for anything around it to be proven."""
    try:
        planned = based(operation)
        arguments = context.stage.resolve({**planned, **_pinned(reuse or {}, planned)})
        call = context.session.call(
            operation, arguments, Intent(scenario=scenario, role="control", group=group, case="base")
        )
    except StageError as error:
        context.note(operation.name, str(error))
        return None
    let_go(context, call)
    return call


def let_go(context: Context, call: Call) -> None:
    """Release what a probe created, so that it does not stand in the way of the next."""
    made = context.stage.registered(call)
    if made is not None:
        context.stage.discard(made)


def refuse(context: Context, operation: Operation, planned: Iterable[Probe]) -> None:
    """Send requests with one violation each, between controls and between looks at what there is."""
    group = context.session.group()
    base = context.stage.resolve(_shared_base(context, operation)) if operation.effect != "create" else {}
    held = context.stage.withdraw(base.values())
    # What holds up others is made once the first control is through, and gone before the last.
    if any(each.resource.queue is not None for each in held):
        if control(context, operation, group, reuse=base) is None:
            return
        base = context.stage.resolve(_shared_base(context, operation))
        held = context.stage.withdraw(base.values())
        look(context, operation, group, "before", base)
        _violate(context, operation, planned, group, base, between=False)
        look(context, operation, group, "after", base)
        for each in held:
            context.stage.discard(each)
        control(context, operation, group)
        return
    look(context, operation, group, "before", base)
    if control(context, operation, group) is None:
        return
    _violate(context, operation, planned, group, base, between=True)
    control(context, operation, group)
    look(context, operation, group, "after", base)


def _violate(
    context: Context,
    operation: Operation,
    planned: Iterable[Probe],
    group: int,
    base: Mapping[str, Any],
    *,
    between: bool,
) -> None:
    """Send the violations of a batch, with a control every now and then if there may be one in between."""
    for number, probe in enumerate(planned):
        intent = Intent(scenario=SCENARIO, role="outside", clause=probe.clause, case=probe.case, group=group)
        try:
            arguments = context.stage.resolve(probe.arguments)
            call = context.session.call(operation, {**arguments, **_pinned(base, probe.arguments)}, intent)
        except StageError as error:
            context.note(operation.name, str(error))
            continue
        if context.session.answer(call).success:
            _accepted_violation(context, call, group)
        if between and number % _CONTROL_EVERY == _CONTROL_EVERY - 1:
            control(context, operation, group)


def _shared_base(context: Context, operation: Operation) -> Mapping[str, Any]:
    """Arguments that name instances: kept the same through all violations, so that no-effect can be seen on them."""
    if operation.effect == "read":
        return {}
    known = context.spec.resources
    names = {
        p.name
        for p in operation.parameters
        if p.location == "path" or (p.location == "body" and p.schema.get("refers") in known)
    }
    return {name: value for name, value in operation.base.items() if name in names}


def _pinned(base: Mapping[str, Any], planned: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in base.items() if isinstance(planned.get(name), str) and "${" in planned[name]}


def _accepted_violation(context: Context, call: Call, group: int) -> None:
    """A request that should have been refused was not: see whether the job says so later, then let go of it."""
    made = context.stage.registered(call)
    if made is None:
        return
    context.stage.spoiled = True
    if made.resource.late_refusal and made.resource.read is not None:
        context.stage.wait(made, scenario=SCENARIO)
        context.stage.read(made, role="late", scenario=SCENARIO, group=group)
    context.stage.discard(made)


def look(context: Context, operation: Operation, group: int, role: str, base: Mapping[str, Any]) -> None:
    """Look at what a refused request must not change: the list of what it creates, or the instance it names."""
    spec = context.spec
    if operation.effect == "create" and operation.creates is not None:
        listing = spec.operations.get(spec.resources[operation.creates].list or "")
        if listing is not None:
            walk(context, listing, group=group, role=role, scenario=SCENARIO)
        return
    for resource in spec.resources.values():
        if resource.read is None or operation.effect == "read":
            continue
        made = next(
            (each for each in context.stage.instances if each.resource is resource and each.id in base.values()), None
        )
        if made is not None:
            context.stage.read(made, role=role, scenario=SCENARIO, group=group)


def walk(
    context: Context, operation: Operation, *, group: int, role: str, scenario: str, case: str = "",
    arguments: Mapping[str, Any] | None = None, most: int = 40, whole: bool = True,
) -> list[Call]:  # fmt: skip
    """Follow the pages of a list to its end, or up to ``most`` pages; the calls in order.

    ``whole`` asks for everything there is, where a plain list does not show that.
    """
    listing = operation.listing
    assert listing is not None  # noqa: S101 - only list operations are walked
    try:
        more = listing.whole if whole else {}
        sent = context.stage.resolve({**operation.base, **more, **(arguments or {})})
    except StageError as error:
        context.note(operation.name, str(error))
        return []
    if listing.limit is not None and listing.limit.maximum is not None:
        sent.setdefault(listing.limit.parameter, listing.limit.maximum)
    calls: list[Call] = []
    for number in range(most):
        call = context.session.call(operation, sent, Intent(scenario=scenario, role=role, group=group, case=case))
        calls.append(call)
        items = context.stage.items(operation, call)
        if listing.token is not None:
            token = token_of(context, operation, call)
            if token is None or _stands(operation, calls, token, items):
                break
            sent = {**sent, listing.token.parameter: token}
        elif listing.page is not None:
            if (
                not items
                or listing.limit is None
                or len(items) < int(sent.get(listing.limit.parameter, listing.limit.default or 1))
            ):
                break
            sent = {**sent, listing.page.parameter: listing.page.first + number + 1}
        else:
            break
    return calls


def _stands(operation: Operation, calls: list[Call], token: str, items: list[Any]) -> bool:
    """Whether a walk has come to an empty page whose token leads to itself, and has seen it twice."""
    listing = operation.listing
    assert listing is not None and listing.token is not None  # noqa: S101, PT018 - asked of walks by token only
    sent = [call.intent.arguments.get(listing.token.parameter) for call in calls[-2:]]
    return not items and sent == [token, token]


def token_of(context: Context, operation: Operation, call: Call) -> str | None:
    """The token for the next page in an answer, if it has one."""
    listing = operation.listing
    if listing is None or listing.token is None or call.response is None or not context.session.answer(call).success:
        return None
    token = point(tree_of(operation, call.response), listing.token.pointer)
    return token if isinstance(token, str) and token else None


def accept(context: Context, operation: Operation, probe: Probe, *, scenario: str = SCENARIO) -> list[Call]:
    """Send a valid request; where it is refused, make sure that it is the request and not the state.

    Returns the calls, in order: the attempt alone where it is accepted, else attempt, control, attempt, control.
    """
    group = context.session.group()
    intent = Intent(scenario=scenario, role="inside", clause=probe.clause, case=probe.case, group=group)
    calls: list[Call] = []
    for _ in range(2):
        try:
            arguments = context.stage.resolve(probe.arguments)
            call = context.session.call(operation, arguments, intent)
        except StageError as error:
            context.note(operation.name, str(error))
            return calls
        calls.append(call)
        let_go(context, call)
        if context.session.answer(call).success:
            break
        # Neither an earlier job nor the control's may be what the next request is refused for.
        settle(context)
        checked = control(context, operation, group, scenario=scenario)
        if checked is not None:
            calls.append(checked)
            settle(context)
    return calls


def settle(context: Context, within: Mapping[str, Any] | None = None) -> None:
    """Let our own jobs come to their end, so that none of them is the reason of a refusal; only those ``within`` a parent."""
    for made in context.stage.instances:
        inside = all(made.arguments.get(name, value) == value for name, value in (within or {}).items())
        if inside and made.resource.is_job and not made.gone and not made.resource.is_terminal(made.status):
            context.stage.discard(made)
            context.stage.wait(made, scenario="settle")


def compare(context: Context, operation: Operation, pair: Equivalence) -> None:
    """Send two requests that must mean the same, and what is needed to see whether they did."""
    if operation.effect == "read":
        group = context.session.group()
        for _ in range(3):
            answers = [_variant(context, operation, pair, role, group) for role in ("first", "second", "first")]
            if None not in answers and answers[0] != answers[1]:
                answers += [_variant(context, operation, pair, role, group) for role in ("second", "first")]
            if None in answers or len(set(answers[::2])) == 1:
                return
            group = context.session.group()
        return
    if operation.effect == "create":
        group = context.session.group()
        for _ in range(2):
            seen = [_variant(context, operation, pair, role, group) for role in ("first", "second")]
            if seen[0] == seen[1]:
                return


def _variant(context: Context, operation: Operation, pair: Equivalence, role: str, group: int) -> Any:
    """Send one of the two; what it shows, roughly: good enough to know whether another look is needed."""
    intent = Intent(scenario=SCENARIO, role=role, clause=pair.clause, case=pair.case, group=group)
    try:
        arguments = context.stage.resolve(pair.first if role == "first" else pair.second)
        call = context.session.call(operation, arguments, intent)
    except StageError as error:
        context.note(operation.name, str(error))
        return None
    made = context.stage.registered(call)
    if made is None:
        return None if call.response is None else call.response.body
    if made.resource.read is None:
        return context.session.answer(call).kind
    if made.resource.is_job:
        context.stage.wait(made, scenario=SCENARIO)
    read, status = context.stage.read(made, role=f"outcome-{role}", scenario=SCENARIO, group=group, case=pair.case)
    context.stage.discard(made)
    tree = tree_of(context.spec.operations[read.operation], read.response)
    return None if read.response is None else (status, *(str(point(tree, place)) for place in made.resource.observable))
