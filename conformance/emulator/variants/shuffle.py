"""Lists in other orders than newest first, with tokens that still find their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.emulator.paging import Item, Numbered, Paging

if TYPE_CHECKING:
    from collections.abc import Iterable


class OldestFirst(Paging):
    """Pages come oldest first."""

    first_position = 0

    def in_list_order(self, items: list[Item]) -> Iterable[Item]:
        return iter(items)

    def is_beyond(self, item: Numbered, position: int) -> bool:
        return item.number > position


class OwnOrder(Paging):
    """Pages come in an order that is always the same and means nothing."""

    first_position = 0

    def _place(self, number: int) -> tuple[int, int]:
        return (number * 7_919 % 101, number)

    def in_list_order(self, items: list[Item]) -> Iterable[Item]:
        return sorted(items, key=lambda item: self._place(item.number))

    def is_beyond(self, item: Numbered, position: int) -> bool:
        return position == 0 or self._place(item.number) > self._place(position)
