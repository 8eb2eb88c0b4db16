"""Known clients say the same thing in different forms, and are answered alike: boto3, graph-notebook, neptune-python-utils, curl."""

from __future__ import annotations

import json
import uuid

import boto3
import pytest
import requests
from botocore import UNSIGNED
from botocore.config import Config

from specs import SourceFile
from strategies import source_data
from tests.emulator.child import eventually

ROLE = "arn:aws:iam::123456789012:role/loader"
ACTIVE = {"LOAD_NOT_STARTED", "LOAD_IN_QUEUE", "LOAD_IN_PROGRESS"}
FILES = {
    "flawed.csv": SourceFile(key="x", form="csv", rows=9, flaws={"parsing": 2, "mismatches": 12}),
    "old.csv": SourceFile(key="x", form="csv", rows=5, columns=("age:Int(single)",)),
    "new.csv": SourceFile(key="x", form="csv", rows=5, columns=("age:Int(single)",), version=1),
    "empty.csv": SourceFile(key="x", form="csv", rows=8, empties=3),
    "cypher/nodes": SourceFile(key="x", form="opencypher", rows=6),
    "cypher/ties": SourceFile(key="x", form="opencypher", part="edges", rows=6, ids=False),
}


@pytest.fixture(scope="module")
def bucket(s3):
    name = f"clients-{uuid.uuid4()}"
    s3.create_bucket(Bucket=name)
    for key, file in FILES.items():
        s3.put_object(Bucket=name, Key=key, Body=source_data(file, own="me").content)
    return name


@pytest.fixture
def start(start_emulator, s3_endpoint):
    """Start a fresh emulator, so that each client finds the same: nothing."""
    return lambda: start_emulator("neptune", s3_endpoint=s3_endpoint, job_seconds=0.001)


class Boto3:
    """The SDK: JSON booleans in the body, lower-case ones in the query, the id in the path."""

    def __init__(self, url):
        self.client = boto3.session.Session().client(
            "neptunedata", endpoint_url=url, region_name="us-east-1", config=Config(signature_version=UNSIGNED)
        )

    def start(self, body):
        renamed = {("s3BucketRegion" if name == "region" else name): value for name, value in body.items()}
        return self.client.start_loader_job(**renamed)["payload"]["loadId"]

    def status(self, load_id, **query):
        return self.client.get_loader_job_status(loadId=load_id, **query)["payload"]

    def cancel(self, load_id):
        return self.client.cancel_loader_job(loadId=load_id)["status"]

    def close(self):
        self.client.close()


class Raw:
    """A client by hand; the subclasses know its forms."""

    QUERY_FORM = False

    def __init__(self, url):
        self.url = url

    def said(self, value):
        return value

    def asked(self, value):
        return str(value)

    def body(self, body):
        return {name: self.said(value) if isinstance(value, bool) else value for name, value in body.items()}

    def send(self, method, path, body=None):
        data = None if body is None else json.dumps(body)
        answer = requests.request(
            method, self.url + path, data=data, headers={"Content-Type": "application/json"}, timeout=20
        )
        answer.raise_for_status()
        return answer.json()

    def start(self, body):
        return self.send("POST", "/loader", self.body(body))["payload"]["loadId"]

    def at(self, load_id, query):
        told = {name: self.asked(value) if isinstance(value, bool) else value for name, value in query.items()}
        told = {"loadId": load_id, **told} if self.QUERY_FORM else told
        text = "&".join(f"{name}={value}" for name, value in told.items())
        return ("/loader" if self.QUERY_FORM else f"/loader/{load_id}") + (f"?{text}" if text else "")

    def status(self, load_id, **query):
        return self.send("GET", self.at(load_id, query))["payload"]

    def cancel(self, load_id):
        return self.send("DELETE", self.at(load_id, {}))["status"]

    def close(self):
        pass


class Notebook(Raw):
    """graph-notebook: upper-case text in the body, Python's words in the query, the id in the query."""

    QUERY_FORM = True

    def said(self, value):
        return str(value).upper()


class PythonUtils(Raw):
    """neptune-python-utils: upper-case text everywhere, the id in the path, paging always sent."""

    def said(self, value):
        return str(value).upper()

    def asked(self, value):
        return str(value).upper()

    def status(self, load_id, **query):
        return super().status(load_id, **{"details": False, "errors": False, "page": 1, "errorsPerPage": 10, **query})


class Curl(Raw):
    """By hand: JSON booleans in the body, lower case in the query, the id in the query."""

    QUERY_FORM = True

    def asked(self, value):
        return str(value).lower()


CLIENTS = [Boto3, Notebook, PythonUtils, Curl]
STEPS = [
    ("flawed.csv", {"failOnError": False}),
    ("flawed.csv", {"failOnError": True, "mode": "NEW"}),
    ("old.csv", {"updateSingleCardinalityProperties": False}),
    ("new.csv", {"updateSingleCardinalityProperties": False, "failOnError": False}),
    ("new.csv", {"updateSingleCardinalityProperties": True, "mode": "NEW"}),
    ("empty.csv", {"parserConfiguration": {"allowEmptyStrings": "true"}}),
    ("empty.csv", {"mode": "RESUME"}),
    ("cypher/", {"format": "opencypher", "userProvidedEdgeIds": False}),
    ("cypher/", {"format": "opencypher", "userProvidedEdgeIds": True, "mode": "NEW"}),
]


def told(payload):
    """What a client is told, but for what differs by the hour and the load."""
    overall = {k: v for k, v in payload["overallStatus"].items() if k not in {"startTime", "totalTimeSpent"}}
    failed = [
        {k: v for k, v in feed.items() if k not in {"startTime", "totalTimeSpent"}}
        for feed in payload.get("failedFeeds", [])
    ]
    errors = {k: v for k, v in payload.get("errors", {}).items() if k != "loadId"}
    return {"overall": overall, "failed": failed, "errors": errors, "feeds": payload["feedCount"]}


def conversation(client, bucket):
    found = []
    for key, parameters in STEPS:
        body = {
            "source": f"s3://{bucket}/{key}",
            "format": "csv",
            "region": "us-east-1",
            "iamRoleArn": ROLE,
            **parameters,
        }
        load_id = client.start(body)
        eventually(lambda load_id=load_id: client.status(load_id)["overallStatus"]["status"] not in ACTIVE)
        found += [
            told(client.status(load_id)),
            told(client.status(load_id, details=True)),
            told(client.status(load_id, details=True, errors=True, page=2, errorsPerPage=3)),
        ]
    return found


@pytest.fixture(scope="module")
def expected(start_emulator, s3_endpoint, bucket):
    client = Boto3(start_emulator("neptune", s3_endpoint=s3_endpoint, job_seconds=0.001))
    found = conversation(client, bucket)
    client.close()
    return found


@pytest.mark.parametrize("kind", CLIENTS[1:], ids=lambda kind: kind.__name__)
def test_clients_are_told_the_same(kind, start, bucket, expected):
    assert conversation(kind(start()), bucket) == expected


def test_the_conversation_is_worth_comparing(expected):
    statuses = {each["overall"]["status"] for each in expected}
    assert statuses == {"LOAD_COMPLETED", "LOAD_FAILED"}
    assert any(each["errors"].get("errorLogs") for each in expected)
    assert any(each["failed"] for each in expected)
    assert [each["overall"]["insertErrors"] for each in expected[9:15:3]] == [5, 0]


@pytest.mark.parametrize("kind", CLIENTS, ids=lambda kind: kind.__name__)
def test_each_client_can_queue_and_cancel(kind, start_emulator, s3_endpoint, bucket):
    client = kind(start_emulator("neptune", s3_endpoint=s3_endpoint, job_seconds=600))
    body = {"source": f"s3://{bucket}/old.csv", "format": "csv", "region": "us-east-1", "iamRoleArn": ROLE}
    ids = [client.start({**body, "queueRequest": True}) for _ in range(2)]
    assert client.status(ids[1])["overallStatus"]["status"] == "LOAD_IN_QUEUE"
    for load_id in reversed(ids):
        assert client.cancel(load_id) == "200 OK"
        eventually(
            lambda load_id=load_id: client.status(load_id)["overallStatus"]["status"] == "LOAD_CANCELLED_BY_USER"
        )
    client.close()


def test_a_boolean_for_empty_strings_is_as_good_as_its_text(start, bucket):
    client = Curl(start())
    body = {
        "source": f"s3://{bucket}/empty.csv",
        "format": "csv",
        "region": "us-east-1",
        "iamRoleArn": ROLE,
        "mode": "NEW",
    }
    seen = set()
    for value in ("true", True, "TRUE"):
        load_id = client.start({**body, "parserConfiguration": {"allowEmptyStrings": value}})
        eventually(lambda load_id=load_id: client.status(load_id)["overallStatus"]["status"] not in ACTIVE)
        seen.add(client.status(load_id)["overallStatus"]["totalRecords"])
    assert len(seen) == 1
