"""The emulated S3 Control over raw HTTP: every constraint at its edges, and bodies no client would send."""

from __future__ import annotations

import pytest

from conformance.emulator.s3control.service import S3ControlService
from tests.emulator.s3control_client import GENERATOR, MANIFEST, OPERATION, S3ControlClient, create_body

BAD = (400, "BadRequestException")
INVALID = (400, "InvalidRequestException")


@pytest.fixture
def client():
    return S3ControlClient()


def element(name: str, text: str) -> str:
    return f"<{name}>{text}</{name}>"


def report(content: str) -> str:
    return f"<Report>{content}</Report>"


def operation(content: str) -> str:
    return f"<Operation>{content}</Operation>"


def tags(*pairs: tuple[str, str], name: str = "S3Tag") -> str:
    items = "".join(f"<{name}><Key>{key}</Key><Value>{value}</Value></{name}>" for key, value in pairs)
    return f"<Tags>{items}</Tags>"


WHOLE_REPORT = (
    "<Bucket>arn:aws:s3:::bucket</Bucket><Format>Report_CSV_20180820</Format><Enabled>true</Enabled>"
    "<Prefix>p</Prefix><ReportScope>AllTasks</ReportScope>"
)
RETENTION = "<S3PutObjectRetention><Retention>{}</Retention></S3PutObjectRetention>"


@pytest.mark.parametrize("account", [None, "", "12345678901", "1234567890123", "12345678901a", "\u0661" * 12, "0" * 65])
def test_every_operation_wants_an_account_of_twelve_digits(client, account):
    account = None if account is None else account.encode().decode("latin-1")
    assert client.list(account=account).error == INVALID
    assert client.send("POST", "/v20180820/jobs", body=create_body(), account=account).error == BAD
    for method, path in [("GET", ""), ("POST", "/status?requestedJobStatus=Ready"), ("POST", "/priority?priority=1")]:
        assert client.send(method, f"/v20180820/jobs/abcde{path}", account=account).error == BAD


@pytest.mark.parametrize("query", ["maxResults=0", "maxResults=1", "maxResults=1000", "jobStatuses=New", "unknown=1"])
def test_list_jobs_takes_what_is_in_range(client, query):
    assert client.list(f"?{query}").status == 200


@pytest.mark.parametrize(
    "query",
    [
        "maxResults=-1",
        "maxResults=1001",
        "maxResults=",
        "maxResults=1.0",
        "maxResults=abc",
        "maxResults=" + "9" * 5000,
        "maxResults=%D9%A1",
        "maxResults=1&maxResults=2",
        "nextToken=",
        "nextToken=" + "a" * 1025,
        "nextToken=a%20b",
        "nextToken=abc%0A",
        "nextToken=%C3%A9",
        "nextToken=%00",
        "jobStatuses=",
        "jobStatuses=active",
        "jobStatuses=Active,New",
        "jobStatuses=Active&jobStatuses=Bogus",
    ],
)
def test_list_jobs_refuses_what_is_out_of_range(client, query):
    assert client.list(f"?{query}").error == INVALID


@pytest.mark.parametrize("token", ["abc", "a" * 1024, "A%2Bb%2F%3D%3F%23-_:%24%5B%5D"])
def test_a_well_formed_token_of_somebody_else_has_its_own_error(client, token):
    assert client.list(f"?nextToken={token}").error == (400, "InvalidNextTokenException")


@pytest.mark.parametrize(
    "parts",
    [
        {"ConfirmationRequired": None},
        {"Priority": "<Priority>0</Priority>"},
        {"Priority": "<Priority> 2147483647\n</Priority>"},
        {"Description": element("Description", "d" * 256)},
        {"ClientRequestToken": element("ClientRequestToken", "t" * 64)},
        {"RoleArn": element("RoleArn", "arn:aws:iam::123456789012:role/" + "r" * 2017)},
        {"Manifest": GENERATOR},
        {"Report": report(WHOLE_REPORT)},
        {"Report": report("<Enabled>false</Enabled><Prefix>" + "p" * 512 + "</Prefix>")},
        {"Tags": tags(*((f"key{n}", "") for n in range(50)))},
        {"Tags": tags(("k" * 128, "v" * 256), ("é _.:/=+-@\uff11", "\u3000"), name="member")},
        {"Tags": "<Tags/>"},
        {"Unknown": "<Unknown><x/></Unknown>"},
        {"Operation": operation("<S3ReplicateObject/>")},
        {"Operation": operation("<LambdaInvoke><FunctionArn>f</FunctionArn></LambdaInvoke>")},
        {
            "Operation": operation(
                "<S3PutObjectLegalHold><LegalHold><Status>ON</Status></LegalHold></S3PutObjectLegalHold>"
            )
        },
        {"Operation": operation(RETENTION.format("<RetainUntilDate>2030-01-01T00:00:00Z</RetainUntilDate>"))},
        {
            "Operation": operation(
                "<S3InitiateRestoreObject><ExpirationInDays>0</ExpirationInDays></S3InitiateRestoreObject>"
            )
        },
    ],
)
def test_create_job_takes_what_is_in_range(client, parts):
    assert client.create(**parts)


@pytest.mark.parametrize("name", ["Operation", "Report", "ClientRequestToken", "Priority", "RoleArn", "Manifest"])
def test_create_job_wants_its_required_elements(client, name):
    assert client.refusal(**{name: None}) == BAD


@pytest.mark.parametrize(
    "parts",
    [
        {"ConfirmationRequired": element("ConfirmationRequired", "yes")},
        {"Priority": element("Priority", "-1")},
        {"Priority": element("Priority", "2147483648")},
        {"Priority": element("Priority", "1.5")},
        {"Priority": element("Priority", "9" * 5000)},
        {"Priority": "<Priority><x/></Priority>"},
        {"Priority": "<Priority>1</Priority><Priority>1</Priority>"},
        {"Description": "<Description/>"},
        {"Description": element("Description", "d" * 257)},
        {"ClientRequestToken": "<ClientRequestToken/>"},
        {"ClientRequestToken": element("ClientRequestToken", "t" * 65)},
        {"RoleArn": element("RoleArn", "arn:aws:iam::123456789012:role/" + "r" * 2018)},
        {"RoleArn": element("RoleArn", "arn:aws:iam::12345678901:role/r")},
        {"RoleArn": element("RoleArn", "arn:aws:iam::123456789012:role/r\n")},
        {"Report": report("")},
        {"Report": report(WHOLE_REPORT.replace("<Bucket>arn:aws:s3:::bucket</Bucket>", ""))},
        {"Report": report(WHOLE_REPORT.replace("<Format>Report_CSV_20180820</Format>", ""))},
        {"Report": report(WHOLE_REPORT.replace("<ReportScope>AllTasks</ReportScope>", ""))},
        {"Report": report(WHOLE_REPORT.replace("AllTasks", "SomeTasks"))},
        {"Report": report(WHOLE_REPORT.replace("arn:aws:s3", "arn:aws:sqs"))},
        {"Report": report("<Enabled>false</Enabled><Prefix>" + "p" * 513 + "</Prefix>")},
        {"Report": report("<Enabled>false</Enabled><ExpectedBucketOwner>1</ExpectedBucketOwner>")},
        {"Manifest": MANIFEST + GENERATOR},
        {"Manifest": MANIFEST.replace("S3BatchOperations_CSV_20180820", "csv")},
        {"Manifest": MANIFEST.replace("<member>Key</member>", "<member>Name</member>")},
        {"Manifest": MANIFEST.replace("<ETag>abc</ETag>", "")},
        {"Manifest": MANIFEST.replace("arn:aws:s3", "s3")},
        {"Manifest": "<ManifestGenerator/>"},
        {"Manifest": GENERATOR.replace("<EnableManifestOutput>false</EnableManifestOutput>", "")},
        {"Tags": tags(*((f"key{n}", "") for n in range(51)))},
        {"Tags": tags(("twice", "1"), ("twice", "2"))},
        {"Tags": tags(("", "v"))},
        {"Tags": tags(("k" * 129, "v"))},
        {"Tags": tags(("k", "v" * 257))},
        {"Tags": tags(("k", "semi;colon"))},
        {"Tags": "<Tags><S3Tag><Key>k</Key></S3Tag></Tags>"},
        {"Tags": "<Tags><Other/></Tags>"},
        {"Operation": operation("")},
        {"Operation": operation("<Unknown/>")},
        {"Operation": operation("<S3DeleteObjectTagging/><S3ReplicateObject/>")},
        {"Operation": operation("text")},
        {"Operation": operation("<S3PutObjectLegalHold/>")},
        {"Operation": operation(RETENTION.format("<RetainUntilDate>tomorrow</RetainUntilDate>"))},
        {"Operation": operation(RETENTION.format("<EventHoldDuration><Days>36501</Days></EventHoldDuration>"))},
        {"Operation": operation("<LambdaInvoke><FunctionArn>a b</FunctionArn></LambdaInvoke>")},
        {"Operation": operation("<LambdaInvoke><UserArguments/></LambdaInvoke>")},
        {"Operation": operation("<S3PutObjectCopy><StorageClass>COLD</StorageClass></S3PutObjectCopy>")},
        {
            "Operation": operation(
                "<S3PutObjectTagging><TagSet><member><Key>k</Key></member></TagSet></S3PutObjectTagging>"
            )
        },
    ],
)
def test_create_job_refuses_what_is_out_of_range(client, parts):
    assert client.refusal(**parts) == BAD
    assert client.ids() == []


BOMB = '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><CreateJobRequest>&b;</CreateJobRequest>'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"<",
        b"\x00",
        b"\xff\xfe<",
        b"<CreateJobRequest>",
        b"<Other/>",
        b"<CreateJobRequest>\xed\xa0\x80</CreateJobRequest>",
        b"<CreateJobRequest>&#0;</CreateJobRequest>",
        b'<?xml version="1.0" encoding="bogus"?><CreateJobRequest/>',
        b'<?xml version="1.0" encoding="utf-7"?><CreateJobRequest/>',
        BOMB.encode(),
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><CreateJobRequest/>',
        b" " * (16 * 1024 * 1024 + 1),
        b"<a>" * 100_000 + b"</a>" * 100_000,
        b"<CreateJobRequest>" + b"<Operation>" * 50_000 + b"</Operation>" * 50_000 + b"</CreateJobRequest>",
    ],
)
def test_a_body_that_is_not_the_right_xml_is_refused(client, body):
    assert client.send("POST", "/v20180820/jobs", body=body).error == BAD


def test_a_body_needs_no_namespace(client):
    body = create_body().replace(' xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"', "")
    assert client.send("POST", "/v20180820/jobs", body=body).status == 200


@pytest.mark.parametrize("job_id", ["abcd", "a" * 37, "abc.de", "abcde%0A", "%2e%2e%2f%2e%2e", "%00%00%00%00%00"])
def test_a_malformed_job_id_is_refused_everywhere(client, job_id):
    assert client.describe(job_id).error == BAD
    assert client.ask(job_id, "Cancelled").error == BAD
    assert client.send("POST", f"/v20180820/jobs/{job_id}/priority?priority=1").error == BAD
    assert client.send("GET", f"/v20180820/jobs/{job_id}/tagging").error == BAD


def test_an_unknown_job_is_not_found_with_status_400(client):
    expected = (400, "NotFoundException")
    assert client.describe("abcde").error == expected
    assert client.ask("a" * 36, "Cancelled").error == expected
    assert client.send("POST", "/v20180820/jobs/abcde/priority?priority=1").error == expected
    assert client.send("GET", "/v20180820/jobs/abcde/tagging").error == expected


@pytest.mark.parametrize(
    "query",
    [
        "",
        "requestedJobStatus=",
        "requestedJobStatus=Active",
        "requestedJobStatus=ready",
        "requestedJobStatus=Ready&requestedJobStatus=Ready",
        "requestedJobStatus=Cancelled&statusUpdateReason=",
        "requestedJobStatus=Cancelled&statusUpdateReason=" + "r" * 257,
        "requestedJobStatus=Cancelled&statusUpdateReason=%00",
    ],
)
def test_update_job_status_refuses_what_is_out_of_range(client, query):
    job_id = client.create()
    assert client.send("POST", f"/v20180820/jobs/{job_id}/status?{query}").error == BAD


@pytest.mark.parametrize("query", ["", "priority=", "priority=-1", "priority=2147483648", "priority=1.5", "priority=x"])
def test_update_job_priority_refuses_what_is_out_of_range(client, query):
    job_id = client.create()
    assert client.send("POST", f"/v20180820/jobs/{job_id}/priority?{query}").error == BAD
    assert client.describe(job_id).text("Job/Priority") == "10"


def test_too_many_tags_have_their_own_error(client):
    job_id = client.create()
    body = f"<PutJobTaggingRequest>{tags(*((f'key{n}', '') for n in range(51)))}</PutJobTaggingRequest>"
    answer = client.send("PUT", f"/v20180820/jobs/{job_id}/tagging", body=body)
    assert answer.error == (400, "TooManyTagsException")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD", "BREW"])
def test_a_wrong_method_is_told_the_right_ones(client, method):
    answer = client.send(method, "/v20180820/jobs")
    assert answer.status == 405
    assert answer.headers["Allow"] == "GET, POST"


@pytest.mark.parametrize("path", ["/", "/v20180820", "/v20180820/job", "/v20180820/jobs/a/b/c", "/%00", "//"])
def test_an_unknown_path_is_not_found(client, path):
    assert client.send("GET", path).error == (404, "UnknownOperationException")


def test_errors_come_in_the_nested_envelope_with_both_ids(client):
    answer = client.describe("abcde")
    assert answer.root.tag == "ErrorResponse"
    assert answer.text("RequestId") == answer.headers["x-amz-request-id"]
    assert answer.text("HostId") == answer.headers["x-amz-id-2"]
    assert answer.headers["Content-Type"].startswith("application/xml")


def test_what_xml_must_escape_comes_back_as_it_was_sent(client):
    operated = OPERATION.replace(
        "<S3DeleteObjectTagging/>",
        "<LambdaInvoke><UserArguments><entry><key>a&lt;b</key><value>&amp;&#13;\n</value></entry></UserArguments></LambdaInvoke>",
    )
    job_id = client.create(Description="<Description>&lt;&amp;&gt; é &#13;</Description>", Operation=operated)
    answer = client.describe(job_id)
    assert answer.text("Job/Description") == "<&> é \r"
    assert answer.text("Job/Operation/LambdaInvoke/UserArguments/entry/key") == "a<b"
    assert answer.text("Job/Operation/LambdaInvoke/UserArguments/entry/value") == "&\r\n"


def test_one_fault_is_one_attribute():
    class Mutant(S3ControlService):
        create_job_rules = S3ControlService.create_job_rules.replaced("Priority", max=None, required=False)

    client = S3ControlClient(service=Mutant)
    assert client.create(Priority="<Priority>2147483648</Priority>")
    assert client.create(Priority=None)
    assert client.refusal(Priority="<Priority>-1</Priority>") == BAD
