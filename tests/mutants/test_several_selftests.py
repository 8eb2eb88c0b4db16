"""Several selftests are one, and what was tried again counts as it came out last."""

from __future__ import annotations

from typing import Any

from conformance.app.several_selftests import combined
from conformance.app.trust_figures import of_selftests
from reports import render_trust


def mutant(name: str, *, killed: bool, clause: str = "x.O/a", also: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "api": "x", "name": name, "family": "queue", "clause": clause, "killed": killed, "also": list(also),
        "requests": 5, "seconds": 1.0,
    }  # fmt: skip


def clause(identifier: str, *, hits: int, killed: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"id": identifier, "api": "x", "mandatory": True, "not_tested": None, "hits": hits, "killed": list(killed)}


def variant(name: str, *seeds: int, alarms: tuple[int, ...] = ()) -> dict[str, Any]:
    return {
        "api": "x", "name": name,
        "runs": [{"seed": seed, "requests": 10} for seed in seeds],
        "false_alarms": [{"seed": seed, "clause": "x.O/a"} for seed in alarms],
    }  # fmt: skip


def selftest(when: str, **parts: Any) -> dict[str, Any]:
    rows = parts.get("variants", [])
    described = {
        "machine": {"when": when, "python": "3", "system": "any"}, "catalogue": {"x": 2}, "variant_catalogue": {"x": 2},
        "mutants": [], "controls": [], "variants": [], "clauses": [], "documents": [], **parts,
    }  # fmt: skip
    return {
        **described,
        "killed": sum(row["killed"] for row in described["mutants"]),
        "variant_runs": sum(len(row["runs"]) for row in rows),
        "false_alarms": sum(len(row["false_alarms"]) for row in rows),
    }


WHOLE = selftest(
    "first", mutants=[mutant("one", killed=False), mutant("two", killed=True, clause="x.O/b", also=("x.O/a",))],
    controls=[{"api": "x", "conforming": True, "requests": 90, "seconds": 2.0}],
    clauses=[clause("x.O/a", hits=4, killed=("two",)), clause("x.O/b", hits=7, killed=("two",))],
)  # fmt: skip
AGAIN = selftest(
    "second", mutants=[mutant("one", killed=True)], controls=[{"api": "x", "conforming": True, "requests": 3, "seconds": 0.1}],
    clauses=[clause("x.O/a", hits=1, killed=("one",)), clause("x.O/b", hits=0)],
)  # fmt: skip


def test_a_mutant_counts_as_it_came_out_last() -> None:
    found = combined([WHOLE, AGAIN])
    assert [(row["name"], row["killed"]) for row in found["mutants"]] == [("one", True), ("two", True)]
    assert (found["killed"], found["mutants_again"], found["mutants_before"]) == (2, 1, 1)
    assert combined([AGAIN, WHOLE])["killed"] == 1


def test_what_a_whole_run_saw_stays_and_clauses_have_all_their_kills() -> None:
    found = combined([WHOLE, AGAIN])
    assert [row["requests"] for row in found["controls"]] == [90]
    assert [(row["id"], row["hits"], row["killed"]) for row in found["clauses"]] == [
        ("x.O/a", 4, ["one", "two"]), ("x.O/b", 7, ["two"]),
    ]  # fmt: skip


def test_variants_count_seed_by_seed() -> None:
    first = selftest("first", variants=[variant("late", 0, 1, 2, alarms=(0, 2)), variant("early", 0)])
    second = selftest("second", variants=[variant("late", 2, 3)])
    found = combined([first, second])
    assert [[run["seed"] for run in row["runs"]] for row in found["variants"]] == [[0, 1, 2, 3], [0]]
    assert [each["seed"] for each in found["variants"][0]["false_alarms"]] == [0]
    assert (found["variant_runs"], found["variants_again"]) == (5, 1)
    assert (found["false_alarms"], found["variants_before"]) == (1, 1)


def test_the_page_tells_of_all_selftests_and_what_was_tried_again() -> None:
    page = render_trust(of_selftests([WHOLE, AGAIN]), picture="")
    assert "**2 of 2 mutants killed**" in page
    assert "Measured first," in page
    assert "Measured further second," in page
    assert "What several selftests tried counts as in the last of them: 1 of the mutants." in page
    assert "Earlier ones had 1 survivor among these that the last no longer has." in page
    assert "several selftests" not in render_trust(of_selftests([WHOLE]), picture="")


def test_nothing_tried_is_nothing_measured() -> None:
    assert of_selftests([]) == {}
