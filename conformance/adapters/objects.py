"""Puts source data where the target reads it; the only importer of boto3 in the suite itself."""

from __future__ import annotations

import functools
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from conformance.errors import SourceStoreError
from conformance.target import SourceStore


class ObjectStore:
    """A bucket of the S3 endpoint, made if it is not there."""

    def __init__(self, store: SourceStore, *, region: str) -> None:
        self._store = store
        self._region = region
        self.written: list[str] = []

    @functools.cached_property
    def _client(self) -> Any:
        client = boto3.client(
            "s3", endpoint_url=self._store.endpoint, region_name=self._region,
            aws_access_key_id=self._store.access_key, aws_secret_access_key=self._store.secret_key,
            config=Config(connect_timeout=5, read_timeout=20, retries={"max_attempts": 1}, s3={"addressing_style": "path"}),
        )  # fmt: skip
        try:
            options = {} if self._region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": self._region}}
            client.create_bucket(Bucket=self._store.bucket, **options)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") not in {"BucketAlreadyOwnedByYou", "BucketAlreadyExists", "AccessDenied"}:
                raise
        return client

    def put(self, key: str, content: bytes) -> str:
        """Write an object below the suite's own prefix and return its ``s3://`` URI; raises SourceStoreError."""
        name = f"{self._store.prefix}/{key}"
        try:
            self._client.put_object(Bucket=self._store.bucket, Key=name, Body=content)
        except (BotoCoreError, ClientError) as error:
            raise SourceStoreError(self._store.endpoint, self._store.bucket, str(error)) from error
        self.written.append(name)
        return f"s3://{self._store.bucket}/{name}"

    def clean_up(self) -> list[str]:
        """Delete what was written; returns the keys that could not be deleted."""
        left = []
        for key in self.written:
            try:
                self._client.delete_object(Bucket=self._store.bucket, Key=key)
            except (BotoCoreError, ClientError):
                left.append(key)
        self.written.clear()
        return left
