"""Arguments of an operation as trees: reading, setting and removing the value at a field's path."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from specs import ITEM, Field, Operation
from strategies.values import sample

Arguments = dict[str, Any]


def based(operation: Operation, field: Field | None = None) -> Arguments:
    """The operation's base arguments, with what the field needs beside it."""
    arguments = copy.deepcopy(dict(operation.base))
    return with_needs(operation, arguments, field) if field is not None else arguments


def with_needs(operation: Operation, arguments: Arguments, field: Field) -> Arguments:
    """The arguments with what the field, and each field above it, needs beside it; null takes an argument out."""
    for length in range(1, len(field.path) + 1):
        needs = operation.field(_name(field.path[:length])).schema.get("needs", {})
        for name, value in needs.items():
            if value is None:
                arguments.pop(name, None)
            else:
                arguments[name] = copy.deepcopy(value)
    return arguments


def put(operation: Operation, arguments: Arguments, field: Field, value: Any) -> Arguments:
    """A copy of the arguments with the field's value set; what is missing above it is made up as valid samples."""
    result = copy.deepcopy(arguments)
    holder, key = _holder(operation, result, field)
    if isinstance(holder, list):
        holder[0:1] = [value]
    else:
        holder[key] = value
    return result


def drop(operation: Operation, arguments: Arguments, field: Field) -> Arguments:
    """A copy of the arguments without the field."""
    result = copy.deepcopy(arguments)
    holder, key = _holder(operation, result, field)
    if isinstance(holder, dict):
        holder.pop(key, None)
    return result


def has(arguments: Mapping[str, Any], field: Field) -> bool:
    """Whether the arguments hold a value for the field."""
    value: Any = arguments
    for part in field.path:
        if part == ITEM and isinstance(value, list) and value:
            value = value[0]
        elif isinstance(value, Mapping) and part in value:
            value = value[part]
        else:
            return False
    return True


def _holder(operation: Operation, arguments: Arguments, field: Field) -> tuple[Any, str]:
    holder: Any = arguments
    for index, part in enumerate(field.path[:-1]):
        upper = operation.field(_name(field.path[: index + 1]))
        if part == ITEM:
            if not holder:
                holder.append(sample(upper.schema))
            holder = holder[0]
        else:
            if part not in holder:
                holder[part] = sample(upper.schema)
            holder = holder[part]
    return holder, field.path[-1]


def _name(path: tuple[str, ...]) -> str:
    return ".".join(path).replace(f".{ITEM}", ITEM)
