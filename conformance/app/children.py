"""Pieces of work, each in one of several child processes, as they end."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from typing import TypeVar

Piece = TypeVar("Piece")
Made = TypeVar("Made")


def as_they_end(
    work: Callable[[Piece], Made], pieces: Sequence[Piece], *, jobs: int, initializer: Callable[[], None] | None = None
) -> Generator[tuple[Piece, Future[Made]], None, None]:
    """Each piece with what came of it, ``jobs`` at a time; one that takes long holds nothing back.

    A child that dies costs the pieces that it took with it, and no others: their futures raise BrokenProcessPool. Whoever
    asks for no more, by Ctrl-C too, waits only for what is under way; the rest is not begun.
    """
    context = multiprocessing.get_context("spawn")
    workers = max(1, min(jobs, len(pieces)))
    with ProcessPoolExecutor(workers, mp_context=context, initializer=initializer) as pool:
        pending = {pool.submit(work, piece): piece for piece in pieces}
        try:
            for future in as_completed(pending):
                yield pending[future], future
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
