"""boto3 can drive the emulated loader through every operation, signed and unsigned."""

from __future__ import annotations

import gzip
import uuid

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.emulator.child import eventually

ROLE = "arn:aws:iam::123456789012:role/loader"
ACTIVE = {"LOAD_NOT_STARTED", "LOAD_IN_QUEUE", "LOAD_IN_PROGRESS"}
PEOPLE = b"~id,~label,name:String,age:Int\nv1,person,marko,29\nv2,person,vadas,27\n"
SPOILED = b"~id,~label,name:String,age:Int\nv1,person,marko,29\n,person,x,1\nv3,person,y,old\nv2,person,vadas,27\n"
KNOWS = b"~id,~from,~to,~label,weight:Double\ne1,v1,v2,knows,0.5\n"
NT = b'<http://x/s> <http://x/p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n# note\n\n'


def neptune(url, *, signed):
    config = Config(retries={"total_max_attempts": 1}, **({} if signed else {"signature_version": UNSIGNED}))
    return boto3.session.Session().client(
        "neptunedata",
        endpoint_url=url,
        region_name="us-east-1",
        config=config,
        aws_access_key_id="conformance",
        aws_secret_access_key="conformance-secret",
    )


@pytest.fixture(scope="module")
def bucket(s3):
    name = f"data-{uuid.uuid4()}"
    s3.create_bucket(Bucket=name)
    objects = {
        "people/v.csv": PEOPLE,
        "spoiled/v.csv": SPOILED,
        "graph/a-edges.csv": KNOWS,
        "graph/z-vertices.csv": PEOPLE,
        "packed/v.csv.gz": gzip.compress(PEOPLE),
        "rdf/a.nt": NT + NT,
        "quads/a.nq": NT.replace(b" .\n", b" <http://x/g> .\n", 1),
        "turtle/a.ttl": b"@prefix x: <http://x/> . x:s x:p x:o , 2 .",
        "xml/a.rdf": b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="http://x/">'
        b'<rdf:Description rdf:about="http://x/s"><x:p>o</x:p></rdf:Description></rdf:RDF>',
        "cypher/n.csv": b":ID,name:String,:LABEL\nn1,marko,person\nn2,vadas,person\n",
        "cypher/r.csv": b":ID,:START_ID,:END_ID,:TYPE\nr1,n1,n2,KNOWS\n",
        "broken/a.ttl": b"this is no turtle",
    }
    for key, body in objects.items():
        s3.put_object(Bucket=name, Key=key, Body=body)
    return name


@pytest.fixture(scope="module", params=["signed", "unsigned"])
def client(request, start_emulator, s3_endpoint):
    signed = request.param == "signed"
    url = start_emulator("neptune", s3_endpoint=s3_endpoint, job_seconds=0.001, auth=signed)
    made = neptune(url, signed=signed)
    yield made
    made.close()


@pytest.fixture(scope="module")
def slow_client(start_emulator, s3_endpoint):
    made = neptune(start_emulator("neptune", s3_endpoint=s3_endpoint, job_seconds=600), signed=False)
    yield made
    made.close()


@pytest.fixture
def start(bucket):
    def begin(client, folder, **parameters):
        arguments = {
            "source": f"s3://{bucket}/{folder}",
            "format": "csv",
            "s3BucketRegion": "us-east-1",
            "iamRoleArn": ROLE,
            "mode": "NEW",
            **parameters,
        }
        return client.start_loader_job(**arguments)["payload"]["loadId"]

    return begin


def ended(client, load_id, **parameters):
    def payload():
        answer = client.get_loader_job_status(loadId=load_id, **parameters)["payload"]
        return answer if answer["overallStatus"]["status"] not in ACTIVE else None

    return eventually(payload)


def code_of(call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    response = caught.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"], response["Error"]["Message"]


@pytest.mark.parametrize(
    ("folder", "form", "records"),
    [
        ("people/", "csv", 6),
        ("graph/", "csv", 8),
        ("packed/", "csv", 6),
        ("rdf/", "ntriples", 2),
        ("quads/", "nquads", 1),
        ("turtle/", "turtle", 2),
        ("xml/", "rdfxml", 1),
        ("cypher/", "opencypher", 5),
    ],
)
def test_each_format_is_loaded(client, start, folder, form, records):
    overall = ended(client, start(client, folder, format=form))["overallStatus"]
    assert overall["status"] == "LOAD_COMPLETED"
    assert overall["totalRecords"] == records
    assert not overall["parsingErrors"] + overall["insertErrors"] + overall["datatypeMismatchErrors"]


def test_errors_are_skipped_when_asked(client, start):
    load_id = start(client, "spoiled/", failOnError=False)
    payload = ended(client, load_id, details=True, errors=True, page=2, errorsPerPage=1)
    overall = payload["overallStatus"]
    assert overall["status"] == "LOAD_COMPLETED"
    assert (overall["parsingErrors"], overall["datatypeMismatchErrors"], overall["totalRecords"]) == (1, 1, 6)
    errors = payload["errors"]
    assert (errors["startIndex"], errors["endIndex"], errors["loadId"]) == (2, 2, load_id)
    assert [log["recordNum"] for log in errors["errorLogs"]] == [3]


def test_the_first_error_stops_a_load_by_default(client, start):
    payload = ended(client, start(client, "spoiled/"), details=True)
    assert payload["overallStatus"]["status"] == "LOAD_FAILED"
    assert payload["overallStatus"]["totalRecords"] == 3
    assert [feed["status"] for feed in payload["failedFeeds"]] == ["LOAD_FAILED"]
    assert payload["feedCount"] == [{"LOAD_FAILED": 1}]


def test_a_broken_document_fails(client, start):
    payload = ended(client, start(client, "broken/", format="turtle"))
    assert payload["overallStatus"]["status"] == "LOAD_FAILED"
    assert payload["overallStatus"]["parsingErrors"] == 1


def test_a_resumed_load_skips_what_is_loaded(client, start):
    first = start(client, "people/v", mode="AUTO")
    assert ended(client, first)["overallStatus"]["runNumber"] == 1
    overall = ended(client, start(client, "people/v", mode="RESUME"))["overallStatus"]
    assert (overall["status"], overall["totalRecords"], overall["runNumber"]) == ("LOAD_COMPLETED", 0, 2)
    overall = ended(client, start(client, "people/v", mode="NEW"))["overallStatus"]
    assert (overall["totalRecords"], overall["totalDuplicates"]) == (6, 6)


def test_the_list_names_loads_newest_first(client, start):
    ids = [start(client, "people/", queueRequest=True) for _ in range(3)]
    for load_id in ids:
        ended(client, load_id)
    listed = client.list_loader_jobs(limit=3, includeQueuedLoads=False)
    assert listed["status"] == "200 OK"
    assert listed["payload"] == {"loadIds": ids[::-1]}


def test_cancel_and_refusals_of_a_busy_loader(slow_client, start):
    running = start(slow_client, "people/")
    waiting = start(slow_client, "people/", queueRequest=True)
    dependent = start(slow_client, "people/", queueRequest=True, dependencies=[waiting])
    status, code, message = code_of(lambda: start(slow_client, "people/"))
    assert (status, code) == (400, "BadRequestException")
    assert message.endswith("Max concurrent load limit breached. Limit is 1")
    queued = slow_client.get_loader_job_status(loadId=waiting)["payload"]["overallStatus"]
    assert queued["status"] == "LOAD_IN_QUEUE"
    assert slow_client.list_loader_jobs(includeQueuedLoads=False)["payload"]["loadIds"] == [running]
    assert slow_client.cancel_loader_job(loadId=waiting)["status"] == "200 OK"
    for load_id, expected in (
        (waiting, "LOAD_CANCELLED_BY_USER"),
        (dependent, "LOAD_FAILED_BECAUSE_DEPENDENCY_NOT_SATISFIED"),
    ):
        assert slow_client.get_loader_job_status(loadId=load_id)["payload"]["overallStatus"]["status"] == expected
    slow_client.cancel_loader_job(loadId=running)
    payload = ended(slow_client, running)
    assert payload["overallStatus"]["status"] == "LOAD_CANCELLED_BY_USER"
    assert payload["feedCount"] == [{"LOAD_CANCELLED_BY_USER": 1}]
    status, code, message = code_of(slow_client.cancel_loader_job, loadId=running)
    assert (status, code) == (404, "BulkLoadIdNotFoundException")
    assert message == f"The load with id = {running} does not exist or not active"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"format": "CSV"}, (400, "InvalidParameterException")),
        ({"s3BucketRegion": "mars-1"}, (400, "InvalidParameterException")),
        ({"mode": "AGAIN"}, (400, "InvalidParameterException")),
        ({"parallelism": "LUDICROUS"}, (400, "InvalidParameterException")),
        ({"source": "ftp://x/y"}, (400, "InvalidParameterException")),
        ({"source": "s3://no-such-bucket-anywhere/x"}, (400, "S3Exception")),
        ({"s3BucketRegion": "eu-west-1"}, (400, "S3Exception")),
        ({"iamRoleArn": "me"}, (400, "BadRequestException")),
        ({"dependencies": [str(uuid.UUID(int=0))]}, (404, "BulkLoadIdNotFoundException")),
        ({"parserConfiguration": {"baseUri": "no uri"}}, (400, "InvalidParameterException")),
        ({"parserConfiguration": {"allowEmptyStrings": "maybe"}}, (400, "InvalidParameterException")),
    ],
)
def test_each_violation_has_its_error(client, start, change, expected):
    before = client.list_loader_jobs()["payload"]
    assert code_of(lambda: start(client, "people/", **change))[:2] == expected
    assert client.list_loader_jobs()["payload"] == before


def test_a_source_without_objects_is_refused(client, start):
    assert code_of(lambda: start(client, "nothing/here"))[:2] == (400, "S3Exception")


def test_a_resume_of_nothing_is_refused(client, start):
    assert code_of(lambda: start(client, "peopl", mode="RESUME"))[:2] == (400, "PreconditionsFailedException")


def test_unknown_loads_are_not_found(client):
    for call in (client.get_loader_job_status, client.cancel_loader_job):
        for load_id in (str(uuid.uuid4()), "no/id at all"):
            assert code_of(call, loadId=load_id)[:2] == (404, "BulkLoadIdNotFoundException")


def test_a_limit_over_the_range_is_refused(client):
    assert code_of(client.list_loader_jobs, limit=101)[:2] == (400, "InvalidParameterException")


def test_signatures_are_insisted_on(start_emulator):
    url = start_emulator("neptune", auth=True, secret_key="another")
    for signed, text in ((False, "Missing Authentication Token"), (True, "wrong-signature")):
        client = neptune(url, signed=signed)
        status, code, message = code_of(client.list_loader_jobs)
        client.close()
        assert (status, code) == (403, "AccessDeniedException")
        assert text in message


def test_without_s3_no_load_starts(start_emulator, start):
    client = neptune(start_emulator("neptune"), signed=False)
    status, code, message = code_of(lambda: start(client, "people/"))
    client.close()
    assert (status, code, message) == (400, "S3Exception", "No S3 endpoint is configured")


def test_an_unreachable_s3_is_an_internal_failure(start_emulator, start):
    client = neptune(start_emulator("neptune", s3_endpoint="http://127.0.0.1:9"), signed=False)
    status, code, message = code_of(lambda: start(client, "people/"))
    client.close()
    assert (status, code) == (500, "InternalFailureException")
    assert message.startswith("Unable to connect to S3 endpoint")
