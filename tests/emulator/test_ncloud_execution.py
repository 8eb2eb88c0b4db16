"""Executions of the emulated Data Flow: states over time, options, cancelling."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from moto.server import ThreadedMotoServer

from tests.emulator.ncloud_client import CONDITION, EDITIONS, JOBS, NODES, UPDATES, Dataflow


@pytest.fixture(params=EDITIONS)
def dataflow(request) -> Dataflow:
    return Dataflow(request.param)


def test_an_execution_waits_runs_and_completes(dataflow):
    job_id = dataflow.create()
    execution_id = dataflow.execute(job_id)
    seen = []
    for moment in (0, 1.9, 2, 9.9, 10, 1000):
        dataflow.clock.moment = moment
        execution = dataflow.execution(job_id, execution_id)
        seen.append((execution["status"], "startDate" in execution, "endDate" in execution))
        assert execution["jobName"] == "job001"
    assert seen == [
        *[("READY", False, False)] * 2,
        *[("RUNNING", True, False)] * 2,
        *[("COMPLETED", True, True)] * 2,
    ]
    assert (execution["waitingTime"], execution["runningTime"], execution["executorNum"]) == (2, 8, 2)
    assert execution["createdDate"] < execution["startDate"] < execution["endDate"]


def test_a_job_shows_its_last_execution(dataflow):
    job_id = dataflow.create()
    dataflow.clock.moment = 5
    dataflow.execute(job_id)
    idle, busy = {"2026": ("READY", "READY")}.get(dataflow.edition, ("RUNNABLE", "RUNNING"))
    seen = []
    for moment in (5, 8, 15):
        dataflow.clock.moment = moment
        job = dataflow.job(job_id)
        (row,) = dataflow.good("GET", JOBS)["list"]
        assert row["lastExecutionDate"] == job["lastExecutionDate"] > job["createdDate"]
        assert row["status"] == job["status"]
        seen.append((job["status"], job["lastExecutionStatus"]))
    assert seen == [(busy, "READY"), (busy, "RUNNING"), (idle, "COMPLETED")]
    assert job["updatedDate"] > job["lastExecutionDate"]


def test_a_running_job_is_neither_executed_nor_changed_nor_deleted(dataflow):
    job_id = dataflow.create()
    dataflow.execute(job_id)
    update = {"name": "renamed", "type": dataflow.job(job_id)["type"], "nodes": NODES, "isTemp": False}
    requests = [
        ("POST", f"{JOBS}/{job_id}/executions", {"jobCondition": CONDITION}),
        (UPDATES[dataflow.edition], f"{JOBS}/{job_id}", update),
        ("DELETE", f"{JOBS}/{job_id}", None),
    ]
    for moment in (0, 5):
        dataflow.clock.moment = moment
        for method, path, body in requests:
            assert dataflow.refused(method, path, json=body) == (400, "bad-state")
    dataflow.clock.moment = 10
    dataflow.execute(job_id)
    dataflow.clock.moment = 20
    for method, path, body in requests[1:]:
        dataflow.good(method, path, json=body)


def test_jobs_run_independently(dataflow):
    first, second = dataflow.create(), dataflow.create()
    runs = [(first, dataflow.execute(first)), (second, dataflow.execute(second))]
    dataflow.clock.moment = 5
    assert [dataflow.execution(*run)["status"] for run in runs] == ["RUNNING", "RUNNING"]


def test_a_job_of_2026_runs_as_often_at_once_as_it_may():
    dataflow = Dataflow("2026")
    job_id = dataflow.create(maxConcurrentRuns=2)
    dataflow.execute(job_id)
    dataflow.execute(job_id)
    assert dataflow.refused("POST", f"{JOBS}/{job_id}/executions") == (400, "bad-state")


def test_an_incomplete_job_is_not_executed():
    dataflow = Dataflow("2025")
    body = {"jobCondition": CONDITION}
    draft = dataflow.create(nodes=[])
    assert dataflow.refused("POST", f"{JOBS}/{draft}/executions", json=body) == (400, "bad-state")
    editing = dataflow.create()
    dataflow.good("PUT", f"{JOBS}/{editing}", json={"name": "job001", "type": "DATAFLOW", "isTemp": True})
    assert dataflow.refused("POST", f"{JOBS}/{editing}/executions", json=body) == (400, "bad-state")


def test_executions_are_listed_newest_first_in_pages(dataflow):
    job_id = dataflow.create()
    made = []
    for moment in (0, 10, 20):
        dataflow.clock.moment = moment
        made.append(dataflow.execute(job_id))
    dataflow.clock.moment = 30
    path = f"{JOBS}/{job_id}/executions"
    whole = dataflow.good("GET", path)
    assert [row["jobExecutionId"] for row in whole["list"]] == made[::-1]
    assert (whole["count"], whole["page"], whole["limit"]) == (3, 0, 1000)
    second = dataflow.good("GET", f"{path}?page=1&limit=2")
    assert [row["jobExecutionId"] for row in second["list"]] == made[:1]
    assert second["count"] == (3 if dataflow.edition == "2023" else 1)


def test_missing_jobs_and_executions_are_not_found(dataflow):
    job_id, other = dataflow.create(), dataflow.create()
    execution_id = dataflow.execute(other)
    body = {"jobCondition": CONDITION}
    for path in ("nowhere/executions", "nowhere/executions/x", f"{job_id}/executions/x"):
        assert dataflow.refused("GET", f"{JOBS}/{path}") == (404, "not-found")
    assert dataflow.refused("GET", f"{JOBS}/{job_id}/executions/{execution_id}") == (404, "not-found")
    assert dataflow.refused("POST", f"{JOBS}/nowhere/executions", json=body) == (404, "not-found")
    assert dataflow.refused("PUT", f"{JOBS}/nowhere/executions", json=body) == (404, "not-found")


def test_cancelling_ends_an_execution_once():
    dataflow = Dataflow("2026")
    for moment, started in ((1, False), (5, True)):
        job_id = dataflow.create()
        dataflow.clock.moment = 0
        execution_id = dataflow.execute(job_id)
        path = f"{JOBS}/{job_id}/executions/{execution_id}"
        dataflow.clock.moment = moment
        assert dataflow.good("POST", f"{path}/cancel") is True
        assert dataflow.refused("POST", f"{path}/cancel") == (400, "bad-state")
        dataflow.clock.moment = 100
        execution = dataflow.good("GET", path)
        assert execution["status"] == "CANCELED"
        assert ("startDate" in execution, "endDate" in execution) == (started, True)
        assert dataflow.job(job_id)["lastExecutionStatus"] == "CANCELED"


def test_a_finished_execution_is_not_cancelled():
    dataflow = Dataflow("2026")
    job_id = dataflow.create()
    path = f"{JOBS}/{job_id}/executions/{dataflow.execute(job_id)}"
    dataflow.clock.moment = 10
    assert dataflow.refused("POST", f"{path}/cancel") == (400, "bad-state")
    assert dataflow.good("GET", path)["status"] == "COMPLETED"
    assert dataflow.refused("POST", f"{JOBS}/{job_id}/executions/x/cancel") == (404, "not-found")


@pytest.mark.parametrize("edition", ["2023", "2025"])
def test_older_editions_cannot_cancel(edition):
    dataflow = Dataflow(edition)
    job_id = dataflow.create()
    path = f"{JOBS}/{job_id}/executions/{dataflow.execute(job_id)}/cancel"
    assert dataflow.refused("POST", path) == (404, "300")


CONDITION_EDGES = {
    "2023": ({"numWorker": [2, 10], "timeout": [0, 1440]}, {"numWorker": [1, 11], "timeout": [-1, 1441]}),
    "2025": ({"numWorker": [1, 10**30], "timeout": [0, 1440]}, {"numWorker": [0], "timeout": [-1, 1441]}),
    "2026": ({"numWorker": [2, 10], "timeout": [1, 1440]}, {"numWorker": [1, 11], "timeout": [0, 1441]}),
}


def _edges(which: int):
    return [
        (edition, name, value)
        for edition, edges in CONDITION_EDGES.items()
        for name, values in edges[which].items()
        for value in values
    ]


@pytest.mark.parametrize(("edition", "name", "value"), _edges(0))
def test_options_within_their_range_are_taken(edition, name, value):
    dataflow = Dataflow(edition)
    job_id = dataflow.create()
    execution = dataflow.execution(job_id, dataflow.execute(job_id, **{name: value}))
    assert execution["jobCondition"][name] == value


@pytest.mark.parametrize(
    ("edition", "name", "value"),
    [
        *_edges(1),
        *[
            (edition, name, value)
            for edition in EDITIONS
            for name in ("numWorker", "timeout")
            for value in ("5", 5.5, True)
        ],
        *[(edition, name, 1) for edition in EDITIONS for name in ("nrn", "scriptPath", "logPath")],
        *[(edition, name, None) for edition in ("2023", "2025") for name in ("nrn", "scriptPath", "logPath")],
        ("2023", "workerType", "DATAFLOW"),
        ("2025", "workerType", "HUGE"),
        ("2025", "workerType", ["DEFAULT"]),
        ("2026", "parameters", []),
    ],
)
def test_options_outside_their_range_are_refused(edition, name, value):
    dataflow = Dataflow(edition)
    path = f"{JOBS}/{dataflow.create()}/executions"
    body = {"jobCondition": {**CONDITION, name: value}}
    assert dataflow.refused("POST", path, json=body) == (400, "bad-parameter")
    assert dataflow.refused("PUT", path, json=body) == (400, "bad-parameter")
    assert dataflow.good("GET", path)["list"] == []


@pytest.mark.parametrize("body", [{}, {"jobCondition": None}, {"jobCondition": []}, {"jobCondition": {}}])
def test_older_editions_insist_on_options(body):
    dataflow = Dataflow("2025")
    assert dataflow.refused("POST", f"{JOBS}/{dataflow.create()}/executions", json=body) == (400, "bad-parameter")


def test_2026_executes_with_the_stored_options():
    dataflow = Dataflow("2026")
    job_id = dataflow.create(jobCondition={"numWorker": 5, "parameters": {"day": "1"}})
    path = f"{JOBS}/{job_id}/executions"
    stored = dataflow.good("PUT", path, json={"jobCondition": {"timeout": 7}})["runCondition"]
    assert (stored["numWorker"], stored["timeout"]) == (5, 7)
    execution = dataflow.good("POST", path)
    assert (execution["jobCondition"], execution["parsedParameters"]) == (stored, {"day": "1"})
    assert dataflow.refused("PUT", path, json={}) == (400, "bad-parameter")


def test_2025_replaces_the_stored_options():
    dataflow = Dataflow("2025")
    path = f"{JOBS}/{dataflow.create()}/executions"
    dataflow.good("PUT", path, json={"jobCondition": {**CONDITION, "numWorker": 5}})
    job = dataflow.good("PUT", path, json={"jobCondition": CONDITION})
    assert job["runCondition"] == {"workerType": "DATAFLOW", "numWorker": 2, "timeout": 360, **CONDITION}


def test_an_execution_remembers_who_asked_for_it(dataflow):
    path = f"{JOBS}/{dataflow.create()}/executions"
    body = {"jobCondition": CONDITION, "parameters": {"a": "\ud800"}}
    made = dataflow.good("POST", f"{path}?triggerId=t&workflowId=w", json=body)
    shown = dataflow.good("GET", f"{path}/{made['jobExecutionId']}")
    assert (shown["triggerId"], shown["type"], shown["parsedParameters"]) == ("t", "WORKFLOW", {"a": "\ud800"})
    dataflow.clock.moment = 10
    assert dataflow.refused("POST", path, json={**body, "parameters": 1}) == (400, "bad-parameter")


@pytest.fixture
def s3_endpoint():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    requests.put(f"{endpoint}/aitems", timeout=10).raise_for_status()
    yield endpoint
    server.stop()


@pytest.mark.parametrize(
    ("buckets", "status"), [(["aitems"], "COMPLETED"), (["aitems", "nowhere"], "FAILED"), ([""], "FAILED")]
)
def test_an_execution_fails_when_a_source_bucket_does_not_exist(s3_endpoint, buckets, status):
    dataflow = Dataflow(s3_endpoint=s3_endpoint)
    nodes = [{**NODES[0], "id": number, "bucketName": bucket} for number, bucket in enumerate(buckets)]
    job_id = dataflow.create(nodes=nodes)
    execution_id = dataflow.execute(job_id)
    dataflow.clock.moment = 10
    assert dataflow.execution(job_id, execution_id)["status"] == status
    assert dataflow.job(job_id)["lastExecutionStatus"] == status


def test_an_execution_takes_longer_over_a_large_source(s3_endpoint):
    requests.put(f"{s3_endpoint}/aitems/large/a.csv", data=b"x" * 2_000_000, timeout=10).raise_for_status()
    dataflow = Dataflow(s3_endpoint=s3_endpoint)
    job_id = dataflow.create(nodes=[{**NODES[0], "prefix": "large"}])
    execution_id = dataflow.execute(job_id)
    seen = []
    for moment in (10, 14, 16):
        dataflow.clock.moment = moment
        seen.append(dataflow.execution(job_id, execution_id)["status"])
    assert seen == ["RUNNING", "RUNNING", "COMPLETED"]


@pytest.mark.parametrize("prefix", [None, 7, "", "\ud800", "x" * 5_000])
def test_a_source_that_names_no_objects_takes_no_time(s3_endpoint, prefix):
    dataflow = Dataflow(s3_endpoint=s3_endpoint)
    job_id = dataflow.create(nodes=[{**NODES[0], "prefix": prefix}])
    execution_id = dataflow.execute(job_id)
    dataflow.clock.moment = 10
    assert dataflow.execution(job_id, execution_id)["status"] == "COMPLETED"


def test_an_execution_fails_when_nobody_answers_at_the_s3_endpoint():
    dataflow = Dataflow(s3_endpoint="http://127.0.0.1:9")
    job_id = dataflow.create()
    dataflow.execute(job_id)
    dataflow.clock.moment = 10
    assert dataflow.job(job_id)["lastExecutionStatus"] == "FAILED"


def test_of_racing_executions_one_is_accepted():
    dataflow = Dataflow("2025")
    path = f"{JOBS}/{dataflow.create()}/executions"
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: dataflow.send("POST", path, json={"jobCondition": CONDITION})[0], range(64)))
    assert sorted(answers) == [200, *[400] * 63]
    assert len(dataflow.good("GET", path)["list"]) == 1
