"""What a run comes to: exit codes and sentences."""

from __future__ import annotations

import itertools

import pytest

from conformance import Finding, Verdict
from reports import exit_code
from reports.outcome import Outcome, Overall, worst_code
from specs import Level
from tests.reports.sample import finding

MAY_VACUOUS = finding(Verdict.VACUOUS, subject="may/type", level=Level.MAY)
PASS = finding(Verdict.PASS, subject="pass/type")


@pytest.mark.parametrize(
    ("findings", "code"),
    [
        ([], 2),
        ([finding(Verdict.DISABLED), finding(Verdict.NOT_APPLICABLE)], 2),
        ([PASS], 0),
        ([PASS, finding(Verdict.WARN, level=Level.SHOULD)], 0),
        ([PASS, MAY_VACUOUS], 0),
        ([PASS, finding(Verdict.DISABLED)], 0),
        ([MAY_VACUOUS], 3),
        ([PASS, finding(Verdict.VACUOUS)], 3),
        ([PASS, finding(Verdict.INCONCLUSIVE)], 3),
        ([PASS, finding(Verdict.UNTESTABLE)], 3),
        ([PASS, finding(Verdict.VACUOUS, not_tested="no way to see it")], 0),
        ([finding(Verdict.FAIL), finding(Verdict.VACUOUS)], 1),
        ([finding(Verdict.FAIL), finding(Verdict.ERROR)], 2),
    ],
)
def test_exit_codes(findings: list[Finding], code: int) -> None:
    assert exit_code(findings) == code
    assert exit_code(reversed(findings)) == code
    assert Overall.from_exit_code(code).exit_code == code


def test_an_interrupted_run_never_conforms() -> None:
    assert exit_code([PASS], interrupted=True) == 3
    assert exit_code([finding()], interrupted=True) == 1


def test_the_worst_code_goes_by_its_meaning() -> None:
    assert worst_code([]) == 2
    for codes in itertools.permutations([0, 1, 2, 3]):
        assert worst_code(codes) == 2
    assert worst_code([3, 0, 1]) == 1
    assert worst_code([0, 3]) == 3


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(ValueError, match="code=7"):
        Overall.from_exit_code(7)


@pytest.mark.parametrize(
    ("findings", "sentence"),
    [
        ([PASS], "Every mandatory clause that was run is kept: 1 of 1 mandatory clause proven kept."),
        ([], "No clause was judged"),
        ([PASS, finding()], "1 clause is broken. 1 of 2"),
        ([PASS, finding(Verdict.VACUOUS)], "Nothing is broken, but 1 mandatory clause was not proven."),
        ([MAY_VACUOUS], "Nothing is broken, but too little"),
        ([finding(Verdict.ERROR)], "an error of its own"),
    ],
)
def test_sentences(findings: list[Finding], sentence: str) -> None:
    assert sentence in Outcome.of(findings).sentence
