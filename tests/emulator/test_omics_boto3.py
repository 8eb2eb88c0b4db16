"""boto3 can drive the emulated HealthOmics through every operation, with its paginators and waiter, signed."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from itertools import chain

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, WaiterError

ROLE = "arn:aws:iam::123456789012:role/import"
# The waiter's own pace is two requests a minute.
PACE = {"Delay": 0.01, "MaxAttempts": 2000}


def omics(url, secret="conformance-secret"):
    return boto3.session.Session().client(
        "omics",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="conformance",
        aws_secret_access_key=secret,
        config=Config(retries={"total_max_attempts": 1}, inject_host_prefix=False),
    )


@pytest.fixture(scope="module")
def client(start_emulator, s3_endpoint):
    made = omics(start_emulator("omics", auth=True, job_seconds=0.1, s3_endpoint=s3_endpoint, max_stores=50))
    yield made
    made.close()


@pytest.fixture(scope="module")
def bucket(s3):
    name = f"genomes-{uuid.uuid4()}"
    s3.create_bucket(Bucket=name)
    for key in ("a.fa", "b.fa.old"):
        s3.put_object(Bucket=name, Key=key, Body=b">chr1\nACGT\n")
    return name


@pytest.fixture
def store(client):
    return client.create_reference_store(name=f"store {uuid.uuid4()}")["id"]


@pytest.fixture
def start(client, store, bucket):
    def call(*keys, **members):
        sources = [{"sourceFile": f"s3://{bucket}/{key}", "name": f"genome {key}"} for key in keys or ("a.fa",)]
        answer = client.start_reference_import_job(
            referenceStoreId=store, roleArn=ROLE, **{"sources": sources, **members}
        )
        assert answer["status"] == "SUBMITTED"
        return answer["id"]

    return call


def wait(client, store, job):
    client.get_waiter("reference_import_job_completed").wait(referenceStoreId=store, id=job, WaiterConfig=PACE)


def test_a_store_is_created_shown_and_deleted(client):
    began = datetime.now(UTC) - timedelta(seconds=1)
    created = client.create_reference_store(
        name="é | store", description="d", sseConfig={"type": "KMS"}, tags={"k": "v"}, clientToken=str(uuid.uuid4())
    )
    assert created["creationTime"] >= began
    shown = client.get_reference_store(id=created["id"])
    for name in ("id", "arn", "name", "description", "sseConfig", "creationTime"):
        assert shown[name] == created[name]
    client.delete_reference_store(id=created["id"])
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_reference_store(id=created["id"])


def test_the_stores_can_be_paged_through(client):
    name = f"paged {uuid.uuid4()}"
    made = [client.create_reference_store(name=name)["id"] for _ in range(5)]
    pages = client.get_paginator("list_reference_stores").paginate(
        filter={"name": name, "createdAfter": datetime.now(UTC) - timedelta(hours=1)}, PaginationConfig={"PageSize": 2}
    )
    listed = [[store["id"] for store in page["referenceStores"]] for page in pages]
    assert [len(page) for page in listed] == [2, 2, 1]
    assert list(chain(*listed)) == made[::-1]


def test_an_import_brings_a_reference(client, store, start):
    job = start()
    wait(client, store, job)
    shown = client.get_reference_import_job(referenceStoreId=store, id=job)
    assert shown["status"] == "COMPLETED"
    assert shown["creationTime"] <= shown["completionTime"]
    assert (shown["roleArn"], shown["referenceStoreId"]) == (ROLE, store)
    (source,) = shown["sources"]
    assert source["status"] == "FINISHED"
    (reference,) = client.list_references(referenceStoreId=store)["references"]
    metadata = client.get_reference_metadata(referenceStoreId=store, id=source["referenceId"])
    for name, value in reference.items():
        assert metadata[name] == value
    assert metadata["creationJobId"] == job
    with pytest.raises(client.exceptions.ConflictException):
        client.delete_reference_store(id=store)
    client.delete_reference(referenceStoreId=store, id=reference["id"])
    client.delete_reference_store(id=store)


@pytest.mark.parametrize(
    ("status", "ends"),
    [
        ("FAILED", {"b.fa": "FAILED"}),
        ("COMPLETED_WITH_FAILURES", {"b.fa": "FAILED", "a.fa": "FINISHED"}),
        ("COMPLETED", {"a.fa": "FINISHED", "b.fa.old": "FINISHED"}),
    ],
)
def test_an_import_ends_as_its_sources_do(client, store, start, status, ends):
    job = start(*ends)
    if status == "COMPLETED":
        wait(client, store, job)
    else:
        with pytest.raises(WaiterError):
            wait(client, store, job)
    shown = client.get_reference_import_job(referenceStoreId=store, id=job)
    assert shown["status"] == status
    assert [source["status"] for source in shown["sources"]] == list(ends.values())
    assert ("statusMessage" in shown) == (status != "COMPLETED")
    assert len(client.list_references(referenceStoreId=store)["references"]) == [*ends.values()].count("FINISHED")


def test_a_source_in_an_unknown_bucket_fails(client, store, start):
    job = start(sources=[{"sourceFile": "s3://no-such-bucket-here/a.fa", "name": "genome"}])
    with pytest.raises(WaiterError):
        wait(client, store, job)


def test_the_imports_can_be_paged_through(client, store, start):
    made = [start() for _ in range(5)]
    paginator = client.get_paginator("list_reference_import_jobs")
    pages = [
        [job["id"] for job in page["importJobs"]]
        for page in paginator.paginate(referenceStoreId=store, PaginationConfig={"PageSize": 2})
    ]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert list(chain(*pages)) == made[::-1]
    wait(client, store, made[-1])
    now = datetime.now(UTC)
    hour = timedelta(hours=1)
    for conditions, expected in [
        ({"status": "COMPLETED"}, made[::-1]),
        ({"status": "CANCELLED"}, []),
        ({"createdAfter": now - hour, "createdBefore": now + hour}, made[::-1]),
        ({"createdAfter": now + hour}, []),
    ]:
        found = paginator.paginate(referenceStoreId=store, filter=conditions).build_full_result()["importJobs"]
        assert [job["id"] for job in found] == expected


def test_the_references_can_be_paged_through(client, store, start):
    wait(client, store, start("a.fa", "b.fa.old"))
    paginator = client.get_paginator("list_references")
    pages = [
        page["references"] for page in paginator.paginate(referenceStoreId=store, PaginationConfig={"PageSize": 1})
    ]
    assert [len(page) for page in pages] == [1, 1]


def test_refusals_are_the_exceptions_of_the_model(client, store, start):
    exceptions = client.exceptions
    with pytest.raises(exceptions.ValidationException) as caught:
        client.list_reference_import_jobs(referenceStoreId=store, maxResults=101)
    assert caught.value.response["message"]
    assert caught.value.response["ResponseMetadata"]["RequestId"]
    with pytest.raises(exceptions.ValidationException):
        client.list_reference_import_jobs(referenceStoreId=store, nextToken="| bogus")
    with pytest.raises(exceptions.ResourceNotFoundException):
        client.list_reference_import_jobs(referenceStoreId="0000000000")
    with pytest.raises(exceptions.ResourceNotFoundException):
        client.get_reference_import_job(referenceStoreId=store, id="0000000000")
    token = str(uuid.uuid4())
    assert start(clientToken=token)
    with pytest.raises(exceptions.ValidationException):
        start("b.fa", clientToken=token)


def test_too_many_stores_are_refused(start_emulator):
    client = omics(start_emulator("omics", max_stores=1))
    client.create_reference_store(name="first")
    with pytest.raises(client.exceptions.ServiceQuotaExceededException) as caught:
        client.create_reference_store(name="second")
    client.close()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 402


def test_wrong_keys_are_denied(client):
    stranger = omics(client.meta.endpoint_url, secret="wrong")
    with pytest.raises(ClientError) as caught:
        stranger.list_reference_stores()
    stranger.close()
    assert caught.value.response["Error"]["Code"] == "AccessDeniedException"
