"""Every planned request breaks exactly the constraint it says, or none at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs import Operation, Spec, apis, load
from strategies import Probe, equivalences, pairwise, probes
from strategies.exploration import breakable, valid_requests, violations
from tests.specs.constraint_check import broken, filled


def _specs() -> list[Spec]:
    return [load(api, edition=edition) for api in apis() for edition in (load(api).editions or (None,))]


OPERATIONS = [
    pytest.param(spec, operation, id=f"{spec.api}{spec.edition or ''}-{operation.name}")
    for spec in _specs()
    for operation in spec.judged.values()
]


def _whole(operation: Operation) -> dict[str, Any]:
    one_of = {"exactlyOneOf": operation.exactly_one_of} if operation.exactly_one_of else {}
    return {
        "type": "object",
        **one_of,
        "properties": {p.name: p.schema for p in operation.parameters},
        "required": [p.name for p in operation.parameters if p.required],
    }


def _broken(operation: Operation, arguments: Mapping[str, Any]) -> set[str]:
    return broken(filled(dict(arguments)), _whole(operation))


def _due(operation: Operation, probe: Probe) -> tuple[str, str]:
    subject, aspect = probe.clause.removeprefix(f"{probe.clause.split('.')[0]}.{operation.name}/").rsplit("/", 1)
    return "" if subject == "request" else subject, aspect


@pytest.mark.parametrize(("spec", "operation"), OPERATIONS)
def test_an_outside_probe_breaks_its_own_constraint_and_no_other(spec: Spec, operation: Operation) -> None:
    for probe in probes(operation, spec.api):
        if probe.role != "outside":
            continue
        subject, aspect = _due(operation, probe)
        found = _broken(operation, probe.arguments)
        holder = subject.rpartition(".")[0]
        expected = f"{holder}/required" if aspect == "required" else f"{subject}/{aspect}"
        others = found - {expected}
        assert expected in found, (probe.clause, probe.case, found)
        # a wrong type or an unlisted value cannot help breaking what else is said of the same value
        assert all(each.startswith((f"{subject}/", f"{subject}.", f"{subject}[")) for each in others), (
            probe.clause,
            probe.case,
            others,
        )


@pytest.mark.parametrize(("spec", "operation"), OPERATIONS)
def test_an_inside_probe_breaks_nothing(spec: Spec, operation: Operation) -> None:
    for probe in probes(operation, spec.api):
        if probe.role == "inside":
            assert _broken(operation, probe.arguments) == set(), (probe.clause, probe.case, probe.arguments)


@pytest.mark.parametrize(("spec", "operation"), OPERATIONS)
def test_both_requests_of_an_equivalence_are_valid_and_differ(spec: Spec, operation: Operation) -> None:
    for pair in equivalences(operation, spec.api):
        assert pair.first != pair.second
        assert _broken(operation, pair.first) == set()
        assert _broken(operation, pair.second) == set()


@pytest.mark.parametrize(("spec", "operation"), OPERATIONS)
def test_random_valid_requests_are_valid(spec: Spec, operation: Operation) -> None:  # noqa: ARG001 - rows of one table
    @settings(max_examples=15, deadline=None, derandomize=True, database=None)
    @given(arguments=valid_requests(operation))
    def drawn(arguments: dict[str, Any]) -> None:
        assert _broken(operation, arguments) == set()

    drawn()


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(arguments=valid_requests(load("neptune").operations["GetLoaderJobStatus"]))
def test_what_a_parameter_needs_beside_it_is_not_left_to_chance(arguments: dict[str, Any]) -> None:
    assert "errorsPerPage" not in arguments or arguments["errors"] is True


@pytest.mark.parametrize(("spec", "operation"), OPERATIONS)
def test_random_violations_break_what_they_say(spec: Spec, operation: Operation) -> None:
    if not breakable(operation, spec.api):
        return

    @settings(max_examples=15, deadline=None, derandomize=True, database=None)
    @given(probe=violations(operation, spec.api))
    def drawn(probe: Probe) -> None:
        subject, aspect = _due(operation, probe)
        holder = subject.rpartition(".")[0]
        expected = f"{holder}/required" if aspect == "required" else f"{subject}/{aspect}"
        found = _broken(operation, probe.arguments)
        assert expected in found, (probe, found)

    drawn()


@given(
    st.dictionaries(st.sampled_from("abcde"), st.lists(st.integers(), min_size=1, max_size=3, unique=True), min_size=1)
)
@settings(deadline=None, max_examples=40)
def test_pairwise_rows_hold_every_pair(options: dict[str, list[int]]) -> None:
    rows = list(pairwise(options))

    names = list(options)
    for index, first in enumerate(names):
        for second in names[index + 1 :]:
            seen = {(row[first], row[second]) for row in rows}
            assert seen == {(a, b) for a in options[first] for b in options[second]}
    assert all(set(row) == set(names) for row in rows)
