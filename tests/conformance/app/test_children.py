"""Work in child processes: told of as it ends, and not begun any more once nobody asks."""

from __future__ import annotations

import os
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from typing import Any

import pytest

from conformance.app import children
from conformance.app.children import as_they_end


def half(number: int) -> int:
    if number < 0:
        os._exit(1)
    return number // 2


def test_each_piece_comes_with_what_came_of_it() -> None:
    found = {piece: future.result() for piece, future in as_they_end(half, [2, 4, 6], jobs=2)}
    assert found == {2: 1, 4: 2, 6: 3}
    assert list(as_they_end(half, [], jobs=2)) == []


def test_a_child_that_dies_is_told_of_its_piece() -> None:
    [(piece, future)] = as_they_end(half, [-1], jobs=1)
    assert piece == -1
    with pytest.raises(BrokenProcessPool):
        future.result()


class Held(Executor):
    """A pool that does the first piece, and no other."""

    def __init__(self) -> None:
        self.futures: list[Future[Any]] = []

    def submit(self, work: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if not self.futures:
            future.set_result(work(*args, **kwargs))
        self.futures.append(future)
        return future

    def shutdown(self, *_: Any, cancel_futures: bool = False, **__: Any) -> None:
        for future in self.futures if cancel_futures else ():
            future.cancel()


@pytest.mark.parametrize("ending", [KeyboardInterrupt, GeneratorExit])
def test_what_nobody_asks_for_any_more_is_not_begun(
    ending: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = Held()
    monkeypatch.setattr(children, "ProcessPoolExecutor", lambda *_, **__: pool)
    running = as_they_end(half, [2, 4, 6], jobs=1)
    assert next(running)[0] == 2
    with pytest.raises(ending):
        running.throw(ending)
    assert [future.cancelled() for future in pool.futures] == [False, True, True]
