"""Neptune with a fault in what it takes as a parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.neptune.parameter import ParameterReader
from conformance.emulator.neptune.service import NeptuneService
from conformance.emulator.neptune.start_request import FORMATS, MODES, PARALLELISMS, StartRequestReader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug.datastructures import MultiDict

mutant = declarer("neptune", "parameter-range")


@mutant("limit-above-maximum-accepted", clause="ListLoaderJobs/limit/maximum", needs="list with a limit of 101")
class LimitAboveMaximum(NeptuneService):
    """A limit of 101 is accepted."""

    LIST_MOST = 101


@mutant("limit-maximum-refused", clause="ListLoaderJobs/limit/maximum", needs="list with a limit of 100")
class LimitMaximumRefused(NeptuneService):
    """The largest documented limit is refused."""

    LIST_MOST = 99


@mutant("limit-zero-accepted", clause="ListLoaderJobs/limit/minimum", needs="list with a limit of 0")
class LimitZero(NeptuneService):
    """A limit of 0 is accepted."""

    LIST_LEAST = 0


@mutant("limit-one-refused", clause="ListLoaderJobs/limit/minimum", needs="list with a limit of 1")
class LimitOneRefused(NeptuneService):
    """The smallest documented limit is refused."""

    LIST_LEAST = 2


@mutant(
    "limit-default-lower",
    clause="ListLoaderJobs/limit/default",
    needs="list without and with the default limit while there are more loads than the wrong default",
)
class LimitDefaultLower(NeptuneService):
    """Without a limit, ten loads are listed instead of a hundred."""

    LIST_DEFAULT = 10


@mutant("limit-fraction-truncated", clause="ListLoaderJobs/limit/type", needs="list with a limit of 1.5")
class LimitFraction(NeptuneService):
    """A limit with a fraction is cut down to an integer instead of being refused."""

    class QUERY(ParameterReader):
        def query_text(self, query: MultiDict[str, str], name: str) -> str | None:
            text = super().query_text(query, name)
            return text.partition(".")[0] if text is not None and name == "limit" else text


@mutant(
    "queued-left-out-by-default",
    clause="ListLoaderJobs/includeQueuedLoads/default",
    needs="list without and with includeQueuedLoads=true while a load waits",
)
class QueuedLeftOut(NeptuneService):
    """Without includeQueuedLoads, the queued loads are left out of the list."""

    INCLUDE_QUEUED_DEFAULT = False


@mutant(
    "include-queued-in-capitals-refused",
    clause="ListLoaderJobs/includeQueuedLoads/encoding",
    needs="list with includeQueuedLoads=TRUE",
)
class CapitalsRefused(NeptuneService):
    """The texts TRUE and FALSE are not understood, though the guide's examples write booleans so."""

    class QUERY(ParameterReader):
        def _flag(self, text: str, name: str) -> bool:
            if text.isupper():
                raise self.invalid(name, text)
            return super()._flag(text, name)


@mutant(
    "include-queued-word-accepted", clause="ListLoaderJobs/includeQueuedLoads/type", needs="list with a word as boolean"
)
class AnyWordAsFlag(NeptuneService):
    """Any word but true counts as false in includeQueuedLoads."""

    class QUERY(ParameterReader):
        def query_flag(self, query: MultiDict[str, str], name: str, *, default: bool) -> bool:
            text = self.query_text(query, name)
            return default if text is None else text.lower() == "true"


@mutant(
    "undocumented-format-accepted", clause="StartLoaderJob/format/allowed-values", needs="start with format=parquet"
)
class FormatAccepted(NeptuneService):
    """A format that is not documented is accepted."""

    class START(StartRequestReader):
        FORMATS = (*FORMATS, "parquet")


@mutant("documented-format-refused", clause="StartLoaderJob/format/allowed-values", needs="start with every format")
class FormatRefused(NeptuneService):
    """One of the documented formats, opencypher, is refused."""

    class START(StartRequestReader):
        FORMATS = tuple(each for each in FORMATS if each != "opencypher")


@mutant("format-optional", clause="StartLoaderJob/format/required", needs="start without a format")
class FormatOptional(NeptuneService):
    """A load without a format is accepted as one of CSV files."""

    class START(StartRequestReader):
        def required_choice(self, body: Mapping[str, Any], name: str, choices: Sequence[str]) -> str:
            return super().required_choice({"format": "csv", **body}, name, choices)


@mutant("role-optional", clause="StartLoaderJob/iamRoleArn/required", needs="start without iamRoleArn")
class RoleOptional(NeptuneService):
    """A load without a role is accepted."""

    class START(StartRequestReader):
        def role(self, body: Mapping[str, Any]) -> str:
            return super().role(body) if "iamRoleArn" in body else ""


@mutant("region-invented", clause="StartLoaderJob/region/required", needs="start without a region")
class RegionOptional(NeptuneService):
    """A load without a region is taken as one from the region of the cluster."""

    class START(StartRequestReader):
        def required_text(self, body: Mapping[str, Any], name: str) -> str:
            return super().required_text({"region": "us-east-1", **body}, name)


@mutant("mode-undocumented-accepted", clause="StartLoaderJob/mode/allowed-values", needs="start with mode=RESTART")
class ModeAccepted(NeptuneService):
    """A mode that is not documented is accepted."""

    class START(StartRequestReader):
        MODES = (*MODES, "RESTART")


@mutant(
    "mode-defaults-to-resume",
    clause="StartLoaderJob/mode/default",
    needs="start without and with mode=AUTO over sources never loaded before",
)
class ModeDefault(NeptuneService):
    """A load without a mode is taken as one that resumes an earlier load."""

    class START(StartRequestReader):
        DEFAULT_MODE = "RESUME"


@mutant(
    "parallelism-oversubscribe-refused",
    clause="StartLoaderJob/parallelism/allowed-values",
    needs="start with every documented parallelism",
)
class ParallelismRefused(NeptuneService):
    """The highest documented parallelism is refused."""

    class START(StartRequestReader):
        PARALLELISMS = PARALLELISMS[:-1]


@mutant(
    "fail-on-error-off-by-default",
    clause="StartLoaderJob/failOnError/default",
    needs="load a file with an error, without and with failOnError=true",
)
class FailOnErrorDefault(NeptuneService):
    """Without failOnError, a load goes on behind an error."""

    class START(StartRequestReader):
        def flag(self, body: Mapping[str, Any], name: str, *, default: bool) -> bool:
            return super().flag(body, name, default=default and name != "failOnError")


@mutant(
    "fail-on-error-text-counts-as-true",
    clause="StartLoaderJob/failOnError/encoding",
    needs='load a file with an error, with failOnError=false and with failOnError="FALSE"',
)
class FailOnErrorText(NeptuneService):
    """Any text in failOnError counts as true, even FALSE."""

    class START(StartRequestReader):
        def flag(self, body: Mapping[str, Any], name: str, *, default: bool) -> bool:
            given = super().flag(body, name, default=default)
            return given or (name == "failOnError" and isinstance(body.get(name), str))


@mutant(
    "queue-request-text-refused", clause="StartLoaderJob/queueRequest/encoding", needs='start with queueRequest="TRUE"'
)
class QueueRequestText(NeptuneService):
    """A queueRequest that is written as a text is refused."""

    class START(StartRequestReader):
        def flag(self, body: Mapping[str, Any], name: str, *, default: bool) -> bool:
            if name == "queueRequest" and isinstance(body.get(name), str):
                raise self.invalid(name, body[name])
            return super().flag(body, name, default=default)


@mutant(
    "single-cardinality-list-accepted",
    clause="StartLoaderJob/updateSingleCardinalityProperties/type",
    needs="start with a list where a boolean is due",
)
class FlagOfAnyType(NeptuneService):
    """A boolean of StartLoaderJob may be of any type: what is not empty counts as true."""

    class START(StartRequestReader):
        def flag(self, body: Mapping[str, Any], name: str, *, default: bool) -> bool:
            value = body.get(name, default)
            return super().flag(body, name, default=default) if isinstance(value, bool | str) else bool(value)


@mutant(
    "dependencies-of-any-type", clause="StartLoaderJob/dependencies/type", needs="start with a number as dependencies"
)
class DependenciesOfAnyType(NeptuneService):
    """Dependencies that are no array are ignored instead of being refused."""

    class START(StartRequestReader):
        def texts(self, body: Mapping[str, Any], name: str) -> tuple[str, ...]:
            return super().texts(body, name) if isinstance(body.get(name), list) else ()


@mutant(
    "parser-configuration-of-any-type",
    clause="StartLoaderJob/parserConfiguration/type",
    needs="start with a text as parserConfiguration",
)
class ParserConfigurationOfAnyType(NeptuneService):
    """A parserConfiguration that is no object is ignored instead of being refused."""

    class START(StartRequestReader):
        def members(self, body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
            return super().members(body, name) if isinstance(body.get(name), dict) else {}


@mutant(
    "named-graph-of-any-type",
    clause="StartLoaderJob/parserConfiguration.namedGraphUri/type",
    needs="start with an object as namedGraphUri",
)
class NamedGraphOfAnyType(NeptuneService):
    """A namedGraphUri that is no text is ignored instead of being refused."""

    class START(StartRequestReader):
        def text(self, body: Mapping[str, Any], name: str) -> str | None:
            if name == "namedGraphUri" and not isinstance(body.get(name), str):
                return None
            return super().text(body, name)


@mutant(
    "details-shown-by-default",
    clause="GetLoaderJobStatus/details/default",
    needs="read a load without and with details=false",
)
class DetailsByDefault(NeptuneService):
    """Without details, the status shows them all the same."""

    class QUERY(ParameterReader):
        def query_flag(self, query: MultiDict[str, str], name: str, *, default: bool) -> bool:
            return super().query_flag(query, name, default=default or name == "details")


@mutant("status-page-zero-accepted", clause="GetLoaderJobStatus/page/minimum", needs="read page 0 of a load's errors")
class StatusPageZero(NeptuneService):
    """Page 0 of the errors of a load is accepted, though pages count from 1."""

    PAGE_LEAST = 0


@mutant(
    "errors-per-page-default-lower",
    clause="GetLoaderJobStatus/errorsPerPage/default",
    needs="read a load with more errors than the wrong default, without and with errorsPerPage=10",
)
class ErrorsPerPageDefault(NeptuneService):
    """Without errorsPerPage, a page holds one error instead of ten."""

    PER_PAGE_DEFAULT = 1
