"""The catalogue of correct variants is sound, and a sample of them is never accused."""

from __future__ import annotations

import io
import os
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from click.testing import CliRunner
from rich.console import Console
from werkzeug.test import EnvironBuilder

import specs
from conformance.app.cli import main
from conformance.app.false_alarms import Alarms, gathered, trials_of
from conformance.app.kill_table import show_outcome, show_trouble
from conformance.app.processes import object_store
from conformance.app.selftest import Selftest, attempts
from conformance.app.trial import Result, Trial
from conformance.emulator import APIS, Api, Settings, create_service
from conformance.emulator.service import _CLASSES
from conformance.emulator.variants import UnknownVariantError, Variant, find, variants
from reports import render_kill_matrix

ALL = variants()


def name_of(variant: Variant) -> str:
    return f"{variant.api}-{variant.name}"


def test_there_are_enough_of_every_api() -> None:
    counted = Counter(variant.api for variant in ALL)
    assert {api: counted[api] for api in APIS if counted[api] < 30} == {}


def test_names_are_words_and_unique() -> None:
    assert [v.name for v in ALL if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", v.name)] == []
    assert [name for name, times in Counter(map(name_of, ALL)).items() if times > 1] == []


@pytest.mark.parametrize("variant", ALL, ids=name_of)
def test_a_variant_says_what_it_does_and_what_permits_it(variant: Variant) -> None:
    assert variant.sentence[:1].isupper() or variant.sentence.startswith("`")
    assert variant.sentence.endswith(".")
    assert len(variant.fact.split()) > 3
    assert not variant.fact.endswith(".")


@pytest.mark.parametrize("variant", ALL, ids=name_of)
def test_advice_it_does_not_follow_is_advice(variant: Variant) -> None:
    spec = specs.load(variant.api)
    assert [clause for clause in variant.advice if spec.clause(clause).mandatory] == []


@pytest.mark.parametrize("variant", ALL, ids=name_of)
def test_a_variant_is_the_service_with_something_overridden_and_answers(variant: Variant) -> None:
    service = create_service(Settings(api=variant.api, variant=variant.name, job_seconds=0.01))
    try:
        module, plain = _CLASSES[variant.api]
        assert [base.__name__ for base in type(service).__mro__[1:] if base.__module__ == module] == [plain]
        answer = service.handle(EnvironBuilder(path="/nowhere", environ_base={"RAW_URI": "/nowhere"}).get_request())
        assert 400 <= answer.status_code < 504
        assert answer.status_code != 500
    finally:
        service.close()


def test_an_unknown_name_is_refused_with_near_ones() -> None:
    with pytest.raises(UnknownVariantError, match="seen-later"):
        find("neptune", "seen-latr")
    with pytest.raises(UnknownVariantError, match="selftest"):
        find("neptune", "qqqq")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("selftest", "--variant", "seen-latr"), "seen-later"),
        (("serve", "neptune", "--variant", "seen-latr"), "seen-later"),
        (("run", "neptune", "--variant", "seen-latr"), "seen-later"),
        (("run", "--variant", "seen-later"), "expected one API"),
        (("run", "neptune", "--variant", "seen-later", "--url", "http://127.0.0.1:1"), "bundled emulator"),
        (("run", "neptune", "--variant", "seen-later", "--mutant", "limit-zero-accepted"), "got both"),
    ],
)
def test_wrong_input_gets_one_clear_message(arguments: tuple[str, ...], said: str) -> None:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert said in result.output
    assert len(result.output.strip().splitlines()) == 1


# -- what is counted and shown


def result_of(variant: Variant, seed: int, *alarms: tuple[str, str, str], fault: str | None = None) -> Result:
    trial = Trial(api=variant.api, s3_endpoint="", profile="standard", seed=seed, variant=variant.name)
    return Result(trial=trial, alarms=alarms, requests=7, fault=fault)


def selftest_of(variant: Variant, *results: Result) -> Selftest:
    alarms = Alarms(variant=variant, results=results)
    return Selftest(mutants=(), controls=(), variants=(alarms,), seconds=1.0, jobs=1)


def test_a_false_alarm_is_counted_and_shown() -> None:
    variant = find("neptune", "seen-later")
    clause = "neptune.ListLoaderJobs/limit/maximum"
    found = selftest_of(variant, result_of(variant, 0), result_of(variant, 1, (clause, "fail", "<b>so</b>")))
    described = found.described()
    assert (described["false_alarms"], described["variant_runs"], found.exit_code) == (1, 2, 1)
    page = render_kill_matrix(described)
    assert "1 false alarms in 2 runs" in page
    assert clause in page
    assert "<b>so</b>" not in page
    assert variant.sentence in page


def test_a_fault_of_the_suite_is_no_false_alarm() -> None:
    variant = find("neptune", "seen-later")
    found = selftest_of(variant, result_of(variant, 0, fault="a child process died"))
    assert (found.false_alarms, found.exit_code) == (0, 2)
    assert "a child process died" in render_kill_matrix(found.described())


def test_a_selftest_without_alarms_succeeds() -> None:
    variant = find("neptune", "seen-later")
    assert selftest_of(variant, result_of(variant, 0)).exit_code == 0


# -- a sample of the real thing; `conformance selftest --variants` runs all

SAMPLE: list[tuple[Api, str, str]] = [
    ("neptune", "seen-later", "lifecycle"),
    ("neptune", "finished-loads-are-not-listed", "list-semantics"),
    ("neptune", "constraint-violations", "error-mapping"),
    ("neptune", "resumed-loads-keep-their-id", "lifecycle"),
    ("omics", "short-pages", "list-semantics"),
    ("omics", "a-second-import-is-over-quota", "lifecycle"),
    ("omics", "unknown-members-refused", "error-mapping"),
    ("s3control", "flat-errors", "error-mapping"),
    ("s3control", "seen-later", "lifecycle"),
    ("s3control", "xml-with-prefixes", "response-shape"),
    ("s3control", "an-order-of-its-own", "list-semantics"),
    ("ncloud", "errors-of-the-vendors-sample", "error-mapping"),
    ("ncloud", "deleted-jobs-stay-listed", "list-semantics"),
    ("ncloud", "edition-of-2026", "response-shape"),
    ("ncloud", "busy-with-429", "lifecycle"),
]


@pytest.fixture(scope="module")
def results() -> Mapping[tuple[str, str], Alarms]:
    chosen = [(find(api, name), family) for api, name, family in SAMPLE]
    with object_store() as endpoint:
        trials = [
            trial
            for variant, family in chosen
            for trial in trials_of([variant], endpoint=endpoint, profile="standard", seeds=1, family=family)
        ]
        found = list(attempts(trials, os.cpu_count() or 1))
    return {(each.variant.api, each.variant.name): each for each in gathered([v for v, _ in chosen], found)}


# One worker runs the whole sample: the fixture would otherwise be made in each.
@pytest.mark.xdist_group("variants")
@pytest.mark.parametrize(("api", "name"), [(api, name) for api, name, _ in SAMPLE])
def test_a_correct_variant_is_not_accused(api: str, name: str, results: Any) -> None:
    alarms = results[api, name]
    assert alarms.faults == []
    assert alarms.false == []
    assert alarms.results[0].requests > 20


def said_of(result: Result, variant: Variant | None = None) -> list[str]:
    alarms = () if variant is None else (Alarms(variant=variant, results=(result,)),)
    shown = io.StringIO()
    show_trouble(Console(file=shown, width=400), result, alarms)
    return shown.getvalue().splitlines()


def test_trouble_is_told_as_it_comes_and_nothing_else() -> None:
    variant = find("neptune", "seen-later")
    alarm = ("neptune.ListLoaderJobs/limit/maximum", "fail", "[so]")
    hunted = Trial(api="omics", s3_endpoint="", profile="standard", mutant="m", clause="omics.x/y")

    assert said_of(result_of(variant, 3), variant) == []
    assert said_of(Result(trial=hunted, killed=True, verdict="fail")) == []
    assert said_of(result_of(variant, 3, alarm), variant) == [
        "    neptune seen-later, seed 3: false alarm, fail neptune.ListLoaderJobs/limit/maximum: [so]"
    ]
    assert said_of(Result(trial=hunted, verdict="pass", reason="it held")) == [
        "    omics m, seed 0: survived, omics.x/y: pass it held"
    ]
    plain = Trial(api="ncloud", s3_endpoint="", profile="standard")
    assert said_of(Result(trial=plain)) == []
    assert said_of(Result(trial=plain, broken=("ncloud.a/b",), unproven=("ncloud.c/d",))) == [
        "    ncloud without a fault, seed 0: broken, ncloud.a/b",
        "    ncloud without a fault, seed 0: not proven, ncloud.c/d",
    ]
    assert said_of(result_of(variant, 3, fault="a child process died"), variant) == [
        "    neptune seen-later, seed 3: a fault of the suite: a child process died"
    ]


def test_without_mutants_no_table_of_them_is_shown() -> None:
    variant = find("neptune", "seen-later")
    shown = io.StringIO()
    show_outcome(Console(file=shown, width=200), selftest_of(variant, result_of(variant, 0)).described(), "page.html")
    assert [line for line in shown.getvalue().splitlines() if "mutant" in line] == []
    assert "0 false alarms in 1 runs of 1 correct variants" in shown.getvalue()
