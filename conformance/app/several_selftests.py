"""Several selftests as one: what was tried in more than one of them counts as the last of them says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]


def combined(results: Sequence[Row]) -> dict[str, Any]:
    """What the ``selftest.json`` of several selftests say together, in the order in which they were made.

    The members are called as in such a file. A mutant counts as the last of them says, a correct variant seed by seed.
    ``mutant_machines`` and ``variant_machines`` tell what each part was measured on; ``mutants_again`` and
    ``variants_again`` how many mutants, and runs of variants, an earlier one had tried as well; ``mutants_before`` and
    ``variants_before`` how many survivors and false alarms of earlier ones are none any more.
    """
    mutants = list({(row["api"], row["name"]): row for each in results for row in each["mutants"]}.values())
    controls: dict[str, Row] = {}
    clauses: dict[str, Row] = {}
    for each in results:  # the first one is the whole one, those behind it may be about a few clauses
        controls |= {row["api"]: row for row in each["controls"] if row["api"] not in controls}
        clauses |= {row["id"]: row for row in each["clauses"] if row["id"] not in clauses}
    variants = _variants(results)
    runs, alarms = (sum(len(row[part]) for row in variants) for part in ("runs", "false_alarms"))
    return {
        "catalogue": results[-1]["catalogue"],
        "variant_catalogue": results[-1]["variant_catalogue"],
        "mutants": mutants,
        "killed": sum(row["killed"] for row in mutants),
        "mutants_again": sum(len(each["mutants"]) for each in results) - len(mutants),
        "mutants_before": sum(not row["killed"] for each in results for row in each["mutants"])
        - sum(not row["killed"] for row in mutants),
        "mutant_machines": [each["machine"] for each in results if each["mutants"]],
        "controls": list(controls.values()),
        "clauses": [{**row, "killed": _killers(identifier, mutants)} for identifier, row in clauses.items()],
        "documents": next((each["documents"] for each in results if each["documents"]), []),
        "variants": variants,
        "variant_runs": runs,
        "variants_again": sum(each["variant_runs"] for each in results) - runs,
        "variants_before": sum(each["false_alarms"] for each in results) - alarms,
        "variant_machines": [each["machine"] for each in results if each["variants"]],
        "false_alarms": alarms,
    }


def _killers(clause: str, mutants: Iterable[Row]) -> list[str]:
    """The names of the mutants that a clause found out, be they about it or not."""
    return [row["name"] for row in mutants if clause in row["also"] or (row["killed"] and row["clause"] == clause)]


def _variants(results: Sequence[Row]) -> list[Row]:
    """The variants, each with its runs by seed; the sentence about it is the last one."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in (row for each in results for row in each["variants"]):
        known = found.get((row["api"], row["name"]), {"runs": [], "false_alarms": []})
        again = {run["seed"] for run in row["runs"]}
        kept = {part: [each for each in known[part] if each["seed"] not in again] for part in ("runs", "false_alarms")}
        found[row["api"], row["name"]] = {**row, **{part: [*kept[part], *row[part]] for part in kept}}
    return list(found.values())
