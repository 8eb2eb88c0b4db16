"""The rules of one operation's input, by path."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.emulator.rule import Items, Pairs, Rule, Structure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A value that breaks its rule."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"Value at '{self.path}' {self.reason}"


class Table:
    """Rules by path: ``Tags`` is a member, ``Tags[]`` its items, ``Tags[].Key`` a member of each item.

    For maps ``tags{key}`` and ``tags{value}`` rule the two sides. Members without a rule are ignored, as no document
    speaks of them.
    """

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self._rules = dict(rules)
        self._members: dict[str, list[str]] = {}
        for path in self._rules:
            if not path.endswith(("[]", "}")):
                parent, _, name = path.rpartition(".")
                self._members.setdefault(parent, []).append(name)

    def __getitem__(self, path: str) -> Rule:
        return self._rules[path]

    def __contains__(self, path: object) -> bool:
        return path in self._rules

    def replaced(self, path: str, **changes: Any) -> Table:
        """Return this table with some fields of one rule changed."""
        return Table({**self._rules, path: dataclasses.replace(self._rules[path], **changes)})

    def members(self, path: str) -> list[str]:
        """Return the names of the members of a structure; of the whole input for the empty path."""
        return self._members.get(path, [])

    def breaches(self, tree: Mapping[str, object], path: str = "") -> Iterator[Breach]:
        """Go through the members of a structure and tell which values break their rules."""
        for name in self.members(path):
            inner = f"{path}.{name}" if path else name
            rule, value = self._rules[inner], tree.get(name)
            if value is not None:
                yield from self._value_breaches(inner, value)
            elif rule.required:
                yield Breach(path=inner, reason="is required")

    def _value_breaches(self, path: str, value: Any) -> Iterator[Breach]:
        rule = self._rules[path]
        reason = rule.breach(value)
        if reason is not None:
            yield Breach(path=path, reason=reason)
        elif isinstance(rule, Structure):
            yield from self._choice_breaches(path, value)
            yield from self.breaches(value, path)
        elif isinstance(rule, Items):
            for item in value:
                yield from self._value_breaches(f"{path}[]", item)
        elif isinstance(rule, Pairs):
            for key, content in value.items():
                yield from self._value_breaches(f"{path}{{key}}", key)
                yield from self._value_breaches(f"{path}{{value}}", content)

    def _choice_breaches(self, path: str, value: Mapping[str, object]) -> Iterator[Breach]:
        rule = self._rules[path]
        if isinstance(rule, Structure) and rule.choice:
            names = self.members(path)
            if sum(value.get(name) is not None for name in names) != 1:
                yield Breach(path=path, reason=f"must hold exactly one of [{', '.join(names)}]")


def under(path: str, rules: Mapping[str, Rule]) -> dict[str, Rule]:
    """Place the rules of a shape below a path."""
    return {f"{path}.{name}": rule for name, rule in rules.items()}
