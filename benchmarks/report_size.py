"""Size and speed of the HTML report and its neighbours, for a hundred to a hundred thousand findings.

Findings are made like those of a run: one in ten is broken and has three exchanges with a body each and a script that repeats them,
the others are kept. Clauses are those of the four specifications, taken again under other names until there are enough.
"""

from __future__ import annotations

import argparse
import io
import itertools
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.result import RESULTS, write
from conformance import Call, Finding, Verdict
from reports import (
    Header,
    Record,
    RecordWriter,
    curl_script,
    read,
    render_html,
    render_junit,
    render_markdown,
)
from specs import Clause, Request, Response, apis, load

SCHEMA = 1
_SIZES = (100, 1_000, 10_000, 100_000)
_EVERY = 10
_BODY = json.dumps({"status": "200 OK", "payload": {"loadIds": [f"{number:036d}" for number in range(20)]}}).encode()


def clauses(number: int) -> Iterator[Clause]:
    """That many clauses, each with an id of its own."""
    every = [clause for api in apis() for clause in load(api).clauses]
    for at, clause in zip(range(number), itertools.cycle(every), strict=False):
        again = at // len(every)
        yield replace(clause, id=f"{clause.id}/{again}") if again else clause


def exchanges(number: int) -> list[Call]:
    """The evidence of one breach."""
    return [
        Call(
            id=3 * number + at, process=0, operation="ListLoaderJobs", started=float(at), ended=at + 0.01,
            request=Request(method="GET", path="/loader", query=(("limit", str(at)),), headers={"accept": "application/json"}),
            response=Response(status=200, headers={"content-type": "application/json"}, body=_BODY),
        )
        for at in range(3)
    ]  # fmt: skip


def written(number: int, to: io.StringIO) -> Record:
    """A record of that many findings."""
    header = Header(
        suite_version="0", api="neptune", title="Benchmark", edition=None, spec_sha256="0" * 64,
        target={"url": "http://127.0.0.1:8182", "auth": "none"}, seed=0, profile="standard", settings={},
        started="2026-01-01T00:00:00+00:00",
    )  # fmt: skip
    writer = RecordWriter(to, header)
    for at, clause in enumerate(clauses(number)):
        if at % _EVERY:
            writer.write(Finding(clause=clause, verdict=Verdict.PASS, hits=at % 7 + 1))
            continue
        calls = exchanges(at)
        script = curl_script(
            calls, auth_scheme="none", service="", region="us-east-1", base_url="http://127.0.0.1:8182"
        )
        broken = Finding(
            clause=clause, verdict=Verdict.FAIL, hits=3, expected="at most 100 items", actual="101 items",
            reason="a page holds more than the documented maximum", evidence=tuple(call.id for call in calls),
        )  # fmt: skip
        writer.write(broken, calls=calls, curl=script)
    return writer.finish(requests=3 * number, seconds=1.0)


def measured(number: int) -> dict[str, Any]:
    """Sizes in bytes and times in seconds of CPU, which the load of the machine does not lengthen much."""
    stream = io.StringIO()
    row: dict[str, Any] = {"findings": number}
    row["write_seconds"], record = _timed(lambda: written(number, stream))
    text = stream.getvalue()
    row["record_bytes"] = len(text.encode())
    row["read_seconds"], _ = _timed(lambda: read(text.splitlines()))
    renderers: tuple[tuple[str, Callable[[Record], str]], ...] = (
        ("html", render_html), ("junit", render_junit), ("markdown", render_markdown),
    )  # fmt: skip
    for name, render in renderers:
        seconds, page = _timed(lambda render=render: render(record))  # type: ignore[misc]
        row[f"{name}_seconds"], row[f"{name}_bytes"] = seconds, len(page.encode("utf-8", "replace"))
    return row


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.process_time()
    result = work()
    return round(time.process_time() - began, 4), result


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--most", type=int, default=_SIZES[-1], help="findings of the largest record (%(default)s)")
    parser.add_argument("--out", type=Path, default=RESULTS / "report_size.json", help="JSON file (%(default)s)")
    options = parser.parse_args()
    measured(10)  # templates are compiled and specifications loaded
    rows = []
    for number in _SIZES:
        if number <= options.most:
            rows.append(measured(number))
            print(rows[-1])
    write(options.out, {"schema": SCHEMA, "every": _EVERY, "rows": rows})


if __name__ == "__main__":
    main()
