"""What must hold of every clause and of every sample value in the specifications."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from specs import Field, Operation, Spec, load, sentences
from specs.clause import CLAUSE_ID
from strategies.values import text_of_length
from tests.specs.constraint_check import broken, filled
from tests.specs.editions import every_edition, label

#: Tags of sources that are facts without a document of their own here.
FACTS = {"inferred", "botocore", "user-guide", "guide-2023", "guide-2025", "guide-2026", "overview"}
VALUE_ASPECTS = {"enum": "allowed-values", "pattern": "pattern", "textCategories": "alphabet"}


@pytest.fixture(params=every_edition(), ids=label)
def spec(request) -> Spec:
    api, edition = request.param
    return load(api, edition=edition)


def each_field(spec: Spec) -> Iterator[tuple[str, Operation, Field]]:
    for operation in spec.operations.values():
        for field in operation.fields():
            yield f"{spec.api}/{operation.name}.yaml {field.name}", operation, field


def on_the_wire(value: Any, field: Field) -> Any:
    """Read a sample as the field's type: outside of bodies, numbers may be written as text."""
    if field.location != "body" and field.type == "integer" and isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    return value


def test_clause_ids_are_unique_and_in_words(spec):
    counted = Counter(clause.id for clause in spec.clauses)
    assert [identifier for identifier, number in counted.items() if number > 1] == []
    assert [identifier for identifier in counted if not CLAUSE_ID.fullmatch(identifier)] == []


def test_every_clause_belongs_to_its_operation(spec):
    for name, operation in spec.operations.items():
        for clause in operation.clauses:
            assert clause.operation == name
            assert clause.id.startswith(f"{spec.api}.{name}/")


def test_every_statement_is_one_sentence(spec):
    wrong = [
        (clause.id, clause.statement)
        for clause in spec.clauses
        if not clause.statement.endswith(".") or len(sentences(clause.statement)) != 1 or "\n" in clause.statement
    ]
    assert wrong == []


def test_no_placeholder_or_empty_value_stands_in_a_statement(spec):
    assert [clause.id for clause in spec.clauses if "${" in clause.statement or "None" in clause.statement] == []


def test_every_clause_has_a_source_that_is_known(spec):
    known = FACTS | {document.id for document in spec.documents}
    assert {clause.source.document for clause in spec.clauses} - known == set()


def test_sentences_are_named_only_of_documents(spec):
    documents = {document.id for document in spec.documents}
    wrong = [c.id for c in spec.clauses if c.source.sentences and c.source.document not in documents]
    assert wrong == []


def test_no_sentence_is_both_excluded_and_rested_on(spec):
    for document in spec.documents:
        resting = {
            key for clause in spec.clauses if clause.source.document == document.id for key in clause.source.sentences
        }
        assert resting & document.exclusions.keys() == set()


def test_what_is_not_tested_says_why(spec):
    for clause in spec.clauses:
        if clause.not_tested is not None:
            assert len(clause.not_tested) >= 10, clause.id
            assert not clause.mandatory


def test_an_undecided_side_says_why(spec):
    undecided = [clause for clause in spec.clauses if {"accept", "refuse"} & clause.data.keys()]
    assert [clause.id for clause in undecided if len(clause.data.get("reason", "")) < 10] == []


def test_base_arguments_keep_to_the_operations_own_constraints(spec):
    wrong = {}
    for operation in spec.operations.values():
        base = filled(dict(operation.base))
        for parameter in operation.parameters:
            if parameter.name in base:
                wrong[operation.name, parameter.name] = broken(base[parameter.name], parameter.schema)
            elif parameter.required:
                wrong[operation.name, parameter.name] = {"/required"}
    assert {place: aspects for place, aspects in wrong.items() if aspects} == {}


def test_arguments_of_scenes_and_uses_keep_to_their_operations_constraints(spec):
    wrong = {}
    for resource in spec.resources.values():
        uses = [u for u in (resource.create, resource.read, resource.cancel, resource.delete) if u is not None]
        given = [(use.operation, use.arguments) for use in uses]
        for scene in resource.scenes.values():
            given += [(resource.create.operation, scene.arguments)]
            given += [(use.operation, use.arguments) for use in scene.then]
        for name, arguments in given:
            for argument, value in filled(dict(arguments)).items():
                parameter = spec.operations[name].parameter(argument)
                wrong[resource.name, name, argument] = broken(value, parameter.schema)
    assert {place: aspects for place, aspects in wrong.items() if aspects} == {}


@pytest.mark.parametrize("keyword", ["accepts", "absent"])
def test_sample_values_keep_to_every_constraint_of_their_field(spec, keyword):
    wrong = {}
    for place, _, field in each_field(spec):
        for value in field.schema.get(keyword, ()):
            wrong[place, str(value)] = broken(on_the_wire(filled(value), field), field.schema)
    assert {place: aspects for place, aspects in wrong.items() if aspects} == {}


def test_defaults_keep_to_every_constraint_of_their_field(spec):
    wrong = {
        place: broken(filled(field.schema["default"]), field.schema)
        for place, _, field in each_field(spec)
        if "default" in field.schema
    }
    assert {place: aspects for place, aspects in wrong.items() if aspects} == {}


def test_rejected_values_break_exactly_the_one_constraint(spec):
    wrong = {}
    for place, _, field in each_field(spec):
        due = {f"/{aspect}" for keyword, aspect in VALUE_ASPECTS.items() if keyword in field.schema}
        for value in field.schema.get("rejects", ()):
            aspects = broken(on_the_wire(filled(value), field), field.schema)
            if len(aspects) != 1 or not aspects <= due:
                wrong[place, str(value)] = aspects
    assert wrong == {}


def test_rejected_values_have_a_constraint_to_break(spec):
    wrong = [
        place
        for place, _, field in each_field(spec)
        if "rejects" in field.schema and not VALUE_ASPECTS.keys() & field.schema.keys()
    ]
    assert wrong == []


def test_text_is_stretched_to_any_length_within_the_constraints(spec):
    wrong = {}
    for place, operation, field in each_field(spec):
        for edge, aspect in (("minLength", "min-length"), ("maxLength", "max-length")):
            length = field.schema.get(edge)
            if not length or "stretch" not in field.schema:
                continue
            clause = spec.clause(f"{spec.api}.{operation.name}/{field.name}/{aspect}")
            if "accept" in clause.data or clause.not_tested is not None:
                continue
            text = filled(text_of_length(field.schema, length))
            wrong[place, edge] = broken(text, field.schema)
    assert {place: aspects for place, aspects in wrong.items() if aspects} == {}


def test_needed_and_witnessing_arguments_are_parameters_and_valid(spec):
    wrong = {}
    for place, operation, field in each_field(spec):
        for keyword in ("needs", "witness"):
            for name, value in filled(field.schema.get(keyword, {})).items():
                schema = operation.parameter(name).schema
                wrong[place, keyword, name] = broken(value, schema) if value is not None else set()
    assert {place: aspects for place, aspects in wrong.items() if aspects} == {}


def test_fields_refer_to_resources_that_exist(spec):
    for place, _, field in each_field(spec):
        if "refers" in field.schema:
            assert field.schema["refers"] in {*spec.resources, "token"}, place


def test_listings_speak_of_parameters_that_exist(spec):
    for operation in spec.operations.values():
        listing = operation.listing
        if listing is None:
            continue
        single = (listing.limit, listing.token, listing.page, listing.hide, listing.scope)
        plain = (each for each in listing.filters if each.argument is None)
        named = [part.parameter for part in (*single, *plain) if part is not None]
        assert {*named, *(listing.echo or {})} <= {field.name for field in operation.fields()}, operation.name
        written = {name for each in listing.filters for name in (*(each.argument or {}), *each.unless)}
        assert {*written, *listing.whole} <= {each.name for each in operation.parameters}, operation.name


def test_a_listings_limit_agrees_with_its_parameter(spec):
    for operation in spec.operations.values():
        limit = operation.listing.limit if operation.listing else None
        if limit is not None:
            schema = operation.parameter(limit.parameter).schema
            # A page may be bounded where no number asked for is refused.
            assert (limit.maximum, limit.default) == (
                schema.get("maximum", limit.maximum), schema.get("default"),
            ), operation.name  # fmt: skip


def test_an_integer_is_no_text_and_a_text_no_integer():
    """The check itself is seen to accept and to refuse."""
    assert broken(1, {"type": "string"}) == {"/type"}
    assert broken("1", {"type": "integer"}) == {"/type"}
    assert broken("TRUE", {"type": "boolean", "booleanText": ["TRUE", "FALSE"]}) == set()
    assert broken("a\n", {"type": "string", "textCategories": ["L"]}) == {"/alphabet"}
    assert broken("ab1", {"type": "string", "pattern": "[a-z]+"}) == {"/pattern"}
    assert broken({"a": 1, "b": 2}, {"type": "object", "exactlyOneOf": ["a", "b"]}) == {"/exactly-one-of"}
    nested = {"type": "object", "properties": {"a": {"type": "array", "items": {"type": "string", "minLength": 2}}}}
    assert broken({"a": ["x"]}, nested) == {"a[]/min-length"}
