"""Writes what a run leaves behind: history, record, page, JUnit, Markdown, summary."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, Any

from conformance import Call, Finding, OutputError
from reports import (
    Baseline,
    Header,
    Past,
    Record,
    RecordWriter,
    combine,
    curl_script,
    render_badge,
    render_badge_picture,
    render_html,
    render_index,
    render_junit,
    render_markdown,
    render_overview,
    summarise,
    timeline_of,
)
from specs import Spec


def suite_version() -> str:
    """Version of the installed suite."""
    try:
        return version("job-api-conformance")
    except PackageNotFoundError:
        return "0+unknown"


def spec_hash(spec: Spec) -> str:
    """A hash over the ids and statements of an API's clauses: two runs with the same hash asked the same."""
    text = "\n".join(f"{c.id} {c.level} {c.basis} {c.statement} {c.not_tested}" for c in spec.clauses)
    return hashlib.sha256(text.encode()).hexdigest()


def prepared(folder: Path) -> Path:
    """The output folder, made if need be and proven writable; raises OutputError."""
    if (folder / "__init__.py").exists():
        raise OutputError(
            f"expected a folder for results but {folder} holds source code (it has an __init__.py); pass another --out"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".conformance-write-test"
        probe.write_text("", "utf-8")
        probe.unlink()
    except OSError as error:
        raise OutputError(
            f"expected to write results into {folder} but: {error.strerror or error}; pass another --out"
        ) from error
    return folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a record's header says of a run."""

    spec: Spec
    auth_scheme: str
    region: str
    url: str
    shown_url: str
    profile: str
    seed: int | None
    settings: Mapping[str, Any]


def header_of(facts: Facts) -> Header:
    """The header of a run's record."""
    return Header(
        suite_version=suite_version(), api=facts.spec.api, title=facts.spec.title, edition=facts.spec.edition,
        spec_sha256=spec_hash(facts.spec), target={"url": facts.shown_url, "auth": facts.auth_scheme}, seed=facts.seed,
        profile=facts.profile, settings=dict(facts.settings),
        started=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    )  # fmt: skip


def write_record(
    to: IO[str], facts: Facts, findings: Iterable[Finding], calls: Mapping[int, Call], *, requests: int, seconds: float,
    interrupted: str | None, baseline: Baseline | None = None, left: Iterable[str] = (),
) -> Record:  # fmt: skip
    """Write a whole record and return it."""
    writer = RecordWriter(to, header_of(facts))
    past = Past(facts.spec, calls)
    for finding in findings:
        evidence = [calls[number] for number in finding.evidence if number in calls]
        script = ""
        if evidence:
            script = curl_script(
                evidence, auth_scheme=_scheme(facts.auth_scheme), service=facts.spec.auth.service, region=facts.region,
                base_url=facts.url, prelude=past.before(finding, evidence),
            )  # fmt: skip
        writer.write(finding, calls=evidence, curl=script, timeline=timeline_of(facts.spec, finding, calls))
    return writer.finish(requests=requests, seconds=seconds, interrupted=interrupted, baseline=baseline, left=left)


def _scheme(name: str) -> Any:
    return name if name in {"none", "sigv4", "ncloud"} else "none"


def write_reports(folder: Path, record: Record) -> dict[str, Any]:
    """Write everything that is made from a record; returns its summary."""
    summary = summarise(record)
    for name, text in (
        ("report.html", render_html(record)),
        ("junit.xml", render_junit(record)),
        ("summary.md", render_markdown(record)),
        ("summary.json", json.dumps(summary, indent=2, ensure_ascii=False) + "\n"),
        *_badges(summary),
    ):
        (folder / name).write_text(text, "utf-8", errors="replace")
    return summary


def write_index(folder: Path, summaries: list[dict[str, Any]]) -> dict[str, Any]:
    """Write the index over several APIs; returns the summary over all."""
    combined = combine(summaries)
    pages = {}
    for summary in summaries:
        page = folder / summary["api"] / "summary.md"
        pages[summary["api"]] = page.read_text("utf-8") if page.is_file() else ""
    for name, text in (
        ("index.html", render_index(summaries)),
        ("summary.md", render_overview(summaries, pages)),
        ("summary.json", json.dumps(combined, indent=2, ensure_ascii=False) + "\n"),
        *_badges(combined),
    ):
        (folder / name).write_text(text, "utf-8", errors="replace")
    return combined


def _badges(summary: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return ("badge.json", render_badge(summary)), ("badge.svg", render_badge_picture(summary))
