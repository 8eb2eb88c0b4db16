"""What a selftest concludes from its trials, and the page made of it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser

import pytest
from click.testing import CliRunner
from rich.console import Console

from conformance.app import selftest
from conformance.app.cli import main
from conformance.app.selftest import Selftest, sampled
from conformance.app.trial import Result, Trial
from conformance.emulator.mutants import mutants
from reports import render_kill_matrix
from specs import load

MUTANTS = mutants("neptune")[:2]
CONTROL = Trial(api="neptune", s3_endpoint="", profile="standard", families=("parameter-range",))


def outcome(
    *, killed: tuple[bool, ...] = (True, True), control: Result | None = None, fault: str | None = None
) -> Selftest:
    results = tuple(
        Result(
            trial=Trial(api=m.api, s3_endpoint="", profile=m.profile, mutant=m.name, clause=m.clause),
            killed=dead,
            verdict="fail" if dead else "pass",
            broken=(m.clause, "neptune.ListLoaderJobs/refusal/names") if dead else (),
            fault=fault,
        )
        for m, dead in zip(MUTANTS, killed, strict=True)
    )
    return Selftest(
        mutants=tuple(zip(MUTANTS, results, strict=True)),
        controls=(control or Result(trial=CONTROL),),
        seconds=1.0,
        jobs=2,
    )


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (outcome(), 0),
        (outcome(killed=(True, False)), 1),
        (outcome(control=Result(trial=CONTROL, broken=("a",))), 1),
        (outcome(control=Result(trial=CONTROL, unproven=("a",))), 1),
        (outcome(fault="it fell over"), 2),
    ],
)
def test_the_exit_code_says_whether_all_were_killed(found: Selftest, code: int) -> None:
    assert found.exit_code == code


def test_ctrl_c_keeps_what_was_tried_until_then(monkeypatch: pytest.MonkeyPatch) -> None:
    def ended_early(trials: Sequence[Trial], jobs: int) -> Iterator[Result]:
        del jobs
        for trial in trials[:2]:
            yield Result(trial=trial, killed=trial.mutant is not None)
        raise KeyboardInterrupt

    monkeypatch.setattr(selftest, "attempts", ended_early)
    found = selftest.tried(Console(file=io.StringIO()), MUTANTS)

    assert [mutant for mutant, _ in found.mutants] == list(MUTANTS[:1])
    assert found.left_out == 1
    assert found.exit_code == 3
    assert "ended early: 1 emulators were not tried" in render_kill_matrix(found.described())


def test_a_sample_is_even_over_the_catalogue() -> None:
    every = mutants()
    assert sampled(every, None) == sampled(every, len(every) + 1) == list(every)
    some = sampled(every, 40)
    assert len(some) == 40
    assert {mutant.api for mutant in some} == {mutant.api for mutant in every}
    assert [every.index(mutant) for mutant in some] == sorted({every.index(mutant) for mutant in some})


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_page_shows_who_caught_whom_and_needs_no_network() -> None:
    page = render_kill_matrix(outcome(killed=(True, False)).described())
    reader = Reader()
    reader.feed(page)
    labels = [attributes.get("aria-label") for tag, attributes in reader.tags if tag == "span"]
    assert labels.count("caught, as it must be") == 1
    assert labels.count("caught beside") == 1
    assert labels.count("not caught") == 1
    assert not [tag for tag, attributes in reader.tags if "src" in attributes or "href" in attributes]
    assert "1 of 2 mutants killed" in page


def test_each_clause_has_its_hits_and_kills() -> None:
    own = MUTANTS[0].clause
    control = Result(trial=CONTROL, hits=((own, 7),))
    described = outcome(control=control).described()
    rows = {row["id"]: row for row in described["clauses"]}
    assert rows[own]["hits"] == 7
    assert rows[own]["killed"] == [m.name for m in MUTANTS if m.clause == own]
    assert list(rows) == [clause.id for clause in load("neptune").clauses]
    page = render_kill_matrix(described)
    proven = sum(bool(row["killed"]) for row in rows.values())
    assert f"neptune: {len(rows)} clauses, {proven} of them have killed a mutant" in page


def test_each_sentence_has_its_clauses_or_a_reason() -> None:
    described = outcome().described()
    documents = {row["document"]: row for row in described["documents"]}
    assert set(documents) == {document.id for document in load("neptune").documents}
    sentences = [each for row in documents.values() for each in row["sentences"]]
    assert all(bool(each["clauses"]) != bool(each["reason"]) for each in sentences)
    assert all(set(each) == {"key", "clauses", "reason"} for each in sentences)
    page = render_kill_matrix(described)
    assert all(each["key"] in page for each in sentences)


def test_a_mandatory_clause_that_killed_nothing_is_unproven() -> None:
    whole = Result(trial=Trial(api="neptune", s3_endpoint="", profile="standard"))
    described = outcome(control=whole).described()
    idle = {row["id"] for row in described["clauses"] if row["mandatory"] and not row["killed"]}
    assert set(described["unproven"]) == idle
    assert MUTANTS[0].clause not in idle


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("selftest", "nowhere"), "known: neptune"),
        (("selftest", "--mutant", "limit-zero-acepted"), "limit-zero-accepted"),
        (("selftest", "--family", "colour"), "parameter-range"),
        (("serve", "neptune", "--mutant", "limit-zero"), "limit-zero-accepted"),
        (("run", "neptune", "--mutant", "limit-zero"), "limit-zero-accepted"),
        (("run", "--mutant", "limit-zero-accepted"), "expected one API"),
        (("run", "neptune", "--mutant", "limit-zero-accepted", "--url", "http://127.0.0.1:1"), "bundled emulator"),
    ],
)
def test_wrong_input_gets_one_clear_message(arguments: tuple[str, ...], said: str) -> None:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert said in result.output
    assert len(result.output.strip().splitlines()) == 1
