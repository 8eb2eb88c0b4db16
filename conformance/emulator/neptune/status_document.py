"""The payload of GetLoaderJobStatus (user guide, load-api-reference-status-response)."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.emulator.neptune import status as statuses

if TYPE_CHECKING:
    from conformance.emulator.neptune.load import ErrorLog, Feed, Load


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusQuery:
    """What is asked about a load."""

    details: bool = False
    errors: bool = False
    page: int = 1
    errors_per_page: int = 10


class StatusDocument:
    """Renders a load."""

    def render(self, load: Load, query: StatusQuery) -> dict[str, Any]:
        """Return the payload."""
        # The load moves meanwhile: what is over is over with all its files, so its own status is looked at first.
        overall = self.overall(load)
        payload: dict[str, Any] = {"feedCount": self.feed_count(load), "overallStatus": overall}
        if query.details:
            payload["failedFeeds"] = [self.feed(load, feed) for feed in self.failed_feeds(load)]
        if query.errors:
            payload["errors"] = self.errors(load, query)
        return payload

    def feed_count(self, load: Load) -> list[dict[str, int]]:
        """Return how many feeds have which status; a load whose files are not known yet counts as one feed."""
        feeds = list(load.feeds)
        if not feeds:
            return [{self.lone_feed_status(load): 1}]
        return [{status: count} for status, count in Counter(feed.status for feed in feeds).items()]

    def lone_feed_status(self, load: Load) -> str:
        """Return the status of the only feed of a load without known files; some statuses are for loads alone."""
        if load.status in {statuses.IN_QUEUE, statuses.DEPENDENCY_NOT_SATISFIED, statuses.INVALID_REQUEST}:
            return statuses.NOT_STARTED
        return load.status

    def overall(self, load: Load) -> dict[str, Any]:
        """Return the status of the load as a whole."""
        return self._section(load, load.request.source, load)

    def feed(self, load: Load, feed: Feed) -> dict[str, Any]:
        """Return the status of one file."""
        return self._section(load, feed.uri, feed)

    def failed_feeds(self, load: Load) -> list[Feed]:
        """Return the files that were not loaded."""
        return [feed for feed in list(load.feeds) if feed.status not in {*statuses.ACTIVE, statuses.COMPLETED}]

    def errors(self, load: Load, query: StatusQuery) -> dict[str, Any]:
        """Return one page of the error log; both indices are 1-based, and 0 when the page is empty."""
        logs = load.error_logs()
        first = (query.page - 1) * query.errors_per_page
        page = logs[first : first + query.errors_per_page]
        return {
            "startIndex": first + 1 if page else 0,
            "endIndex": first + len(page) if page else 0,
            "loadId": load.load_id,
            "errorLogs": [self.error_log(entry) for entry in page],
        }

    def error_log(self, entry: ErrorLog) -> dict[str, Any]:
        """Return one entry of the error log."""
        return {
            "errorCode": entry.code,
            "errorMessage": entry.message,
            "fileName": entry.file,
            "recordNum": entry.record,
        }

    def _section(self, load: Load, uri: str, part: Load | Feed) -> dict[str, Any]:
        started = part.started
        section: dict[str, Any] = {
            "fullUri": uri,
            "runNumber": load.run_number,
            "retryNumber": 0,
            "status": part.status,
            "totalTimeSpent": int((part.ended or time.time()) - started) if started is not None else 0,
        }
        if started is not None:
            section["startTime"] = int(started)
        tally = part.tally  # behind the status: what is told to be over has counted everything
        section.update(
            totalRecords=tally.total_records,
            totalDuplicates=tally.total_duplicates,
            parsingErrors=tally.parsing_errors,
            datatypeMismatchErrors=tally.datatype_mismatch_errors,
            insertErrors=tally.insert_errors,
        )
        return section
