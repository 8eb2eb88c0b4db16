"""The figures of the page on trust, taken out of the results of selftest and benchmarks."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from conformance import SettingsError
from conformance.app.corpus import recordings
from conformance.app.several_selftests import combined
from specs import load

SCHEMA = 1


def read_json(path: Path) -> dict[str, Any]:
    """A result; raises SettingsError where there is none."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"expected results at {path} but: {error}") from error
    if not isinstance(content, dict):
        raise SettingsError(f"expected a JSON object in {path} but got {type(content).__name__}")
    return content


def of_selftests(results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Figures of the ``selftest.json`` of one or more selftests: of mutants, of correct variants, or of both."""
    if not results:
        return {}
    found = combined(results)
    figures: dict[str, Any] = {}
    if found["mutants"]:
        figures["mutants"] = _mutants(found)
        figures["clauses"] = _clauses(found)
        figures["documents"] = [_document(each) for each in found["documents"]]
    if found["variants"]:
        figures["variants"] = _variants(found)
    return figures


def _mutants(found: Mapping[str, Any]) -> dict[str, Any]:
    tried = found["mutants"]
    every, own = Counter(each["api"] for each in tried), Counter(each["api"] for each in tried if each["killed"])
    return {
        "machines": found["mutant_machines"],
        "again": found["mutants_again"],
        "before": found["mutants_before"],
        "tried": len(tried),
        "catalogue": sum(found["catalogue"].values()),
        "killed": found["killed"],
        "families": len({each["family"] for each in tried}),
        "names": [f"{each['api']} {each['name']}" for each in tried],
        "survivors": [f"{each['api']} {each['name']}" for each in tried if not each["killed"]],
        "apis": [{"api": api, "tried": every[api], "killed": own[api]} for api in every],
        "requests": round(statistics.median(each["requests"] for each in tried)),
        "seconds": round(statistics.median(each["seconds"] for each in tried), 1),
        "controls": [
            {key: each[key] for key in ("api", "conforming", "requests")} | {"seconds": round(each["seconds"], 1)}
            for each in found["controls"]
        ],
    }


def _clauses(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = []
    tried = Counter(each["api"] for each in found["mutants"])
    for api in dict.fromkeys(each["api"] for each in found["clauses"]):
        own = [each for each in found["clauses"] if each["api"] == api]
        must = [each for each in own if each["mandatory"]]
        rows.append({
            "api": api,
            "clauses": len(own),
            "not_tested": sum(each["not_tested"] is not None for each in own),
            "exercised": sum(bool(each["hits"]) for each in own),
            "hits": sum(each["hits"] or 0 for each in own),
            "mandatory": len(must),
            "proven": sum(bool(each["killed"]) for each in must),
            "unproven": sum(not each["killed"] for each in must),
            # Told by name only where all mutants were tried: of a sample they would say nothing.
            "unproven_names": [each["id"] for each in must if not each["killed"] and tried[api] == found["catalogue"][api]],
        })  # fmt: skip
    return rows


def _document(found: Mapping[str, Any]) -> dict[str, Any]:
    sentences = found["sentences"]
    return {
        "title": found["title"],
        "sentences": len(sentences),
        "with_clauses": sum(bool(each["clauses"]) for each in sentences),
        "with_reason": sum(not each["clauses"] for each in sentences),
    }


def _variants(found: Mapping[str, Any]) -> dict[str, Any]:
    tried = found["variants"]
    rows = []
    for api in dict.fromkeys(each["api"] for each in tried):
        own = [each for each in tried if each["api"] == api]
        rows.append({
            "api": api,
            "variants": len(own),
            "runs": sum(len(each["runs"]) for each in own),
            "requests": sum(run["requests"] for each in own for run in each["runs"]),
            "false_alarms": sum(len(each["false_alarms"]) for each in own),
        })  # fmt: skip
    return {
        "machines": found["variant_machines"],
        "again": found["variants_again"],
        "before": found["variants_before"],
        "variants": len(tried),
        "catalogue": sum(found["variant_catalogue"].values()),
        "names": [f"{each['api']} {each['name']}" for each in tried],
        "runs": found["variant_runs"],
        "seeds": len({run["seed"] for each in tried for run in each["runs"]}),
        "false_alarms": found["false_alarms"],
        "apis": rows,
    }


def of_recordings(folder: Path) -> list[dict[str, Any]]:
    """How many histories are judged again in every test run, and what they decide."""
    found = recordings(folder)
    return [
        {
            "api": api,
            "histories": len(own),
            "of_mutants": sum(each.mutant is not None for each in own),
            "verdicts": sum(len(each.verdicts) for each in own),
            "decided": len({clause for each in own for clause in each.verdicts}),
            "clauses": len(load(api).clauses),
        }
        for api in dict.fromkeys(each.api for each in found)
        if (own := [each for each in found if each.api == api])
    ]


def _peers(found: Mapping[str, Any]) -> dict[str, Any]:
    kept = (
        "name", "command", "killed", "of", "requests", "wall_seconds", "cpu_seconds", "controls", "control_exit_codes",
        "false_accusations", "false_kinds",
    )  # fmt: skip
    rows = [
        {key: each[key] for key in kept} | {"late": each["exit_codes"].get("None", 0)}
        for each in found["contenders"].values()
    ]
    return {key: found[key] for key in ("machine", "jobs", "mutants", "catalogue", "sample")} | {"contenders": rows}


def _throughput(found: Mapping[str, Any]) -> dict[str, Any]:
    rates = [
        {
            "signatures": scheme,
            "client": client,
            **{key: round(rate[key]) for key in ("requests", "whole", "in_flight")},
        }
        for scheme, clients in found["rates"].items()
        for client, rate in clients.items()
    ]
    commands = [
        {"profile": profile, "api": api, **{key: row[key] for key in ("requests", "seconds")}}
        for profile, apis in found["commands"].items()
        for api, row in apis.items()
    ]
    return {"machine": found.get("machine"), "rates": rates, "commands": commands}


def _rows(found: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if key != "schema"}


def _judging(found: Mapping[str, Any]) -> dict[str, Any]:
    shapes = [
        {
            "shape": shape,
            "seconds": [round(seconds, 4) for seconds in by_size.values()],
            "peak_mb": round(found["peak_mb"][shape]),
        }
        for shape, by_size in found["evidence_seconds"].items()
    ]
    sizes = [int(size) for size in next(iter(found["evidence_seconds"].values()), {})]
    oracles = [
        {
            "api": api,
            "calls": row["calls"],
            "clauses": row["clauses"],
            "seconds": round(row["seconds"], 2),
            "calls_a_second": round(row["calls_a_second"]),
        }
        for api, row in found["oracles"].items()
    ]
    return {"machine": found["machine"], "sizes": sizes, "shapes": shapes, "oracles": oracles}


#: Results of benchmarks, by the name of their file without its ending.
_BENCHMARKS: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "peers": _peers,
    "throughput": _throughput,
    "side_by_side": _rows,
    "judging": _judging,
    "growth": _rows,
    "report_size": _rows,
    "page_speed": _rows,
}


def of_benchmarks(folder: Path) -> dict[str, Any]:
    """Figures of every result that is in a folder."""
    return {
        name: figures(read_json(folder / f"{name}.json"))
        for name, figures in _BENCHMARKS.items()
        if (folder / f"{name}.json").exists()
    }


def collected(
    known: Mapping[str, Any], selftests: Sequence[Path], results: Path | None, recorded: Path
) -> dict[str, Any]:
    """All figures: those that are known, with whatever was measured anew in their place."""
    figures = {**known, "schema": SCHEMA, "recordings": of_recordings(recorded)}
    figures |= of_selftests([read_json(path) for path in selftests])
    return figures if results is None else figures | of_benchmarks(results)
