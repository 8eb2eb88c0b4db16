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
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from conformance import SettingsError

_START_SECONDS = 60.0
_END_SECONDS = 5.0
EMBEDDED_KEYS = {"access_key": "conformance", "secret_key": "conformance-secret"}


@contextlib.contextmanager
def child(command: Sequence[str], *, name: str, files: Sequence[int] = ()) -> Iterator[subprocess.Popen[str]]:
    """A child process in a session of its own, so that a Ctrl-C reaches us first and we can clean up with it alive.

    ``files`` are descriptors that it inherits.
    """
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONSAFEPATH": "1", "PYTHONPATH": _path()}
    try:
        process = subprocess.Popen(  # noqa: S603 - our own modules, or the command of the user's target file
            list(command),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env=environment,
            pass_fds=files,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A child that is starting. Where its URL is known from the beginning, it takes connections, and answers them later."""

    name: str
    process: subprocess.Popen[str]
    url: str = ""

    def started(self) -> str:
        """Its URL, once it has started; to be asked for once. Raises SettingsError where it does not start."""
        return _listening(self.process, self.name)


@contextlib.contextmanager
def begun_store() -> Iterator[Begun]:
    """Begin to start moto's server, on a socket of ours."""
    with contextlib.ExitStack() as stack:
        with socket.create_server(("127.0.0.1", 0), backlog=128) as ours:
            words = [sys.executable, "-m", "conformance.adapters.moto", str(ours.fileno())]
            process = stack.enter_context(child(words, name="moto's server", files=(ours.fileno(),)))
            url = f"http://127.0.0.1:{ours.getsockname()[1]}"
        yield Begun(name="moto's server", process=process, url=url)


@contextlib.contextmanager
def object_store() -> Iterator[str]:
    """Start moto's server; yields its URL."""
    with begun_store() as begun:
        yield begun.started()


@contextlib.contextmanager
def begun_emulator(api: str, settings: Mapping[str, object]) -> Iterator[Begun]:
    """Begin to start the bundled emulator of an API; ``settings`` are flags of ``conformance serve`` by name."""
    flags: list[str] = []
    for name, value in settings.items():
        if value is True:
            flags.append(f"--{name.replace('_', '-')}")
        elif value is not None and value is not False:
            flags += [f"--{name.replace('_', '-')}", str(value)]
    words = [sys.executable, "-m", "conformance.emulator", api, "--port", "0", *flags]
    name = f"the emulator of {api}"
    with child(words, name=name) as process:
        yield Begun(name=name, process=process)


@contextlib.contextmanager
def emulator(api: str, settings: Mapping[str, object]) -> Iterator[str]:
    """The bundled emulator of an API; yields its URL. ``settings`` are flags of ``conformance serve`` by name."""
    with begun_emulator(api, settings) as begun:
        yield begun.started()


def embedded_flags(s3_endpoint: str, **settings: object) -> dict[str, object]:
    """The settings of an emulator that is the target of a run: it asks for signatures."""
    return {"auth": True, **EMBEDDED_KEYS, "s3_endpoint": s3_endpoint, **settings}


@dataclass(frozen=True, slots=True, kw_only=True)
class Children:
    """What a run starts before anything else: the store, and of a single API the emulator."""

    store: Begun
    emulator: Begun | None = None


@contextlib.contextmanager
def begun_children(apis: Sequence[str], **settings: object) -> Iterator[Children]:
    """Begin to start what a run against bundled emulators needs; whether the settings are right is not looked at here."""
    with contextlib.ExitStack() as stack:
        store = stack.enter_context(begun_store())
        if len(apis) != 1:
            yield Children(store=store)
            return
        first = stack.enter_context(begun_emulator(apis[0], embedded_flags(store.url, **settings)))
        yield Children(store=store, emulator=first)


@contextlib.contextmanager
def command(words: Sequence[str], url: str) -> Iterator[None]:
    """The command of a target file, until its URL takes connections."""
    parts = urlsplit(url)
    place = (parts.hostname or "127.0.0.1", parts.port or (443 if parts.scheme == "https" else 80))
    with contextlib.suppress(OSError), socket.create_connection(place, timeout=1):
        raise SettingsError(
            f"something answers at {url} already, before the target's command was started, so that a stranger would be tested; "
            "end it, let the command take another port, or leave the command out"
        )
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
