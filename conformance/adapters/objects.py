"""Puts source data where the target reads it; the only importer of boto3 in the suite itself."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from conformance.errors import CredentialsError, SourceStoreError
from conformance.target import Keys, SourceStore

_FORBIDDEN, _MISSING = 403, 404
_THERE = frozenset({"BucketAlreadyOwnedByYou", "BucketAlreadyExists", "AccessDenied"})
#: ValueError: botocore's for an endpoint that is no URL.
_FAILURES = (BotoCoreError, ClientError, ValueError, CredentialsError)


class ObjectStore:
    """A bucket of the S3 endpoint, made if it is not there.

    An endpoint that cannot be reached is not asked again: each attempt would take as long as the first.

    Args:
        store: where the bucket is.
        region: the region it is made in.
        seconds: how long an answer may take.

    Attributes:
        written: keys of objects that are there.
        objects: how many were written, and ``size`` how many bytes.
    """

    def __init__(self, store: SourceStore, *, region: str, seconds: float = 20.0) -> None:
        self._store = store
        self._region = region
        self._seconds = seconds
        self._gone: str | None = None
        self._keys: Keys | None = None
        self._open: Any = None
        self.written: list[str] = []
        self.objects = self.size = 0

    @property
    def _client(self) -> Any:
        """The client with the keys of this moment; the bucket is made when the first is."""
        keys = self._store.keys()
        if self._open is None or keys != self._keys:
            first, self._keys = self._open is None, keys
            self.close()
            self._open = self._connected(keys, first=first)
        return self._open

    def _connected(self, keys: Keys, *, first: bool) -> Any:
        client = boto3.client(
            "s3", endpoint_url=self._store.endpoint, region_name=self._region,
            aws_access_key_id=keys.access_key, aws_secret_access_key=keys.secret_key,
            aws_session_token=keys.session_token or None,
            config=Config(
                connect_timeout=min(5.0, self._seconds), read_timeout=self._seconds, retries={"total_max_attempts": 2},
                s3={"addressing_style": "path"}, proxies={}, request_checksum_calculation="when_required",
            ),
        )  # fmt: skip
        if first:
            self._require_bucket(client)
        return client

    def _require_bucket(self, client: Any) -> None:
        """Make the bucket if it is not there; one that is there is never made again, which may reset its rights."""
        try:
            client.head_bucket(Bucket=self._store.bucket)
        except ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            if status == _FORBIDDEN:
                return
            if status != _MISSING:
                raise
        else:
            return
        options: dict[str, Any] = {"Bucket": self._store.bucket}
        if self._region != "us-east-1":
            options["CreateBucketConfiguration"] = {"LocationConstraint": self._region}
        try:
            client.create_bucket(**options)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") not in _THERE:
                raise

    def put(self, key: str, content: bytes) -> str:
        """Write an object below the suite's own prefix and return its ``s3://`` URI; raises SourceStoreError."""
        if self._gone is not None:
            raise SourceStoreError(self._store.endpoint, self._store.bucket, self._gone)
        name = f"{self._store.prefix}/{key}"
        try:
            self._client.put_object(Bucket=self._store.bucket, Key=name, Body=content)
        except _FAILURES as error:
            if not isinstance(error, ClientError):
                self._gone = str(error)
            raise SourceStoreError(self._store.endpoint, self._store.bucket, str(error)) from error
        self.written.append(name)
        self.objects, self.size = self.objects + 1, self.size + len(content)
        return f"s3://{self._store.bucket}/{name}"

    def recall(self, start: str) -> None:
        """Take what an earlier part of the run has written, under names that begin so, for ours; raises SourceStoreError."""
        try:
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._store.bucket, Prefix=f"{self._store.prefix}/{start}"
            )
            self.written += [item["Key"] for page in pages for item in page.get("Contents", ())]
        except _FAILURES as error:
            raise SourceStoreError(self._store.endpoint, self._store.bucket, str(error)) from error

    def remove(self, key: str) -> None:
        """Delete an object below the suite's own prefix; raises SourceStoreError."""
        if not self._deleted(f"{self._store.prefix}/{key}"):
            raise SourceStoreError(
                self._store.endpoint, self._store.bucket, self._gone or "the object cannot be deleted"
            )

    def adopt(self, key: str) -> None:
        """Take over an object below the suite's own prefix that an earlier run has left."""
        if key.startswith(f"{self._store.prefix}/"):
            self.written.append(key)

    def clean_up(self) -> list[str]:
        """Delete what was written; returns the keys that could not be deleted."""
        left = []
        for key in self.written:
            if self._gone is None and self._deleted(key):
                continue
            left.append(key)
        self.written.clear()
        return left

    def _deleted(self, key: str) -> bool:
        try:
            self._client.delete_object(Bucket=self._store.bucket, Key=key)
        except _FAILURES as error:
            if not isinstance(error, ClientError):
                self._gone = str(error)
            return False
        return True

    def close(self) -> None:
        """Close the connections, if there are any."""
        if self._open is not None:
            self._open.close()
            self._open = None
