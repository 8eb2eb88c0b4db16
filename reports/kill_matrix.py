"""The page of a selftest: clauses by mutants, which caught which; and correct variants, whether any was accused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.html import policy
from reports.template import fill, static

OWN, ALSO, MISSED, NOTHING = "own", "also", "missed", ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One clause: how it stands to each mutant of its table."""

    clause: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """The mutants of one API and family, and the clauses that must catch them or caught them beside."""

    api: str
    family: str
    mutants: tuple[Mapping[str, Any], ...]
    rows: tuple[Row, ...]

    @property
    def killed(self) -> int:
        """How many were caught by the clause that must."""
        return sum(bool(mutant["killed"]) for mutant in self.mutants)


def render_kill_matrix(selftest: Mapping[str, Any]) -> str:
    """The page over a selftest, self-contained.

    Args:
        selftest: the content of ``selftest.json``.
    """
    found = selftest["mutants"]
    matrices = [
        _matrix(api, family, [each for each in found if (each["api"], each["family"]) == (api, family)])
        for api, family in dict.fromkeys((each["api"], each["family"]) for each in found)
    ]
    return fill(
        "kill_matrix.html",
        selftest=selftest,
        headline=_headline(selftest),
        variants=[
            (api, [each for each in selftest["variants"] if each["api"] == api])
            for api in dict.fromkeys(each["api"] for each in selftest["variants"])
        ],
        matrices=matrices,
        survivors=[each for each in found if not each["killed"]],
        policy=policy(style=("kill_matrix.css",)),
        style=static("kill_matrix.css"),
    )


def _headline(selftest: Mapping[str, Any]) -> str:
    told = []
    if selftest["mutants"]:
        told.append(f"{selftest['killed']} of {len(selftest['mutants'])} mutants killed")
    if selftest["variants"]:
        told.append(f"{selftest['false_alarms']} false alarms in {selftest['variant_runs']} runs")
    return ", ".join(told)


def _matrix(api: str, family: str, found: Sequence[Mapping[str, Any]]) -> Matrix:
    due = dict.fromkeys(each["clause"] for each in found)
    beside = dict.fromkeys(identifier for each in found for identifier in each["also"])
    rows = [
        Row(clause=clause, cells=tuple(_cell(clause, each) for each in found))
        for clause in (*due, *(clause for clause in beside if clause not in due))
    ]
    return Matrix(api=api, family=family, mutants=tuple(found), rows=tuple(rows))


def _cell(clause: str, mutant: Mapping[str, Any]) -> str:
    if clause == mutant["clause"]:
        return OWN if mutant["killed"] else MISSED
    return ALSO if clause in mutant["also"] else NOTHING
