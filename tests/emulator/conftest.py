"""Emulators and the S3 they read from, as real child processes."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from tests.emulator.child import answers, end, eventually, free_port, start_child

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """Serve S3 by moto, and give its URL."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    eventually(lambda: answers(port), seconds=60)
    yield f"http://127.0.0.1:{port}"
    end(process)


@pytest.fixture(scope="session")
def s3(s3_endpoint: str) -> Iterator[Any]:
    """Give a client of the moto server."""
    client = boto3.session.Session().client(
        "s3",
        endpoint_url=s3_endpoint,
        region_name="us-east-1",
        aws_access_key_id="conformance",
        aws_secret_access_key="conformance-secret",
    )
    yield client
    client.close()


@pytest.fixture(scope="session")
def start_emulator() -> Iterator[Callable[..., str]]:
    """Start an emulator as ``start_emulator(api, **settings)`` and get its URL; all end with the session."""
    children = []

    def start(api: str, **settings: Any) -> str:
        child = start_child(api, **settings)
        children.append(child)
        return child.url

    yield start
    for child in children:
        end(child.process)
