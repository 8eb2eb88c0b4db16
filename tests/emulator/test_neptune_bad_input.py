"""Source data of every sad kind: a documented end, never a crash, bounded memory, and a cancel that is heard at once."""

from __future__ import annotations

import bz2
import gzip
import io
import tracemalloc
import uuid
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.emulator.neptune.error import NeptuneError
from conformance.emulator.neptune.source import SourceUri
from conformance.emulator.neptune.source_check import SourceCheck
from conformance.emulator.neptune.start_request import StartRequest
from conformance.emulator.objects import AccessDeniedError, ObjectStore
from conformance.emulator.settings import Settings
from tests.emulator.load_bench import Bench, counts

SOUND = {
    "csv": "~id,~label,name:String,age:Int\nv1,person,marko,29\nv2,person,vadas,27\n",
    "opencypher": ":ID,:LABEL,name:String,age:Int\nv1,person,marko,29\nv2,person,vadas,27\n",
    "ntriples": '<http://x/s> <http://x/p> "o" .\n<http://x/s> <http://x/p> "ö" .\n',
    "nquads": '<http://x/s> <http://x/p> "o" <http://x/g> .\n<http://x/s> <http://x/p> "ö" <http://x/g> .\n',
    "turtle": '@prefix x: <http://x/> .\nx:s x:p "o" , "ö" .\n',
    "rdfxml": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="http://x/">\n'
    '<rdf:Description rdf:about="http://x/s"><x:p>o</x:p><x:p>ö</x:p></rdf:Description></rdf:RDF>\n',
}
FORMATS = list(SOUND)
ENDS = {"LOAD_COMPLETED", "LOAD_FAILED"}


@pytest.fixture
def bench():
    return Bench()


def errors(load):
    return sum(counts(load)[2:])


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "told",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text + "\n\n  \n".replace(" ", "") * 3,
        lambda text: text.rstrip("\n"),
    ],
    ids=["byte order mark", "carriage returns", "empty lines", "no last line end"],
)
def test_what_looks_odd_and_is_sound_is_loaded_whole(bench, form, told):
    plain = Bench().load({"a": SOUND[form]}, form)
    odd = bench.load({"a": told(SOUND[form])}, form, fail_on_error=True)
    assert (odd.status, counts(odd)) == ("LOAD_COMPLETED", counts(plain))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "content",
    [
        SOUND["csv"].encode("utf-16"),
        "~id,~label,name:String,age:Int\nv1,person,Zoë,1\n".encode("latin-1"),
        b'<http://x/s> <http://x/p> "\xff\xfe" .\n',
        b"\x00" * 5_000,
        bytes(range(256)) * 40,
        b'"' * 4_001,
        b"<" * 4_001,
        b"\n" * 100_000,
        b"~id,~label\n" + b"," * 50_000 + b"\n",
        b"[ " * 5_000,
        b"<a>" * 5_000,
        b'@prefix x: <http://x/> . x:s x:p """never ended',
        b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">'
        + b"".join(b'<!ENTITY %c "%s">' % (99 + n, b"&%c;" % (98 + n) * 10) for n in range(9))
        + b"]><a>&k;</a>",
    ],
)
@pytest.mark.parametrize("strict", [True, False])
def test_whatever_bytes_come_the_load_ends_as_documented(bench, form, content, strict):
    load = bench.load({"a": content}, form, fail_on_error=strict)
    assert load.status in ENDS
    if load.status == "LOAD_FAILED":
        assert errors(load) > 0
        assert load.error_logs()
    assert errors(load) or not load.tally.total_records


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
@pytest.mark.parametrize("strict", [True, False])
def test_a_file_whose_compressed_end_is_missing_fails(bench, form, pack, strict):
    packed = pack(SOUND[form].encode() * (1 if form == "rdfxml" else 2_000))
    ending = "gz" if pack is gzip.compress else "bz2"
    for cut in (len(packed) - 4, len(packed) // 2, 3):
        load = bench.load(
            {f"a.{ending}": packed[:cut], f"b.{ending}": pack(SOUND[form].encode())}, form, fail_on_error=strict
        )
        assert load.status == "LOAD_FAILED"
        assert load.feeds[0].status == "LOAD_FAILED"
        assert load.feeds[1].status == ("LOAD_NOT_STARTED" if strict else "LOAD_COMPLETED")
        assert load.error_logs()[-1].code == "PARSING_ERROR"


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_no_archive_fails_and_an_empty_one_is_empty(bench, form):
    assert bench.load({"a.gz": SOUND[form]}, form).status == "LOAD_FAILED"
    empty = "" if form != "rdfxml" else SOUND[form].partition("\n")[0] + "</rdf:RDF>"
    load = bench.load({"a.gz": gzip.compress(empty.encode())}, form)
    assert (load.status, counts(load)) == ("LOAD_COMPLETED", (0, 0, 0, 0, 0))


@pytest.mark.parametrize("form", ["csv", "opencypher"])
def test_a_header_alone_is_a_table_of_nothing(bench, form):
    header = SOUND[form].partition("\n")[0]
    for text in ("", header, header + "\n", header + "\r\n\r\n"):
        load = bench.load({"a": text}, form, fail_on_error=True)
        assert (load.status, counts(load)) == ("LOAD_COMPLETED", (0, 0, 0, 0, 0))


# --- Long and endless data --------------------------------------------------------------------------------------------


class Stream(io.RawIOBase):
    """A head, a block repeated so many times, and a tail, made while they are read."""

    def __init__(self, head=b"", block=b"", times=0, tail=b"", *, on_read=lambda _number: None):
        super().__init__()
        self.parts = self.made(head, block, times, tail)
        self.held = b""
        self.reads = 0
        self.on_read = on_read

    @staticmethod
    def made(head, block, times, tail):
        yield head
        yield from (block for _ in range(times))
        yield tail

    def readable(self):
        return True

    def readinto(self, buffer):
        self.reads += 1
        self.on_read(self.reads)
        while not self.held:
            self.held = next(self.parts, None) or b""
            if not self.held:
                part = next(self.parts, None)
                if part is None:
                    return 0
                self.held = part
        data, self.held = self.held[: len(buffer)], self.held[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


MEBI = b"a" * 1_048_576
LONG = {
    "csv": (b"~id,~label,name:String\nv1,person,", b"\nv2,person,x\n"),
    "opencypher": (b":ID,:LABEL,name:String\nv1,person,", b"\nv2,person,x\n"),
    "ntriples": (b'<http://x/s> <http://x/p> "', b'" .\n<http://x/s> <http://x/p> "o" .\n'),
    "nquads": (b'<http://x/s> <http://x/p> "', b'" .\n<http://x/s> <http://x/p> "o" .\n'),
    "turtle": (b'<http://x/s> <http://x/p> "', b'" .\n<http://x/s> <http://x/p> "o" .\n'),
    "rdfxml": (SOUND["rdfxml"].encode().partition(b"o</x:p>")[0], b"</x:p></rdf:Description></rdf:RDF>"),
}


@pytest.mark.parametrize("form", FORMATS)
def test_a_line_of_200_megabytes_is_one_error_and_takes_little_memory(bench, form):
    head, tail = LONG[form]
    tracemalloc.start()
    try:
        load = bench.load({"a": lambda: Stream(head, MEBI, 200, tail)}, form)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100 * 1_048_576
    assert errors(load) == 1
    if form in {"csv", "opencypher", "ntriples", "nquads"}:
        assert load.status == "LOAD_COMPLETED"  # what stands behind it is loaded
        assert load.tally.total_records > 0
    else:
        assert load.status == "LOAD_FAILED"


ROWS = {
    "csv": (b"~id,~label,name:String\n", b"v1,person,x\n" * 5_000),
    "opencypher": (b":ID,:LABEL,name:String\n", b"v1,person,x\n" * 5_000),
    "ntriples": (b"", SOUND["ntriples"].encode() * 1_000),
    "nquads": (b"", SOUND["nquads"].encode() * 1_000),
    "turtle": (b"", b"<http://x/s> <http://x/p> 1.5 .\n" * 2_000),
    "rdfxml": (SOUND["rdfxml"].encode().partition(b"<x:p>")[0], b"<x:p>o</x:p>\n" * 3_000),
}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", ["entries", "one line", "one packed line", "nothing but spaces"])
def test_a_cancel_is_heard_in_the_midst_of_anything(bench, form, kind):
    """The cancel comes with the fourth piece of data; whoever goes on reading meets the end of the world."""

    def watched(number):
        if number == 4:
            bench.running.cancelled.set()
        assert number < 40, "the cancel was not heard"

    head, block = ROWS[form] if kind == "entries" else (LONG[form][0], MEBI)
    block = b" " * 1_048_576 if kind == "nothing but spaces" else block
    if kind == "one packed line":
        packed = gzip.compress(head + block * 200, compresslevel=1)
        piece = len(packed) // 20
        objects: dict[str, Any] = {"a.gz": lambda: io.BufferedReader(Pieces(packed, piece, watched))}
    else:
        objects = {"a": lambda: Stream(head, block, 10_000, on_read=watched)}
    load = bench.load(objects, form)
    if errors(load) == 0:
        assert load.status == "LOAD_CANCELLED_BY_USER"
        assert load.feeds[0].status == "LOAD_CANCELLED_BY_USER"
    else:  # it was over before, at a part that is too long
        assert load.status == "LOAD_FAILED"


class Pieces(Stream):
    """Bytes that come in small pieces."""

    def __init__(self, content, size, on_read):
        super().__init__(on_read=on_read)
        self.parts = (content[at : at + size] for at in range(0, len(content), size))


# --- Objects that change ----------------------------------------------------------------------------------------------


@pytest.fixture
def bucket(s3):
    name = f"changing-{uuid.uuid4()}"
    s3.create_bucket(Bucket=name)
    for key in ("a.csv", "b.csv", "c.csv"):
        s3.put_object(Bucket=name, Key=key, Body=SOUND["csv"].encode())
    return name


class ChangingStore(ObjectStore):
    """A store in which something happens after the objects were listed."""

    happens = staticmethod(lambda: None)

    def list(self, bucket, prefix):
        found = list(super().list(bucket, prefix))
        type(self).happens()
        yield from found


@pytest.mark.parametrize(
    ("change", "strict"), [(change, strict) for change in ("replaced", "deleted") for strict in (True, False)]
)
def test_an_object_changed_while_the_load_runs_fails_it(s3, s3_endpoint, bucket, change, strict):
    def happens():
        if change == "replaced":
            s3.put_object(Bucket=bucket, Key="b.csv", Body=b"~id\nv7\n")
        else:
            s3.delete_object(Bucket=bucket, Key="b.csv")

    store = type("Store", (ChangingStore,), {"happens": staticmethod(happens)})(
        Settings(api="neptune", s3_endpoint=s3_endpoint)
    )
    load = Bench().load(store, uri=SourceUri(bucket=bucket, prefix=""), fail_on_error=strict)
    assert load.status == "LOAD_FAILED"
    assert load.feeds[1].status == "LOAD_DATA_FAILED_DUE_TO_FEED_MODIFIED_OR_DELETED"
    assert [entry.code for entry in load.error_logs()] == ["FILE_MODIFICATION_OR_DELETION_ERROR"]
    assert load.feeds[2].status == ("LOAD_NOT_STARTED" if strict else "LOAD_COMPLETED")


# --- Any bytes at all -------------------------------------------------------------------------------------------------

few = settings(max_examples=60, deadline=None, database=None, derandomize=True)
PIECES = [b"\n", b"\r", b'"', b"'", b"<", b">", b".", b";", b",", b" ", b"\\", b"\\u12", b"[", b"]", b"(", b")", b'"""', b"^^", b"@",
          b"\xff", b"\x00", b"\xef\xbb\xbf", b"&x;", b"<!--", b"]]>", b"#", b"1.", b"e", b":", b"_:", b"true", b"@prefix"]  # fmt: skip


@pytest.mark.parametrize("form", FORMATS)
@few
@given(data=st.data())
def test_a_sound_file_with_a_wound_anywhere_ends_as_documented(form, data):
    content = bytearray(SOUND[form].encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        gone = data.draw(st.integers(0, 5))
        content[at : at + gone] = data.draw(st.sampled_from(PIECES))
    load = Bench().load({"a": bytes(content)}, form, fail_on_error=data.draw(st.booleans()))
    assert load.status in ENDS
    assert load.status == "LOAD_COMPLETED" or errors(load)


class DenyingStore(ObjectStore):
    """A store that lets nobody in."""

    def is_empty(self, bucket, prefix):
        raise AccessDeniedError(f"{bucket}/{prefix}")


def test_a_source_that_may_not_be_listed_is_refused_by_that_name():
    settings = Settings(api="neptune", s3_endpoint="http://127.0.0.1:9")
    request = StartRequest(
        source="s3://b/k", uri=SourceUri(bucket="b", prefix="k"), format="csv", region="us-east-1", role="r"
    )
    with pytest.raises(NeptuneError, match="Unable to perform S3 list operation") as caught:
        SourceCheck(DenyingStore(settings), settings).require(request)
    assert caught.value.name == "LoadUrlAccessDeniedException"
