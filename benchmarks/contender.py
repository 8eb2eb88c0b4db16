"""Who is measured on the mutants: profiles of the suite, and Schemathesis, each as the command its user would type."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from conformance import Verdict
from reports import read

_SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a contender is told: where the target is, where its source data is, and a folder of its own."""

    url: str
    s3_endpoint: str
    bucket: str
    source: str
    folder: Path
    openapi: Mapping[str, Any]


class Contender(Protocol):
    """One tool in one setting."""

    @property
    def name(self) -> str:
        """Words for the table."""

    @property
    def shown(self) -> str:
        """The command in short, for the page."""

    def command(self, place: Place, seed: int) -> list[str]:
        """What is run; may write files into its folder."""

    def findings(self, place: Place) -> frozenset[str]:
        """What it said is wrong with the target, one text a kind of finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfSuite:
    """A profile of the suite; a finding is a clause that is broken."""

    profile: str

    @property
    def name(self) -> str:
        return f"this suite, {self.profile}"

    @property
    def shown(self) -> str:
        return f"conformance run neptune --target FILE --profile {self.profile}"

    def command(self, place: Place, seed: int) -> list[str]:
        target = place.folder / "target.toml"
        # A mutant may keep its jobs from ending: the same deadlines as in the selftest.
        target.write_text(
            f'api = "neptune"\nurl = "{place.url}"\nexclusive = true\n'
            f'[s3]\nendpoint = "{place.s3_endpoint}"\nbucket = "{place.bucket}"\n'
            'access_key = "conformance"\nsecret_key = "conformance-secret"\n'
            "[timeouts]\nrequest = 5.0\njob_end_max = 8.0\nlist_lag_max = 2.0\nthrottle_max = 4.0\n",
            "utf-8",
        )
        words = ["run", "neptune", "--target", str(target), "--profile", self.profile, "--seed", str(seed)]
        return [sys.executable, "-m", "conformance", *words, "--out", str(place.folder)]

    def findings(self, place: Place) -> frozenset[str]:
        record = place.folder / "record.jsonl"
        if not record.exists():
            return frozenset()
        found = read(record.read_text("utf-8").splitlines(), partial=True).findings
        return frozenset(each.clause.id for each in found if each.verdict in {Verdict.FAIL, Verdict.WARN})


@dataclass(frozen=True, slots=True, kw_only=True)
class OfSchemathesis:
    """Schemathesis; a finding is a failed check, told apart by check, operation and the status of the answer."""

    setting: str
    options: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"Schemathesis, {self.setting}"

    @property
    def shown(self) -> str:
        return " ".join(("schemathesis run openapi.json --url URL", *self.options))

    def command(self, place: Place, seed: int) -> list[str]:
        document = place.folder / "openapi.json"
        document.write_text(json.dumps(place.openapi), "utf-8")
        words = ["run", str(document), "--url", place.url, "--seed", str(seed), "--no-color"]
        events = ["--report", "ndjson", "--report-ndjson-path", str(place.folder / "events.ndjson")]
        return [str(_SCHEMATHESIS), *words, *self.options, *events]

    def findings(self, place: Place) -> frozenset[str]:
        events = place.folder / "events.ndjson"
        if not events.exists():
            return frozenset()
        with events.open(encoding="utf-8") as lines:
            return frozenset(key for line in lines for key in _failures(json.loads(line)))


def _failures(event: Mapping[str, Any]) -> Iterator[str]:
    recorder = event.get("ScenarioFinished", {}).get("recorder", {})
    for case, checks in recorder.get("checks", {}).items():
        answer = recorder.get("interactions", {}).get(case, {}).get("response") or {}
        for check in checks:
            if check["status"] == "failure":
                failure = check["failure_info"]["failure"]
                yield f"{failure['code']} {failure['operation']} {answer.get('status_code')}"


CONTENDERS: Mapping[str, Contender] = {
    "smoke": OfSuite(profile="smoke"),
    "standard": OfSuite(profile="standard"),
    "thorough": OfSuite(profile="thorough"),
    "schemathesis": OfSchemathesis(setting="default"),
    "schemathesis-stateful": OfSchemathesis(
        setting="stateful",
        options=("--phases", "stateful", "--checks", "all", "--continue-on-failure"),
    ),
}
