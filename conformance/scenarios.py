"""Everything there is to drive against a target, in order."""

from __future__ import annotations

import functools
from collections.abc import Callable

from conformance.drivers import (
    action_programs,
    attempts,
    authentication,
    experiments,
    lifecycle,
    listing,
    odd,
    programs,
    racing,
    ranges,
    waiting,
)
from conformance.drivers.context import Context
from conformance.errors import ConformanceError, StageError
from specs import Operation, Resource

#: Name, driver and the operations it exercises. The name is the same in every run that is asked for the same.
Scenario = tuple[str, Callable[[], None], frozenset[str]]


def carry_out(scenario: Scenario, note: Callable[[str, str], None]) -> str | None:
    """Drive one, and note where its stage cannot be set; what went wrong in the suite itself, if anything did."""
    name, driver, touched = scenario
    try:
        driver()
    except StageError as error:
        for operation in touched:
            note(operation, str(error))
    except (ConformanceError, KeyboardInterrupt):
        raise
    except Exception as error:  # noqa: BLE001 - a fault of ours must not take the rest of the run with it
        return f"the suite itself failed in {name!r}: {type(error).__name__}: {error}"[:500]
    return None


def scenarios(context: Context) -> list[Scenario]:
    """Name, driver and the operations it exercises, of everything there is to drive, in order."""
    spec = context.spec
    found: list[Scenario] = []
    found += [
        (f"held jobs in {o.name}", functools.partial(listing.hold, context, o), frozenset({o.name}))
        for o in spec.judged.values()
        if o.listing is not None and (o.listing.hide or o.listing.order) and context.profile.listing
    ]
    for resource in spec.resources.values():
        if resource.queue is not None and context.profile.listing:
            driver = functools.partial(programs.run, context, resource)
            found.append((f"queue of a {resource.name}", driver, frozenset({resource.create.operation})))
    found += [_ranged(context, each) for each in spec.judged.values() if not _prepares(context, each)]
    for resource in spec.resources.values():
        if resource.is_job:
            touched = {use.operation for use in (resource.create, resource.read) if use} | {resource.list or ""}
            if resource.attempts:
                trying = functools.partial(attempts.run, context, resource)
                found.append((f"attempts at a {resource.name}", trying, frozenset({resource.create.operation})))
            if context.profile.listing and (resource.waits is not None or resource.arrays is not None):
                found.append(_accompanied(context, resource, frozenset(touched)))
            driver = functools.partial(lifecycle.run, context, resource)
            found.append((f"life of a {resource.name}", driver, frozenset(touched)))
    found += [_acted(context, resource) for resource in spec.resources.values() if context.profile.listing]
    if spec.laboratory is not None and context.profile.listing:
        for name in dict.fromkeys(each.operation for each in spec.laboratory.experiments.values()):
            driver = functools.partial(experiments.run, context, spec.laboratory, name)
            found.append((f"data given to {name}", driver, frozenset({name})))
    found += [
        _raced(context, each) for each in spec.resources.values() if each.race is not None and context.profile.listing
    ]
    for name, operation in spec.judged.items():
        if operation.listing is not None and context.profile.listing:
            found.append((f"list of {name}", functools.partial(listing.run, context, operation), frozenset({name})))
    # What makes things is put at risk last: a target that takes what it should refuse may be of no use afterwards.
    making = [each for each in spec.judged.values() if _prepares(context, each)]
    found += [_ranged(context, each) for each in sorted(making, key=functools.partial(_is_needed, context))]
    for name, operation in spec.judged.items():
        found += [
            (f"odd requests to {name}", functools.partial(odd.run, context, operation), frozenset({name})),
            (f"signatures of {name}", functools.partial(authentication.run, context, operation), frozenset({name})),
        ]
    found += _random(context)
    return found


def _ranged(context: Context, operation: Operation) -> Scenario:
    """The boundary values of an operation."""
    driver = functools.partial(ranges.run, context, operation)
    return f"ranges of {operation.name}", driver, frozenset({operation.name})


def _prepares(context: Context, operation: Operation) -> bool:
    """Whether an operation makes something, or changes what jobs need."""
    return _is_needed(context, operation) or operation.effect == "create"


def _is_needed(context: Context, operation: Operation) -> bool:
    """Whether an operation is about what jobs need, and no job."""
    resources = [each for each in context.spec.resources.values() if not each.is_job]
    uses = (use for each in resources for use in (each.create, each.delete, *each.before_delete))
    return operation.neighbour and any(use is not None and use.operation == operation.name for use in uses)


def _accompanied(context: Context, resource: Resource, touched: frozenset[str]) -> Scenario:
    """The jobs that wait for others, and those with children."""
    return f"company of a {resource.name}", functools.partial(waiting.run, context, resource), touched


def _raced(context: Context, resource: Resource) -> Scenario:
    """The races over a resource, and the operations that they are about."""
    uses = (resource.create, resource.read, resource.cancel, resource.delete)
    touched = frozenset(use.operation for use in uses if use is not None)
    return f"races for a {resource.name}", functools.partial(racing.run, context, resource), touched


def _acted(context: Context, resource: Resource) -> Scenario:
    """The programs of actions on a resource, which touch every operation that has a clause about its instances."""
    touched = {c.operation for c in context.spec.clauses if c.data.get("resource") == resource.name}
    driver = functools.partial(action_programs.run, context, resource)
    return f"actions on a {resource.name}", driver, frozenset(touched)


def _acted_at_random(context: Context, resource: Resource) -> Scenario:
    """The random programs of actions on a resource."""
    _, _, touched = _acted(context, resource)
    driver = functools.partial(action_programs.run_random, context, resource)
    return f"random actions on a {resource.name}", driver, touched


def _random(context: Context) -> list[Scenario]:
    """Exploration and raw cases; imported only where they are wanted, since Hypothesis takes its time to load."""
    found: list[Scenario] = []
    if context.profile.examples:
        from conformance.drivers import exploration  # noqa: PLC0415

        found += [
            (
                f"random requests to {o.name}",
                functools.partial(exploration.run, context, o),
                frozenset({o.name}),
            )
            for o in context.spec.judged.values()
        ]
        found += [
            _acted_at_random(context, each) for each in context.spec.resources.values() if context.profile.listing
        ]
    if context.profile.name == "thorough":
        for resource in context.spec.resources.values():
            if resource.queue is not None:
                driver = functools.partial(programs.run_random, context, resource)
                found.append((f"random queue of a {resource.name}", driver, frozenset({resource.create.operation})))
    if context.profile.raw_cases:
        from conformance.drivers import raw  # noqa: PLC0415

        found.append(("raw cases", lambda: raw.run(context), frozenset(context.spec.judged)))
    return found
