"""The emulated HealthOmics over raw HTTP: every constraint at its edges, and bodies no client would send."""

from __future__ import annotations

import json

import pytest

from conformance.emulator.omics.service import OmicsService
from tests.emulator.omics_client import ROLE, SOURCE, OmicsClient

INVALID = (400, "ValidationException")
UNKNOWN = (404, "ResourceNotFoundException")
ARN = "arn:aws:iam::1:role/"
KEY = "arn:aws:kms:us-east-1:123456789012:key/k"

BAD_TEXTS = ["", "a\nb", "\n", "a\x00", "a\x7f", "zero\u200bwidth", "\ue000", "\ud800", 5, True, ["a"], {}]
GOOD_TEXTS = ["a", " ", "é|~", "\u00a0", "\u2028", "😀", "\u0301"]


@pytest.fixture
def client():
    return OmicsClient(max_stores=1000)


@pytest.fixture
def store(client):
    return client.create()


def source(**members):
    return {"sources": [{**SOURCE, **members}]}


def start_error(client, store, **members):
    body = {"roleArn": ROLE, "sources": [SOURCE], **members}
    return client.error("POST", f"/referencestore/{store}/importjob", body)


@pytest.mark.parametrize("name", ["name", "description", "clientToken"])
@pytest.mark.parametrize("text", GOOD_TEXTS)
def test_a_store_takes_texts_of_the_documented_categories(client, name, text):
    assert client.create(**{name: text})


@pytest.mark.parametrize("name", ["name", "description", "clientToken"])
@pytest.mark.parametrize("text", BAD_TEXTS)
def test_a_store_refuses_other_texts(client, name, text):
    assert client.error("POST", "/referencestore", {"name": "store", name: text}) == INVALID


@pytest.mark.parametrize(("name", "maximum"), [("name", 127), ("description", 255), ("clientToken", 127)])
def test_texts_of_a_store_have_a_longest_length(client, name, maximum):
    assert client.create(**{name: "a" * maximum})
    assert client.error("POST", "/referencestore", {"name": "store", name: "a" * (maximum + 1)}) == INVALID


@pytest.mark.parametrize(
    "members",
    [
        {"sseConfig": {"type": "KMS"}},
        {"sseConfig": {"type": "KMS", "keyArn": KEY}},
        {"sseConfig": None},
        {"tags": {}},
        {"tags": {"k" * 128: "v" * 256, "e": ""}},
        {"tags": {f"key{n}": "" for n in range(50)}},
        {"unknown": [None]},
    ],
)
def test_a_store_takes_what_is_in_range(client, members):
    assert client.create(**members)


@pytest.mark.parametrize(
    "members",
    [
        {"name": None},
        {"sseConfig": {}},
        {"sseConfig": []},
        {"sseConfig": {"type": "AES"}},
        {"sseConfig": {"type": "KMS", "keyArn": "arn:" + "a" * 20}},
        {"sseConfig": {"type": "KMS", "keyArn": KEY + "k" * 2048}},
        {"tags": []},
        {"tags": {"": "v"}},
        {"tags": {"k" * 129: "v"}},
        {"tags": {"k": "v" * 257}},
        {"tags": {"k": None}},
        {"tags": {f"key{n}": "" for n in range(51)}},
    ],
)
def test_a_store_refuses_what_is_out_of_range(client, members):
    assert client.error("POST", "/referencestore", {"name": "store", **members}) == INVALID


@pytest.mark.parametrize(
    "members",
    [
        {"roleArn": ARN},
        {"roleArn": ARN + "r" * (2048 - len(ARN))},
        {"clientToken": "t" * 127},
        {"sources": [SOURCE] * 100},
        source(name="abc"),
        source(name="n" * 255),
        source(description="d" * 255),
        source(tags={"k": ""}),
        source(sourceFile="s3://a.b/" + "k" * 1024),
        source(sourceFile="s3://" + "b" * 63 + "/k"),
        source(sourceFile="s3://bucket//é /"),
        {"unknown": 1},
    ],
)
def test_an_import_takes_what_is_in_range(client, store, members):
    assert client.start(store, **members)


@pytest.mark.parametrize(
    "members",
    [
        {"roleArn": None},
        {"roleArn": ARN[:-1]},
        {"roleArn": ARN + "r" * (2049 - len(ARN))},
        {"roleArn": "iam" + ARN},
        {"roleArn": ARN + "r\n"},
        {"clientToken": ""},
        {"clientToken": "t" * 128},
        {"sources": None},
        {"sources": []},
        {"sources": {}},
        {"sources": [SOURCE] * 101},
        {"sources": [None]},
        {"sources": ["s3://bucket/key"]},
        source(name=None),
        source(name="ab"),
        source(name="n" * 256),
        source(name="a\tb"),
        source(description=""),
        source(description="d" * 256),
        source(sourceFile=None),
        source(sourceFile="s3://ab/key"),
        source(sourceFile="s3://" + "b" * 64 + "/k"),
        source(sourceFile="s3://Bucket/key"),
        source(sourceFile="S3://bucket/key"),
        source(sourceFile="s3://bucket/"),
        source(sourceFile="s3://bucket/" + "k" * 1025),
        source(sourceFile="s3://bucket/a\nb"),
        source(sourceFile="https://bucket/key"),
        source(tags={"": ""}),
    ],
)
def test_an_import_refuses_what_is_out_of_range(client, store, members):
    assert start_error(client, store, **members) == INVALID
    assert client.ids(store) == []


LISTS = ["/referencestores", "/referencestore/{}/importjobs", "/referencestore/{}/references"]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "query",
    [
        "maxResults=0",
        "maxResults=101",
        "maxResults=-1",
        "maxResults=",
        "maxResults=1.5",
        "maxResults=abc",
        "maxResults=" + "9" * 5000,
        "maxResults=1&maxResults=2",
        "nextToken=",
        "nextToken=bogus",
        "nextToken=a%0Ab",
        "nextToken=%00",
        "nextToken=%ff",
        "nextToken=" + "a" * 6144,
        "nextToken=" + "a" * 6145,
    ],
)
def test_lists_refuse_bad_pages(client, store, path, query):
    assert client.error("POST", f"{path.format(store)}?{query}", {}) == INVALID


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b'{"filter": {}}',
        b'{"filter": null}',
        b'{"filter": {"createdAfter": null, "unknown": 1}, "other": []}',
        b'{"filter": {"createdAfter": "0001-01-01T00:00:00+23:59", "createdBefore": "9999-12-31T23:59:59.9-23:59"}}',
        b'{"filter": {"createdAfter": "2030-01-01T00:00:00Z", "createdBefore": "2020-01-01T00:00:00Z"}}',
    ],
)
def test_lists_take_odd_but_good_bodies(client, store, path, body):
    assert client.raw("POST", f"{path.format(store)}?maxResults=100", body).status_code == 200


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("date", ["", "yesterday", "2024-01-01", "2024-13-01T00:00:00Z", "2024-01-01T00:00:00", 1.5])
@pytest.mark.parametrize("name", ["createdAfter", "createdBefore"])
def test_lists_refuse_dates_that_are_none(client, store, path, date, name):
    assert client.error("POST", path.format(store), {"filter": {name: date}}) == INVALID


@pytest.mark.parametrize("status", ["", "completed", "BOGUS", ["COMPLETED"], 1])
def test_the_list_of_imports_refuses_an_unknown_status(client, store, status):
    assert client.error("POST", f"/referencestore/{store}/importjobs", {"filter": {"status": status}}) == INVALID


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\x00",
        b"\xff\xfe",
        b'{"name": NaN}',
        b'{"name": ' + b"9" * 5000 + b"}",
        b'{"name": "\\ud800"}',
        b'{"x": "\\udfff", "name": "store"}',
        b'{"name": "\xed\xa0\x80"}',
        b"[" * 100_000,
        b'{"name":' * 100_000,
        "\ufeff{}".encode(),
        b"<CreateReferenceStore/>",
    ],
)
@pytest.mark.parametrize("path", ["/referencestore", "/referencestores"])
def test_a_body_that_is_no_json_object_is_refused(client, path, body):
    assert client.error("POST", path, body) == INVALID


BAD_IDS = ["123456789", "1" * 37, "12345abcde", "1234567890%0A", "\u0661" * 10, "12345%2F7890", "%00" * 10, ""]


@pytest.mark.parametrize("bad", BAD_IDS)
def test_malformed_ids_are_refused_everywhere(client, store, bad):
    start = {"roleArn": ROLE, "sources": [SOURCE]}
    for method, path, body in [
        ("GET", "/referencestore/{}", None),
        ("DELETE", "/referencestore/{}", None),
        ("POST", "/referencestore/{}/importjob", start),
        ("POST", "/referencestore/{}/importjobs", {}),
        ("POST", "/referencestore/{}/references", {}),
        ("GET", "/referencestore/{}/importjob/1234567890", None),
        ("GET", f"/referencestore/{store}/importjob/{{}}", None),
        ("GET", f"/referencestore/{store}/reference/{{}}/metadata", None),
        ("DELETE", f"/referencestore/{store}/reference/{{}}", None),
    ]:
        assert client.error(method, path.format(bad), body) == INVALID, path


@pytest.mark.parametrize("unknown", ["0000000000", "9" * 36])
def test_unknown_ids_are_not_found_anywhere(client, store, unknown):
    start = {"roleArn": ROLE, "sources": [SOURCE]}
    for method, path, body in [
        ("GET", "/referencestore/{}", None),
        ("DELETE", "/referencestore/{}", None),
        ("POST", "/referencestore/{}/importjob", start),
        ("POST", "/referencestore/{}/importjobs", {}),
        ("POST", "/referencestore/{}/references", {}),
        ("GET", f"/referencestore/{store}/importjob/{{}}", None),
        ("GET", f"/referencestore/{store}/reference/{{}}/metadata", None),
        ("DELETE", f"/referencestore/{store}/reference/{{}}", None),
    ]:
        assert client.error(method, path.format(unknown), body) == UNKNOWN, path


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/referencestore", "POST"),
        ("GET", "/referencestores", "POST"),
        ("PUT", "/referencestore/1234567890", "GET, DELETE"),
        ("PATCH", "/referencestore/1234567890/importjobs", "POST"),
        ("BREW", "/referencestore/1234567890/importjob/1234567890", "GET"),
        ("TRACE", "/referencestore/1234567890/references", "POST"),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(client, method, path, allowed):
    response = client.raw(method, path)
    assert response.status_code == 405
    assert response.headers["Allow"] == allowed
    assert json.loads(response.get_data())["message"]


@pytest.mark.parametrize("path", ["/", "//", "/referenceStore", "/importjobs", "/referencestore/1/2/3/4/5", "/%ff"])
def test_an_unknown_path_is_not_found(client, path):
    assert client.error("POST", path, {}) == (404, "UnknownOperationException")


def test_every_answer_has_a_request_id(client, store):
    for method, path in [("GET", f"/referencestore/{store}"), ("GET", "/nowhere")]:
        response = client.raw(method, path)
        assert response.headers["x-amzn-requestid"]
        assert response.headers["Content-Type"] == "application/json"


def test_a_body_beyond_all_need_is_refused(client):
    assert client.error("POST", "/referencestores", b" " * (16 * 1024 * 1024 + 1))[0] == 413


@pytest.mark.parametrize(("path", "members"), [("sources", {"sources": None}), ("roleArn", {"roleArn": None})])
def test_one_fault_is_one_attribute(path, members):
    class Mutant(OmicsService):
        start_import_rules = OmicsService.start_import_rules.replaced(path, required=False)

    client = OmicsClient(service=Mutant)
    store = client.create()
    job = client.start(store, **members)
    assert client.ids(store) == [job]
    assert client.job(store, job)["id"] == job


def test_unsigned_requests_are_refused_when_signatures_are_on():
    assert OmicsClient(auth=True).error("POST", "/referencestores", {}) == (403, "AccessDeniedException")
