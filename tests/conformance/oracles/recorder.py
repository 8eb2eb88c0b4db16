"""Records what a faithful implementation answers to the standard profile."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from conformance import PROFILES, Call, Credentials, Run, SourceStore, Target, execute, read_lines, write_line
from conformance.emulator import APIS
from specs import Spec, load
from tests.emulator.child import answers, end, eventually, free_port, start_child


@contextmanager
def object_store() -> Iterator[str]:
    """A moto server of our own; yields its URL."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        eventually(lambda: answers(port), seconds=60)
        yield f"http://127.0.0.1:{port}"
    finally:
        end(process)


@contextmanager
def _emulator(api: str, s3: str) -> Iterator[str]:
    child = start_child(api, port=0, s3_endpoint=s3, auth=True, job_seconds=0.01)
    try:
        yield child.url
    finally:
        end(child.process)


def record(spec: Spec) -> list[Call]:
    """The calls of one run of the standard profile against the bundled emulator, nobody else using it."""
    with ExitStack() as stack:
        s3 = stack.enter_context(object_store())
        url = stack.enter_context(_emulator(spec.api, s3))
        credentials = Credentials(
            scheme="ncloud" if spec.auth.scheme == "ncloud" else "sigv4",
            access_key="conformance",
            secret_key="conformance-secret",
            service=spec.auth.service,
        )
        target = Target(api=spec.api, url=url, credentials=credentials, s3=SourceStore(endpoint=s3), exclusive=True)
        run = Run(spec=spec, target=target, clauses=spec.clauses, profile=PROFILES["standard"], seed=1)
        outcome = execute(run)
    assert outcome.interrupted is None, outcome.interrupted
    return outcome.history.calls


def recorded(spec: Spec, folder: Path) -> list[Call]:
    """The same, recorded once by whichever process asks first; ``folder`` is shared by all of them."""
    with (folder / f"{spec.api}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _keep(spec, folder)
    with _kept(spec, folder).open(encoding="utf-8") as lines:
        return list(read_lines(lines))


def record_all(folder: Path) -> None:
    """Record every API that no other process is recording."""
    for api in APIS:
        with (folder / f"{api}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            _keep(load(api), folder)


def _kept(spec: Spec, folder: Path) -> Path:
    return folder / f"{spec.api}.jsonl"


def _keep(spec: Spec, folder: Path) -> None:
    if not _kept(spec, folder).exists():
        _kept(spec, folder).write_text("\n".join(map(write_line, record(spec))), "utf-8")
