"""Child processes for tests, and waiting without sleeping blindly."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A running emulator."""

    process: subprocess.Popen[Any]
    url: str

    @property
    def address(self) -> tuple[str, int]:
        host, _, port = self.url.removeprefix("http://").rpartition(":")
        return host, int(port)


def start_child(api: str, **settings: Any) -> Child:
    """Start an emulator and wait for the line that says where it listens."""
    flags = []
    for name, value in settings.items():
        flag = "--" + name.replace("_", "-")
        flags += ([flag] if value else []) if isinstance(value, bool) else [flag, str(value)]
    process = subprocess.Popen(
        [sys.executable, "-m", "conformance.emulator", api, *flags], stdout=subprocess.PIPE, text=True
    )
    line = process.stdout.readline() if process.stdout else ""
    if not line.startswith("listening on "):
        pytest.fail(f"the emulator of {api} did not start: {line!r}, exit code {process.wait(10)}")
    return Child(process=process, url=line.split()[-1])


def end(process: subprocess.Popen[Any]) -> int:
    """End a child politely, then by force; return its exit code."""
    process.terminate()
    try:
        code = process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        code = process.wait()
    if process.stdout is not None:
        process.stdout.close()
    return code


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def eventually(probe: Callable[[], T], *, seconds: float = 20.0) -> T:
    """Return the first true value of ``probe``; fail when none comes in time."""
    deadline = time.monotonic() + seconds
    pause = 0.002
    while not (value := probe()):
        if time.monotonic() > deadline:
            pytest.fail(f"not so within {seconds} seconds")
        time.sleep(pause)  # between two looks; only a test that fails ever comes to the deadline
        pause = min(pause * 2, 0.05)
    return value
