"""What an answer says, by each envelope of each API."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import specs
from conformance.answer import Answer, Kind, answer_of, body_of, tree_of
from specs import MISSING, MalformedBodyError, Response

SPECS = {api: specs.load(api) for api in ("neptune", "omics", "s3control", "ncloud")}
XML = '<?xml version="1.0"?><{root} xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/">{inner}</{root}>'


def answer(api: str, status: int, body: object = "", **headers: str) -> Answer:
    content = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    spelled = {name.replace("_", "-"): value for name, value in headers.items()}
    return answer_of(SPECS[api], Response(status=status, headers=spelled, body=content))


def parts(found: Answer) -> tuple[str | None, str | None, str | None]:
    return found.name, found.message, found.request_id


NESTED = XML.format(
    root="ErrorResponse",
    inner="<Error><Type>Sender</Type><Code>NoSuchJob</Code><Message>m</Message></Error><RequestId>r</RequestId>",
)
FLAT = XML.format(root="Error", inner="<Code>NoSuchJob</Code><Message>m</Message><RequestId>r</RequestId>")


@pytest.mark.parametrize(
    ("api", "body", "headers", "told"),
    [
        ("neptune", {"code": "BadRequestException", "detailedMessage": "m", "requestId": "r"}, {},
         ("BadRequestException", "m", "r")),
        ("omics", {"message": "m"}, {"x_amzn_errortype": "ValidationException", "x_amzn_requestid": "r"},
         ("ValidationException", "m", "r")),
        ("omics", {"message": "m"}, {"x_amzn_errortype": "ValidationException:http://internal.amazon.com/coral/"},
         ("ValidationException", "m", None)),
        ("omics", {"__type": "com.amazon.omics#ConflictException", "Message": "m"}, {}, ("ConflictException", "m", None)),
        ("omics", {"__type": "a.b#ConflictException:http://x/", "message": "m"}, {}, ("ConflictException", "m", None)),
        ("omics", {"code": "ConflictException"}, {}, ("ConflictException", None, None)),
        ("omics", {"Code": "ConflictException"}, {}, ("ConflictException", None, None)),
        ("s3control", NESTED, {}, ("NoSuchJob", "m", "r")),
        ("s3control", FLAT, {}, ("NoSuchJob", "m", "r")),
        ("s3control", "<Error><Code>NoSuchJob</Code></Error>", {"x_amz_request_id": "h"}, ("NoSuchJob", None, "h")),
        ("s3control", "", {"x_amz_request_id": "h"}, (None, None, "h")),
        ("ncloud", {"error": {"errorCode": "200", "message": "m", "details": "d"}}, {}, ("200", "m", None)),
        ("ncloud", {"error": {"errorCode": 210, "message": "m"}}, {"x_ncp_apigw_request_id": "r"}, ("210", "m", "r")),
        ("ncloud", {"detail": "m", "errorType": "bad-state"}, {}, ("bad-state", "m", None)),
        ("ncloud", {"errorCode": "bad-parameter", "message": "m"}, {}, ("bad-parameter", "m", None)),
    ],
)  # fmt: skip
def test_each_envelope_is_read(api, body, headers, told):
    found = answer(api, 400, body, **headers)
    assert (found.kind, found.status) == (Kind.REFUSAL, 400)
    assert parts(found) == told


def test_every_envelope_of_every_api_has_a_case_above():
    [case] = [mark for mark in test_each_envelope_is_read.pytestmark if mark.name == "parametrize"]
    tried = {row[0] for row in case.args[1]}
    assert tried == set(SPECS)
    for api, spec in SPECS.items():
        assert sum(row[0] == api for row in case.args[1]) >= len(spec.errors.envelopes)


@pytest.mark.parametrize(
    ("api", "status", "body", "kind"),
    [
        ("neptune", 429, "", Kind.THROTTLED),
        ("neptune", 503, "", Kind.THROTTLED),
        ("neptune", 400, {"code": "TooManyRequestsException"}, Kind.THROTTLED),
        ("neptune", 500, {"code": "ThrottlingException"}, Kind.THROTTLED),
        ("omics", 402, {"code": "ServiceQuotaExceededException"}, Kind.THROTTLED),
        ("s3control", 503, "<Error><Code>SlowDown</Code></Error>", Kind.THROTTLED),
        ("s3control", 400, "<Error><Code>TooManyRequestsException</Code></Error>", Kind.THROTTLED),
        ("ncloud", 429, {"error": {"errorCode": "400"}}, Kind.THROTTLED),
        ("ncloud", 503, "", Kind.THROTTLED),
        ("neptune", 500, {"code": "InternalFailureException"}, Kind.SERVER_ERROR),
        ("neptune", 599, "", Kind.SERVER_ERROR),
        ("neptune", 200, "not even JSON", Kind.SUCCESS),
        ("neptune", 200, {"code": "BadRequestException"}, Kind.SUCCESS),
        ("neptune", 299, "", Kind.SUCCESS),
        ("neptune", 302, "", Kind.REFUSAL),
        ("neptune", 404, "", Kind.REFUSAL),
    ],
)
def test_each_kind_is_told(api, status, body, kind):
    assert answer(api, status, body).kind is kind


def test_no_response_is_no_answer():
    found = answer_of(SPECS["neptune"], None)
    assert (found.kind, found.status, found.described()) == (Kind.NONE, None, "no answer")


def test_an_answer_describes_itself():
    assert answer("neptune", 400, {"code": "BadRequestException"}).described() == "HTTP 400 BadRequestException"
    assert answer("neptune", 404).described() == "HTTP 404"
    assert answer("neptune", 404).refused
    assert answer("neptune", 204).success


@pytest.mark.parametrize("api", SPECS)
@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b"7", b'""', b"<a/>", b"<html>no</html>", b"{", b"\xff\xfe", b"\x00", b"[" * 100_000,
        b"<a>" * 100_000, b'{"code": ' + b"9" * 100_000 + b"}", b'{"code": null, "detailedMessage": [], "requestId": {}}',
        b'{"code": "", "message": "  ", "error": 7}', b'{"code": true}', b"<Error><Code/><Message> </Message></Error>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><Error><Code>&b;</Code></Error>',
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><Error><Code>&b;</Code></Error>',
    ],
)  # fmt: skip
def test_a_senseless_error_has_no_parts_and_breaks_nothing(api, body):
    assert parts(answer(api, 400, body)) == (None, None, None)


def test_a_malformed_error_says_so():
    assert "not JSON" in (answer("neptune", 400, b"<html>").malformed or "")
    assert "not XML" in (answer("s3control", 400, b"{}").malformed or "")
    assert "Forbidden" in (answer("s3control", 400, b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>').malformed or "")
    assert answer("neptune", 400, b"{}").malformed is None


@given(
    api=st.sampled_from(sorted(SPECS)),
    status=st.integers(100, 999),
    body=st.one_of(st.binary(), st.text().map(str.encode), st.sampled_from([NESTED.encode(), FLAT.encode()])),
    headers=st.dictionaries(st.sampled_from(["x-amzn-errortype", "x-amz-request-id", "content-type"]), st.text()),
)
def test_reading_an_answer_never_raises(api, status, body, headers):
    response = Response(status=status, headers=headers, body=body)
    assert answer_of(SPECS[api], response) == answer_of(SPECS[api], response)
    for operation in SPECS[api].operations.values():
        tree_of(operation, response)


# -- bodies of success

LIST_JOBS = SPECS["s3control"].operations["ListJobs"]
LIST_LOADS = SPECS["neptune"].operations["ListLoaderJobs"]


def test_the_body_of_a_success_is_read_by_its_schema():
    inner = "<Jobs><member><JobId>j</JobId><Priority>7</Priority></member></Jobs>"
    body = XML.format(root="ListJobsResult", inner=inner).encode()
    assert body_of(LIST_JOBS, Response(status=200, body=body))["Jobs"] == [{"JobId": "j", "Priority": 7}]
    assert body_of(LIST_LOADS, Response(status=200, body=b'{"status": "200 OK"}')) == {"status": "200 OK"}


def test_an_empty_body_is_missing():
    for operation in (LIST_JOBS, LIST_LOADS):
        assert body_of(operation, Response(status=200, body=b" \r\n")) is MISSING
        assert tree_of(operation, None) is MISSING


@pytest.mark.parametrize(
    "body",
    [
        b"<Other/>", b"{}", b"<ListJobsResult>", b"<a>" * 100_000 + b"</a>" * 100_000,
        b"<ListJobsResult>" + b"<a>" * 900 + b"</a>" * 900 + b"</ListJobsResult>",
        b'<?xml version="1.0" encoding="klingon"?><ListJobsResult/>',
        b'<!DOCTYPE a [<!ENTITY b "c">]><ListJobsResult>&b;</ListJobsResult>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/evil.dtd" [<!ENTITY % b SYSTEM "http://127.0.0.1:9/"> %b;]><ListJobsResult/>',
    ],
)  # fmt: skip
def test_a_malformed_xml_body_is_told_and_missing(body):
    response = Response(status=200, body=body)
    with pytest.raises(MalformedBodyError):
        body_of(LIST_JOBS, response)
    assert tree_of(LIST_JOBS, response) is MISSING


@pytest.mark.parametrize(
    "body", [b"<a/>", b"{", b"[" * 1_000_000, b"9" * 1_000_000, b"\xe9", b'{"a":' * 900 + b"1" + b"}" * 900]
)
def test_a_malformed_json_body_is_told_and_missing(body):
    response = Response(status=200, body=body)
    with pytest.raises(MalformedBodyError):
        body_of(LIST_LOADS, response)
    assert tree_of(LIST_LOADS, response) is MISSING
