"""Jobs of the emulated Data Flow: create, verify, read, list, update, delete, in every edition."""

from __future__ import annotations

import re

import pytest

from tests.emulator.ncloud_client import EDITIONS, JOB_TYPES, JOBS, NODES, UPDATES, Dataflow


@pytest.fixture(params=EDITIONS)
def dataflow(request) -> Dataflow:
    return Dataflow(request.param)


def test_creating_a_job_answers_with_it(dataflow):
    status, job = dataflow.send("POST", JOBS, json=dataflow.definition())
    assert status == {"2023": 201, "2025": 200, "2026": 200}[dataflow.edition]
    assert re.fullmatch("[A-Za-z0-9]{12}", job["jobId"])
    assert (job["name"], job["type"], job["nodes"]) == ("job001", JOB_TYPES[dataflow.edition], NODES)
    assert job["status"] == {"2023": "RUNNABLE", "2025": "RUNNABLE", "2026": "READY"}[dataflow.edition]
    assert (job["runCondition"]["numWorker"], job["runCondition"]["timeout"]) == (2, 360)
    assert dataflow.job(job["jobId"]) == job
    assert "lastExecutionStatus" not in job


@pytest.mark.parametrize(
    ("edition", "form"),
    [
        ("2023", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}"),
        ("2025", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+09:00"),
        ("2026", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+09:00"),
    ],
)
def test_dates_have_the_form_of_the_edition(edition, form):
    dataflow = Dataflow(edition)
    job = dataflow.job(dataflow.create())
    assert re.fullmatch(form, job["createdDate"])
    assert re.fullmatch(form, job["updatedDate"])


def test_a_listed_job_has_the_documented_members(dataflow):
    job_id = dataflow.create()
    (row,) = dataflow.good("GET", JOBS)["list"]
    assert set(row) == {
        *("jobId", "name", "type", "status", "createdDate", "updatedDate", "resourceId", "disabled"),
    }
    assert (row["jobId"], row["resourceId"], row["disabled"]) == (job_id, job_id, False)


def test_verifying_creates_nothing(dataflow):
    assert dataflow.good("POST", f"{JOBS}/verify", json=dataflow.definition()) is True
    assert dataflow.refused("POST", f"{JOBS}/verify", json=dataflow.definition(name="x")) == (400, "bad-parameter")
    assert dataflow.names() == []


def test_a_deleted_job_is_gone(dataflow):
    job_id, other = dataflow.create(), dataflow.create(name="other")
    assert dataflow.good("DELETE", f"{JOBS}/{job_id}") is True
    assert dataflow.names() == ["other"]
    for method, path in [("GET", ""), ("DELETE", ""), ("GET", "/executions"), ("GET", "/executions/x")]:
        assert dataflow.refused(method, f"{JOBS}/{job_id}{path}") == (404, "not-found")
    assert dataflow.job(other)["name"] == "other"


def test_an_update_changes_what_it_names(dataflow):
    job_id = dataflow.create()
    before = dataflow.job(job_id)
    dataflow.clock.moment = 60
    body = {"type": JOB_TYPES[dataflow.edition], "name": "renamed", "nodes": NODES, "isTemp": False}
    after = dataflow.good(UPDATES[dataflow.edition], f"{JOBS}/{job_id}", json=body)
    assert after == dataflow.job(job_id)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"name", "updatedDate"}
    assert after["updatedDate"] > before["updatedDate"]


def test_the_edition_decides_on_the_method_of_an_update(dataflow):
    job_id = dataflow.create()
    other = {"PUT": "PATCH", "PATCH": "PUT"}[UPDATES[dataflow.edition]]
    assert dataflow.refused(other, f"{JOBS}/{job_id}", json=dataflow.definition()) == (404, "300")


@pytest.mark.parametrize(
    ("edition", "absent"),
    [("2023", "name"), ("2023", "nodes"), ("2023", "isTemp"), ("2025", "name"), ("2025", "type"), ("2026", "type")],
)
def test_an_update_needs_its_required_members(edition, absent):
    dataflow = Dataflow(edition)
    body = {"name": "renamed", "type": JOB_TYPES[edition], "nodes": NODES, "isTemp": False}
    del body[absent]
    refused = dataflow.refused(UPDATES[edition], f"{JOBS}/{dataflow.create()}", json=body)
    assert refused == (400, "bad-parameter")


def test_a_temporary_save_makes_a_job_editing_until_it_is_completed():
    dataflow = Dataflow("2025")
    job_id = dataflow.create()
    body = {"name": "job001", "type": "DATAFLOW", "isTemp": True}
    assert dataflow.good("PUT", f"{JOBS}/{job_id}", json=body)["status"] == "EDITING"
    assert dataflow.good("PUT", f"{JOBS}/{job_id}", json={**body, "isTemp": False})["status"] == "RUNNABLE"
    assert dataflow.refused("PUT", f"{JOBS}/{job_id}", json={**body, "isTemp": "no"}) == (400, "bad-parameter")


def test_a_job_without_nodes_is_a_draft():
    assert Dataflow("2025").good("POST", JOBS, json={"name": "job001", "nodes": []})["status"] == "DRAFT"
    assert Dataflow("2026").good("POST", JOBS, json={"name": "job001", "type": "SCRIPT"})["status"] == "READY"


NAME_EDGES = {
    "2023": (["abc", "a" * 20, "_b-"], ["ab", "a" * 21, "-ab"]),
    "2025": (["abc", "a" * 100, "_b-", "-ab"], ["ab", "a" * 101]),
    "2026": (["abc", "a" * 100, "_b-", "-ab"], ["ab", "a" * 101]),
}
BAD_NAMES = ["", "1ab", "a b", "a.b", "äbc", "abc\n", "a\0b", "\ud800abc", "作業名", 5, True, None, ["abc"], {}]


@pytest.mark.parametrize(("edition", "name"), [(e, n) for e, (good, _) in NAME_EDGES.items() for n in good])
def test_names_within_the_rules_are_taken(edition, name):
    assert Dataflow(edition).good("POST", JOBS, json=Dataflow(edition).definition(name=name))["name"] == name


@pytest.mark.parametrize(("edition", "name"), [(e, n) for e, (_, bad) in NAME_EDGES.items() for n in bad + BAD_NAMES])
def test_names_outside_the_rules_are_refused(edition, name):
    dataflow = Dataflow(edition)
    assert dataflow.refused("POST", JOBS, json=dataflow.definition(name=name)) == (400, "bad-parameter")
    assert dataflow.names() == []


@pytest.mark.parametrize(
    ("edition", "absent"), [("2023", "name"), ("2023", "nodes"), ("2025", "nodes"), ("2026", "name"), ("2026", "type")]
)
def test_creating_needs_the_required_members(edition, absent):
    dataflow = Dataflow(edition)
    body = dataflow.definition()
    del body[absent]
    assert dataflow.refused("POST", JOBS, json=body) == (400, "bad-parameter")


@pytest.mark.parametrize("value", ["DATAFLOW", "visual", "", 1, None, ["VISUAL"]])
def test_only_the_types_of_2026_are_taken_there(value):
    dataflow = Dataflow("2026")
    assert dataflow.refused("POST", JOBS, json=dataflow.definition(type=value)) == (400, "bad-parameter")


def node(**changes):
    return {"type": "SOURCE_OBS", "id": 1, "name": "in", "parentNodeIds": [], **changes}


GOOD_NODES = [
    [],
    [{"type": "SOURCE_CATALOG", "id": 1, "name": ""}],
    [node(id=-(10**30))],
    [node(parentNodeIds=None, bucketName=None)],
    [node(parentNodeIds=[2, 2]), node(id=2)],
    [node(name="\ud800\0", extra={"deep": [[[1.5]]]})],
]
BAD_NODES = [
    "SOURCE_OBS",
    {},
    [1],
    [[]],
    [node(type="SOURCE")],
    [node(type=["SOURCE_OBS"])],
    [node(id="1")],
    [node(id=1.5)],
    [node(id=True)],
    [node(id=None)],
    [node(name=1)],
    [node(name=None)],
    [node(bucketName=1)],
    [node(parentNodeIds=1)],
    [node(parentNodeIds=["1"])],
    [node(parentNodeIds=[2])],
    [node(parentNodeIds=[1])],
    [node(), node()],
    [node(parentNodeIds=[2]), node(id=2, parentNodeIds=[1])],
]


@pytest.mark.parametrize("nodes", GOOD_NODES)
def test_sound_nodes_are_taken_and_shown_as_they_are(dataflow, nodes):
    assert dataflow.job(dataflow.create(nodes=nodes))["nodes"] == nodes


@pytest.mark.parametrize("nodes", BAD_NODES)
def test_unsound_nodes_are_refused(dataflow, nodes):
    assert dataflow.refused("POST", JOBS, json=dataflow.definition(nodes=nodes)) == (400, "bad-parameter")


def test_a_long_chain_of_nodes_is_taken(dataflow):
    chain = [node(id=number, parentNodeIds=[number - 1] if number else []) for number in range(3000)]
    assert len(dataflow.job(dataflow.create(nodes=chain))["nodes"]) == 3000
    chain[0]["parentNodeIds"] = [2999]
    assert dataflow.refused("POST", JOBS, json=dataflow.definition(nodes=chain)) == (400, "bad-parameter")


@pytest.mark.parametrize("runs", [1, 10**40])
def test_a_job_of_2026_keeps_its_options(runs):
    dataflow = Dataflow("2026")
    options = {"numWorker": 10, "timeout": 1, "nrn": "n", "scriptPath": "s", "logPath": "l", "parameters": {"a": 1}}
    job = dataflow.job(dataflow.create(maxConcurrentRuns=runs, jobCondition=options))
    assert (job["maxConcurrentRuns"], job["runCondition"]) == (runs, options)
    body = {"type": "VISUAL", "jobCondition": {"numWorker": 3}}
    updated = dataflow.good("PATCH", f"{JOBS}/{job['jobId']}", json=body)
    assert updated["runCondition"] == {**options, "numWorker": 3}


@pytest.mark.parametrize("runs", [0, -1, "1", 1.5, True])
def test_odd_numbers_of_runs_are_refused(runs):
    dataflow = Dataflow("2026")
    assert dataflow.refused("POST", JOBS, json=dataflow.definition(maxConcurrentRuns=runs)) == (400, "bad-parameter")


def test_what_an_edition_does_not_know_is_ignored():
    dataflow = Dataflow("2025")
    job = dataflow.job(dataflow.create(maxConcurrentRuns="?", jobCondition=1, wonder={}))
    assert "maxConcurrentRuns" not in job
    assert job["runCondition"]["workerType"] == "DATAFLOW"
