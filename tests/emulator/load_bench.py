"""A bench for single loads: objects in memory, and the run of a load over them."""

from __future__ import annotations

import io
from typing import cast

from conformance.emulator.neptune.graph import Graph
from conformance.emulator.neptune.load import Load
from conformance.emulator.neptune.load_run import LoadRun
from conformance.emulator.neptune.resumption import Resumption
from conformance.emulator.neptune.source import SourceUri
from conformance.emulator.neptune.start_request import StartRequest
from conformance.emulator.objects import ObjectStore, SourceObject


class Memory:
    """Objects by key: bytes, text, or what makes a stream; an exception is what opening the object raises."""

    def __init__(self, objects):
        self.objects = objects

    def list(self, bucket, prefix):
        for key in sorted(self.objects):
            if key.startswith(prefix):
                yield SourceObject(bucket=bucket, key=key, size=0, etag="e")

    def open(self, source):
        found = self.objects[source.key]
        if isinstance(found, Exception):
            raise found
        if callable(found):
            return found()
        return io.BytesIO(found.encode() if isinstance(found, str) else found)


class Bench:
    def __init__(self):
        self.graph = Graph()
        self.resumption = Resumption()
        self.numbers = 0
        self.running = None

    def load(self, objects, form="csv", *, cancelled=False, **parameters):
        defaults = {"source": "s3://bucket/", "region": "us-east-1", "role": "r", "fail_on_error": False, "mode": "NEW"}
        request = StartRequest(
            uri=parameters.pop("uri", SourceUri(bucket="bucket", prefix="")), format=form, **{**defaults, **parameters}
        )
        self.numbers += 1
        load = Load(
            request=request,
            status="LOAD_IN_PROGRESS",
            number=self.numbers,
            run_number=self.resumption.run_number(request),
        )
        self.resumption.begin(load)
        if cancelled:
            load.cancelled.set()
        self.running = load
        store = objects if isinstance(objects, ObjectStore) else cast("ObjectStore", Memory(objects))
        run = LoadRun(load, objects=store, graph=self.graph, resumption=self.resumption, seconds=0)
        load.status = run.run()
        self.resumption.end(load)
        return load


def counts(load):
    tally = load.tally
    return (
        tally.total_records,
        tally.total_duplicates,
        tally.parsing_errors,
        tally.datatype_mismatch_errors,
        tally.insert_errors,
    )
