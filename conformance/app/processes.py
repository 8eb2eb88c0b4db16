"""Child processes of a run: the bundled emulator, moto's server, or the target's own command."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from conformance import SettingsError

_START_SECONDS = 60.0
_END_SECONDS = 5.0


@contextlib.contextmanager
def child(command: Sequence[str], *, name: str) -> Iterator[subprocess.Popen[str]]:
    """A child process in a session of its own, so that a Ctrl-C reaches us first and we can clean up with it alive."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONSAFEPATH": "1", "PYTHONPATH": _path()}
    try:
        process = subprocess.Popen(  # noqa: S603 - our own modules, or the command of the user's target file
            list(command),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env=environment,
        )
    except OSError as error:
        raise SettingsError(f"{name} cannot be started: {' '.join(command)}: {error.strerror}") from error
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def _path() -> str:
    """The folder our packages are in comes first for children, wherever they are started."""
    ours = str(Path(__file__).resolve().parents[2])
    return os.pathsep.join([ours, *filter(None, [os.environ.get("PYTHONPATH")])])


def _listening(process: subprocess.Popen[str], name: str) -> str:
    """The address a child says it listens on; raises SettingsError when it ends or says nothing."""
    found: list[str] = []

    def read() -> None:
        assert process.stdout is not None  # noqa: S101 - piped above
        for line in process.stdout:
            if "listening on " in line and not found:
                found.append(line.rpartition(" ")[2].strip())

    def drain() -> None:
        assert process.stderr is not None  # noqa: S101 - piped above
        for line in process.stderr:
            errors.append(line)
            del errors[:-20]

    errors: list[str] = []
    for work in (read, drain):
        threading.Thread(target=work, daemon=True).start()
    until = time.monotonic() + _START_SECONDS
    while not found:
        if process.poll() is not None or time.monotonic() > until:
            said = "".join(errors).strip().splitlines()
            raise SettingsError(f"{name} did not start: {said[-1] if said else 'it said nothing'}")
        time.sleep(0.01)
    return found[0]


@contextlib.contextmanager
def object_store() -> Iterator[str]:
    """Start moto's server; yields its URL."""
    with child([sys.executable, "-m", "conformance.adapters.moto"], name="moto's server") as process:
        yield _listening(process, "moto's server")


@contextlib.contextmanager
def emulator(api: str, settings: Mapping[str, object]) -> Iterator[str]:
    """The bundled emulator of an API; yields its URL. ``settings`` are flags of ``conformance serve`` by name."""
    flags: list[str] = []
    for name, value in settings.items():
        if value is True:
            flags.append(f"--{name.replace('_', '-')}")
        elif value is not None and value is not False:
            flags += [f"--{name.replace('_', '-')}", str(value)]
    with child(
        [sys.executable, "-m", "conformance.emulator", api, "--port", "0", *flags], name=f"the emulator of {api}"
    ) as process:
        yield _listening(process, f"the emulator of {api}")


@contextlib.contextmanager
def command(words: Sequence[str], url: str) -> Iterator[None]:
    """The command of a target file, until its URL takes connections."""
    parts = urlsplit(url)
    place = (parts.hostname or "127.0.0.1", parts.port or (443 if parts.scheme == "https" else 80))
    with child(words, name="the target's command") as process:
        for stream in (process.stdout, process.stderr):
            threading.Thread(target=lambda s=stream: [None for _ in s or ()], daemon=True).start()
        until = time.monotonic() + _START_SECONDS
        while True:
            with contextlib.suppress(OSError), socket.create_connection(place, timeout=1):
                break
            if process.poll() is not None:
                raise SettingsError(
                    f"the target's command ended with exit code {process.returncode} before {url} answered: {' '.join(words)}"
                )
            if time.monotonic() > until:
                raise SettingsError(
                    f"nothing answers at {url}, {_START_SECONDS:.0f} s after its command was started: {' '.join(words)}"
                )
            time.sleep(0.05)
        yield
