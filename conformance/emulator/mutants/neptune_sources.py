"""Neptune with a fault in where it finds what it is to load."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.neptune.load_run import LoadRun
from conformance.emulator.neptune.loader import Loader
from conformance.emulator.neptune.service import NeptuneService
from conformance.emulator.neptune.source import SourceUri
from conformance.emulator.neptune.source_check import SourceCheck
from conformance.emulator.neptune.start_request import StartRequest, StartRequestReader
from conformance.emulator.objects import ObjectStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from conformance.emulator.neptune.load import Feed
    from conformance.emulator.objects import SourceObject

mutant = declarer("neptune", "load-semantics")


class NarrowStore(ObjectStore, ABC):
    """A store that finds other objects for a prefix than those whose keys begin with it."""

    @abstractmethod
    def fits(self, prefix: str, key: str) -> bool:
        """Tell whether an object counts as one of a prefix."""

    def list(self, bucket: str, prefix: str) -> Iterator[SourceObject]:
        """Yield those that fit."""
        folder = prefix.rpartition("/")[0]
        yield from (each for each in super().list(bucket, f"{folder}/") if self.fits(prefix, each.key))


@mutant("file-means-its-folder", clause="StartLoaderJob/source/file", needs="load one file of several in a folder")
class FileMeansFolder(NeptuneService):
    """The source of a file with an ending stands for everything in its folder."""

    class LOADER(Loader):
        class OBJECTS(NarrowStore):
            def fits(self, prefix: str, key: str) -> bool:
                return key.startswith(prefix) or prefix.endswith(".csv")


@mutant("prefix-is-whole-name", clause="StartLoaderJob/source/prefix", needs="load by the beginning of several names")
class PrefixIsName(NeptuneService):
    """A prefix finds objects in folders whose names begin with it, and no objects beside them."""

    class LOADER(Loader):
        class OBJECTS(NarrowStore):
            def fits(self, prefix: str, key: str) -> bool:
                inside = "/" in key.removeprefix(prefix).lstrip("/")
                return key.startswith(prefix) and (
                    inside or prefix.endswith("/") or key == prefix or "-" in key[len(prefix) :]
                )


@mutant(
    "neighbours-loaded", clause="StartLoaderJob/source/folder", needs="load a folder beside one whose name begins alike"
)
class NeighboursLoaded(NeptuneService):
    """The slash at the end of a folder is passed over, so that folders whose names begin alike are loaded too."""

    class LOADER(Loader):
        class OBJECTS(NarrowStore):
            def fits(self, prefix: str, key: str) -> bool:
                return key.startswith(prefix.rstrip("/"))

            def list(self, bucket: str, prefix: str) -> Iterator[SourceObject]:
                yield from ObjectStore.list(self, bucket, prefix.rstrip("/"))


@mutant("deeper-folders-left-out", clause="StartLoaderJob/source/folder", needs="load a folder that holds another")
class DeeperLeftOut(NeptuneService):
    """Of a folder named `data/` only files right in it are loaded."""

    class LOADER(Loader):
        class OBJECTS(NarrowStore):
            def fits(self, prefix: str, key: str) -> bool:
                rest = key.removeprefix(prefix)
                return key.startswith(prefix) and not (prefix.endswith("data/") and "/" in rest)


@mutant(
    "only-first-folder",
    clause="StartLoaderJob/source/folders",
    needs="load two folders by what their names have in common",
)
class OnlyFirstFolder(NeptuneService):
    """A source without a slash at its end that is the name of a folder stands for that folder alone."""

    class LOADER(Loader):
        class OBJECTS(ObjectStore):
            def list(self, bucket: str, prefix: str) -> Iterator[SourceObject]:
                found = list(super().list(bucket, prefix))
                inside = [each for each in found if each.key.startswith(f"{prefix}/")]
                yield from inside or found


@mutant(
    "files-in-order-of-names",
    clause="StartLoaderJob/source/vertex-and-edge-files",
    needs="load edges whose file stands before those of their vertices",
)
class OrderOfNames(NeptuneService):
    """Files are loaded in the order of their names, edges before vertices too."""

    class LOADER(Loader):
        class RUN(LoadRun):
            def in_order(self, feeds: list[Feed]) -> list[Feed]:
                return feeds


class PickyReader(StartRequestReader):
    """A reader that does not know one of the forms of a source."""

    REFUSED = ""

    def uri(self, source: str) -> SourceUri:
        """Refuse that form."""
        if source.startswith(self.REFUSED):
            raise self.invalid("source", source)
        return super().uri(source)


@mutant("https-form-refused", clause="StartLoaderJob/source/uri-https", needs="name a source by its web address")
class HttpsRefused(NeptuneService):
    """A source of the form https://s3.amazonaws.com/bucket/key is refused."""

    class START(PickyReader):
        REFUSED = "https://s3.amazonaws.com/"


@mutant(
    "regional-form-refused",
    clause="StartLoaderJob/source/uri-https-region",
    needs="name a source by its regional address",
)
class RegionalRefused(NeptuneService):
    """A source whose host names the region is refused."""

    class START(PickyReader):
        REFUSED = "https://s3.us-"


@mutant("gzip-not-unpacked", clause="StartLoaderJob/source/gzip", needs="load a file that gzip has compressed")
class GzipKept(NeptuneService):
    """A file that gzip has compressed is read as it is."""

    class LOADER(Loader):
        class RUN(LoadRun):
            def unpacked(self, feed: Feed, stream: BinaryIO) -> BinaryIO:
                return stream if feed.key.endswith(".gz") else super().unpacked(feed, stream)


@mutant("bzip2-not-unpacked", clause="StartLoaderJob/source/bzip2", needs="load a file that bzip2 has compressed")
class Bzip2Kept(NeptuneService):
    """A file that bzip2 has compressed is read as it is."""

    class LOADER(Loader):
        class RUN(LoadRun):
            def unpacked(self, feed: Feed, stream: BinaryIO) -> BinaryIO:
                return stream if feed.key.endswith(".bz2") else super().unpacked(feed, stream)


@mutant(
    "other-region-accepted", clause="StartLoaderJob/source/other-region", needs="name another region than the bucket's"
)
class OtherRegion(NeptuneService):
    """The region of a request is not compared with that of the cluster."""

    class LOADER(Loader):
        class CHECK(SourceCheck):
            def is_own_region(self, request: StartRequest) -> bool:
                return True
