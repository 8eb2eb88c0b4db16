"""The OpenAPI export of every specification."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from specs import Operation, Spec, SpecError, load, load_folder
from specs.openapi import to_openapi
from specs.openapi_schema import portable_pattern, translate
from tests.specs.editions import every_edition, label
from tests.specs.sample_api import SampleApi

OURS = {
    "textCategories", "exactlyOneOf", "booleanText", "accepts", "rejects", "stretch", "refers", "absent", "ours", "needs",
    "witness", "explore", "xmlItem",
}  # fmt: skip


@pytest.fixture(params=every_edition(), ids=label)
def spec(request) -> Spec:
    api, edition = request.param
    return load(api, edition=edition)


def exported(document: dict[str, Any], operation: Operation) -> dict[str, Any]:
    found = document["paths"][operation.path][operation.method.lower()]
    assert found["operationId"] == operation.name
    return found


def schemas(document: Any) -> Iterator[dict[str, Any]]:
    """Every schema object of a document, the nested ones included."""
    for path in document["paths"].values():
        for operation in path.values():
            tops = [parameter["schema"] for parameter in operation.get("parameters", ())]
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            tops += [content["schema"] for body in bodies for content in body.get("content", {}).values()]
            for top in tops:
                yield from nested(top)


def nested(schema: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(schema, dict):
        return
    yield schema
    for keyword in ("items", "additionalProperties", "propertyNames", "not"):
        yield from nested(schema.get(keyword))
    for keyword in ("anyOf", "oneOf", "allOf"):
        for each in schema.get(keyword, ()):
            yield from nested(each)
    for member in schema.get("properties", {}).values():
        yield from nested(member)


def test_the_document_is_valid_openapi(spec):
    OpenAPIV31SpecValidator(to_openapi(spec)).validate()


def test_the_document_is_plain_json_and_holds_no_placeholder(spec):
    text = json.dumps(to_openapi(spec))
    assert json.loads(text) == to_openapi(spec)
    assert "${" not in text


def test_no_keyword_of_ours_is_left(spec):
    assert [key for schema in schemas(to_openapi(spec)) for key in schema if key in OURS] == []


def test_servers_and_security_are_left_to_the_target(spec):
    assert to_openapi(spec).keys() == {"openapi", "info", "paths"}


def test_every_parameter_is_there(spec):
    document = to_openapi(spec)
    for operation in spec.operations.values():
        found = exported(document, operation)
        listed = {(each["name"], each["in"], each["required"]) for each in found.get("parameters", ())}
        expected = {
            (each.name, each.location, each.required) for each in operation.parameters if each.location != "body"
        }
        assert listed == expected
        members = [each for each in operation.parameters if each.location == "body"]
        assert ("requestBody" in found) == (operation.media_sent is not None)
        if operation.media_sent is not None:
            schema = found["requestBody"]["content"][operation.media_sent]["schema"]
            assert list(schema["properties"]) == [each.name for each in members]
            assert schema.get("required", []) == [each.name for each in members if each.required]


def test_every_documented_error_stands_at_its_status(spec):
    document = to_openapi(spec)
    for operation in spec.operations.values():
        responses = exported(document, operation)["responses"]
        for name in (*operation.errors, *spec.errors.common):
            for status in spec.errors.statuses(name) or ("default",):
                assert name in responses[str(status)]["description"]
        assert "default" in responses


def test_every_success_has_a_schema_unless_it_has_no_body(spec):
    document = to_openapi(spec)
    for operation in spec.operations.values():
        responses = exported(document, operation)["responses"]
        for status in operation.response.statuses:
            assert ("content" in responses[str(status)]) == (operation.response.media != "none")


def test_a_created_instance_is_linked_to_what_is_done_with_it():
    document = to_openapi(load("omics"))
    links = document["paths"]["/referencestore/{referenceStoreId}/importjob"]["post"]["responses"]["200"]["links"]
    assert links == {
        "GetReferenceImportJob": {
            "operationId": "GetReferenceImportJob",
            "parameters": {"referenceStoreId": "$request.path.referenceStoreId", "id": "$response.body#/id"},
        }
    }


def test_every_link_names_an_operation_and_its_parameters(spec):
    document = to_openapi(spec)
    linked = [
        link
        for item in document["paths"].values()
        for operation in item.values()
        for response in operation["responses"].values()
        for link in response.get("links", {}).values()
    ]
    addressed = any(
        parameter.name == use.name and parameter.location != "body"
        for resource in spec.resources.values()
        for use in (resource.read, resource.cancel, resource.delete)
        if use is not None
        for parameter in spec.operations[use.operation].parameters
    )
    assert bool(linked) == (addressed and any(each.response.media == "json" for each in spec.operations.values()))
    for link in linked:
        assert set(link["parameters"]) <= {each.name for each in spec.operations[link["operationId"]].parameters}


def test_a_documented_range_is_exported():
    schema = {"type": "integer", "minimum": 1, "maximum": 100, "default": 100, "accepts": [7]}
    assert translate(schema) == {"type": "integer", "minimum": 1, "maximum": 100, "default": 100}


def test_a_boolean_that_may_be_text_takes_both():
    schema = {"type": "boolean", "default": True, "booleanText": ["TRUE", "FALSE"]}
    either = [{"type": "boolean"}, {"type": "string", "enum": ["TRUE", "FALSE"]}]
    assert translate(schema) == {"default": True, "anyOf": either}


def test_exactly_one_of_becomes_a_choice_of_required_members():
    schema = {"type": "object", "exactlyOneOf": ["a", "b"], "properties": {"a": {"type": "string", "refers": "job"}}}
    assert translate(schema) == {
        "type": "object",
        "properties": {"a": {"type": "string"}},
        "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
        "maxProperties": 1,
    }


def test_other_members_stay_possible_beside_a_choice():
    schema = {"exactlyOneOf": ["a"], "properties": {"a": {"type": "string"}, "c": {"type": "string"}}}
    assert "maxProperties" not in translate(schema)


def test_a_second_choice_stands_beside_the_first():
    translated = translate({"oneOf": [{"type": "object"}], "exactlyOneOf": ["a"]})
    assert translated["oneOf"] == [{"type": "object"}]
    assert translated["allOf"] == [{"oneOf": [{"required": ["a"]}]}]


def test_unicode_categories_are_told_in_words():
    translated = translate({"type": "string", "textCategories": ["L", "N"]})
    assert translated["description"] == "Every character is of one of the Unicode categories L, N."
    assert "pattern" not in translated


def test_a_pattern_that_is_not_portable_is_told_in_words():
    assert translate({"type": "string", "pattern": r"[\p{L}]+"}) == {
        "type": "string",
        "description": r"The whole value matches [\p{L}]+, a pattern that has no portable form.",
    }


def test_a_default_with_a_placeholder_is_left_out():
    assert translate({"type": "string", "default": "${region}"}) == {"type": "string"}


def test_a_list_in_xml_is_wrapped_and_names_its_items():
    schema = {"type": "array", "xmlItem": ["member", "item"], "items": {"type": "string"}}
    assert translate(schema, media="xml", name="Tags") == {
        "type": "array",
        "items": {"type": "string", "xml": {"name": "member"}},
        "xml": {"name": "Tags", "wrapped": True},
    }


def test_a_list_in_json_has_no_xml_names():
    assert translate({"type": "array", "items": {"type": "string"}}, name="tags") == {
        "type": "array",
        "items": {"type": "string"},
    }


@pytest.mark.parametrize("pattern", ["[0-9]+", "arn:.*", r"s3://([a-z0-9][a-z0-9-.]{1,61})/(.{1,9})", "a|b", r"\*+"])
def test_a_portable_pattern_is_anchored_as_a_whole(pattern):
    assert portable_pattern(pattern) == f"^(?:{pattern})$"


@pytest.mark.parametrize("pattern", [r"\p{L}+", "(?P<a>b)", "(?i)a", "a++", r"\Aa\Z", "(?>a)", "(", "[z-a]"])
def test_a_pattern_that_ecma_or_re_refuses_is_not_portable(pattern):
    assert portable_pattern(pattern) is None


def json_body(tiny: SampleApi) -> dict[str, Any]:
    document = to_openapi(load_folder(tiny.write()))
    return document["paths"]["/jobs"]["post"]["requestBody"]["content"]["application/json"]


def test_base_values_without_placeholder_become_examples(tmp_path):
    tiny = SampleApi(tmp_path)
    tiny.start["request"]["parameters"]["size"] = {"in": "body", "schema": {"type": "integer"}}
    tiny.start["request"]["base"]["size"] = 3
    content = json_body(tiny)
    assert content["example"] == {"name": "first", "size": 3}
    tiny.start["request"]["base"]["name"] = "job ${unique}"
    content = json_body(tiny)
    assert "example" not in content
    assert "examples" not in content["schema"]["properties"]["name"]
    assert content["schema"]["properties"]["size"]["examples"] == [3]


def test_operations_that_openapi_cannot_tell_apart_are_refused(tmp_path):
    tiny = SampleApi(tmp_path)
    tiny.list["request"]["method"] = "POST"
    with pytest.raises(SpecError, match="POST /jobs is that of operation='ListJobs' too"):
        to_openapi(load_folder(tiny.write()))
