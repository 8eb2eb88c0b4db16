"""Cases that Schemathesis draws from the exported documents, in the form in which they go on the wire."""

from __future__ import annotations

import json
from collections import Counter
from xml.etree import ElementTree as ET

import pytest
from schemathesis import GenerationMode

from specs import Spec, load
from specs.openapi import to_openapi
from strategies import schemathesis_cases
from strategies.schemathesis_cases import RawCase, cases
from tests.specs.editions import every_edition, label

NEPTUNE = to_openapi(load("neptune"))
PINNED = "1b2c-known/id"


@pytest.fixture(params=every_edition(), ids=label)
def spec(request) -> Spec:
    api, edition = request.param
    return load(api, edition=edition)


def drawn(*operations: str, count: int = 60, seed: int = 1, **options) -> list[RawCase]:
    return list(cases(NEPTUNE, operations, count=count, seed=seed, **options))


def test_schemathesis_draws_cases_of_every_operation(spec):
    taken = cases(to_openapi(spec), list(spec.operations), count=12 * len(spec.operations), seed=3)
    found = Counter(case.operation for case in taken)
    assert found.keys() == spec.operations.keys()
    assert taken.skipped <= sum(found.values()) // 4


def test_every_case_can_be_put_on_the_wire(spec):
    for case in cases(to_openapi(spec), list(spec.operations), count=12 * len(spec.operations), seed=4):
        assert case.path.isascii()
        assert case.path.startswith("/")
        assert not set(case.path) & set(" ?#{}")
        assert all(key.encode("utf-8") or True for pair in case.query for key in pair)
        for name, value in case.headers.items():
            assert name.isascii()
            assert value == value.strip()
            assert not set(value.encode("latin-1")) & set(b"\r\n\0")


def test_valid_xml_bodies_are_well_formed_and_have_the_documented_root(spec):
    for operation in (each for each in spec.operations.values() if each.body_root is not None):
        found = [
            case
            for case in cases(to_openapi(spec), [operation.name], count=40, seed=5)
            if case.origin == "positive" and case.body and case.media_type == "application/xml"
        ]
        assert found
        roots = {ET.fromstring(case.body).tag.rpartition("}")[2] for case in found}  # noqa: S314 - our own text
        assert roots == {operation.body_root}


def test_the_same_seed_draws_the_same_cases():
    operations = ("StartLoaderJob", "GetLoaderJobStatus")
    assert drawn(*operations, seed=7) == drawn(*operations, seed=7)


def test_what_was_drawn_before_decides_nothing():
    schemathesis_cases._coverage.cache_clear()
    alone = drawn("ListLoaderJobs")
    schemathesis_cases._coverage.cache_clear()
    assert drawn("StartLoaderJob", "ListLoaderJobs", count=120)[60:] == alone


def test_another_seed_draws_other_cases():
    assert drawn("StartLoaderJob", seed=7) != drawn("StartLoaderJob", seed=8)


def test_all_ways_of_drawing_are_used():
    assert {case.origin for case in drawn("StartLoaderJob")} == {"probe", "boundary", "positive", "negative"}


def test_wrong_methods_are_probed():
    found = {case.method for case in drawn("ListLoaderJobs") if case.origin == "probe"}
    assert {"PUT", "PATCH"} <= found


def test_odd_media_types_are_probed():
    found = {case.media_type for case in drawn("StartLoaderJob") if case.origin == "probe"}
    assert {"multipart/form-data", "text/plain"} <= found


def test_no_more_cases_are_drawn_than_asked_for():
    assert len(drawn("StartLoaderJob", "ListLoaderJobs", count=31)) <= 31
    assert Counter(case.operation for case in drawn("StartLoaderJob", "ListLoaderJobs", count=31)) == {
        "StartLoaderJob": 16,
        "ListLoaderJobs": 15,
    }


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_small_number_of_cases_can_be_asked_for(count):
    assert len(drawn("StartLoaderJob", count=count)) == count


def test_no_operations_give_no_cases():
    assert drawn(count=5) == []


def test_pinned_path_parameters_are_used_in_about_half_of_the_cases():
    found = drawn("GetLoaderJobStatus", count=100, pinned={"loadId": PINNED})
    pinned = sum(case.path == "/loader/1b2c-known%2Fid" for case in found)
    assert 30 <= pinned <= 70


def test_pinning_does_not_send_the_same_request_again_and_again():
    found = drawn("CancelLoaderJob", pinned={"loadId": PINNED})
    requests = Counter((case.method, case.path, case.query, tuple(case.headers), case.body) for case in found)
    assert max(requests.values()) <= 3


def test_what_schemathesis_adds_by_itself_is_not_sent():
    names = {name.lower() for case in drawn("StartLoaderJob") for name in case.headers}
    assert names <= {"content-type"}


def test_valid_json_bodies_keep_to_the_schema():
    formats = set(
        NEPTUNE["paths"]["/loader"]["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"][
            "format"
        ]["enum"]
    )
    for case in drawn("StartLoaderJob"):
        if case.origin == "positive":
            assert json.loads(case.body)["format"] in formats


def test_the_document_that_was_handed_in_is_left_alone():
    before = json.dumps(NEPTUNE)
    drawn("StartLoaderJob")
    assert json.dumps(NEPTUNE) == before


def test_an_unknown_operation_is_refused():
    with pytest.raises(Exception, match="StopLoaderJob"):
        drawn("StopLoaderJob")


def test_nothing_negative_is_looked_for_only_where_a_search_finds_nothing(spec, monkeypatch):
    document, looked = to_openapi(spec), set()
    draw = schemathesis_cases._random

    def watched(text, operation, mode, *how):
        if mode is GenerationMode.NEGATIVE:
            looked.add(operation)
        return draw(text, operation, mode, *how)

    monkeypatch.setattr(schemathesis_cases, "_random", watched)
    found = {name: {case.origin for case in cases(document, [name], count=12, seed=6)} for name in spec.operations}
    assert {name for name, origins in found.items() if "negative" in origins} == looked
    assert looked
    for name in spec.operations.keys() - looked:
        assert draw(json.dumps(document), name, GenerationMode.NEGATIVE, 1, 6) == ()


def test_neptune_has_an_operation_without_anything_negative():
    assert {case.origin for case in drawn("CancelLoaderJob")} == {"probe", "boundary", "positive"}
