"""Loading specifications: what is wrong with a file is said with its name and the place in it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from specs import Basis, Level, SpecError, UnknownApiError, apis, load, load_folder
from specs.document import merge
from tests.specs.sample_api import SampleApi


@pytest.fixture
def tiny(tmp_path) -> SampleApi:
    return SampleApi(tmp_path)


def refusal(tiny: SampleApi, **options: str) -> SpecError:
    with pytest.raises(SpecError) as caught:
        load_folder(tiny.write(), **options)
    return caught.value


def test_a_folder_of_files_becomes_a_specification(tiny):
    spec = load_folder(tiny.write())
    assert list(spec.operations) == ["ListJobs", "StartJob"]
    assert spec.clause("tiny.StartJob/name/min-length").source.document == "inferred"
    assert spec.operations["StartJob"].refusals["length"].names == ("BadJob",)


def test_every_bundled_api_loads_and_is_loaded_once():
    assert all(load(api) is load(api) for api in apis())


def test_an_unknown_api_is_answered_with_the_known_ones():
    with pytest.raises(UnknownApiError, match=r"no specification of api='jobs'; known are .*neptune"):
        load("jobs")


def test_a_folder_without_api_file_is_refused(tmp_path):
    with pytest.raises(SpecError, match=r"api\.yaml#/: cannot be read: .*every API folder needs this file"):
        load_folder(tmp_path)


def test_bad_yaml_is_told_on_one_line(tiny):
    (tiny.write() / "ListJobs.yaml").write_text("operation: [", "utf-8")
    with pytest.raises(SpecError, match=r"^tiny/ListJobs\.yaml#/: is not YAML: [^\n]*line 2[^\n]*$"):
        load_folder(tiny.folder)


def test_yaml_that_would_run_code_is_refused(tiny):
    (tiny.write() / "ListJobs.yaml").write_text("operation: !!python/object/apply:os.getcwd []", "utf-8")
    with pytest.raises(SpecError, match="is not YAML: could not determine a constructor"):
        load_folder(tiny.folder)


@pytest.mark.parametrize("content", ["", "- a\n", "text"], ids=["empty", "list", "text"])
def test_a_file_that_holds_no_object_is_refused(tiny, content):
    (tiny.write() / "ListJobs.yaml").write_text(content, "utf-8")
    with pytest.raises(SpecError, match=r"^tiny/ListJobs\.yaml#/: .* is not of type 'object'"):
        load_folder(tiny.folder)


def test_a_schema_violation_names_file_and_pointer(tiny):
    tiny.start["request"]["parameters"]["name"]["in"] = "cookie"
    error = refusal(tiny)
    assert (error.file, error.pointer) == ("tiny/StartJob.yaml", "/request/parameters/name/in")
    assert str(error) == (
        "tiny/StartJob.yaml#/request/parameters/name/in: 'cookie' is not one of ['path', 'query', 'header', 'body']; "
        "see specs/schemas/operation.schema.json"
    )


def test_a_violation_of_the_api_schema_names_that_schema(tiny):
    tiny.api["errors"]["envelopes"] = []
    error = refusal(tiny)
    assert (error.file, error.pointer) == ("tiny/api.yaml", "/errors/envelopes")
    assert error.problem.endswith("see specs/schemas/api.schema.json")


@pytest.mark.parametrize("line", ["row\n", "${number}-${number}\n"])
def test_a_repeated_line_counts_itself_once(tiny, line):
    tiny.api["objects"] = {"long": {"key": "long.csv", "text": "", "repeat": line}}
    error = refusal(tiny)
    assert (error.file, error.pointer) == ("tiny/api.yaml", "/objects/long/repeat")
    tiny.api["objects"]["long"]["repeat"] = "${unique}-${number}\n"
    assert load_folder(tiny.write()).objects["long"].repeat == "${unique}-${number}\n"


def test_an_unknown_key_is_refused(tiny):
    tiny.start["sumary"] = "Starts a job."
    assert "'sumary' was unexpected" in refusal(tiny).problem


def test_words_about_no_clause_are_refused_and_near_clauses_named(tiny):
    tiny.start["clauses"] = {"name/maximum": {"level": "MAY"}}
    error = refusal(tiny)
    assert (error.file, error.pointer) == ("tiny/StartJob.yaml", "/clauses/name/maximum")
    assert error.problem.endswith("near it: name/max-length, name/min-length, name/required, name/type")


def test_words_about_an_unknown_subject_name_nothing_near(tiny):
    tiny.start["clauses"] = {"nome/type": {"level": "MAY"}}
    assert refusal(tiny).problem.endswith("near it: no clause of that subject")


def test_words_are_laid_over_the_clause_they_are_about(tiny):
    said = {"level": "SHOULD", "basis": "inferred", "statement": "A name has three characters or more."}
    why = "both readings are found in the wild"
    tiny.start["clauses"] = {"name/min-length": {**said, "refuse": "undecided", "reason": why}}
    tiny.start["clauses"]["name/type"] = {"notTested": "a name is never anything but text"}
    spec = load_folder(tiny.write())
    clause = spec.clause("tiny.StartJob/name/min-length")
    assert (clause.level, clause.basis, clause.statement) == (Level.SHOULD, Basis.INFERRED, said["statement"])
    assert (clause.data["refuse"], clause.data["reason"], clause.data["field"]) == ("undecided", why, "name")
    assert not clause.mandatory
    assert spec.clause("tiny.StartJob/name/type").not_tested == "a name is never anything but text"
    assert spec.clause("tiny.StartJob/name/max-length").level is Level.MUST


def test_an_edition_of_an_api_that_has_none_is_refused(tiny):
    error = refusal(tiny, edition="2031")
    assert (error.file, error.pointer) == ("tiny/api.yaml", "/editions")
    assert error.problem.endswith("edition='2031'; known: none: this API has one edition only")


def test_an_unknown_edition_is_answered_with_the_known_ones(tiny):
    tiny.api["editions"] = {"2030": {}, "2031": None}
    assert refusal(tiny, edition="2029").problem.endswith("edition='2029'; known: 2030, 2031")


def test_an_edition_is_a_merge_patch_over_the_files(tiny):
    tiny.api |= {"editions": {"2030": {}, "2031": {"title": "Tiny tasks"}}, "defaultEdition": "2030"}
    tiny.start["editions"] = {
        "2031": {"request": {"parameters": {"name": {"schema": {"maxLength": 100, "minLength": None}}}}}
    }
    folder = tiny.write()
    older, newer = load_folder(folder), load_folder(folder, edition="2031")
    assert (older.edition, older.title, newer.edition, newer.title) == ("2030", "Tiny jobs", "2031", "Tiny tasks")
    assert older.editions == newer.editions == ("2030", "2031")
    assert older.operations["StartJob"].field("name").schema == {"type": "string", "minLength": 3, "maxLength": 20}
    assert newer.operations["StartJob"].field("name").schema == {"type": "string", "maxLength": 100}


def test_an_edition_can_take_an_operation_out(tiny):
    tiny.api |= {"editions": {"2030": {}, "2031": {}}, "defaultEdition": "2030"}
    tiny.list["editions"] = {"2031": None}
    folder = tiny.write()
    assert list(load_folder(folder).operations) == ["ListJobs", "StartJob"]
    assert list(load_folder(folder, edition="2031").operations) == ["StartJob"]


@pytest.mark.parametrize("use", ["create", "read", "cancel", "delete"])
def test_a_resource_with_an_unknown_operation_is_refused(tiny, use):
    tiny.api["resources"]["job"][use] = {"operation": "StopJob"}
    error = refusal(tiny)
    assert (error.file, error.pointer) == ("tiny/api.yaml", "/resources/job")
    assert error.problem == "no operation is named operation='StopJob'; known: ListJobs, StartJob"


@pytest.mark.parametrize("use", ["list", "delete"])
def test_contents_with_an_unknown_operation_are_refused(tiny, use):
    known = {"operation": "ListJobs", "parameter": "id"}
    contents = {"list": known, "items": "/items", "id": "/id", "delete": known, "parent": "job"}
    tiny.api["resources"]["job"]["contents"] = {**contents, use: {"operation": "StopJob"}}
    error = refusal(tiny)
    assert (error.file, error.pointer) == ("tiny/api.yaml", "/resources/job")
    assert error.problem == "no operation is named operation='StopJob'; known: ListJobs, StartJob"
    tiny.api["resources"]["job"]["contents"] = contents
    assert load_folder(tiny.write()).resources["job"].contents.parent == "job"


def test_an_operation_that_only_cleans_up_has_no_clauses(tiny):
    assert "ListJobs" in load_folder(tiny.write()).judged
    tiny.list["housekeeping"] = True
    tiny.list.pop("clauses", None)
    spec = load_folder(tiny.write())
    assert "ListJobs" in spec.operations
    assert list(spec.judged) == ["StartJob"]
    assert {clause.operation for clause in spec.clauses} == {"StartJob"}
    tiny.list["clauses"] = {"request/valid": {"level": "SHOULD"}}
    assert refusal(tiny).file == "tiny/ListJobs.yaml"


def test_a_listing_of_an_unknown_resource_is_refused(tiny):
    tiny.list["listing"]["resource"] = "task"
    error = refusal(tiny)
    assert (error.file, error.pointer) == ("tiny/ListJobs.yaml", "/listing/resource")
    assert "resource='task'; known: job" in error.problem


def test_an_error_name_without_status_is_refused(tiny):
    tiny.start["errors"].append("SadJob")
    error = refusal(tiny)
    assert (error.file, error.pointer) == ("tiny/StartJob.yaml", "/errors")
    assert "name='SadJob' has no status" in error.problem


def test_an_error_name_without_status_is_taken_where_names_are_open(tiny):
    tiny.api["errors"]["openNames"] = True
    tiny.start["errors"].append("SadJob")
    assert "SadJob" in load_folder(tiny.write()).operations["StartJob"].errors


def test_a_base_value_of_an_unknown_parameter_is_refused(tiny):
    tiny.start["request"]["base"]["size"] = 1
    error = refusal(tiny)
    assert (error.pointer, error.problem) == ("/request/base/size", "no parameter is named name='size'")


def test_a_refusal_of_an_unknown_kind_is_refused(tiny):
    tiny.start["refusals"] = {"name:lenght": {}}
    error = refusal(tiny)
    assert (error.pointer, error.problem) == ("/refusals/name:lenght", "no violation is of kind='lenght'")


@pytest.mark.parametrize(
    ("base", "patch", "expected"),
    [
        ({"a": 1, "b": 2}, {"a": 3}, {"a": 3, "b": 2}),
        ({"a": 1}, {"a": None}, {}),
        ({"a": 1}, {"b": None}, {"a": 1}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": None, "d": 3}}, {"a": {"c": 2, "d": 3}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": {"b": 1}}, {"a": 1}, {"a": 1}),
        ({"a": 1}, {"a": {"b": None, "c": 2}}, {"a": {"c": 2}}),
    ],
    ids=["replace", "remove", "remove-absent", "nested", "list", "object-by-scalar", "scalar-by-object"],
)
def test_a_merge_patch_follows_rfc_7396(base, patch, expected):
    assert merge(base, patch) == expected


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=2),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
)
OBJECTS = st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3)


@settings(suppress_health_check=[HealthCheck.too_slow])  # how busy the machine is says nothing of the merge
@given(OBJECTS)
def test_an_empty_patch_changes_nothing(content):
    assert merge(content, {}) == content


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(OBJECTS, OBJECTS)
def test_merging_twice_is_merging_once(base, patch):
    once = merge(base, patch)
    assert merge(once, patch) == once
