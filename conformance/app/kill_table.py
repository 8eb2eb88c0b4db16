"""Shows on a terminal which mutants were killed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from conformance.app.false_alarms import Alarms
from conformance.app.trial import Result

_FEW = 12


def show_outcome(console: Console, described: Mapping[str, Any], page: str) -> None:
    """The kill matrix, what survived, what the plain emulators came to, and the false alarms on correct variants."""
    found = described["mutants"]
    if found:
        console.print(_matrix(found))
    if 0 < len(found) <= _FEW:
        console.print(_rows("tried", found))
    survivors = [each for each in found if not each["killed"]]
    if survivors:
        console.print(_rows("survived", survivors))
    for control in described["controls"]:
        _show_control(console, control)
    if described["variants"]:
        _show_variants(console, described["variants"])
    told = []
    if found:
        told.append(f"{described['killed']} of {len(found)} mutants killed")
    if described["variants"]:
        alarms, runs = described["false_alarms"], described["variant_runs"]
        told.append(f"{alarms} false alarms in {runs} runs of {len(described['variants'])} correct variants")
    if described.get("left_out"):
        told.append(f"ended early, {described['left_out']} not tried")
    colour = "green" if described["exit_code"] == 0 else "red"
    console.print(f"[bold {colour}]{', '.join(told)}[/] ({described['seconds']:.1f} s, {described['jobs']} at a time)")
    console.print(f"  page: {escape(page)}", highlight=False)


def show_trouble(console: Console, result: Result, alarms: Sequence[Alarms]) -> None:
    """A line for what is not as it should be in one result, while others are under way; none where all is well."""
    trial, told = result.trial, []
    name = f"{trial.api} {trial.mutant or trial.variant or 'without a fault'}, seed {trial.seed}"
    if result.fault:
        told.append(f"a fault of the suite: {result.fault}")
    elif trial.clause and not result.killed:
        told.append(f"survived, {trial.clause}: {result.verdict or 'no verdict'} {result.reason[:160]}")
    elif not (trial.clause or trial.variant or result.conforming):
        kinds = (("broken", result.broken), ("not proven", result.unproven))
        told += [f"{kind}, {identifier}" for kind, found in kinds for identifier in found]
    told += [
        f"false alarm, {verdict} {clause}: {why[:160]}" for each in alarms for _, clause, verdict, why in each.false
    ]
    for line in told:
        console.print(f"    {name}: {escape(line)}", highlight=False)


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


def _show_variants(console: Console, found: list[Mapping[str, Any]]) -> None:
    for api in dict.fromkeys(each["api"] for each in found):
        own = [each for each in found if each["api"] == api]
        runs, alarms = sum(len(each["runs"]) for each in own), sum(len(each["false_alarms"]) for each in own)
        colour = "red" if alarms else "green"
        console.print(f"{api}: {len(own)} correct variants, {runs} runs, [{colour}]{alarms} false alarms[/]")
    for each in found:
        for run in each["runs"]:
            if run["fault"]:
                console.print(f"    {each['api']} {each['name']}, seed {run['seed']}: {escape(run['fault'])}")
        for alarm in each["false_alarms"][:_FEW]:
            told = f"{alarm['verdict']} {alarm['clause']}: {alarm['reason'][:160]}"
            console.print(f"    {each['name']}, seed {alarm['seed']}: {escape(told)}", highlight=False)
