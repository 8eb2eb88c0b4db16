"""The catalogue of mutants: what each is, where it is found, and how one is declared.

A module is named after an API and a family (``neptune_ranges``) and declares its mutants as subclasses of the service
that override one thing. Their docstrings are the sentences of the catalogue.
"""

from __future__ import annotations

import difflib
import functools
import importlib
import inspect
import pkgutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar, cast

from conformance.emulator.settings import APIS, Api, Settings

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


class UnknownMutantError(Exception):
    """No mutant of an API has the name asked for."""

    def __init__(self, api: str, name: str, near: list[str]) -> None:
        hint = f"near it are {', '.join(near)}" if near else "`conformance selftest` names them all on its page"
        super().__init__(f"expected the name of a mutant of {api} but got mutant={name!r}; {hint}")


_CATALOGUE: dict[Api, dict[str, Mutant]] = {api: {} for api in APIS}


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
            known = _CATALOGUE[self.api]
            if name in known:
                raise ValueError(f"there is a mutant of {self.api} with name={name!r} already; each needs its own")
            known[name] = Mutant(
                name=name,
                api=self.api,
                clause=f"{self.api}.{clause}",
                family=self.family,
                sentence=" ".join((inspect.getdoc(service) or "").split()),
                needs=needs,
                profile=profile,
                build=cast("Callable[[Settings], Service]", service),
            )
            return service

        return declare


def declarer(api: Api, family: str) -> Declarer:
    """Return what declares the mutants of an API and a family."""
    return Declarer(api=api, family=family)


def mutants(api: Api | None = None) -> tuple[Mutant, ...]:
    """Return the mutants of an API, or of all; only the modules of these are imported."""
    wanted = APIS if api is None else (api,)
    for each in wanted:
        _declare(each)
    return tuple(mutant for each in wanted for mutant in _CATALOGUE[each].values())


@functools.cache
def _declare(api: Api) -> None:
    """Import the modules of an API, once: they are what declares its mutants."""
    package = importlib.import_module("conformance.emulator.mutants")
    for module in sorted(found.name for found in pkgutil.iter_modules(package.__path__)):
        if module.startswith(f"{api}_"):
            importlib.import_module(f"{package.__name__}.{module}")


def find(api: Api, name: str) -> Mutant:
    """Return the mutant of a name.

    Raises:
        UnknownMutantError: there is none.

    """
    known = {mutant.name: mutant for mutant in mutants(api)}
    if name not in known:
        raise UnknownMutantError(api, name, difflib.get_close_matches(name, known, n=3, cutoff=0.4))
    return known[name]
