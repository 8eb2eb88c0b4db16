"""Runs the correct variants of the emulators: whatever the suite calls broken there is a false alarm."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from conformance import SettingsError
from conformance.app.trial import Result, Trial
from conformance.emulator import APIS
from conformance.emulator.variants import Variant, variants


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarms:
    """What came of one variant: a result a seed."""

    variant: Variant
    results: tuple[Result, ...]

    @property
    def false(self) -> list[tuple[int, str, str, str]]:
        """Seed, clause, verdict and reason of every false alarm; advice that the variant cannot follow is none."""
        return [
            (result.trial.seed, *alarm)
            for result in self.results
            for alarm in result.alarms
            if not (alarm[1] == "warn" and alarm[0] in self.variant.advice)
        ]

    @property
    def faults(self) -> list[str]:
        """What went wrong with the suite itself."""
        return [result.fault for result in self.results if result.fault]

    def described(self) -> dict[str, Any]:
        """The variant's entry in ``selftest.json``."""
        return {
            "name": self.variant.name,
            "api": self.variant.api,
            "sentence": self.variant.sentence,
            "fact": self.variant.fact,
            "false_alarms": [
                {"seed": seed, "clause": clause, "verdict": verdict, "reason": reason}
                for seed, clause, verdict, reason in self.false
            ],
            "runs": [_run(result) for result in self.results],
        }


def _run(result: Result) -> dict[str, Any]:
    return {
        "seed": result.trial.seed,
        "alarms": len(result.alarms),
        "unproven": list(result.unproven),
        "requests": result.requests,
        "seconds": result.seconds,
        "fault": result.fault,
    }


def chosen_variants(names: Sequence[str], name: str | None) -> list[Variant]:
    """The variants of some APIs, or of all, or the one of a name; raises SettingsError where there is none such."""
    apis = [api for api in APIS if not names or api in names]
    every = [variant for api in apis for variant in variants(api)]
    chosen = [variant for variant in every if name is None or variant.name == name]
    if not chosen:
        near = difflib.get_close_matches(name or "", [variant.name for variant in every], n=3, cutoff=0.4)
        raise SettingsError(
            f"expected the name of a variant but got variant={name!r}; near it are {', '.join(near) or 'none'}"
        )
    return chosen


def trials_of(chosen: Sequence[Variant], *, endpoint: str, profile: str, seeds: int, family: str | None) -> list[Trial]:
    """Every variant with every seed; seeds go slowest, so that a run that is ended early has seen every variant.

    The first seed drives everything, the others what they decide.
    """
    families = () if family is None else (family,)
    return [
        Trial(
            api=each.api, s3_endpoint=endpoint, profile=profile, seed=seed, variant=each.name, families=families,
            chance=seed > 0,
        )
        for seed in range(seeds)
        for each in chosen
    ]  # fmt: skip


def gathered(chosen: Sequence[Variant], results: Sequence[Result]) -> tuple[Alarms, ...]:
    """Results by variant, of those that there are any of."""
    found = (
        Alarms(
            variant=each,
            results=tuple(r for r in results if (r.trial.api, r.trial.variant) == (each.api, each.name)),
        )
        for each in chosen
    )
    return tuple(each for each in found if each.results)
