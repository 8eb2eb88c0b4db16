"""Conditions over what was seen: comparisons of sums, as specifications write them."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

_COMPARISON = re.compile(r"(?P<sign>[<>]=?|!?=) (?P<sum>.+)")
_TERM = re.compile(r"(?P<number>\d+)|(?P<name>[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*)(?: \* (?P<times>\d+))?")
_SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
Value = Any
"""A number, a text, or a list; None for what is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One summand: a number, or a named value, times a factor."""

    factor: int
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What a named value must be.

    Either it is compared with a sum (``sign`` and ``terms``), or it is one of several texts (``among``).
    """

    subject: str
    said: str
    sign: str = ""
    terms: tuple[Term, ...] = ()
    among: tuple[str, ...] = ()

    @property
    def names(self) -> Iterator[str]:
        """The names of every value that takes part."""
        yield self.subject
        yield from (term.name for term in self.terms if term.name is not None)

    def holds(self, value: Callable[[str], Value]) -> bool | None:
        """Whether it holds; None where a value is not known, or values cannot be compared."""
        own = value(self.subject)
        if own is None:
            return None
        if self.among:
            return bool(set(own if isinstance(own, list) else [own]) & set(self.among))
        other = self._sum(value)
        if other is None or isinstance(own, list) != isinstance(other, list):
            return None
        return _SIGNS[self.sign](own, other)

    def _sum(self, value: Callable[[str], Value]) -> Value:
        if len(self.terms) == 1 and self.terms[0].name is not None and self.terms[0].factor == 1:
            return value(self.terms[0].name)
        total = 0
        for term in self.terms:
            each = 1 if term.name is None else value(term.name)
            if not isinstance(each, int):
                return None
            total += term.factor * each
        return total


def condition(subject: str, said: str | int | list[str]) -> Condition:
    """Read a condition; raises ValueError for what is none.

    Args:
        subject: the name of the value it is about.
        said: a number, a comparison such as ``>= people.rows + 3``, or one or several texts.
    """
    if isinstance(said, int):
        return Condition(subject=subject, said=f"= {said}", sign="=", terms=(Term(factor=said),))
    if isinstance(said, list):
        return Condition(subject=subject, said=" or ".join(said), among=tuple(said))
    compared = _COMPARISON.fullmatch(said)
    if compared is None:
        return Condition(subject=subject, said=said, among=(said,))
    return Condition(subject=subject, said=said, sign=compared["sign"], terms=tuple(_terms(compared["sum"])))


def _terms(text: str) -> Iterator[Term]:
    sign = 1
    for word in re.split(r" ([+-]) ", text):
        if word in {"+", "-"}:
            sign = 1 if word == "+" else -1
            continue
        matched = _TERM.fullmatch(word)
        if matched is None:
            raise ValueError(f"expected a number or name.value but got {word!r}")
        if matched["number"] is not None:
            yield Term(factor=sign * int(matched["number"]))
        else:
            yield Term(factor=sign * int(matched["times"] or 1), name=matched["name"])
