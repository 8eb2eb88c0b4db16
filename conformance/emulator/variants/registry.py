"""The catalogue of correct variants: what each does, which fact permits it, and how one is declared.

A module is named after an API and what its variants are about (``neptune_queue``), and declares them as subclasses of
the service. Their docstrings are the sentences of the catalogue.
"""

from __future__ import annotations

import difflib
import functools
import importlib
import inspect
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from conformance.emulator.settings import APIS, Api, Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.emulator.service import Service

Kind = TypeVar("Kind", bound="type[Service]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One emulator that does something else than the plain one, and is right all the same."""

    name: str
    """Words in kebab case, unique in the API."""
    api: Api
    sentence: str
    """What it does, in one sentence."""
    fact: str
    """What permits it: the documents' words, their silence, or an observation of the live service, in short."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Settings it needs, by name."""
    advice: tuple[str, ...] = ()
    """Clauses of mere advice that it does not follow by its nature."""
    service: Callable[[Settings], Service]

    def build(self, settings: Settings) -> Service:
        """Make the service."""
        return self.service(self.settled(settings))

    def settled(self, settings: Settings) -> Settings:
        """The settings, with those it needs laid over them."""
        return replace(settings, **self.settings)


class UnknownVariantError(Exception):
    """No variant of an API has the name asked for."""

    def __init__(self, api: str, name: str, near: list[str]) -> None:
        hint = f"near it are {', '.join(near)}" if near else "`conformance selftest --variants` names them all"
        super().__init__(f"expected the name of a variant of {api} but got variant={name!r}; {hint}")


_CATALOGUE: dict[Api, dict[str, Variant]] = {api: {} for api in APIS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Declarer:
    """Declares the variants of one module, which are all of one API."""

    api: Api

    def __call__(
        self, name: str, *, fact: str, settings: Mapping[str, Any] | None = None, advice: tuple[str, ...] = ()
    ) -> Callable[[Kind], Kind]:
        """Enter a service class into the catalogue.

        Args:
            name: words in kebab case.
            fact: what permits it.
            settings: settings it needs.
            advice: clauses of mere advice that it does not follow by its nature, without the API.
        """

        def declare(service: Kind) -> Kind:
            known = _CATALOGUE[self.api]
            if name in known:
                raise ValueError(f"there is a variant of {self.api} with name={name!r} already; each needs its own")
            known[name] = Variant(
                name=name, api=self.api, sentence=" ".join((inspect.getdoc(service) or "").split()), fact=fact,
                settings=dict(settings or {}), advice=tuple(f"{self.api}.{clause}" for clause in advice),
                service=cast("Callable[[Settings], Service]", service),
            )  # fmt: skip
            return service

        return declare


def declarer(api: Api) -> Declarer:
    """Return what declares the variants of an API."""
    return Declarer(api=api)


def variants(api: Api | None = None) -> tuple[Variant, ...]:
    """Return the variants of an API, or of all; only the modules of these are imported."""
    wanted = APIS if api is None else (api,)
    for each in wanted:
        _declare(each)
    return tuple(variant for each in wanted for variant in _CATALOGUE[each].values())


@functools.cache
def _declare(api: Api) -> None:
    """Import the modules of an API, once: they are what declares its variants."""
    package = importlib.import_module("conformance.emulator.variants")
    for module in sorted(found.name for found in pkgutil.iter_modules(package.__path__)):
        if module.startswith(f"{api}_"):
            importlib.import_module(f"{package.__name__}.{module}")


def find(api: Api, name: str) -> Variant:
    """Return the variant of a name.

    Raises:
        UnknownVariantError: there is none.

    """
    known = {variant.name: variant for variant in variants(api)}
    if name not in known:
        raise UnknownVariantError(api, name, difflib.get_close_matches(name, known, n=3, cutoff=0.4))
    return known[name]
