"""HealthOmics with a fault in the shape of what it answers."""

from __future__ import annotations

from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.omics.service import OmicsService

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug import Response

    from conformance.emulator.omics.record import ImportJob, Source, Store

mutant = declarer("omics", "response-shape")


@mutant(
    "list-as-object-by-id",
    clause="ListReferenceImportJobs/response.importJobs/member",
    needs="list when there are jobs",
)
class ListAsMap(OmicsService):
    """The jobs of a list are an object by id instead of an array."""

    def list_answer(self, name: str, items: list[dict[str, Any]], token: str | None) -> dict[str, Any]:
        answer = super().list_answer(name, items, token)
        return {**answer, name: {item["id"]: item for item in items}} if name == "importJobs" else answer


@mutant(
    "token-null-on-last-page",
    clause="ListReferenceImportJobs/response.nextToken/member",
    needs="come to the end of a list",
)
class TokenNull(OmicsService):
    """The last page has a token that is null instead of none."""

    def list_answer(self, name: str, items: list[dict[str, Any]], token: str | None) -> dict[str, Any]:
        return {name: items, "nextToken": token}


@mutant(
    "listed-job-without-role",
    clause="ListReferenceImportJobs/response.importJobs[].roleArn/member",
    needs="list when there are jobs",
)
class NoRoleInList(OmicsService):
    """Jobs in the list lack their role."""

    def job_item_members(self, job: ImportJob, now: float) -> dict[str, Any]:
        members = super().job_item_members(job, now)
        del members["roleArn"]
        return members


@mutant(
    "creation-time-in-seconds",
    clause="ListReferenceImportJobs/response.importJobs[].creationTime/member",
    needs="list when there are jobs",
)
class CreationSeconds(OmicsService):
    """Jobs in the list show their creation in seconds since 1970."""

    def job_item_members(self, job: ImportJob, now: float) -> dict[str, Any]:
        return {**super().job_item_members(job, now), "creationTime": self.clock.date(job.created).timestamp()}


@mutant("date-in-words", clause="StartReferenceImportJob/response.creationTime/member", needs="start an import")
class DateInWords(OmicsService):
    """Dates are written as HTTP headers write them."""

    def date(self, moment: float) -> str:
        return format_datetime(self.clock.date(moment))


@mutant("status-in-lower-case", clause="StartReferenceImportJob/response.status/member", needs="start an import")
class LowerCaseStatus(OmicsService):
    """The status of a job is written in lower case when it starts."""

    def start_import(self, call: Any) -> dict[str, Any]:
        members = super().start_import(call)
        return {**members, "status": members["status"].lower()}


@mutant("job-id-as-number", clause="StartReferenceImportJob/response.id/member", needs="start an import")
class JobIdNumber(OmicsService):
    """The id of a new job is a number."""

    def start_import(self, call: Any) -> dict[str, Any]:
        members = super().start_import(call)
        return {**members, "id": int(members["id"])}


@mutant("sources-left-out", clause="GetReferenceImportJob/response.sources/member", needs="read a job")
class SourcesLeftOut(OmicsService):
    """A job does not show its sources."""

    def job_members(self, job: ImportJob, now: float) -> dict[str, Any]:
        return self.job_item_members(job, now)


@mutant("source-status-left-out", clause="GetReferenceImportJob/response.sources[].status/member", needs="read a job")
class SourceStatusLeftOut(OmicsService):
    """The sources of a job lack their status."""

    def source_members(self, job: ImportJob, source: Source, now: float) -> dict[str, Any]:
        members = super().source_members(job, source, now)
        del members["status"]
        return members


@mutant("store-without-arn", clause="GetReferenceStore/response.arn/member", needs="read a store")
class StoreWithoutArn(OmicsService):
    """A store does not show its ARN."""

    def store_members(self, store: Store) -> dict[str, Any]:
        return {name: value for name, value in super().store_members(store).items() if name != "arn"}


@mutant("answer-with-trailing-comma", clause="ListReferenceStores/response/body", needs="list stores")
class TrailingText(OmicsService):
    """A comma stands behind the last member of an answer."""

    def answer(self, members: Mapping[str, Any] | None) -> Response:
        response = super().answer(members)
        if members and "referenceStores" in members:
            response.set_data(response.get_data().removesuffix(b"}") + b",}")
        return response


@mutant("deletion-answered-202", clause="DeleteReferenceStore/response/status", needs="delete a store")
class Deletion202(OmicsService):
    """A deletion is answered with status 202."""

    def answer(self, members: Mapping[str, Any] | None) -> Response:
        response = super().answer(members)
        if members is None:
            response.status_code = 202
        return response


@mutant("answers-as-octets", clause="ListReferenceImportJobs/response/media-type", needs="list")
class Octets(OmicsService):
    """Answers say that they are octets."""

    def answer(self, members: Mapping[str, Any] | None) -> Response:
        response = super().answer(members)
        response.content_type = "application/octet-stream"
        return response
