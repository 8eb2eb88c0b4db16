"""How much a run sends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ProfileName = Literal["smoke", "standard", "thorough"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How much is sent.

    Attributes:
        name: name of the profile.
        examples: random valid, and as many random invalid requests an operation.
        raw_cases: cases of Schemathesis an API.
        population: items a list is filled with at least.
        listing: whether lists are populated and walked through at all.
        races: how often each race is run.
    """

    name: ProfileName
    examples: int
    raw_cases: int
    population: int
    listing: bool = True
    races: int = 1


PROFILES = {
    "smoke": Profile(name="smoke", examples=0, raw_cases=0, population=4, listing=False),
    "standard": Profile(name="standard", examples=12, raw_cases=40, population=6, races=1),
    "thorough": Profile(name="thorough", examples=200, raw_cases=1000, population=12, races=12),
}
