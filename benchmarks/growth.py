"""How a run grows with the number of operations: the same small read operation, once, four times, and so on.

The API is made up for this, with one operation after the other that differ in path only, and so is its server, which keeps every
clause. So whatever grows is the suite's own: requests, time, CPU, and of it the time it takes to judge.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from benchmarks.result import RESULTS, write
from conformance import PROFILES, Run, Target
from specs import load_folder

SCHEMA = 1
_SIZES = (1, 4, 16, 64)
_API: dict[str, Any] = {
    "api": "tiny",
    "title": "Shelves of things",
    "media": "json",
    "documents": [],
    "errors": {
        "table": {"BadThing": [400], "NoSuchMethod": [405]},
        "envelopes": [{"id": "e", "code": ["/c"], "message": ["/m"]}],
    },
    "refusals": {
        kind: {"names": ["BadThing"], "statuses": [400]} for kind in ("range", "length", "type", "pattern", "enum")
    },
    "auth": {"scheme": "none"},
    "resources": {},
}


def operation(number: int) -> dict[str, Any]:
    """One operation: a limit, a colour and a name, none of them required."""
    return {
        "operation": f"ListThings{number}",
        "effect": "read",
        "summary": "Lists things.",
        "request": {
            "method": "GET",
            "path": f"/shelf{number}",
            "parameters": {
                "limit": {"in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100}},
                "colour": {"in": "query", "schema": {"type": "string", "enum": ["red", "green"]}},
                "name": {"in": "query", "schema": {"type": "string", "minLength": 3, "maxLength": 20}},
            },
        },
        "response": {
            "schema": {
                "type": "object",
                "required": ["things"],
                "properties": {"things": {"type": "array", "items": {"type": "string"}}},
            }
        },
        "errors": ["BadThing", "NoSuchMethod"],
    }


def written(folder: Path, size: int) -> Path:
    """The specification with that many operations; JSON is YAML."""
    (folder / "api.yaml").write_text(json.dumps(_API), "utf-8")
    for number in range(size):
        one = operation(number)
        (folder / f"{one['operation']}.yaml").write_text(json.dumps(one), "utf-8")
    return folder


class Shelves(BaseHTTPRequestHandler):
    """Answers every path alike."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        self._answer(200 if all(self._good(name, values) for name, values in query.items()) else 400)

    def _other_method(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._answer(405)

    def __getattr__(self, name: str) -> Any:
        """Every other method, whatever its name, is answered alike."""
        if name.startswith("do_"):
            return self._other_method
        raise AttributeError(name)

    def _answer(self, status: int) -> None:
        content = {
            200: {"things": ["a thing"]},
            400: {"c": "BadThing", "m": "no"},
            405: {"c": "NoSuchMethod", "m": "no"},
        }
        body = json.dumps(content[status]).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else body)

    def _good(self, name: str, values: list[str]) -> bool:
        value = values[-1]
        if name == "limit":
            return value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= 100
        return value in {"red", "green"} if name == "colour" else 3 <= len(value) <= 20

    def log_message(self, *_: object) -> None:
        """Nothing."""


def _serve(pipe: Connection) -> None:
    Shelves.wbufsize = 64 * 1024  # head and body in one packet
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shelves)
    pipe.send(server.server_address[1])
    server.serve_forever()


@contextmanager
def shelves() -> Iterator[str]:
    """The server, in a process of its own."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()


def measured(size: int, url: str, profile: str) -> dict[str, Any]:
    """One run over that many operations."""
    with tempfile.TemporaryDirectory() as folder:
        spec = load_folder(written(Path(folder), size))
    run = Run(
        spec=spec, target=Target(api=spec.api, url=url, exclusive=True), clauses=spec.clauses, profile=PROFILES[profile]
    )
    began, used = time.perf_counter(), time.process_time()
    run.preflight()
    run.drive()
    driven = time.perf_counter()
    findings = run.judged()
    ended = time.perf_counter()
    row = {
        "operations": size,
        "clauses": len(spec.clauses),
        "requests": len(run.history),
        "broken": sum(finding.verdict in {"fail", "warn", "error"} for finding in findings),
        "wall_seconds": round(ended - began, 3),
        "judging_seconds": round(ended - driven, 3),
        "cpu_seconds": round(time.process_time() - used, 3),
    }
    run.close()
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--most", type=int, default=_SIZES[-1], help="operations of the largest API (%(default)s)")
    parser.add_argument("--profile", choices=tuple(PROFILES), default="standard")
    parser.add_argument("--out", type=Path, default=RESULTS / "growth.json", help="JSON file (%(default)s)")
    options = parser.parse_args()
    rows = []
    with shelves() as url:
        measured(1, url, "smoke")  # what is imported and compiled once is no part of it
        for size in _SIZES:
            if size <= options.most:
                rows.append(measured(size, url, options.profile))
                print(rows[-1])
    write(options.out, {"schema": SCHEMA, "profile": options.profile, "rows": rows})


if __name__ == "__main__":
    main()
