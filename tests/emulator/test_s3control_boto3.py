"""boto3 can drive the emulated jobs of S3 Control through every operation, signed."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.emulator.child import eventually

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/batch"


def s3control(url, secret="conformance-secret"):
    client = boto3.session.Session().client(
        "s3control",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="conformance",
        aws_secret_access_key=secret,
        config=Config(retries={"total_max_attempts": 1}),
    )
    # botocore puts the account in front of any host, even with inject_host_prefix off; the header says it as well.
    host = urlsplit(url).netloc

    def without_account(request, **_):
        request.url = urlsplit(request.url)._replace(netloc=host).geturl()

    client.meta.events.register("before-sign.s3-control", without_account)
    return client


@pytest.fixture(scope="module")
def client(start_emulator, s3_endpoint):
    made = s3control(start_emulator("s3control", auth=True, job_seconds=0.2, s3_endpoint=s3_endpoint))
    yield made
    made.close()


@pytest.fixture(scope="module")
def manifest(s3):
    bucket = f"manifests-{uuid.uuid4()}"
    s3.create_bucket(Bucket=bucket)
    etag = s3.put_object(Bucket=bucket, Key="manifest.csv", Body=b"bucket,one\nbucket,two\n\nbucket,three\n")["ETag"]
    s3.put_object(Bucket=bucket, Key="manifest.csv.old", Body=b"bucket,one\n")
    return manifest_at(f"arn:aws:s3:::{bucket}/manifest.csv", etag)


def manifest_at(arn, etag="etag"):
    return {
        "Spec": {"Format": "S3BatchOperations_CSV_20180820", "Fields": ["Bucket", "Key"]},
        "Location": {"ObjectArn": arn, "ETag": etag},
    }


@pytest.fixture
def create(client, manifest):
    def call(**members):
        arguments = {
            "AccountId": ACCOUNT,
            "ConfirmationRequired": False,
            "Operation": {"S3DeleteObjectTagging": {}},
            "Report": {"Enabled": False},
            "Manifest": manifest,
            "Priority": 10,
            "RoleArn": ROLE,
        }
        arguments.update(members)
        return client.create_job(**{key: value for key, value in arguments.items() if value is not None})["JobId"]

    return call


def describe(client, job_id):
    return client.describe_job(AccountId=ACCOUNT, JobId=job_id)["Job"]


def reaches(client, job_id, status):
    def probe():
        job = describe(client, job_id)
        return job if job["Status"] == status else None

    return eventually(probe)


def test_a_job_runs_and_says_so(client, create):
    began = datetime.now(UTC) - timedelta(seconds=1)
    job_id = create(Description="all fields", Tags=[{"Key": "a", "Value": "1"}])
    job = reaches(client, job_id, "Complete")
    assert job["ProgressSummary"]["TotalNumberOfTasks"] == job["ProgressSummary"]["NumberOfTasksSucceeded"] == 3
    assert job["ProgressSummary"]["Timers"]["ElapsedTimeInActiveSeconds"] >= 0
    assert began <= job["CreationTime"] <= job["TerminationDate"]
    assert job["JobArn"] == f"arn:aws:s3:us-east-1:{ACCOUNT}:job/{job_id}"
    assert job["Operation"] == {"S3DeleteObjectTagging": {}}
    assert (job["Description"], job["Priority"], job["RoleArn"]) == ("all fields", 10, ROLE)
    assert job["Report"] == {"Enabled": False}
    assert job["ConfirmationRequired"] is False


OPERATIONS = [
    {
        "LambdaInvoke": {
            "FunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:f",
            "InvocationSchemaVersion": "2.0",
            "UserArguments": {"k": "v", "l": ""},
        }
    },
    {
        "S3PutObjectCopy": {
            "TargetResource": "arn:aws:s3:::target",
            "AccessControlGrants": [{"Grantee": {"TypeIdentifier": "id", "Identifier": "i"}, "Permission": "READ"}],
            "ModifiedSinceConstraint": datetime(2024, 1, 2, tzinfo=UTC),
            "NewObjectMetadata": {"UserMetadata": {"k": "v"}, "ContentLength": 5, "RequesterCharged": True},
            "NewObjectTagging": [{"Key": "k", "Value": ""}],
            "StorageClass": "GLACIER_IR",
        }
    },
    {
        "S3PutObjectAcl": {
            "AccessControlPolicy": {
                "AccessControlList": {"Owner": {"ID": "o"}, "Grants": [{"Permission": "FULL_CONTROL"}]}
            }
        }
    },
    {"S3PutObjectTagging": {"TagSet": [{"Key": "k", "Value": "v"}]}},
    {"S3DeleteObjectTagging": {}},
    {"S3InitiateRestoreObject": {"ExpirationInDays": 1, "GlacierJobTier": "BULK"}},
    {"S3PutObjectLegalHold": {"LegalHold": {"Status": "OFF"}}},
    {"S3PutObjectRetention": {"BypassGovernanceRetention": True, "Retention": {"Mode": "GOVERNANCE"}}},
    {"S3ReplicateObject": {}},
    {"S3ComputeObjectChecksum": {"ChecksumAlgorithm": "SHA256", "ChecksumType": "COMPOSITE"}},
    {"S3UpdateObjectEncryption": {"ObjectEncryption": {"SSEKMS": {"KMSKeyArn": "arn:aws:kms:r:123456789012:key/k"}}}},
]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: next(iter(operation)))
def test_every_operation_is_taken_and_shown(client, create, operation):
    job_id = create(Operation=operation)
    assert describe(client, job_id)["Operation"] == operation
    page = client.list_jobs(AccountId=ACCOUNT, MaxResults=1)
    assert [job["Operation"] for job in page["Jobs"]] == [next(iter(operation))]


def test_manifest_generator_and_report_are_taken_and_shown(client, create):
    generator = {
        "S3JobManifestGenerator": {
            "SourceBucket": "arn:aws:s3:::bucket",
            "EnableManifestOutput": True,
            "ManifestOutputLocation": {
                "Bucket": "arn:aws:s3:::bucket",
                "ManifestFormat": "S3InventoryReport_CSV_20211130",
                "ManifestEncryption": {"SSEKMS": {"KeyId": "key"}},
            },
            "Filter": {
                "CreatedAfter": datetime(2024, 1, 2, tzinfo=UTC),
                "ObjectReplicationStatuses": ["FAILED", "NONE"],
                "KeyNameConstraint": {"MatchAnyPrefix": ["a", "b"]},
                "ObjectSizeGreaterThanBytes": 5,
                "MatchAnyObjectEncryption": [{"SSES3": {}}],
            },
        }
    }
    report = {
        "Bucket": "arn:aws:s3:::bucket",
        "Format": "Report_CSV_20180820",
        "Enabled": True,
        "Prefix": "p",
        "ReportScope": "FailedTasksOnly",
    }
    job = describe(client, create(Manifest=None, ManifestGenerator=generator, Report=report))
    assert job["ManifestGenerator"] == generator
    assert job["Report"] == report
    assert "Manifest" not in job


def test_a_missing_manifest_fails_the_job(client, create, manifest):
    missing = manifest["Location"]["ObjectArn"].removesuffix(".csv")
    job = reaches(client, create(Manifest=manifest_at(missing)), "Failed")
    assert job["FailureReasons"][0]["FailureCode"]
    assert job["ProgressSummary"]["NumberOfTasksSucceeded"] == 0
    reaches(client, create(Manifest=manifest_at("arn:aws:s3:::no-such-bucket-here/m.csv")), "Failed")


def test_confirming_and_cancelling(client, create):
    confirmed, cancelled = (create(ConfirmationRequired=True) for _ in range(2))
    for job_id in (confirmed, cancelled):
        job = reaches(client, job_id, "Suspended")
        assert job["SuspendedDate"] >= job["CreationTime"]
        assert job["SuspendedCause"]
    answer = client.update_job_status(AccountId=ACCOUNT, JobId=confirmed, RequestedJobStatus="Ready")
    assert (answer["JobId"], answer["Status"]) == (confirmed, "Ready")
    answer = client.update_job_status(
        AccountId=ACCOUNT, JobId=cancelled, RequestedJobStatus="Cancelled", StatusUpdateReason="a reason & more"
    )
    assert answer["StatusUpdateReason"] == "a reason & more"
    reaches(client, confirmed, "Complete")
    assert reaches(client, cancelled, "Cancelled")["StatusUpdateReason"] == "a reason & more"
    with pytest.raises(client.exceptions.JobStatusException):
        client.update_job_status(AccountId=ACCOUNT, JobId=cancelled, RequestedJobStatus="Cancelled")


def test_priority_and_tags(client, create):
    job_id = create(Tags=[{"Key": "a", "Value": "1"}])
    answer = client.update_job_priority(AccountId=ACCOUNT, JobId=job_id, Priority=2147483647)
    assert (answer["JobId"], answer["Priority"]) == (job_id, 2147483647)
    assert client.get_job_tagging(AccountId=ACCOUNT, JobId=job_id)["Tags"] == [{"Key": "a", "Value": "1"}]
    tags = [{"Key": "b", "Value": ""}, {"Key": "c", "Value": "+ -"}]
    client.put_job_tagging(AccountId=ACCOUNT, JobId=job_id, Tags=tags)
    assert client.get_job_tagging(AccountId=ACCOUNT, JobId=job_id)["Tags"] == tags
    client.delete_job_tagging(AccountId=ACCOUNT, JobId=job_id)
    assert client.get_job_tagging(AccountId=ACCOUNT, JobId=job_id)["Tags"] == []


def test_walking_through_the_list(client, create):
    made = [create() for _ in range(5)]
    walked, token = [], {}
    while True:
        page = client.list_jobs(AccountId=ACCOUNT, MaxResults=2, **token)
        walked += [job["JobId"] for job in page["Jobs"]]
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert walked[:5] == made[::-1]
    assert len(set(walked)) == len(walked)
    for job_id in made:
        reaches(client, job_id, "Complete")
    listed = client.list_jobs(AccountId=ACCOUNT, JobStatuses=["Complete", "Failed"])["Jobs"]
    assert set(made) <= {job["JobId"] for job in listed}
    assert {job["Status"] for job in listed} <= {"Complete", "Failed"}


def test_refusals_are_the_exceptions_of_the_model(client, create):
    exceptions = client.exceptions
    with pytest.raises(exceptions.InvalidNextTokenException):
        client.list_jobs(AccountId=ACCOUNT, NextToken="a+b/c=")
    with pytest.raises(exceptions.InvalidRequestException):
        client.list_jobs(AccountId=ACCOUNT, MaxResults=1001)
    with pytest.raises(exceptions.BadRequestException):
        create(Priority=2147483648)
    with pytest.raises(exceptions.NotFoundException) as caught:
        client.describe_job(AccountId=ACCOUNT, JobId="no-such-job")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert caught.value.response["ResponseMetadata"]["RequestId"]
    token = str(uuid.uuid4())
    assert create(ClientRequestToken=token) == create(ClientRequestToken=token)
    with pytest.raises(exceptions.IdempotencyException):
        create(ClientRequestToken=token, Priority=1)
    job_id = create()
    tags = [{"Key": str(n), "Value": ""} for n in range(51)]
    with pytest.raises(exceptions.TooManyTagsException):
        client.put_job_tagging(AccountId=ACCOUNT, JobId=job_id, Tags=tags)


def test_other_accounts_and_wrong_keys_are_denied(client):
    with pytest.raises(ClientError) as caught:
        client.list_jobs(AccountId="210987654321")
    assert caught.value.response["Error"]["Code"] == "AccessDenied"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    stranger = s3control(client.meta.endpoint_url, secret="wrong")
    with pytest.raises(ClientError) as caught:
        stranger.list_jobs(AccountId=ACCOUNT)
    stranger.close()
    assert caught.value.response["Error"]["Code"] == "SignatureDoesNotMatch"
