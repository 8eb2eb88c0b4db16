"""Sources of a job: whether the objects it is to read are there, and how long it takes to read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.ncloud.rules import EditionRules
from conformance.emulator.objects import ObjectError, ObjectStore

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.emulator.ncloud.job import Job
    from conformance.emulator.settings import Settings


class Sources(EditionRules):
    """Decides how an execution ends, as FAILED when a source bucket cannot be read, and how long it reads.

    Without an S3 endpoint nothing is looked up, and every execution completes in its nominal time.
    """

    bytes_per_second = 400_000
    """So slow that a job over a few hundred kilobytes is seen running, however short the nominal time is."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.objects = None if settings.s3_endpoint is None else ObjectStore(settings)

    def buckets(self, job: Job) -> list[str]:
        """Return the buckets that a job reads, each once."""
        return list(dict.fromkeys(node.get("bucketName") or "" for node in job.nodes if node["type"] == "SOURCE_OBS"))

    def is_bound_to_fail(self, job: Job) -> bool:
        """Tell whether any source bucket of a job cannot be read."""
        return any(not self.is_readable(bucket) for bucket in self.buckets(job))

    def is_readable(self, bucket: str) -> bool:
        """Tell whether a bucket is there; what it holds does not matter."""
        if self.objects is None:
            return True
        try:
            self.objects.is_empty(bucket, "")
        except ObjectError:
            return False
        return True

    def reading_seconds(self, job: Job) -> float:
        """Return for how long an execution of a job reads its sources."""
        sources = [node for node in job.nodes if node["type"] == "SOURCE_OBS"]
        return sum(self.size(node) for node in sources) / self.bytes_per_second

    def size(self, node: Mapping[str, Any]) -> int:
        """Return how many bytes the objects below a source's prefix have; a whole bucket is not looked through."""
        bucket, prefix = node.get("bucketName"), node.get("prefix")
        if self.objects is None or not bucket or not prefix or not isinstance(prefix, str):
            return 0
        try:
            return sum(found.size for found in self.objects.list(bucket, prefix))
        except (ObjectError, UnicodeEncodeError):
            return 0
