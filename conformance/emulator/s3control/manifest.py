"""Where the objects of a job are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.objects import ObjectError
from conformance.emulator.s3control.job import Manifest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.emulator.objects import ObjectStore


class ManifestReader:
    """Looks once, when the job is made, whether its manifest is there and how many tasks it lists."""

    objects: ObjectStore | None

    nominal_tasks = 10
    """Number of tasks of a job whose manifest cannot be looked at."""
    largest_manifest = 16 * 1024 * 1024
    """A larger manifest is not counted; reading it would hold up CreateJob."""

    def manifest_of(self, request: Mapping[str, Any]) -> Manifest:
        """Find the manifest; a generated one always exists, and so does one where no S3 endpoint is known."""
        location = request.get("Manifest", {}).get("Location")
        if self.objects is None or location is None:
            return Manifest(exists=True, tasks=self.nominal_tasks)
        resource = location["ObjectArn"].split(":", 5)[-1]
        bucket, _, key = resource.partition("/")
        return self._found(self.objects, bucket, key)

    def _found(self, objects: ObjectStore, bucket: str, key: str) -> Manifest:
        try:
            source = next(objects.list(bucket, key), None)
            if source is None or source.key != key:
                return Manifest(exists=False, tasks=0)
            if source.size > self.largest_manifest:
                return Manifest(exists=True, tasks=self.nominal_tasks)
            with objects.open(source) as stream:
                lines = (stream.readall() or b"").splitlines()
        except ObjectError:
            return Manifest(exists=False, tasks=0)
        return Manifest(exists=True, tasks=sum(bool(line.strip()) for line in lines))
