"""Admission, order, dependencies, cancel, list and retention of loads, with runs that end when the test says so."""

from __future__ import annotations

import json
import statistics
import threading
import time
from collections import defaultdict

import pytest
from werkzeug import Request
from werkzeug.test import EnvironBuilder

from conformance.emulator.neptune.load_run import LoadRun
from conformance.emulator.neptune.loader import Loader
from conformance.emulator.neptune.service import NeptuneService
from conformance.emulator.objects import ObjectStore
from conformance.emulator.settings import Settings
from tests.emulator.child import eventually

DEPENDENCY = "LOAD_FAILED_BECAUSE_DEPENDENCY_NOT_SATISFIED"


class FakeObjects(ObjectStore):
    def is_empty(self, bucket, prefix):  # noqa: ARG002
        return False

    def warm_up(self):
        pass


class Puppet:
    """The service, and strings to pull."""

    def __init__(self):
        self.gates = defaultdict(threading.Event)
        self.outcomes = {}
        self.ran = []
        puppet = self

        class HeldRun(LoadRun):
            def run(self):
                key = self.load.request.uri.prefix
                puppet.ran.append(key)
                while not puppet.gates[key].wait(0.001) and not self.load.cancelled.is_set():
                    pass
                return puppet.outcomes.get(key, "LOAD_COMPLETED")

        class HeldLoader(Loader):
            RUN = HeldRun
            OBJECTS = FakeObjects

        class HeldService(NeptuneService):
            LOADER = HeldLoader

        self.service = HeldService(Settings(api="neptune", s3_endpoint="http://unused"))

    def call(self, method, path, **body):
        environ = EnvironBuilder(method=method, path=path, json=body or None).get_environ()
        response = self.service.handle(Request(environ))
        return response.status_code, json.loads(response.get_data())

    def request(self, key, **parameters):
        return self.call(
            "POST",
            "/loader",
            **{
                "source": f"s3://bucket/{key}",
                "format": "csv",
                "region": "us-east-1",
                "iamRoleArn": "arn:aws:iam::123456789012:role/r",
                "queueRequest": True,
                **parameters,
            },
        )

    def start(self, key, **parameters):
        status, answer = self.request(key, **parameters)
        assert status == 200, answer
        return answer["payload"]["loadId"]

    def status(self, load_id):
        status, answer = self.call("GET", f"/loader/{load_id}")
        return answer["payload"]["overallStatus"]["status"] if status == 200 else status

    def release(self, *keys):
        for key in keys:
            self.gates[key].set()

    def until(self, load_id, expected):
        eventually(lambda: self.status(load_id) == expected)

    def listed(self, query=""):
        return self.call("GET", f"/loader{query}")[1]["payload"]["loadIds"]


@pytest.fixture
def puppet():
    made = Puppet()
    yield made
    made.service.close()


def test_sixty_four_may_wait_beside_the_running_one(puppet):
    ids = [puppet.start(f"k{number}") for number in range(65)]
    status, answer = puppet.request("k65")
    assert (status, answer["code"]) == (400, "BadRequestException")
    assert (
        answer["message"]
        == answer["detailedMessage"]
        == (
            'Failed to start new load for the source "s3://bucket/k65". '
            "Max load task queue size limit breached. Limit is 64"
        )
    )
    assert puppet.listed() == [*ids[:0:-1], ids[0]]
    puppet.release("k0")
    puppet.until(ids[1], "LOAD_IN_PROGRESS")
    puppet.start("k65")
    assert puppet.request("k66")[0] == 400


def test_loads_run_one_after_the_other_in_order(puppet):
    keys = [f"k{number}" for number in range(20)]
    ids = [puppet.start(key) for key in keys]
    puppet.until(ids[0], "LOAD_IN_PROGRESS")
    assert {puppet.status(load_id) for load_id in ids[1:]} == {"LOAD_IN_QUEUE"}
    puppet.release(*keys)
    puppet.until(ids[-1], "LOAD_COMPLETED")
    assert puppet.ran == keys


@pytest.mark.parametrize("flag", [False, "FALSE", "false", None])
def test_without_queueing_a_busy_loader_refuses(puppet, flag):
    parameters = {} if flag is None else {"queueRequest": flag}
    puppet.start("a", **parameters)
    environ = {"source": "s3://bucket/b", "format": "csv", "region": "us-east-1"}
    status, answer = puppet.call(
        "POST", "/loader", **environ, iamRoleArn="arn:aws:iam::123456789012:role/r", **parameters
    )
    assert (status, answer["code"]) == (400, "BadRequestException")
    assert "Max concurrent load limit breached. Limit is 1" in answer["detailedMessage"]


def test_a_load_that_was_not_queued_is_never_in_the_queue(puppet):
    load_id = puppet.start("a", queueRequest="FALSE")
    assert puppet.status(load_id) in {"LOAD_NOT_STARTED", "LOAD_IN_PROGRESS"}
    assert puppet.listed("?includeQueuedLoads=FALSE") == [load_id]


def test_dependents_wait_for_success(puppet):
    first, second = puppet.start("a"), puppet.start("b")
    third = puppet.start("c", dependencies=[first, second, second])
    puppet.release("a", "b", "c")
    puppet.until(third, "LOAD_COMPLETED")
    late = puppet.start("d", dependencies=[first])
    puppet.release("d")
    puppet.until(late, "LOAD_COMPLETED")


def test_failure_reaches_every_dependent_at_once(puppet):
    puppet.outcomes["a"] = "LOAD_FAILED"
    root = puppet.start("a")
    chain = [root]
    for number in range(30):
        chain.append(puppet.start(f"k{number}", dependencies=[chain[-1]]))
    diamond = puppet.start("x", dependencies=[chain[3], chain[7], root])
    free = puppet.start("free")
    puppet.release("a")
    puppet.until(root, "LOAD_FAILED")
    assert {puppet.status(load_id) for load_id in [*chain[1:], diamond]} == {DEPENDENCY}
    puppet.until(free, "LOAD_IN_PROGRESS")
    assert puppet.ran == ["a", "free"]
    assert puppet.status(puppet.start("late", dependencies=[chain[5]])) == DEPENDENCY


def test_unknown_dependencies_are_refused(puppet):
    status, answer = puppet.request("a", dependencies=["nowhere"])
    assert (status, answer["code"]) == (404, "BulkLoadIdNotFoundException")
    assert puppet.listed() == []


@pytest.mark.parametrize("path", ["/loader/{}", "/loader?loadId={}"])
def test_cancel_ends_waiting_and_running_loads(puppet, path):
    running, waiting, dependent = puppet.start("a"), puppet.start("b"), None
    dependent = puppet.start("c", dependencies=[waiting])
    assert puppet.call("DELETE", path.format(waiting)) == (200, {"status": "200 OK"})
    assert puppet.status(waiting) == "LOAD_CANCELLED_BY_USER"
    assert puppet.status(dependent) == DEPENDENCY
    assert puppet.call("DELETE", path.format(running))[0] == 200
    puppet.until(running, "LOAD_CANCELLED_BY_USER")
    for load_id in (running, waiting, dependent, "unknown"):
        status, answer = puppet.call("DELETE", path.format(load_id))
        assert (status, answer["code"]) == (404, "BulkLoadIdNotFoundException")
        assert answer["message"] == f"The load with id = {load_id} does not exist or not active"


def test_a_cancel_without_id_is_missing_one(puppet):
    status, answer = puppet.call("DELETE", "/loader")
    assert (status, answer["code"]) == (400, "MissingParameterException")


def test_the_list_puts_queued_loads_first_and_cuts_at_the_limit(puppet):
    done = puppet.start("a")
    puppet.release("a")
    puppet.until(done, "LOAD_COMPLETED")
    running, first, second = puppet.start("b"), puppet.start("c"), puppet.start("d")
    puppet.call("DELETE", f"/loader/{first}")
    third = puppet.start("e")
    assert puppet.listed() == [third, second, first, running, done]
    assert puppet.listed("?limit=2") == [third, second]
    assert puppet.listed("?includeQueuedLoads=false&limit=2") == [first, running]
    assert puppet.listed("?unknown=1&includeQueuedLoads=True") == [third, second, first, running, done]


def test_the_last_1024_loads_are_remembered(puppet):
    oldest = puppet.start("old")
    puppet.release("old")
    puppet.until(oldest, "LOAD_COMPLETED")
    failed = puppet.start("f")
    puppet.outcomes["f"] = "LOAD_FAILED"
    puppet.release("f")
    puppet.until(failed, "LOAD_FAILED")
    ids = [puppet.start("x", dependencies=[failed]) for _ in range(1_022)]
    assert puppet.status(oldest) == "LOAD_COMPLETED"
    ids.append(puppet.start("x", dependencies=[failed]))
    assert puppet.status(oldest) == 404
    assert puppet.status(failed) == "LOAD_FAILED"
    assert puppet.listed() == ids[:-101:-1]
    assert puppet.call("DELETE", f"/loader/{oldest}")[0] == 404


@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=101", "limit=-1", "limit=1.0", "limit=", "limit=x", "limit=+5", "limit=5%20"),
        *("limit=1&limit=2", "includeQueuedLoads=1", "includeQueuedLoads=yes", "includeQueuedLoads="),
        "includeQueuedLoads=TRUE%00",
    ],
)
def test_list_parameters_are_checked(puppet, query):
    status, answer = puppet.call("GET", f"/loader?{query}")
    assert (status, answer["code"]) == (400, "InvalidParameterException")


@pytest.mark.parametrize("query", ["details=1", "errors=x", "errors=TRUE&page=0", "errors=TRUE&errorsPerPage=0"])
def test_status_parameters_are_checked(puppet, query):
    load_id = puppet.start("a")
    for path in (f"/loader/{load_id}?", f"/loader?loadId={load_id}&"):
        assert puppet.call("GET", path + query)[1]["code"] == "InvalidParameterException"


@pytest.mark.parametrize("name", ["source", "format", "region", "iamRoleArn"])
def test_required_members_are_required(puppet, name):
    role = "arn:aws:iam::123456789012:role/r"
    body = {"source": "s3://bucket/k", "format": "csv", "region": "us-east-1", "iamRoleArn": role}
    del body[name]
    status, answer = puppet.call("POST", "/loader", **body)
    assert (status, answer["code"]) == (400, "MissingParameterException")


@pytest.mark.parametrize(
    "change",
    [
        {name: value}
        for name in ("source", "format", "region", "iamRoleArn", "mode")
        for value in (1, None, True, [], {})
    ]
    + [{name: value} for name in ("failOnError", "queueRequest", "edgeOnlyLoad") for value in (1, None, [], {}, 0.5)]
    + [{"dependencies": value} for value in ("x", {}, None, [1], [None], [["x"]])]
    + [
        {"parserConfiguration": value} for value in ("x", [], None, {"baseUri": 1}, {"other": 1}, {"namedGraphUri": []})
    ],
)
def test_wrong_json_types_are_bad_requests(puppet, change):
    status, answer = puppet.request("a", **change)
    assert (status, answer["code"]) == (400, "BadRequestException")
    assert set(answer) == {"requestId", "code", "detailedMessage", "message"}


@pytest.mark.parametrize(
    "change",
    [{"failOnError": value} for value in ("TRUE", "FALSE", "true", "False", True, False)]
    + [{"userProvidedEdgeIds": "FALSE"}, {"updateSingleCardinalityProperties": True}, {"edgeOnlyLoad": "TRUE"}]
    + [{"dependencies": []}, {"parserConfiguration": {}}, {"parserConfiguration": {"allowEmptyStrings": True}}]
    + [{"parserConfiguration": {"namedGraphUri": "urn:x", "baseUri": "http://b", "allowEmptyStrings": "TRUE"}}]
    + [{"parallelism": value} for value in ("LOW", "MEDIUM", "HIGH", "OVERSUBSCRIBE")]
    + [{"iamRoleArn": "arn:aws:iam::123456789012:role/a,arn:aws:iam::123456789012:role/b"}, {"futureMember": 1}]
    + [{"source": f"https://s3{part}.amazonaws.com/bucket/k"} for part in ("", ".us-east-1", "-us-east-1")],
)
def test_valid_values_are_taken(puppet, change):
    puppet.start("a", **change)


def test_many_clients_see_one_order(puppet):
    """Concurrent starts are admitted up to the limit, and no load is lost or doubled."""
    results = []

    def burst():
        for _ in range(10):
            results.append(puppet.request("k"))  # noqa: PERF401 - threads share the list

    threads = [threading.Thread(target=burst) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    accepted = [answer["payload"]["loadId"] for status, answer in results if status == 200]
    assert len(accepted) == len(set(accepted)) == 65
    assert sorted(puppet.listed()) == sorted(accepted)


def test_a_start_takes_no_longer_where_many_wait(puppet):
    def start() -> float:
        begun = time.perf_counter()
        puppet.start("k")
        return time.perf_counter() - begun

    spent = [start() for _ in range(64)]
    assert statistics.median(spent[-16:]) < 10 * statistics.median(spent[:16])
