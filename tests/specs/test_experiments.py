"""Files of experiments: what is wrong with one is said with its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

import specs
from specs import Basis, Family, SpecError, load, load_folder
from specs.experiment_assembly import COUNTS
from strategies import source_data

NEPTUNE = Path(specs.__file__).parent / "neptune"
SOUND = {
    "statement": "It is so.",
    "files": {"data": {"key": "a.csv", "form": "csv"}},
    "steps": [{"start": "first"}],
    "expect": {"as stated": {"first.records": "= data.records"}},
}


def folder_with(tmp_path, **changes):
    folder = tmp_path / "neptune"
    shutil.copytree(NEPTUNE, folder, dirs_exist_ok=True)
    content = {
        "resource": "loadJob",
        "outcome": {"observations": {"records": {"numbers": ["/records"]}}},
        "experiments": {"mode/made-up": {**SOUND, **changes}},
    }
    (folder / "experiments.yaml").write_text(yaml.safe_dump(content), "utf-8")
    return folder


def test_an_experiment_is_a_clause(tmp_path):
    clause = load_folder(folder_with(tmp_path)).clause("neptune.StartLoaderJob/mode/made-up")
    assert (clause.family, clause.kind, clause.basis) == (Family.LOAD_SEMANTICS, "experiment", Basis.INFERRED)
    assert clause.mandatory


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"expect": {"x": {"first.colour": 1}}}, "first.colour"),
        ({"expect": {"x": {"first.records": "> data.colours"}}}, "data.colours"),
        ({"expect": {"x": {"second.records": 1}}}, "second.records"),
        ({"expect": {"x": {"first.records": "> two"}}}, "expected a number or name.value"),
        ({"steps": [{"start": "first"}, {"put": "other"}]}, "other"),
        ({"steps": [{"start": "first"}, {"read": "look", "of": "second"}]}, "second"),
        ({"steps": [{"start": "data"}]}, "two things have the name 'data'"),
        ({"files": {"data": {"key": "a", "form": "parquet"}}}, "parquet"),
        ({"steps": [{"stop": "first"}]}, "stop"),
        ({"operation": "Nothing"}, "Nothing"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path, changes, said):
    with pytest.raises(SpecError) as caught:
        load_folder(folder_with(tmp_path, **changes))
    assert "mode/made-up" in str(caught.value)
    assert said in str(caught.value)


def test_the_counts_that_conditions_can_name_are_those_that_are_made():
    file = load("neptune").laboratory.experiments["mode/new-loads-again"].files["whole"]
    assert set(source_data(file, own="x").counts) == COUNTS


def test_every_clause_of_an_operation_is_distinct():
    for api in ("neptune", "omics"):
        spec = load(api)
        places = {clause.id for clause in spec.clauses if clause.kind == "experiment"}
        assert len(places) == len(spec.laboratory.experiments)


def test_a_family_stays_within_its_number_of_loads():
    for api in ("neptune", "omics"):
        tried = [each for each in load(api).laboratory.experiments.values() if each.not_tested is None]
        assert sum(step.verb == "start" for each in tried for step in each.steps) <= 120
