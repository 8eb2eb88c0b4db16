"""The files that references are imported from."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from conformance.emulator.objects import ObjectError
from conformance.emulator.omics.record import SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.emulator.objects import ObjectStore

_MD5 = re.compile(r"[0-9a-f]{32}")


class SourceReader:
    """Looks once, when an import starts, which of its sources exist."""

    objects: ObjectStore | None

    def source_files(self, uris: Iterable[str]) -> dict[str, SourceFile]:
        """Look at each source; without an S3 endpoint all of them count as existing."""
        return {uri: self.source_file(uri) for uri in dict.fromkeys(uris)}

    def source_file(self, uri: str) -> SourceFile:
        """Look at one source."""
        nominal = hashlib.md5(uri.encode(), usedforsecurity=False).hexdigest()
        if self.objects is None:
            return SourceFile(exists=True, md5=nominal)
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        try:
            found = next(self.objects.list(bucket, key), None)
        except ObjectError:
            return SourceFile(exists=False, md5=nominal)
        if found is None or found.key != key:
            return SourceFile(exists=False, md5=nominal)
        etag = found.etag.strip('"')
        return SourceFile(exists=True, md5=etag if _MD5.fullmatch(etag) else nominal)
