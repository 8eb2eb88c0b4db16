"""Neptune with a fault in what it does at an error, and in what a load leaves for the next one to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.neptune import status as statuses
from conformance.emulator.neptune.load_run import LoadRun
from conformance.emulator.neptune.loader import Loader
from conformance.emulator.neptune.resumption import Resumption
from conformance.emulator.neptune.service import NeptuneService
from conformance.emulator.neptune.start_request import StartRequestReader
from conformance.emulator.objects import ObjectStore

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from conformance.emulator.neptune.element import FlawError
    from conformance.emulator.neptune.load import Load
    from conformance.emulator.neptune.start_request import StartRequest
    from conformance.emulator.objects import SourceObject

mutant = declarer("neptune", "load-semantics")
NEED_ERRORS = "load data with errors in it"
NEED_TWICE = "load twice from the same source"
NEED_FAILURE = "let a load fail at one file of several, correct it, and load again"


@mutant("errors-never-skipped", clause="StartLoaderJob/failOnError/skips", needs=NEED_ERRORS)
class NeverSkipped(NeptuneService):
    """A load ends at the third error, even if it is to skip them."""

    class LOADER(Loader):
        class RUN(LoadRun):
            def stops_at(self, flaw: FlawError) -> bool:
                return super().stops_at(flaw) or len(self.load.error_logs()) >= 3


@mutant("rest-of-file-skipped", clause="StartLoaderJob/failOnError/skips", needs=NEED_ERRORS)
class RestSkipped(NeptuneService):
    """Behind an error that is skipped, the next entry is passed over as well."""

    class LOADER(Loader):
        class RUN(LoadRun):
            def _take(self, feed: Any, number: int, item: Any) -> None:
                skip = self.__dict__.pop("skip", False)
                if isinstance(item, Exception):
                    self.__dict__["skip"] = True
                if not skip:
                    super()._take(feed, number, item)


@mutant("text-false-means-true", clause="StartLoaderJob/failOnError/skips-by-text", needs="send the flag as text")
class TextFalse(NeptuneService):
    """The text FALSE for `failOnError` is taken for true, as any text."""

    class START(StartRequestReader):
        def flag(self, body: Mapping[str, Any], name: str, *, default: bool) -> bool:
            return super().flag(body, name, default=default) or (name == "failOnError" and body.get(name) == "FALSE")


@mutant("errors-always-skipped", clause="StartLoaderJob/failOnError/stops", needs=NEED_ERRORS)
class AlwaysSkipped(NeptuneService):
    """A load goes on behind errors, even if it is told to stop."""

    class LOADER(Loader):
        class RUN(LoadRun):
            def stops_at(self, flaw: FlawError) -> bool:
                return False


@mutant("errors-skipped-by-default", clause="StartLoaderJob/failOnError/stops-by-default", needs="leave the flag out")
class SkippedByDefault(NeptuneService):
    """Without `failOnError` a load goes on behind errors."""

    class START(StartRequestReader):
        def flag(self, body: Mapping[str, Any], name: str, *, default: bool) -> bool:
            return super().flag(body, name, default=default and name != "failOnError")


class UndoingRun(LoadRun):
    """A run that takes everything back when it fails."""

    def run(self) -> str:
        """Load, and forget it all if that failed."""
        before = dict(self.graph.ledger.recent)
        status = super().run()
        if status == statuses.FAILED:
            self.graph.ledger.recent = before
        return status


@mutant("failed-load-taken-back", clause="StartLoaderJob/failOnError/persists", needs=NEED_ERRORS)
class TakenBack(NeptuneService):
    """What a load has loaded before it fails is taken back."""

    class LOADER(Loader):
        class RUN(UndoingRun):
            pass


# --- Modes ------------------------------------------------------------------------------------------------------------


@mutant("new-is-auto", clause="StartLoaderJob/mode/new-loads-again", needs=NEED_TWICE)
class NewIsAuto(NeptuneService):
    """NEW mode passes over what was loaded before, as AUTO does."""

    class LOADER(Loader):
        class RESUMPTION(Resumption):
            def resumes(self, request: StartRequest) -> bool:
                return True


@mutant(
    "listing-kept", clause="StartLoaderJob/mode/new-takes-new-data", needs="put an object beside those that were loaded"
)
class ListingKept(NeptuneService):
    """The objects of a source are looked up once, and no later load finds new ones."""

    class LOADER(Loader):
        class OBJECTS(ObjectStore):
            def list(self, bucket: str, prefix: str) -> Iterator[SourceObject]:
                known: dict[str, list[SourceObject]] = self.__dict__.setdefault("known", {})
                fresh = {each.key: each for each in super().list(bucket, prefix)}
                keys = known.setdefault(prefix, list(fresh.values()))
                yield from (fresh.get(each.key, each) for each in keys)


@mutant(
    "auto-needs-a-past", clause="StartLoaderJob/mode/auto-loads-what-is-new", needs="load a new source in AUTO mode"
)
class AutoNeedsPast(NeptuneService):
    """AUTO mode loads nothing from a source that no load was from before."""

    class LOADER(Loader):
        class RESUMPTION(Resumption):
            def is_loaded(self, load: Load, key: str) -> bool:
                return super().is_loaded(load, key) or (load.request.mode == "AUTO" and load.run_number == 1)


class ForgetfulResumption(Resumption):
    """A resumption that does not know which files were loaded, in one of the modes."""

    MODE = ""

    def is_loaded(self, load: Load, key: str) -> bool:
        """Know nothing in that mode."""
        return load.request.mode != self.MODE and super().is_loaded(load, key)


@mutant("resume-loads-all", clause="StartLoaderJob/mode/resume-after-success", needs=NEED_TWICE)
class ResumeLoadsAll(NeptuneService):
    """RESUME mode loads everything again."""

    class LOADER(Loader):
        class RESUMPTION(ForgetfulResumption):
            MODE = "RESUME"


@mutant("auto-loads-all", clause="StartLoaderJob/mode/auto-after-success", needs=NEED_TWICE)
class AutoLoadsAll(NeptuneService):
    """AUTO mode loads everything again."""

    class LOADER(Loader):
        class RESUMPTION(ForgetfulResumption):
            MODE = "AUTO"


@mutant("nothing-to-do-is-failure", clause="StartLoaderJob/mode/resume-after-success", needs=NEED_TWICE)
class NothingIsFailure(NeptuneService):
    """A load that finds all files loaded already fails."""

    class LOADER(Loader):
        class RUN(LoadRun):
            def final_status(self) -> str:
                return super().final_status() if self.load.feeds else statuses.FAILED


class GivingUpResumption(Resumption):
    """A resumption that counts files as loaded that failed."""

    MODES: tuple[str, ...] = ()

    def is_loaded(self, load: Load, key: str) -> bool:
        """Leave out what was tried before, in these modes."""
        return super().is_loaded(load, key) or (load.request.mode in self.MODES and load.run_number > 1)


@mutant("failed-files-left-out", clause="StartLoaderJob/mode/resume-after-failure", needs=NEED_FAILURE)
class FailedLeftOut(NeptuneService):
    """RESUME mode leaves out the files that failed as well as those that were loaded."""

    class LOADER(Loader):
        class RESUMPTION(GivingUpResumption):
            MODES = ("RESUME",)


class AnxiousResumption(Resumption):
    """A resumption that, after a failure, knows of no file that was loaded."""

    def end(self, load: Load) -> None:
        """Forget the files of a load that failed."""
        super().end(load)
        if any(feed.status != statuses.COMPLETED for feed in load.feeds):
            self._pasts[load.request.source].loaded.clear()


@mutant("failure-forgets-files", clause="StartLoaderJob/mode/resume-after-failure", needs=NEED_FAILURE)
class FailureForgets(NeptuneService):
    """After a failure all files are loaded again, those too that were loaded."""

    class LOADER(Loader):
        class RESUMPTION(AnxiousResumption):
            pass


@mutant("auto-starts-over-after-failure", clause="StartLoaderJob/mode/auto-after-failure", needs=NEED_FAILURE)
class AutoStartsOver(NeptuneService):
    """AUTO mode loads everything again after a load that failed."""

    class LOADER(Loader):
        class RESUMPTION(AnxiousResumption):
            pass


@mutant("new-resumes-after-failure", clause="StartLoaderJob/mode/new-after-failure", needs=NEED_FAILURE)
class NewResumes(NeptuneService):
    """NEW mode passes over what a load that failed has loaded."""

    class LOADER(Loader):
        class RESUMPTION(Resumption):
            def end(self, load: Load) -> None:
                super().end(load)
                failed = any(feed.status != statuses.COMPLETED for feed in load.feeds)
                self.__dict__.setdefault("failed", {})[load.request.source] = failed

            def resumes(self, request: StartRequest) -> bool:
                return super().resumes(request) or self.__dict__.get("failed", {}).get(request.source, False)


# --- Ids of relationships -----------------------------------------------------------------------------------------------


@mutant("opencypher-starts-over", clause="StartLoaderJob/userProvidedEdgeIds/resumes-with-ids", needs=NEED_FAILURE)
class CypherStartsOver(NeptuneService):
    """A load of openCypher data is resumed by loading all of it again."""

    class LOADER(Loader):
        class RESUMPTION(Resumption):
            def is_loaded(self, load: Load, key: str) -> bool:
                return load.request.format != "opencypher" and super().is_loaded(load, key)


@mutant("nameless-not-reloaded", clause="StartLoaderJob/userProvidedEdgeIds/resumes-without-ids", needs=NEED_FAILURE)
class NamelessNotReloaded(NeptuneService):
    """Relationships without ids are not loaded again when their load is resumed."""

    class LOADER(Loader):
        class RESUMPTION(Resumption):
            def is_loaded(self, load: Load, key: str) -> bool:
                nameless = not load.request.user_provided_edge_ids and load.run_number > 1
                return nameless or super().is_loaded(load, key)
