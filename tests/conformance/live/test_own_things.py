"""With a prefix, everything that is made begins with it; and nothing is touched that the run has not made."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

import boto3
import pytest

import specs
from conformance import PROFILES, Run, SourceStore, Verdict, execute
from conformance.emulator import APIS
from conformance.errors import StageError
from conformance.history import Intent
from tests.conformance.live.house import KEYS, house

PREFIX = "acme-7"
#: Where a request that was accepted says how what it makes is called, and which data it is made of; without the specifications.
_NAMES = {
    "neptune": [re.compile(rb'"source": "s3://[^/"]+/([^"]*)')],
    "omics": [re.compile(rb'"name": "([^"]*)'), re.compile(rb'"sourceFile": "s3://[^/"]+/([^"]*)')],
    "s3control": [re.compile(rb"<ObjectArn>arn:aws:s3:::[^/<]+/([^<]*)")],
    "ncloud": [re.compile(rb'^\{"name": "([^"]*)')],
}
#: What a request that was accepted was made on: an id in its path.
_ACTED = re.compile(r"/(?:loader|referencestore|jobs|executions)/([^/?]+)")
_IDS = re.compile(rb'(?:"(?:id|loadId|jobId|executionId)": "|<JobId>)([^"<]+)')


def own(target, endpoint: str):
    store = SourceStore(endpoint=endpoint, bucket=target.s3.bucket, prefix=PREFIX)
    return replace(target, prefix=PREFIX, own_only=True, s3=store)


@contextlib.contextmanager
def stranger(target) -> Iterator[Run]:
    """Somebody else, who has made two of everything there is."""
    run = Run(spec=specs.load(target.api), target=replace(target, prefix="stranger"), clauses=())
    for resource in run.context.spec.resources.values():
        for _ in range(2):
            run.context.stage.make(resource)
    for made in run.context.stage.instances:
        if made.resource.is_job:
            run.context.stage.wait(made)
    yield run
    run.close()


def shown(run: Run) -> list[bytes]:
    """What reads show of all that somebody has made."""
    calls = [run.context.stage.read(each)[0] for each in run.context.stage.instances]
    assert {call.response.status for call in calls} == {200}
    return [re.sub(rb'"requestId": ?"[^"]*"', b"", call.response.body) for call in calls]


@pytest.mark.parametrize("api", APIS)
def test_everything_made_carries_the_prefix_and_nothing_of_others_is_touched(api, s3_endpoint):
    with house(api, s3_endpoint) as (target, found), stranger(target) as other:
        before = shown(other)
        found.visits.clear()
        spec = specs.load(api)
        outcome = execute(
            Run(
                spec=spec,
                target=own(replace(target, exclusive=False), s3_endpoint),
                clauses=spec.clauses,
                profile=PROFILES["standard"],
            )
        )
        effects = [each for each in found.effects if each.status < 300]

        assert shown(other) == before
    assert len(effects) > 60
    names = [name.decode() for each in effects for pattern in _NAMES[api] for name in pattern.findall(each.body)]
    assert len(names) > 20
    assert [name for name in names if not name.startswith(PREFIX)] == []
    made = {name.decode() for each in effects for name in _IDS.findall(each.answer)}
    acted = {unquote(name) for each in effects for name in _ACTED.findall(each.path)} - {"verify"}
    assert acted <= made
    assert not acted & {each.id for each in other.context.stage.instances}
    verdicts = [finding.verdict for finding in outcome.findings]
    assert verdicts.count(Verdict.PASS) > 0.85 * len([f for f in outcome.findings if f.clause.not_tested is None])
    assert Verdict.FAIL not in verdicts
    client = boto3.client(
        "s3", endpoint_url=s3_endpoint, aws_access_key_id="a", aws_secret_access_key="b", region_name="us-east-1"
    )
    listed = client.list_objects_v2(Bucket=target.s3.bucket).get("Contents", [])
    assert [each["Key"] for each in listed if not each["Key"].startswith("conformance")] == []  # ours are gone


def test_a_store_of_somebody_else_is_not_used_where_none_can_be_made(s3_endpoint):
    """An account may have one reference store only: then jobs are started in it only if its name is ours."""
    with house("omics", s3_endpoint, max_stores=1) as (target, _):
        spec = specs.load("omics")
        theirs = Run(spec=spec, target=replace(target, prefix="stranger"), clauses=())
        store = theirs.context.stage.make(spec.resources["store"])
        run = Run(spec=spec, target=own(target, s3_endpoint), clauses=spec.clauses)
        with pytest.raises(StageError, match="CreateReferenceStore was not accepted"):
            run.context.stage.instance("importJob")
        named = Run(spec=spec, target=replace(own(target, s3_endpoint), prefix="stranger"), clauses=spec.clauses)
        assert named.context.stage.instance("store").id == store.id
        with pytest.raises(StageError, match="has not made"):
            named.context.session.call(spec.operations["DeleteReferenceStore"], {"id": store.id}, Intent())
        for each in (theirs, run, named):
            each.close()


@pytest.mark.parametrize(
    ("api", "operation", "arguments"),
    [
        ("neptune", "CancelLoaderJob", {"loadId": "0a1b2c3d-1111-2222-3333-444455556666"}),
        ("omics", "DeleteReferenceStore", {"id": "1234567890"}),
        ("omics", "StartReferenceImportJob", {"referenceStoreId": "1234567890", "roleArn": "x", "sources": []}),
        ("s3control", "UpdateJobStatus", {"id": "somebodys-job", "requestedJobStatus": "Cancelled", "x-amz-account-id": "1"}),
        ("ncloud", "deleteJob", {"jobId": "AAAAaaaa1111"}),
        ("ncloud", "createJobExecution", {"jobId": "AAAAaaaa1111"}),
    ],
)  # fmt: skip
def test_an_id_that_may_be_somebodys_is_never_acted_on(api, operation, arguments, s3_endpoint):
    with house(api, s3_endpoint) as (target, found):
        run = Run(spec=specs.load(api), target=target, clauses=())
        with pytest.raises(StageError, match="has not made"):
            run.context.session.call(run.spec.operations[operation], arguments, Intent())
        run.close()
        assert found.visits == []


def test_another_operation_in_the_disguise_of_a_read_is_seen_through(s3_endpoint):
    """What counts is what is sent, not what it was meant to be."""
    with house("neptune", s3_endpoint) as (target, found):
        run = Run(spec=specs.load("neptune"), target=target, clauses=())
        request = specs.Request(method="DELETE", path="/loader/0a1b2c3d-1111-2222-3333-444455556666")
        with pytest.raises(StageError, match="has not made"):
            run.context.session.send("GetLoaderJobStatus", request, Intent())
        run.close()
        assert found.visits == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"name": "acme-7 store"}, None),
        ({"name": "acme"}, "does not begin with the prefix"),
        ({}, "does not begin with the prefix"),
        ({"name": ["acme-7"]}, "does not begin with the prefix"),
        ("not JSON", "cannot be read"),
    ],
)  # fmt: skip
def test_a_name_without_the_prefix_is_not_sent(body, said, s3_endpoint):
    with house("omics", s3_endpoint) as (target, found):
        run = Run(spec=specs.load("omics"), target=own(target, s3_endpoint), clauses=())
        content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        request = specs.Request(
            method="POST", path="/referencestore", body=content, headers={"Content-Type": "application/json"}
        )
        try:
            run.context.session.send("CreateReferenceStore", request, Intent())
            withheld = None
        except StageError as error:
            withheld = str(error)
        run.close()
    assert (withheld is None) if said is None else said in str(withheld)
    assert bool([each for each in found.visits if each.method == "POST"]) is (said is None)
    assert KEYS  # the house asks for signatures
