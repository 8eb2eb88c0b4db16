"""The boundary portfolio: deterministic probes of every constraint, one violation a request."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from specs import ITEM, Constraint, Field, Operation, constraints
from strategies.arguments import based, drop, has, put, with_needs
from strategies.values import inside, outside, sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One planned request: ``role`` is ``inside`` (must be accepted) or ``outside`` (must be refused).

    The oracle knows what an outside probe breaks by construction: the constraint of ``clause``, and nothing else.
    """

    clause: str
    role: str
    case: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalence:
    """Two requests that must mean the same: with the field left out and with its default, or in two encodings."""

    clause: str
    first: Mapping[str, Any]
    second: Mapping[str, Any]
    case: str


def clause_id(api: str, operation: Operation, field: Field, aspect: str) -> str:
    """Id of the clause of a field's constraint."""
    return f"{api}.{operation.name}/{field.name}/{aspect}"


def probes(operation: Operation, api: str) -> Iterator[Probe]:
    """Every probe of every constraint of an operation that its specification does not leave undecided."""
    decided = {clause.id: clause for clause in operation.clauses}
    text = operation.body_root is not None
    for field in operation.fields():
        for constraint in constraints(field, text=text):
            identifier = clause_id(api, operation, field, constraint.aspect)
            clause = decided[identifier]
            if clause.not_tested is not None:
                continue
            if "refuse" not in clause.data:
                yield from _outside(operation, constraint, identifier, text=text)
            if "accept" not in clause.data:
                yield from _inside(operation, constraint, identifier, text=text)
    chosen = f"{api}.{operation.name}/request/exactly-one-of"
    if operation.exactly_one_of and decided[chosen].not_tested is None:
        yield from _exclusive(operation, chosen)
    valid = f"{api}.{operation.name}/request/valid"
    if decided[valid].not_tested is None:
        yield from _valid(operation, valid)


def _exclusive(operation: Operation, identifier: str) -> Iterator[Probe]:
    """None of the parameters, two of them, and each alone that there are samples for."""
    names, base = operation.exactly_one_of, based(operation)
    bare = {name: value for name, value in base.items() if name not in names}
    known = {
        name: schema["accepts"][0] for name in names if (schema := operation.parameter(name).schema).get("accepts")
    }
    yield Probe(clause=identifier, role="outside", case="none of them", arguments=bare)
    first = next((name for name in names if name in base), names[0])
    for other in (name for name in names if name != first):
        both = {
            first: base.get(first, known.get(first)),
            other: known.get(other, sample(operation.parameter(other).schema)),
        }
        yield Probe(clause=identifier, role="outside", case=f"{first} and {other}", arguments={**bare, **both})
    for name, value in known.items():
        yield Probe(
            clause=identifier, role="inside", case=f"{name} alone", arguments={**bare, name: copy.deepcopy(value)}
        )


def _outside(operation: Operation, constraint: Constraint, identifier: str, *, text: bool) -> Iterator[Probe]:
    field = constraint.field
    base = based(operation, field)
    if constraint.aspect == "required":
        present = base if has(base, field) else put(operation, base, field, sample(field.schema))
        yield Probe(clause=identifier, role="outside", case="left out", arguments=drop(operation, present, field))
        return
    for case, value in _array_cases(constraint, base, delta=1) or outside(constraint, text=text):
        yield Probe(clause=identifier, role="outside", case=case, arguments=_with(operation, base, field, value))


def _inside(operation: Operation, constraint: Constraint, identifier: str, *, text: bool) -> Iterator[Probe]:
    field = constraint.field
    if constraint.aspect == "required" or field.schema.get("refers") == "token":
        return
    base = based(operation, field)
    for case, value in _array_cases(constraint, base, delta=0) or inside(constraint, text=text):
        yield Probe(clause=identifier, role="inside", case=case, arguments=_with(operation, base, field, value))


def _with(operation: Operation, base: dict[str, Any], field: Field, value: Any) -> dict[str, Any]:
    if field.path[-1] == ITEM and field.location == "query":
        return put(operation, base, field, value)
    return put(operation, base, field, copy.deepcopy(value))


def _array_cases(constraint: Constraint, base: dict[str, Any], *, delta: int) -> list[tuple[str, Any]]:
    if constraint.aspect not in {"min-items", "max-items"}:
        return []
    schema = constraint.field.schema
    low = constraint.aspect == "min-items"
    count = schema["minItems"] - delta if low else schema["maxItems"] + delta
    item = _item(constraint.field, base)
    return [(f"{count} items", [_numbered(item, number + 1) for number in range(count)])]


def _numbered(value: Any, number: int) -> Any:
    """A copy of a value in which placeholders of one of several things stand for that of a number."""
    if isinstance(value, Mapping):
        return {name: _numbered(member, number) for name, member in value.items()}
    if isinstance(value, list):
        return [_numbered(member, number) for member in value]
    return value.replace(".#}", f".{number}}}") if isinstance(value, str) else value


def _item(field: Field, base: dict[str, Any]) -> Any:
    if has(base, field):
        value: Any = base
        for part in field.path:
            value = value[0] if part == ITEM else value[part]
        if value:
            return value[0]
    accepted = field.schema.get("accepts", ())
    return accepted[0][0] if accepted and accepted[0] else sample(field.schema.get("items", {}))


def _valid(operation: Operation, identifier: str) -> Iterator[Probe]:
    """The base request, every optional parameter together, and all pairs of two values of two optional parameters."""
    base = based(operation)
    yield Probe(clause=identifier, role="inside", case="base", arguments=base)
    for parameter in operation.parameters:
        if parameter.schema.get("dispensable"):
            left = {name: value for name, value in base.items() if name != parameter.name}
            yield Probe(clause=identifier, role="inside", case=f"without {parameter.name}", arguments=left)
    options = {field.path[0]: _choices(field) for field in _optional(operation)}
    options = {name: values for name, values in options.items() if values}
    if not options:
        return
    for number, chosen in enumerate(pairwise(options)):
        arguments = {**copy.deepcopy(base)}
        for name, value in chosen.items():
            with_needs(operation, arguments, operation.field(name))
            arguments[name] = copy.deepcopy(value)
        yield Probe(clause=identifier, role="inside", case=f"combination {number + 1}", arguments=arguments)


def _optional(operation: Operation) -> Iterator[Field]:
    for parameter in operation.parameters:
        field = next(parameter.fields())
        silent = any(c.not_tested and c.id.endswith(f"/{parameter.name}/type") for c in operation.clauses)
        if (
            not parameter.required
            and field.schema.get("combine", True)
            and not field.schema.get("refers")
            and parameter.name not in operation.base
            and not silent
        ):
            yield field


def _choices(field: Field) -> list[Any]:
    schema = field.schema
    if schema.get("accepts"):
        return list(schema["accepts"][:2])
    if field.type == "boolean":
        return [True, False]
    if "enum" in schema:
        return list(schema["enum"][:3])
    if field.type == "integer":
        return [schema.get("minimum", 1), schema.get("maximum", 10)]
    return [sample(schema)]


def pairwise(options: Mapping[str, list[Any]]) -> Iterator[dict[str, Any]]:
    """Rows such that every pair of values of two options stands in one of them; greedy, hence near the fewest."""
    names = list(options)
    if len(names) == 1:
        yield from ({names[0]: value} for value in options[names[0]])
        return
    open_pairs = {
        ((a, i), (b, j))
        for a, b in itertools.combinations(names, 2)
        for i in range(len(options[a]))
        for j in range(len(options[b]))
    }
    while open_pairs:
        chosen = dict(min(open_pairs))
        for name in names:
            if name not in chosen:
                chosen[name] = max(range(len(options[name])), key=lambda i, n=name: _gain(n, i, chosen, open_pairs))  # type: ignore[misc]
        open_pairs -= {pair for pair in open_pairs if all(chosen[n] == i for n, i in pair)}
        yield {name: options[name][index] for name, index in chosen.items()}


def _gain(name: str, index: int, chosen: Mapping[str, int], open_pairs: set[Any]) -> int:
    mine = (name, index)
    return sum(((other, mine) in open_pairs) + ((mine, other) in open_pairs) for other in chosen.items())


def equivalences(operation: Operation, api: str) -> Iterator[Equivalence]:
    """The pairs of requests that defaults and encodings make equal."""
    decided = {clause.id: clause for clause in operation.clauses}
    for each in operation.equal:
        identifier = f"{api}.{operation.name}/{each.place}"
        if decided[identifier].not_tested is None:
            one, other = ({**based(operation), **copy.deepcopy(dict(way))} for way in (each.first, each.second))
            yield Equivalence(clause=identifier, case=each.place.rpartition("/")[2], first=one, second=other)
    for field in operation.fields():
        base = based(operation, field)
        base.update(copy.deepcopy(dict(field.schema.get("witness", {}))))
        identifier = clause_id(api, operation, field, "default")
        if "default" in field.schema and decided[identifier].not_tested is None:
            explicit = put(operation, base, field, field.schema["default"])
            yield Equivalence(
                clause=identifier, case="default", first=drop(operation, explicit, field), second=explicit
            )
        identifier = clause_id(api, operation, field, "encoding")
        if "booleanText" in field.schema and decided[identifier].not_tested is None:
            for value, spelling in zip((True, False), field.schema["booleanText"], strict=True):
                if value in field.schema.get("accepts", (True, False)):
                    yield Equivalence(
                        clause=identifier, case=spelling, first=put(operation, base, field, value),
                        second=put(operation, base, field, spelling),
                    )  # fmt: skip
