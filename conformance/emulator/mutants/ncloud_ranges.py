"""Data Flow with a fault in what it takes as a parameter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.ncloud.service import NcloudService

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from conformance.emulator.ncloud.condition import Condition
    from conformance.emulator.ncloud.edition import Edition
    from conformance.emulator.settings import Settings

mutant = declarer("ncloud", "parameter-range")


@mutant("long-name-accepted", clause="createJob/name/max-length", needs="create with a name of 101 characters")
class LongName(NcloudService):
    """A name may have 101 characters."""

    def edition_for(self, settings: Settings) -> Edition:
        return replace(super().edition_for(settings), name_maximum=101)


@mutant("longest-name-refused", clause="createJob/name/max-length", needs="create with a name of 100 characters")
class LongestNameRefused(NcloudService):
    """The longest documented name is refused."""

    def edition_for(self, settings: Settings) -> Edition:
        return replace(super().edition_for(settings), name_maximum=99)


@mutant("short-name-accepted", clause="createJob/name/min-length", needs="create with a name of two characters")
class ShortName(NcloudService):
    """A name may have two characters."""

    def edition_for(self, settings: Settings) -> Edition:
        return replace(super().edition_for(settings), name_minimum=2)


@mutant("any-characters-in-names", clause="createJob/name/pattern", needs="create with a name of other characters")
class AnyCharacters(NcloudService):
    """A name may have any characters."""

    def edition_for(self, settings: Settings) -> Edition:
        return replace(super().edition_for(settings), name_pattern=r"[\s\S]*")


@mutant("name-as-number-accepted", clause="createJob/name/type", needs="create with a list as name")
class NameOfAnyType(NcloudService):
    """A name of another type is turned into a text."""

    def read_job_name(self, given: dict[str, Any]) -> str | None:
        name = given.get("name")
        return super().read_job_name({"name": name if isinstance(name, str | None) else "turned-into-text"})


@mutant("nodes-optional", clause="createJob/nodes/required", needs="create without nodes")
class NodesOptional(NcloudService):
    """A job without nodes is accepted as a draft."""

    def edition_for(self, settings: Settings) -> Edition:
        return replace(super().edition_for(settings), create_required=("name",))


@mutant("nodes-of-any-type", clause="createJob/nodes/type", needs="create with an object as nodes")
class NodesOfAnyType(NcloudService):
    """Nodes that are no array count as none."""

    def read_nodes(self, value: Any) -> tuple[dict[str, Any], ...]:
        return super().read_nodes(value) if isinstance(value, list) else ()


@mutant("negative-page-accepted", clause="getJobs/page/minimum", needs="list page -1")
class NegativePage(NcloudService):
    """Page -1 is accepted."""

    page_minimum = -1


@mutant("negative-limit-accepted", clause="getJobs/limit/minimum", needs="list with a limit of -1")
class NegativeLimit(NcloudService):
    """A limit of -1 is accepted."""

    def edition_for(self, settings: Settings) -> Edition:
        return replace(super().edition_for(settings), limit_minimum=-1)


@mutant("limit-zero-refused", clause="getJobs/limit/minimum", needs="list with a limit of 0")
class LimitZeroRefused(NcloudService):
    """A limit of 0, which is documented, is refused."""

    def edition_for(self, settings: Settings) -> Edition:
        return replace(super().edition_for(settings), limit_minimum=1)


@mutant("limit-word-ignored", clause="getJobs/limit/type", needs="list with a word as limit")
class LimitWord(NcloudService):
    """A limit that is no number is ignored."""

    def read_integer(self, arguments: MultiDict[str, str], name: str, *, default: int, minimum: int) -> int:
        if name == "limit" and not self.is_integer(arguments.get(name, "0")):
            return default
        return super().read_integer(arguments, name, default=default, minimum=minimum)


@mutant("page-counts-from-one", clause="getJobs/page/default", needs="list without and with page=0")
class PageDefault(NcloudService):
    """Without a page, the second one is shown."""

    page_default = 1


@mutant(
    "limit-default-lower",
    clause="getJobs/limit/default",
    needs="list without and with limit=1000 when there are more jobs than the wrong default",
)
class LimitDefault(NcloudService):
    """Without a limit, a page has three jobs instead of a thousand."""

    limit_default = 3


@mutant("editing-status-refused", clause="getJobs/status/allowed-values", needs="filter by every status")
class EditingRefused(NcloudService):
    """A filter by EDITING is refused."""

    def edition_for(self, settings: Settings) -> Edition:
        edition = super().edition_for(settings)
        known = tuple(each for each in edition.status_filter or () if each != "EDITING")
        return replace(edition, status_filter=known)


@mutant(
    "long-timeout-accepted",
    clause="createJobExecution/jobCondition.timeout/maximum",
    needs="execute with a timeout of 1441 minutes",
)
class LongTimeout(NcloudService):
    """A timeout of more than a day is accepted."""

    def edition_for(self, settings: Settings) -> Edition:
        return replace(super().edition_for(settings), timeout_maximum=10**9)


@mutant(
    "timeout-default-differs",
    clause="createJobExecution/jobCondition.timeout/default",
    needs="execute without and with a timeout of 360 minutes",
)
class TimeoutDefault(NcloudService):
    """Without a timeout, an execution gets one of 480 minutes."""

    timeout_default = 480


@mutant(
    "worker-default-differs",
    clause="createJobExecution/jobCondition.numWorker/default",
    needs="execute without and with two workers",
)
class WorkerDefault(NcloudService):
    """Without a number of workers, an execution gets three."""

    worker_default = 3


@mutant("condition-optional", clause="createJobExecution/jobCondition/required", needs="execute without options")
class ConditionOptional(NcloudService):
    """A job can be executed without options."""

    def edition_for(self, settings: Settings) -> Edition:
        return replace(super().edition_for(settings), execute_required=())


@mutant(
    "log-path-optional",
    clause="createJobExecution/jobCondition.logPath/required",
    needs="execute without a path of the log",
)
class LogPathOptional(NcloudService):
    """An execution needs no path of the log."""

    def edition_for(self, settings: Settings) -> Edition:
        return replace(super().edition_for(settings), condition_required=("nrn", "scriptPath"))


@mutant(
    "script-path-of-any-type",
    clause="createJobExecution/jobCondition.scriptPath/type",
    needs="execute with a list as path",
)
class PathsOfAnyType(NcloudService):
    """Paths may be of any type."""

    def check_condition_texts(self, given: Condition) -> None:
        del given


@mutant("update-without-type-accepted", clause="updateJob/type/required", needs="change a job without naming its type")
class UpdateWithoutType(NcloudService):
    """A job can be changed without naming its type."""

    def edition_for(self, settings: Settings) -> Edition:
        return replace(super().edition_for(settings), update_required=("name",))
