"""Neptune with a fault in what the status of a load tells of its data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.neptune.element import EDGE_ID_REUSED
from conformance.emulator.neptune.service import NeptuneService
from conformance.emulator.neptune.status_document import StatusDocument, StatusQuery

if TYPE_CHECKING:
    from typing import Any

    from conformance.emulator.neptune.load import ErrorLog, Feed, Load

mutant = declarer("neptune", "load-semantics")
NEED_ERRORS = "load data with errors of each kind"
NEED_LOG = "read a log of more errors than a page holds"


class SilentDocument(StatusDocument):
    """A document that leaves one counter at nothing."""

    COUNTER = ""

    def overall(self, load: Load) -> dict[str, Any]:
        """Return the section with that counter at 0."""
        return {**super().overall(load), self.COUNTER: 0}


@mutant("mismatches-not-counted", clause="GetLoaderJobStatus/datatypeMismatchErrors/counted", needs=NEED_ERRORS)
class MismatchesUncounted(NeptuneService):
    """Values of the wrong datatype are not counted."""

    class DOCUMENT(SilentDocument):
        COUNTER = "datatypeMismatchErrors"


@mutant("parsing-errors-counted-once", clause="GetLoaderJobStatus/parsingErrors/counted", needs=NEED_ERRORS)
class ParsingOnce(NeptuneService):
    """However many entries cannot be parsed, one is counted."""

    class DOCUMENT(StatusDocument):
        def overall(self, load: Load) -> dict[str, Any]:
            section = super().overall(load)
            return {**section, "parsingErrors": min(section["parsingErrors"], 1)}


@mutant("insert-errors-not-counted", clause="GetLoaderJobStatus/insertErrors/counted", needs=NEED_ERRORS)
class InsertsUncounted(NeptuneService):
    """Entries that contradict what is there are not counted."""

    class DOCUMENT(SilentDocument):
        COUNTER = "insertErrors"


@mutant("reused-id-called-parsing-error", clause="GetLoaderJobStatus/insertErrors/counted", needs=NEED_ERRORS)
class ReusedMisnamed(NeptuneService):
    """An edge with the id of another one is logged as a parsing error."""

    class DOCUMENT(StatusDocument):
        def error_log(self, entry: ErrorLog) -> dict[str, Any]:
            shown = super().error_log(entry)
            return {**shown, "errorCode": "PARSING_ERROR"} if entry.code == EDGE_ID_REUSED else shown


@mutant("pages-overlap", clause="GetLoaderJobStatus/errorsPerPage/pages-complete", needs=NEED_LOG)
class PagesOverlap(NeptuneService):
    """The last entry of a page is the first of the next one again."""

    class DOCUMENT(StatusDocument):
        def errors(self, load: Load, query: StatusQuery) -> dict[str, Any]:
            shown = super().errors(load, query)
            if query.page > 1:
                before = load.error_logs()[(query.page - 1) * query.errors_per_page - 1]
                shown["errorLogs"] = [self.error_log(before), *shown["errorLogs"]][: query.errors_per_page]
            return shown


@mutant("last-page-lost", clause="GetLoaderJobStatus/errorsPerPage/pages-complete", needs=NEED_LOG)
class LastPageLost(NeptuneService):
    """A page that would not be full is shown empty."""

    class DOCUMENT(StatusDocument):
        def errors(self, load: Load, query: StatusQuery) -> dict[str, Any]:
            shown = super().errors(load, query)
            full = query.page == 1 or len(shown["errorLogs"]) == query.errors_per_page
            return shown if full else {**shown, "errorLogs": []}


@mutant("indices-from-nought", clause="GetLoaderJobStatus/errorsPerPage/page", needs="read a page of an error log")
class IndicesFromNought(NeptuneService):
    """The entries of an error log are numbered from 0."""

    class DOCUMENT(StatusDocument):
        def errors(self, load: Load, query: StatusQuery) -> dict[str, Any]:
            shown = super().errors(load, query)
            return {**shown, "startIndex": shown["startIndex"] - 1, "endIndex": shown["endIndex"] - 1}


@mutant(
    "errors-per-page-ignored", clause="GetLoaderJobStatus/errorsPerPage/page", needs="read a short page of an error log"
)
class PerPageIgnored(NeptuneService):
    """A page holds ten entries, however many are asked for."""

    class DOCUMENT(StatusDocument):
        def errors(self, load: Load, query: StatusQuery) -> dict[str, Any]:
            return super().errors(load, StatusQuery(details=query.details, errors=query.errors, page=query.page))


@mutant(
    "errors-always-shown",
    clause="GetLoaderJobStatus/errors/only-when-asked",
    needs="read a load that has errors without asking for them",
)
class AlwaysShown(NeptuneService):
    """The error log is shown whether it is asked for or not."""

    class DOCUMENT(StatusDocument):
        def render(self, load: Load, query: StatusQuery) -> dict[str, Any]:
            return {**super().render(load, query), "errors": self.errors(load, query)}


@mutant(
    "loaded-files-among-failed", clause="GetLoaderJobStatus/details/failed-files", needs="let one file of several fail"
)
class LoadedAmongFailed(NeptuneService):
    """Files that were loaded are shown among those that failed."""

    class DOCUMENT(StatusDocument):
        def failed_feeds(self, load: Load) -> list[Feed]:
            return list(load.feeds) if super().failed_feeds(load) else []


@mutant("details-always-shown", clause="GetLoaderJobStatus/details/failed-files", needs="let one file of several fail")
class DetailsAlways(NeptuneService):
    """The files that failed are shown whether details are asked for or not."""

    class DOCUMENT(StatusDocument):
        def render(self, load: Load, query: StatusQuery) -> dict[str, Any]:
            shown = super().render(load, query)
            return {**shown, "failedFeeds": [self.feed(load, feed) for feed in self.failed_feeds(load)]}
