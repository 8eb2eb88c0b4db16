"""Random requests: valid ones, and ones that break exactly one constraint; drawn lean, as plain data."""

from __future__ import annotations

import copy
import string
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from specs import Constraint, Operation, constraints
from strategies.arguments import Arguments, based, drop, has, put, with_needs
from strategies.portfolio import Probe, clause_id
from strategies.values import outside, sample, satisfies

Schema = Mapping[str, Any]
_PLAIN = string.ascii_letters + string.digits + "-_"


def from_schema(schema: Schema) -> st.SearchStrategy[Any] | None:
    """Values that satisfy a schema; None where its form cannot be drawn from the schema alone."""
    if schema.get("accepts"):
        return st.sampled_from(schema["accepts"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kind = schema.get("type", "string")
    if kind == "boolean":
        return st.booleans()
    if kind == "integer":
        low = schema.get("minimum", 0)
        return st.integers(low, schema.get("maximum", low + 1000))
    if kind == "string":
        return _text(schema)
    return None


def _text(schema: Schema) -> st.SearchStrategy[str] | None:
    low, high = schema.get("minLength", 1), min(schema.get("maxLength", 64), 64)
    if high < low:
        return None
    if "textCategories" in schema:
        characters = st.characters(categories=schema["textCategories"], max_codepoint=0xFFFF)
        return st.text(characters, min_size=low, max_size=high).filter(
            lambda value: bool(value.strip()) and satisfies(value, schema)
        )
    shape = schema.get("stretch")
    if "pattern" not in schema:
        return st.text(_PLAIN, min_size=low, max_size=high)
    if shape is None:
        return None
    fixed = len(shape.get("prefix", "")) + len(shape.get("suffix", ""))
    fill = shape.get("fill", "a")
    return st.integers(max(low, fixed + 1), max(high, fixed + 1)).map(
        lambda length: shape.get("prefix", "") + (fill * length)[: length - fixed] + shape.get("suffix", "")
    )


def free_fields(operation: Operation) -> dict[str, st.SearchStrategy[Any]]:
    """The top-level fields that may be drawn at random, with their strategies."""
    silent = {c.data.get("field") for c in operation.clauses if c.not_tested and c.data.get("aspect") == "type"}
    found = {}
    for parameter in operation.parameters:
        field = next(parameter.fields())
        undecided = any("accept" in c.data and c.data.get("field") == field.name for c in operation.clauses)
        if (
            field.schema.get("explore", True)
            and not field.schema.get("refers")
            and field.name not in silent
            and not undecided
        ):
            strategy = from_schema(field.schema)
            if strategy is not None:
                found[parameter.name] = strategy
    return found


@st.composite
def valid_requests(draw: st.DrawFn, operation: Operation) -> Arguments:
    """Arguments that keep to every constraint: the base, and a random choice of optional parameters."""
    arguments = based(operation)
    strategies = free_fields(operation)
    optional = [name for name in strategies if not operation.parameter(name).required]
    chosen = draw(st.lists(st.sampled_from(optional), unique=True, max_size=4)) if optional else []
    required = [name for name in strategies if operation.parameter(name).required]
    drawn = {name: draw(strategies[name]) for name in [*required, *chosen]}
    arguments.update(drawn)
    for name in drawn:  # what one of them needs is not left to chance
        with_needs(operation, arguments, operation.field(name))
    return arguments


def breakable(operation: Operation, api: str) -> list[tuple[Constraint, str]]:
    """The constraints that a random request may break, with the ids of their clauses."""
    decided = {clause.id: clause for clause in operation.clauses}
    found = []
    for field in operation.fields():
        for constraint in constraints(field, text=operation.body_root is not None):
            identifier = clause_id(api, operation, field, constraint.aspect)
            clause = decided[identifier]
            if (
                clause.not_tested is None
                and "refuse" not in clause.data
                and constraint.aspect not in {"min-items", "max-items"}
            ):
                found.append((constraint, identifier))
    return found


@st.composite
def violations(draw: st.DrawFn, operation: Operation, api: str) -> Probe:
    """A random valid request with exactly one constraint broken, and which one."""
    constraint, identifier = draw(st.sampled_from(breakable(operation, api)))
    field = constraint.field
    arguments = draw(valid_requests(operation))
    with_needs(operation, arguments, field)
    if constraint.aspect == "required":
        present = arguments if has(arguments, field) else put(operation, arguments, field, sample(field.schema))
        return Probe(clause=identifier, role="outside", case="left out", arguments=drop(operation, present, field))
    case, value = draw(_broken(constraint, text=operation.body_root is not None))
    return Probe(
        clause=identifier, role="outside", case=case, arguments=put(operation, arguments, field, copy.deepcopy(value))
    )


def _broken(constraint: Constraint, *, text: bool) -> st.SearchStrategy[tuple[str, Any]]:
    schema, aspect = constraint.field.schema, constraint.aspect
    edges = list(outside(constraint, text=text))
    if aspect == "maximum":
        drawn = st.integers(schema["maximum"] + 1, schema["maximum"] + 2**31).map(lambda value: (str(value), value))
        return drawn | st.sampled_from(edges)
    if aspect == "minimum":
        return st.integers(schema["minimum"] - 2**31, schema["minimum"] - 1).map(lambda value: (str(value), value))
    return st.sampled_from(edges) if edges else st.nothing()
