"""One run of a load: reads the objects of its source into the graph."""

from __future__ import annotations

import bz2
import gzip
import io
import time
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from conformance.emulator.neptune import status as statuses
from conformance.emulator.neptune.element import FeedError, FlawError
from conformance.emulator.neptune.load import ErrorLog, Feed, Load
from conformance.emulator.neptune.parser import parser_for
from conformance.emulator.neptune.table import TableParser
from conformance.emulator.objects import (
    AccessDeniedError,
    NoSuchBucketError,
    NoSuchObjectError,
    ObjectError,
    SourceObject,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from conformance.emulator.neptune.element import Item
    from conformance.emulator.neptune.graph import Graph
    from conformance.emulator.neptune.parser import Parser
    from conformance.emulator.neptune.resumption import Resumption
    from conformance.emulator.objects import ObjectStore


class CancelledError(Exception):
    """The load was cancelled while it ran."""


class StoppedError(Exception):
    """The load met an error and must not go on."""


class LoadRun:
    """Runs one load in the caller's thread."""

    def __init__(
        self, load: Load, *, objects: ObjectStore, graph: Graph, resumption: Resumption, seconds: float
    ) -> None:
        self.load = load
        self.objects = objects
        self.graph = graph
        self.resumption = resumption
        self.seconds = seconds

    def run(self) -> str:
        """Load everything, and return the status the load ends with."""
        try:
            # The wait comes first: a load cancelled within its nominal time has changed nothing.
            self.load.cancelled.wait(self.seconds)
            self._check_cancelled()
            self.load.feeds = self.feeds()
            for feed in self.in_order(self.load.feeds):
                self._load_feed(feed)
        except CancelledError:
            for feed in self.load.feeds:
                if feed.status == statuses.NOT_STARTED:
                    feed.status = statuses.CANCELLED_BY_USER
            return statuses.CANCELLED_BY_USER
        except StoppedError:
            return statuses.FAILED
        except ObjectError as error:
            self.load.log(ErrorLog(code="INTERNAL_ERROR", message=str(error), file=self.load.request.source))
            return statuses.INVALID_REQUEST if isinstance(error, NoSuchBucketError) else statuses.FAILED
        return self.final_status()

    # --- Decisions ----------------------------------------------------------------------------------------------

    def feeds(self) -> list[Feed]:
        """Return the files to load."""
        uri = self.load.request.uri
        feeds = []
        for found in self.objects.list(uri.bucket, uri.prefix):
            self._check_cancelled()
            # Consoles make folders by empty objects whose keys end in a slash; they are no data files.
            if not found.key.endswith("/") and not self.resumption.is_loaded(self.load, found.key):
                feeds.append(Feed(uri=f"s3://{found.bucket}/{found.key}", key=found.key, etag=found.etag))
        return feeds

    def in_order(self, feeds: list[Feed]) -> list[Feed]:
        """Put files of vertices before files of edges (user guide, ``edgeOnlyLoad``)."""
        if len(feeds) < 2 or self.load.request.edge_only:
            return feeds
        return sorted(feeds, key=self._is_edge_feed)

    def stops_at(self, _flaw: FlawError) -> bool:
        """Tell whether the load ends at a flaw (``failOnError``)."""
        return self.load.request.fail_on_error

    def replaces_single(self) -> bool:
        """Tell whether a new value takes the place of the old one; that is not supported for openCypher data."""
        return self.load.request.update_single_cardinality and self.load.request.format != "opencypher"

    def parser(self, _feed: Feed) -> Parser:
        """Return what reads a feed: a parser of the request's format."""
        return parser_for(self.load.request)

    def unpacked(self, feed: Feed, stream: BinaryIO) -> BinaryIO:
        """Return the text of a feed, which the ending of its key says to be compressed (user guide, bulk-load-tutorial-format)."""
        if feed.key.endswith((".gz", ".gzip")):
            return cast("BinaryIO", gzip.GzipFile(fileobj=stream))
        return cast("BinaryIO", bz2.BZ2File(stream)) if feed.key.endswith(".bz2") else stream

    def final_status(self) -> str:
        """Return the status of a load that came to its end: entries may be skipped, whole files may not."""
        failed = any(feed.status != statuses.COMPLETED for feed in self.load.feeds)
        return statuses.FAILED if failed else statuses.COMPLETED

    def failed_read(self, error: ObjectError) -> tuple[str, str]:
        """Return feed status and error code for a failure of S3 (user guide, loader-message)."""
        if isinstance(error, AccessDeniedError):
            return statuses.S3_ACCESS_DENIED, "S3_ACCESS_DENIED_ERROR"
        if isinstance(error, NoSuchObjectError):
            return statuses.FEED_MODIFIED_OR_DELETED, "FILE_MODIFICATION_OR_DELETION_ERROR"
        return statuses.S3_READ_ERROR, "INTERNAL_ERROR"

    # --- Mechanics ----------------------------------------------------------------------------------------------

    def _load_feed(self, feed: Feed) -> None:
        feed.status = statuses.IN_PROGRESS
        feed.started = time.time()
        try:
            with self._open(feed) as stream:
                self.parser(feed).parse(stream, lambda number, item: self._take(feed, number, item))
            feed.status = statuses.COMPLETED
        except CancelledError:
            feed.status = statuses.CANCELLED_BY_USER
            raise
        except StoppedError:
            feed.status = statuses.FAILED
            raise
        except FeedError as flaw:
            feed.status = statuses.FAILED
            self._record(feed, 0, flaw)
        except (OSError, EOFError, zlib.error) as error:
            feed.status = statuses.FAILED
            self._record(feed, 0, FeedError(f"The file cannot be decompressed: {error}"))
        except ObjectError as error:
            feed.status, code = self.failed_read(error)
            self.load.log(ErrorLog(code=code, message=str(error), file=feed.uri))
            if self.load.request.fail_on_error:
                raise StoppedError from error
        finally:
            feed.ended = time.time()

    def _take(self, feed: Feed, number: int, item: Item) -> None:
        self._check_cancelled()
        if isinstance(item, FlawError):
            self._record(feed, number, item)
            return
        try:
            insertion = self.graph.insert(item, replace_single=self.replaces_single())
        except FlawError as flaw:
            self._record(feed, number, flaw)
            return
        feed.tally.total_records += insertion.records
        feed.tally.total_duplicates += insertion.duplicates

    def _record(self, feed: Feed, number: int, flaw: FlawError) -> None:
        setattr(feed.tally, flaw.count, getattr(feed.tally, flaw.count) + 1)
        self.load.log(ErrorLog(code=flaw.code, message=flaw.message, file=feed.uri, record=number))
        if self.stops_at(flaw):
            raise StoppedError from flaw

    def _is_edge_feed(self, feed: Feed) -> bool:
        parser = self.parser(feed)
        if not isinstance(parser, TableParser):
            return False
        try:
            with self._open(feed) as stream:
                return parser.is_edge_feed(stream)
        except (FlawError, ObjectError, OSError, EOFError, zlib.error, ValueError):
            return False  # loading it will tell what is wrong

    @contextmanager
    def _open(self, feed: Feed) -> Iterator[BinaryIO]:
        uri = self.load.request.uri
        raw = self.objects.open(SourceObject(bucket=uri.bucket, key=feed.key, size=0, etag=feed.etag))
        with io.BufferedReader(_Cancellable(raw, self._check_cancelled), 262_144) as stream:
            text = self.unpacked(feed, cast("BinaryIO", stream))
            # What is unpacked can be a thousand times as much, so it is interrupted by itself too.
            yield (
                text
                if text is stream
                else cast("BinaryIO", io.BufferedReader(_Cancellable(text, self._check_cancelled)))
            )

    def _check_cancelled(self) -> None:
        if self.load.cancelled.is_set():
            raise CancelledError


class _Cancellable(io.RawIOBase):
    """A stream that stops when the load is cancelled, even if no record ends."""

    def __init__(self, raw: Any, check: Any) -> None:
        super().__init__()
        self._raw = raw
        self._check = check

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._check()
        count: int | None = self._raw.readinto(buffer)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()
