"""Sources of a job: whether the objects it is to read are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.emulator.ncloud.rules import EditionRules
from conformance.emulator.objects import ObjectError, ObjectStore

if TYPE_CHECKING:
    from conformance.emulator.ncloud.job import Job
    from conformance.emulator.settings import Settings


class Sources(EditionRules):
    """Decides how an execution ends: as FAILED when a source bucket cannot be read.

    Without an S3 endpoint nothing is looked up, and every execution completes.
    """

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
