"""The object store of bundled runs, as boto3 meets it."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config

from conformance.app.processes import object_store

WAIT = 20.0


@pytest.fixture(scope="module")
def endpoint():
    with object_store() as url:
        yield url


def test_an_object_is_stored_listed_and_read(endpoint):
    client = boto3.client(
        "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b",
        config=Config(s3={"addressing_style": "path"}),
    )  # fmt: skip
    client.create_bucket(Bucket="bucket")
    client.put_object(Bucket="bucket", Key="a/b", Body=b"text")
    assert [each["Key"] for each in client.list_objects_v2(Bucket="bucket", Prefix="a/")["Contents"]] == ["a/b"]
    assert client.get_object(Bucket="bucket", Key="a/b")["Body"].read() == b"text"
    client.close()


def test_who_asks_whether_to_go_on_is_told_before_anything_is_sent(endpoint):
    """boto3 asks so at each upload, and waits for a second where nothing comes."""
    place = urlsplit(endpoint)
    with socket.create_connection((place.hostname, place.port), timeout=WAIT) as connection:
        connection.sendall(
            b"PUT /bucket/key HTTP/1.1\r\nHost: s3\r\nContent-Length: 4\r\nConnection: close\r\nExpect: 100-continue\r\n\r\n"
        )
        assert connection.recv(1024).startswith(b"HTTP/1.1 100 Continue")
        connection.sendall(b"text")
        assert b"200 OK" in b"".join(iter(lambda: connection.recv(1024), b""))
