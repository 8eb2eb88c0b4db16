"""Runs against the bundled emulators: of one API here, of several side by side."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from conformance import Listener, Outcome, SettingsError
from conformance.app.exit_code import worst
from conformance.app.processes import Begun, Children, object_store
from conformance.app.results import prepared, write_index
from conformance.app.runner import Plan, embedded_target, run_one
from conformance.app.selection import Choice
from conformance.app.side_by_side import SideBySide, Told, require_all
from conformance.emulator.settings import APIS
from specs import Spec, apis, load


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked of a run against one bundled emulator; small enough to be handed to another process."""

    api: str
    edition: str | None
    choice: Choice
    seed: int
    folder: Path
    endpoint: str
    settings: Mapping[str, Any]
    baseline: Path | None = None

    def __call__(self, console: Console, listener: Told) -> Mapping[str, Any]:
        """Run it in a process of its own; returns the summary."""
        return self.carried_out(console, listener)[0]

    def carried_out(
        self, console: Console, listener: Listener | None = None, begun: Children | None = None
    ) -> tuple[dict[str, Any], Outcome]:
        """Run it; children that are starting already are waited for."""
        spec = load(self.api, edition=self.edition)
        emulator: Begun | None = begun.emulator if begun is not None else None
        with embedded_target(spec, self.endpoint, emulator, **self.settings) as target:
            if begun is not None:
                begun.store.started()
            plan = Plan(
                spec=spec, target=target, choice=self.choice, seed=self.seed, folder=self.folder, embedded=True,
                baseline=self.baseline, origin={"settings": dict(self.settings), "edition": self.edition},
            )  # fmt: skip
            return run_one(plan, console, listener)


def emulated(names: Sequence[str]) -> list[str]:
    """The APIs that are asked for, or all that have a bundled emulator; raises SettingsError for one that has none."""
    for name in names:
        if name in apis() and name not in APIS:
            raise SettingsError(
                f"there is no bundled emulator of {name}; give --url or --target (emulators: {', '.join(APIS)})"
            )
    return list(names or APIS)


def run_embedded(console: Console, names: Sequence[str], options: Mapping[str, Any], s3_endpoint: str | None) -> int:
    """Run APIs against their emulators; the exit code."""
    loaded = _loaded(names, options.get("edition"))
    choice = Choice.of(options)
    asked = [spec for spec in loaded if _asked(spec, choice, several=len(loaded) > 1)]
    if not asked:
        choice.clauses(loaded[0])
    if options.get("baseline") is not None and len(asked) != 1:
        raise SettingsError(
            f"--baseline is about one API, but this run is about {len(asked)}; name one of {', '.join(names)}"
        )
    folder = prepared(options["folder"])
    begun: Children | None = options.get("begun")
    with contextlib.ExitStack() as stack:
        endpoint = begun.store.url if begun is not None else s3_endpoint or stack.enter_context(object_store())
        orders = [
            Order(
                api=spec.api, edition=spec.edition, choice=choice, baseline=options.get("baseline"), seed=options["seed"] or 0,
                folder=folder if len(loaded) == 1 else folder / spec.api, endpoint=endpoint,
                settings={name: options.get(name) for name in ("job_seconds", "mutant", "variant")},
            )
            for spec in asked
        ]  # fmt: skip
        if len(orders) == 1:
            summaries = [orders[0].carried_out(console, begun=begun)[0]]
        else:
            if begun is not None:
                begun.store.started()
            summaries = _beside(console, orders)
    codes = [int(summary["exit_code"]) for summary in summaries]
    if len(loaded) > 1:
        codes.append(int(write_index(folder, summaries)["exit_code"]))
        console.print(f"[bold]all:[/] {folder / 'index.html'}", highlight=False)
    return worst(codes)


def _beside(console: Console, orders: Sequence[Order]) -> list[dict[str, Any]]:
    """All of them at the same time; their summaries in the order in which they were asked for."""
    ended = []
    for each in SideBySide(console=console).run([(order.api, order) for order in orders]):
        if each.printed:
            console.print(Text.from_ansi(each.printed.rstrip()))
        ended.append(each)
    require_all(ended)
    places = [order.api for order in orders]
    return [each.value for each in sorted(ended, key=lambda each: places.index(each.api))]


def _loaded(names: Sequence[str], edition: str | None) -> list[Spec]:
    """The specifications; of several, those that have an edition of this name are taken in it."""
    plain = [load(name) for name in names]
    having = [spec for spec in plain if edition in spec.editions]
    if edition is not None and not having:
        dated = [*(spec.api for spec in plain if spec.editions), *names]
        return [load(dated[0], edition=edition)]  # raises, and says which editions there are
    return [load(spec.api, edition=edition) if spec in having else spec for spec in plain]


def _asked(spec: Spec, choice: Choice, *, several: bool) -> bool:
    """Whether anything is asked of this one of several APIs; what fits none of one API is told at once."""
    try:
        return bool(choice.clauses(spec))
    except SettingsError:
        if several:
            return False
        raise
