"""JSON pointers (RFC 6901) and member paths into decoded bodies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False


MISSING: Final = _Missing()


def point(tree: Any, pointer: str) -> Any:
    """The value a pointer leads to, or :data:`MISSING`; the empty pointer is the tree itself."""
    for raw in pointer.split("/")[1:]:
        part = raw.replace("~1", "/").replace("~0", "~")
        if isinstance(tree, dict) and part in tree:
            tree = tree[part]
        elif isinstance(tree, list) and part.isdigit() and int(part) < len(tree):
            tree = tree[int(part)]
        else:
            return MISSING
    return tree


def gather(tree: Any, path: Sequence[str]) -> Iterator[Any]:
    """Every value at a member path, in which ``[]`` stands for each item of an array; values not there are passed over."""
    for place, part in enumerate(path):
        if part == "[]":
            if isinstance(tree, list):
                for item in tree:
                    yield from gather(item, path[place + 1 :])
            return
        if not isinstance(tree, dict) or part not in tree:
            return
        tree = tree[part]
    yield tree
