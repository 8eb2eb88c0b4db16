"""Shows on a terminal which mutants were killed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

_FEW = 12


def show_outcome(console: Console, described: Mapping[str, Any], page: str) -> None:
    """The kill matrix, what survived, and what the plain emulators came to."""
    found = described["mutants"]
    console.print(_matrix(found))
    if len(found) <= _FEW:
        console.print(_rows("tried", found))
    survivors = [each for each in found if not each["killed"]]
    if survivors:
        console.print(_rows("survived", survivors))
    for control in described["controls"]:
        _show_control(console, control)
    colour = "green" if described["exit_code"] == 0 else "red"
    console.print(
        f"[bold {colour}]{described['killed']} of {len(found)} mutants killed[/] "
        f"({described['seconds']:.1f} s, {described['jobs']} at a time)"
    )
    console.print(f"  page: {escape(page)}", highlight=False)


def _matrix(found: list[Mapping[str, Any]]) -> Table:
    apis = list(dict.fromkeys(each["api"] for each in found))
    families = list(dict.fromkeys(each["family"] for each in found))
    every = Counter((each["family"], each["api"]) for each in found)
    killed = Counter((each["family"], each["api"]) for each in found if each["killed"])
    table = Table(title="killed, of all mutants")
    for heading in ("family", *apis, "all"):
        table.add_column(heading, justify="left" if heading == "family" else "right")
    for family in families:
        cells = [_cell(killed[family, api], every[family, api]) for api in apis]
        total = _cell(sum(killed[family, api] for api in apis), sum(every[family, api] for api in apis))
        table.add_row(family, *cells, total)
    totals = [_cell(sum(killed[f, api] for f in families), sum(every[f, api] for f in families)) for api in apis]
    table.add_row("all", *totals, _cell(killed.total(), every.total()), end_section=True, style="bold")
    return table


def _cell(killed: int, every: int) -> str:
    if not every:
        return "·"
    return f"[{'green' if killed == every else 'red'}]{killed}[/] of {every}"


def _rows(title: str, found: list[Mapping[str, Any]]) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in ("mutant", "clause that must catch it", "verdict", "also broken", "seconds"):
        table.add_column(heading, overflow="fold")
    for each in found:
        verdict = f"[{'green' if each['killed'] else 'red'}]{each['verdict'] or 'none'}[/]"
        if not each["killed"] and each["reason"]:
            verdict += f" {escape(each['reason'][:200])}"
        name = f"{each['api']} {each['name']}"
        table.add_row(name, each["clause"], verdict, str(len(each["also"])), f"{each['seconds']:.1f}")
    return table


def _show_control(console: Console, control: Mapping[str, Any]) -> None:
    if control["conforming"]:
        console.print(f"{control['api']} without a fault: [green]conforming[/] ({control['requests']} requests)")
        return
    console.print(f"{control['api']} without a fault: [red]not conforming[/] {escape(control['fault'] or '')}")
    for kind in ("broken", "unproven"):
        for identifier in control[kind][:_FEW]:
            console.print(f"    {kind:<10} {escape(identifier)}", highlight=False)
