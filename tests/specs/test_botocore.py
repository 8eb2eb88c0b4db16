"""The specifications against the service models that botocore ships: every difference is known and explained."""

from __future__ import annotations

import pytest

from specs import Spec, apis, load
from tests.specs.known_differences import DIFFERENCES
from tests.specs.service_model import SERVICES, differences, model_facts, service_model, spec_facts, told_in_words

#: Some models leave their bounds to their words.
BOUNDS = frozenset({"minimum", "maximum", "maxLength", "minItems", "maxItems"})
MODELLED = [api for api in SERVICES if api in apis()]


@pytest.fixture(params=MODELLED)
def spec(request) -> Spec:
    return load(request.param)


def found(spec: Spec) -> dict[tuple[str, str, str], str]:
    """Tell every difference of an API, keyed as in the table; ``*`` where the table says so of all operations."""
    told = {}
    for operation in spec.operations.values():
        facts = spec_facts(spec, operation), model_facts(spec.api, operation.name)
        for place, (ours, theirs) in differences(*facts).items():
            field, _, fact = place.rpartition("/")
            if operation.housekeeping and ours in (None, "missing"):
                continue  # of what only cleans up, no more is told than that takes
            if theirs is None and fact in BOUNDS and told_in_words(spec.api, operation.name, field, ours):
                continue
            every = (spec.api, "*", place)
            key = every if every in DIFFERENCES else (spec.api, operation.name, place)
            told[key] = f"ours {ours!r}, botocore's {theirs!r}"
    return told


def test_every_operation_is_in_the_model(spec):
    assert set(spec.operations) <= set(service_model(spec.api).operation_names)


def test_every_difference_is_explained(spec):
    unexplained = {key: values for key, values in found(spec).items() if key not in DIFFERENCES}
    assert unexplained == {}


def test_every_explained_difference_is_still_there(spec):
    listed = {key for key in DIFFERENCES if key[0] == spec.api}
    assert listed - found(spec).keys() == set()


@pytest.mark.parametrize("why", DIFFERENCES.values())
def test_an_explanation_is_a_line_of_prose(why):
    assert 20 <= len(why) <= 160
    assert "\n" not in why


def test_a_missing_field_is_told_once_and_not_for_each_member():
    ours = {"a/type": "object", "a/required": False}
    theirs = ours | {f"b{nested}/{fact}": "object" for nested in ("", ".c", ".c[]") for fact in ("type", "required")}
    assert differences(ours, theirs) == {"b": ("missing", "present")}
    assert differences(theirs, ours) == {"b": ("present", "missing")}


def test_a_bound_is_told_in_words_or_not():
    assert told_in_words("batch", "SubmitJob", "arrayProperties.size", 10_000)
    assert told_in_words("batch", "SubmitJob", "retryStrategy.evaluateOnExit[].onReason", 512)
    assert told_in_words("batch", "CreateJobQueue", "computeEnvironmentOrder", 3)
    assert not told_in_words("batch", "SubmitJob", "jobName", 127)


def test_another_bound_is_a_difference():
    assert differences({"a/maximum": 100}, {"a/maximum": 99}) == {"a/maximum": (100, 99)}
    assert differences({"a/maximum": 100}, {"a/type": "integer", "a/maximum": 100}) == {"a/type": (None, "integer")}


def test_a_status_that_the_model_does_not_give_is_no_difference():
    assert differences({"errors/NoJob/status": 404}, {}) == {}
