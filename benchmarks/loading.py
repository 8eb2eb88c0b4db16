"""How fast the Neptune emulator loads each format, beside Python reading the same file alone, and how much memory a large one takes.

The emulator is a process of its own that reads the object from moto over HTTP, parses it, looks for duplicates and counts; its
time is that from the accepted request to the first status that says the load is over. Beside it, in the same run and on the
same file: ``csv.reader`` over the tables, ``rdflib.Graph.parse`` over the others. A record is one label, one edge, one property
value or one statement, in both. Memory is the most that the emulator ever held, as the system tells it (``VmHWM``), with a fresh
emulator for each object.
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import boto3
import rdflib
from boto3.s3.transfer import TransferConfig
from rich.console import Console
from rich.table import Table

from benchmarks.result import RESULTS, write
from conformance.app.processes import begun_emulator, object_store

BUCKET = "benchmark-loading"
FORMATS = ("csv", "opencypher", "ntriples", "nquads", "turtle", "rdfxml")
_RDF = {"ntriples": "nt", "nquads": "nquads", "turtle": "turtle", "rdfxml": "xml"}
_HEADS = {
    "csv": "~id,~label,name:String,age:Int,text:String\n",
    "opencypher": ":ID,:LABEL,name:String,age:Int,text:String\n",
    "turtle": "@prefix t: <http://example.org/terms#> .\n",
    "rdfxml": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:t="http://example.org/terms#">\n',
}
_S, _P = "http://example.org/s", "http://example.org/terms#"
#: What each format says of one element, and how many records that is.
_ROWS = {
    "csv": ("v{n},person,name {n},{n},{text}\n", 4),
    "opencypher": ("v{n},person,name {n},{n},{text}\n", 4),
    "ntriples": ("<" + _S + "{n}> <" + _P + 'name> "name {n}" .\n<' + _S + "{n}> <" + _P + 'text> "{text}" .\n', 2),
    "nquads": ("<" + _S + "{n}> <" + _P + 'name> "name {n}" <http://example.org/g> .\n'
               '<' + _S + "{n}> <" + _P + 'text> "{text}" <http://example.org/g> .\n', 2),
    "turtle": ("<" + _S + '{n}> t:name "name {n}" ; t:text "{text}" .\n', 2),
    "rdfxml": ('<rdf:Description rdf:about="' + _S + '{n}"><t:name>name {n}</t:name><t:text>{text}</t:text></rdf:Description>\n', 2),
}  # fmt: skip
_TEXT = "a few words of no meaning, "


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """One format: what was read, and how long the emulator and the reader alone took."""

    format: str
    records: int
    megabytes: float
    emulator_seconds: float
    alone_seconds: float

    @property
    def emulator(self) -> float:
        return self.records / self.emulator_seconds

    @property
    def alone(self) -> float:
        return self.records / self.alone_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """One large object: its size, the most memory the emulator held, how long it took, and how it ended."""

    format: str
    megabytes: float
    records: int
    peak_megabytes: float
    idle_megabytes: float
    seconds: float
    status: str


def lines(form: str, *, elements: int | None, size: int | None, text: str) -> Iterator[str]:
    """The lines of a file, so many elements or so many bytes long; no element is there twice."""
    row, _ = _ROWS[form]
    yield _HEADS.get(form, "")
    filled, number, written = row.replace("{text}", text), 0, 0
    quoted = filled.replace(text, f'"{text}"') if form in {"csv", "opencypher"} else filled
    while (elements is None or number < elements) and (size is None or written < size):
        line = quoted.replace("{n}", str(number))
        yield line
        number, written = number + 1, written + len(line)
    if form == "rdfxml":
        yield "</rdf:RDF>\n"


def written(path: Path, form: str, *, elements: int | None = None, size: int | None = None, words: int = 2) -> int:
    """Write a file; returns how many records it holds."""
    count = -1 - (form == "rdfxml")
    with path.open("w", encoding="utf-8") as file:
        for line in lines(form, elements=elements, size=size, text=(_TEXT * words).strip(" ,")):
            file.write(line)
            count += 1
    return count * _ROWS[form][1]


def alone(path: Path, form: str) -> float:
    """Seconds that Python takes to read a file by itself."""
    began = time.perf_counter()
    if form in _RDF:
        graph = rdflib.Dataset() if form == "nquads" else rdflib.Graph()
        graph.parse(str(path), format=_RDF[form])
    else:
        with path.open(newline="", encoding="utf-8") as file:
            for _ in csv.reader(file):
                pass
    return time.perf_counter() - began


def answered(url: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    request = urllib.request.Request(url, None if body is None else json.dumps(body).encode())  # noqa: S310 - our own emulator
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        return dict(json.loads(answer.read())["payload"])


def loaded(url: str, form: str, key: str) -> tuple[float, dict[str, Any]]:
    """Load an object; how long that took, and what its status says in the end."""
    body = {
        "source": f"s3://{BUCKET}/{key}", "format": form, "region": "us-east-1", "mode": "NEW",
        "iamRoleArn": "arn:aws:iam::123456789012:role/loader",
    }  # fmt: skip
    began = time.perf_counter()
    load = answered(f"{url}/loader", body)["loadId"]
    while True:
        overall = dict(answered(f"{url}/loader/{load}")["overallStatus"])
        if overall["status"] not in {"LOAD_NOT_STARTED", "LOAD_IN_PROGRESS"}:
            return time.perf_counter() - began, overall
        time.sleep(0.02 if time.perf_counter() - began < 10 else 0.5)


def held(process: int, what: str) -> float:
    """Megabytes that a process holds (``VmRSS``) or ever held (``VmHWM``)."""
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    return int(status.partition(f"{what}:")[2].split()[0]) / 1024


def measured_rate(client: Any, endpoint: str, folder: Path, form: str, elements: int) -> Rate:
    path = folder / form
    records = written(path, form, elements=elements)
    client.upload_file(str(path), BUCKET, form)
    with begun_emulator("neptune", {"s3_endpoint": endpoint, "job_seconds": 0.001}) as begun:
        seconds, overall = loaded(begun.started(), form, form)
    if (overall["status"], overall["totalRecords"]) != ("LOAD_COMPLETED", records):
        raise SystemExit(f"{form}: expected {records} records but the load says {overall}")
    rate = Rate(
        format=form, records=records, megabytes=path.stat().st_size / 1e6, emulator_seconds=seconds,
        alone_seconds=alone(path, form),
    )  # fmt: skip
    path.unlink()
    return rate


def measured_memory(client: Any, endpoint: str, folder: Path, form: str, size: int) -> Memory:
    path = folder / form
    records = written(path, form, size=size, words=5)
    client.upload_file(str(path), BUCKET, "large", Config=TransferConfig(multipart_chunksize=64 * 2**20))
    megabytes = path.stat().st_size / 1e6
    path.unlink()
    with begun_emulator("neptune", {"s3_endpoint": endpoint, "job_seconds": 0.001}) as begun:
        url = begun.started()
        idle = held(begun.process.pid, "VmRSS")
        seconds, overall = loaded(url, form, "large")
        peak = held(begun.process.pid, "VmHWM")
    client.delete_object(Bucket=BUCKET, Key="large")
    if overall["totalRecords"] != records:
        raise SystemExit(f"{form}: expected {records} records but the load says {overall}")
    return Memory(
        format=form, megabytes=megabytes, records=records, peak_megabytes=peak, idle_megabytes=idle, seconds=seconds,
        status=overall["status"],
    )  # fmt: skip


def shown(console: Console, rates: list[Rate], memory: list[Memory]) -> None:
    table = Table(title="loading, records a second", title_justify="left")
    for column in ("format", "records", "MB", "emulator", "alone", "share"):
        table.add_column(column, justify="left" if column == "format" else "right")
    for each in rates:
        table.add_row(
            each.format, str(each.records), f"{each.megabytes:.1f}", f"{each.emulator:,.0f}", f"{each.alone:,.0f}",
            f"{each.emulator / each.alone:.0%}",
        )  # fmt: skip
    console.print(table)
    table = Table(title="a large object", title_justify="left")
    for column in ("format", "MB", "records", "peak MB", "idle MB", "seconds", "ended"):
        table.add_column(column, justify="left" if column in {"format", "ended"} else "right")
    for large in memory:
        table.add_row(
            large.format, f"{large.megabytes:,.0f}", str(large.records), f"{large.peak_megabytes:.0f}",
            f"{large.idle_megabytes:.0f}", f"{large.seconds:.1f}", large.status,
        )  # fmt: skip
    if memory:
        console.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, default=RESULTS / "loading.json", help="JSON file for the results")
    parser.add_argument("--elements", type=int, default=50_000, help="elements of each file whose loading is timed")
    parser.add_argument(
        "--megabytes", type=int, default=1_000, help="size of the object whose memory is measured; 0 for none"
    )
    parser.add_argument("--large", default="csv", help="formats of large objects, with commas between")
    options = parser.parse_args()
    with object_store() as endpoint, tempfile.TemporaryDirectory() as temporary:
        client = boto3.client(
            "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="conformance",
            aws_secret_access_key="conformance-secret",  # noqa: S106 - keys of our own emulator
        )  # fmt: skip
        client.create_bucket(Bucket=BUCKET)
        folder = Path(temporary)
        rates = [measured_rate(client, endpoint, folder, form, options.elements) for form in FORMATS]
        large = options.large.split(",") if options.megabytes else []
        memory = [measured_memory(client, endpoint, folder, form, options.megabytes * 10**6) for form in large]
    shown(Console(width=max(Console().width, 100)), rates, memory)
    content = {
        "rates": [{**asdict(each), "emulator": each.emulator, "alone": each.alone} for each in rates],
        "memory": [asdict(each) for each in memory],
    }
    write(options.out, content)


if __name__ == "__main__":
    main()
