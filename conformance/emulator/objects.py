"""Objects in S3, the source of load jobs; the only module that talks to boto3."""

from __future__ import annotations

import functools
import io
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, ParamValidationError
from botocore.exceptions import ConnectionError as NoConnectionError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.emulator.settings import Settings


class ObjectError(Exception):
    """Reading from S3 did not work."""


class NoSuchBucketError(ObjectError):
    """The bucket does not exist, or its name cannot be one."""


class NoSuchObjectError(ObjectError):
    """The object is not there (any more)."""


class AccessDeniedError(ObjectError):
    """S3 refused to let the emulator read."""


class WrongRegionError(ObjectError):
    """The bucket lives in another region."""


class UnreachableError(ObjectError):
    """Nobody answers at the S3 endpoint, or the connection broke."""


class UnknownObjectError(ObjectError):
    """Any other failure of S3."""


_BY_CODE: dict[str, type[ObjectError]] = {
    "NoSuchBucket": NoSuchBucketError,
    "InvalidBucketName": NoSuchBucketError,
    "NoSuchKey": NoSuchObjectError,
    "PreconditionFailed": NoSuchObjectError,
    "404": NoSuchObjectError,
    "AccessDenied": AccessDeniedError,
    "AllAccessDisabled": AccessDeniedError,
    "InvalidAccessKeyId": AccessDeniedError,
    "SignatureDoesNotMatch": AccessDeniedError,
    "403": AccessDeniedError,
    "PermanentRedirect": WrongRegionError,
    "AuthorizationHeaderMalformed": WrongRegionError,
    "IllegalLocationConstraintException": WrongRegionError,
    "301": WrongRegionError,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceObject:
    """One object as the listing shows it."""

    bucket: str
    key: str
    size: int
    etag: str


class ObjectStore:
    """Reads objects from one S3 endpoint; safe to use from several threads."""

    CONNECT_SECONDS = 2.0
    READ_SECONDS = 5.0
    ATTEMPTS = 2
    MAX_KEY_BYTES = 1_024
    """Amazon S3 User Guide, "Naming Amazon S3 objects"; not every server answers sensibly to a longer prefix."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._made: Any = None

    def is_empty(self, bucket: str, prefix: str) -> bool:
        """Tell whether no object of ``bucket`` has a key that starts with ``prefix``."""
        if len(prefix.encode()) > self.MAX_KEY_BYTES:
            return True
        with _translated():
            return not self._client().list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=1).get("Contents")

    def list(self, bucket: str, prefix: str) -> Iterator[SourceObject]:
        """Yield every object whose key starts with ``prefix``, in the order of keys, page by page."""
        arguments: dict[str, Any] = {"Bucket": bucket, "Prefix": prefix}
        while True:
            with _translated():
                page = self._client().list_objects_v2(**arguments)
            for entry in page.get("Contents", ()):
                yield SourceObject(bucket=bucket, key=entry["Key"], size=entry["Size"], etag=entry["ETag"])
            if not page.get("IsTruncated"):
                return
            arguments["ContinuationToken"] = page["NextContinuationToken"]

    def open(self, source: SourceObject) -> io.RawIOBase:
        """Return the bytes of ``source`` as a stream; an object changed since it was listed counts as gone."""
        with _translated():
            answer = self._client().get_object(Bucket=source.bucket, Key=source.key, IfMatch=source.etag)
        return _ObjectStream(answer["Body"])

    def warm_up(self) -> None:
        """Make the client now, so that the first request need not wait for it."""
        self._client()

    def _client(self) -> Any:
        with self._lock, _MAKING:
            if self._made is None:
                self._made = _session().client(
                    "s3",
                    endpoint_url=self._settings.s3_endpoint,
                    region_name=self._settings.region,
                    aws_access_key_id=self._settings.access_key,
                    aws_secret_access_key=self._settings.secret_key,
                    config=Config(
                        connect_timeout=self.CONNECT_SECONDS,
                        read_timeout=self.READ_SECONDS,
                        retries={"total_max_attempts": self.ATTEMPTS},
                        s3={"addressing_style": "path"},
                    ),
                )
            return self._made


#: Sessions of boto3 make clients for one thread at a time.
_MAKING = threading.Lock()


@functools.cache
def _session() -> boto3.session.Session:
    """The one session of the process: a new one would read all that botocore knows of S3 again."""
    return boto3.session.Session()


class _translated:  # noqa: N801 - reads as a word where it is used
    """Turns the failures of botocore into ours."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, ClientError):
            code = error.response.get("Error", {}).get("Code", "")
            raise _BY_CODE.get(code, UnknownObjectError)(str(error)) from error
        if isinstance(error, ParamValidationError):
            # boto3 checks bucket names before it sends; S3 itself would not know such a bucket either.
            raise NoSuchBucketError(str(error)) from error
        if isinstance(error, HTTPClientError | NoConnectionError):
            raise UnreachableError(str(error)) from error
        if isinstance(error, BotoCoreError | OSError):
            raise UnknownObjectError(str(error)) from error


class _ObjectStream(io.RawIOBase):
    """The body of a GetObject answer, read piece by piece."""

    def __init__(self, body: Any) -> None:
        super().__init__()
        self._body = body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._body.read(len(buffer))
        except (BotoCoreError, OSError) as error:
            raise UnreachableError(str(error)) from error
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._body.close()
        super().close()
