"""The catalogue of mutants: what each is, where it is found, and how one is declared.

A module is named after an API and a family (``neptune_ranges``) and declares its mutants as subclasses of the service
that override one thing. Their docstrings are the sentences of the catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar, cast

from conformance.emulator.catalogue import Catalogue, UnknownNameError, sentence_of
from conformance.emulator.settings import Api, Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.emulator.service import Service

FAMILIES = (
    "parameter-range",
    "error-mapping",
    "response-shape",
    "list-semantics",
    "lifecycle",
    "auth",
    "robustness",
)
Profile = Literal["standard", "thorough"]
Kind = TypeVar("Kind", bound="type[Service]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One faulty emulator."""

    name: str
    """Words in kebab case, unique in the API."""
    api: Api
    clause: str
    """Id of the clause that must catch it."""
    family: str
    sentence: str
    """The fault, in one sentence."""
    needs: str
    """What a driver has to do to see it."""
    profile: Profile
    """The least profile that is sure to see it."""
    build: Callable[[Settings], Service]


class UnknownMutantError(UnknownNameError):
    """No mutant of an API has the name asked for."""


_CATALOGUE: Catalogue[Mutant] = Catalogue(
    "conformance.emulator.mutants", kind="mutant", option="conformance selftest", error=UnknownMutantError
)
mutants, find = _CATALOGUE.entries, _CATALOGUE.find


@dataclass(frozen=True, slots=True, kw_only=True)
class Declarer:
    """Declares the mutants of one module: all are of one API and one family."""

    api: Api
    family: str

    def __call__(self, name: str, *, clause: str, needs: str, profile: Profile = "standard") -> Callable[[Kind], Kind]:
        """Enter a service class into the catalogue.

        Args:
            name: words in kebab case.
            clause: id of the clause that must catch it, without the API.
            needs: what a driver has to do to see it.
            profile: the least profile that is sure to see it.
        """

        def declare(service: Kind) -> Kind:
            _CATALOGUE.add(
                Mutant(
                    name=name, api=self.api, clause=f"{self.api}.{clause}", family=self.family,
                    sentence=sentence_of(service), needs=needs, profile=profile,
                    build=cast("Callable[[Settings], Service]", service),
                )
            )  # fmt: skip
            return service

        return declare


def declarer(api: Api, family: str) -> Declarer:
    """Return what declares the mutants of an API and a family."""
    return Declarer(api=api, family=family)
