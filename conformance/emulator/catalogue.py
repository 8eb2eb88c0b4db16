"""Kinds of emulators by API and name, as modules named after an API declare them."""

from __future__ import annotations

import difflib
import importlib
import inspect
import pkgutil
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from conformance.emulator.settings import APIS, Api

if TYPE_CHECKING:
    from collections.abc import Sequence


class Named(Protocol):
    """What a catalogue holds."""

    @property
    def api(self) -> Api:
        """The API it emulates."""

    @property
    def name(self) -> str:
        """Words in kebab case, unique in the API."""


Entry = TypeVar("Entry", bound=Named)


class UnknownNameError(Exception):
    """No entry of an API has the name asked for."""


class Catalogue(Generic[Entry]):
    """Entries by API; the modules that declare those of an API are imported when they are first asked for.

    Args:
        package: the package that holds the modules.
        kind: what an entry is called.
        option: the command that names them all.
    """

    def __init__(self, package: str, *, kind: str, option: str, error: type[UnknownNameError]) -> None:
        self._package = package
        self._kind = kind
        self._option = option
        self._error = error
        self._known: dict[Api, dict[str, Entry]] = {api: {} for api in APIS}
        self._imported: set[Api] = set()

    def add(self, entry: Entry) -> None:
        """Enter one; raises ValueError where its name is taken."""
        known = self._known[entry.api]
        if entry.name in known:
            raise ValueError(
                f"there is a {self._kind} of {entry.api} with name={entry.name!r} already; each needs its own"
            )
        known[entry.name] = entry

    def entries(self, api: Api | None = None) -> tuple[Entry, ...]:
        """Those of an API, or of all; only the modules of these are imported."""
        wanted = APIS if api is None else (api,)
        for each in wanted:
            self._declare(each)
        return tuple(entry for each in wanted for entry in self._known[each].values())

    def find(self, api: Api, name: str) -> Entry:
        """The entry of a name; raises the catalogue's error where there is none."""
        known = {entry.name: entry for entry in self.entries(api)}
        if name not in known:
            raise self._unknown(api, name, difflib.get_close_matches(name, known, n=3, cutoff=0.4))
        return known[name]

    def _unknown(self, api: Api, name: str, near: Sequence[str]) -> UnknownNameError:
        hint = f"near it are {', '.join(near)}" if near else f"`{self._option}` names them all on its page"
        return self._error(f"expected the name of a {self._kind} of {api} but got {self._kind}={name!r}; {hint}")

    def _declare(self, api: Api) -> None:
        """Import the modules of an API, once."""
        if api in self._imported:
            return
        package = importlib.import_module(self._package)
        for module in sorted(found.name for found in pkgutil.iter_modules(package.__path__)):
            if module.startswith(f"{api}_"):
                importlib.import_module(f"{self._package}.{module}")
        self._imported.add(api)


def sentence_of(service: type) -> str:
    """The docstring of a class, as one line."""
    return " ".join((inspect.getdoc(service) or "").split())
