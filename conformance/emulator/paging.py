"""Pages of a list and the opaque tokens between them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Numbered(Protocol):
    """Anything that was given a number at its creation."""

    @property
    def number(self) -> int:
        """The place in the order of creation."""
        ...


Item = TypeVar("Item", bound=Numbered)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Item]):
    """Some items and, if there are more, the token for the next page."""

    items: tuple[Item, ...]
    token: str | None


class Paging:
    """Cuts lists into pages, newest first.

    A token holds the number of the last item shown, so that items made or changed between two pages neither repeat nor
    hide another one, and a keyed hash that ties it to this process and to the scope (account, store, filter) it was
    given for. No document promises an order or says what a token is bound to.
    """

    first_position = 2**62
    """Position before the newest item."""

    def __init__(self) -> None:
        self._token_key = secrets.token_bytes(16)

    def token_for(self, position: int, scope: str) -> str:
        """Write a token; its characters satisfy the token patterns of both AWS services."""
        place = position.to_bytes(8, "big")
        return base64.urlsafe_b64encode(place + self._seal(place, scope)).decode("ascii")

    def position_of(self, token: str, scope: str) -> int | None:
        """Read a token; None if this service did not give it out for this scope."""
        try:
            raw = base64.b64decode(token.encode("utf-8", "replace"), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        place, seal = raw[:8], raw[8:]
        if not hmac.compare_digest(seal, self._seal(place, scope)):
            return None
        return int.from_bytes(place, "big")

    def _seal(self, place: bytes, scope: str) -> bytes:
        message = place + scope.encode("utf-8", "backslashreplace")
        return hmac.new(self._token_key, message, hashlib.sha256).digest()[:16]

    def in_list_order(self, items: list[Item]) -> Iterable[Item]:
        """Order a list; the items come as they were made."""
        return reversed(items)

    def is_beyond(self, item: Numbered, position: int) -> bool:
        """Whether an item comes after the last one of the page before."""
        return item.number < position

    def page_of(
        self, items: list[Item], *, matches: Callable[[Item], bool], limit: int, position: int, scope: str
    ) -> Page[Item]:
        """Cut one page out of a list."""
        rest = (item for item in self.in_list_order(items) if self.is_beyond(item, position) and matches(item))
        page = tuple(islice(rest, limit))
        token = None
        if self.has_more(rest):
            token = self.token_for(page[-1].number if page else position, scope)
        return Page(items=page, token=token)

    def has_more(self, rest: Iterable[Item]) -> bool:
        """Whether anything is left after a page."""
        return next(iter(rest), None) is not None
