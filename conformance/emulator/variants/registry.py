"""The catalogue of correct variants: what each does, which fact permits it, and how one is declared.

A module is named after an API and what its variants are about (``neptune_queue``), and declares them as subclasses of
the service. Their docstrings are the sentences of the catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from conformance.emulator.catalogue import Catalogue, UnknownNameError, sentence_of
from conformance.emulator.settings import Api, Settings

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


class UnknownVariantError(UnknownNameError):
    """No variant of an API has the name asked for."""


_CATALOGUE: Catalogue[Variant] = Catalogue(
    "conformance.emulator.variants", kind="variant", option="conformance selftest --variants", error=UnknownVariantError
)
variants, find = _CATALOGUE.entries, _CATALOGUE.find


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
            _CATALOGUE.add(
                Variant(
                    name=name, api=self.api, sentence=sentence_of(service), fact=fact, settings=dict(settings or {}),
                    advice=tuple(f"{self.api}.{clause}" for clause in advice),
                    service=cast("Callable[[Settings], Service]", service),
                )
            )  # fmt: skip
            return service

        return declare


def declarer(api: Api) -> Declarer:
    """Return what declares the variants of an API."""
    return Declarer(api=api)
