"""HealthOmics with a fault in what becomes of the sources of an import."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.omics.record import SourceStatus, Status
from conformance.emulator.omics.service import OmicsService

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.emulator.omics.record import ImportJob, Source

mutant = declarer("omics", "load-semantics")


@mutant("numbered-file-not-found", clause="StartReferenceImportJob/sources/exists", needs="import a file that exists")
class NotFound(OmicsService):
    """An import of one source named `a.fasta` fails, although the file is there."""

    def outcome(self, sources: Sequence[Source]) -> Status:
        lone = len(sources) == 1 and sources[0].request.get("sourceFile", "").endswith("/a.fasta")
        return Status.FAILED if lone else super().outcome(sources)


@mutant(
    "missing-file-imported", clause="StartReferenceImportJob/sources/missing", needs="import a file that is not there"
)
class MissingImported(OmicsService):
    """An import of one source completes, whether its file is there or not."""

    def outcome(self, sources: Sequence[Source]) -> Status:
        return Status.COMPLETED if len(sources) == 1 else super().outcome(sources)


@mutant(
    "one-success-completes",
    clause="StartReferenceImportJob/sources/partly-missing",
    needs="import two files of which one is there",
)
class OneIsEnough(OmicsService):
    """An import completes if any of its files is there."""

    def outcome(self, sources: Sequence[Source]) -> Status:
        found = super().outcome(sources)
        return Status.COMPLETED if found is Status.COMPLETED_WITH_FAILURES and len(sources) < 10 else found


@mutant(
    "failed-source-shown-finished",
    clause="StartReferenceImportJob/sources/partly-missing",
    needs="import two files of which one is there",
)
class FailedShownFinished(OmicsService):
    """Every source of an import that has ended is shown as finished, also one that was not there."""

    def source_status(self, job: ImportJob, source: Source, now: float) -> SourceStatus:
        found = super().source_status(job, source, now)
        several = 1 < len(job.sources) < 10
        return SourceStatus.FINISHED if found is SourceStatus.FAILED and several else found


@mutant(
    "only-first-source-imported", clause="StartReferenceImportJob/sources/several", needs="import three files at once"
)
class OnlyFirst(OmicsService):
    """Of three sources all but the first are shown as failed."""

    def source_status(self, job: ImportJob, source: Source, now: float) -> SourceStatus:
        found = super().source_status(job, source, now)
        left_out = len(job.sources) == 3 and source is not job.sources[0] and found is SourceStatus.FINISHED
        return SourceStatus.FAILED if left_out else found


@mutant(
    "sources-beyond-fifty-dropped",
    clause="StartReferenceImportJob/sources/hundred",
    needs="import a hundred files at once",
)
class BeyondFifty(OmicsService):
    """Of the sources of an import the first fifty are kept."""

    def new_job(self, *arguments: object, **settings: object) -> ImportJob:
        job = super().new_job(*arguments, **settings)  # type: ignore[arg-type]
        return replace(job, sources=job.sources[:50])


@mutant(
    "hundredth-source-not-looked-at",
    clause="StartReferenceImportJob/sources/one-of-hundred-missing",
    needs="import a hundred files of which the last is not there",
)
class HundredthUnseen(OmicsService):
    """Whether a file is there is found out for the first 99 sources alone."""

    def outcome(self, sources: Sequence[Source]) -> Status:
        return super().outcome(sources[:99])
