"""Keys that are refused, clocks that differ, and keys that expire in the middle: told as such, and never held against the target."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from email.utils import format_datetime

import pytest
from werkzeug import Response

import specs
from conformance import PROFILES, Call, CredentialsError, Keys, Run, Verdict, execute
from conformance.app.history_file import HistoryFile
from conformance.app.stored_history import read_history
from conformance.emulator import APIS
from conformance.skew import skew_of, told
from reports import exit_code
from specs import Request
from tests.conformance.hostile import behaviours as b
from tests.conformance.hostile.client import SIGV4, target_of
from tests.conformance.hostile.server import Hostile
from tests.conformance.live.house import house

EXPIRED = {
    "header": ({"x-amzn-errortype": "ExpiredTokenException"}, '{"message": "The security token is expired"}'),
    "json": ({}, '{"__type": "ExpiredTokenException", "message": "expired"}'),
    "neptune": ({}, '{"code": "ExpiredTokenException", "detailedMessage": "expired", "requestId": "1"}'),
    "xml": ({}, "<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>"),
}
FAMILIES = frozenset({"parameter-range", "error-mapping", "lifecycle", "list-semantics", "response-shape"})


@pytest.mark.parametrize(
    ("api", "answer", "after"),
    [
        ("neptune", ("header", 403), 30), ("neptune", ("neptune", 400), 90), ("omics", ("json", 403), 60), ("omics", ("header", 400), 140),
        ("s3control", ("xml", 400), 100),
    ],
)  # fmt: skip
def test_keys_that_expire_in_the_middle_end_the_run_and_break_nothing(api, answer, after, s3_endpoint, tmp_path):
    spec = specs.load(api)
    clauses = [each for each in spec.clauses if each.family in FAMILIES]
    (headers, body), status = EXPIRED[answer[0]], answer[1]
    with house(api, s3_endpoint) as (target, found):
        found.odd = lambda _, number: Response(body, status, headers=headers) if number >= after else None
        run = Run(spec=spec, target=target, clauses=clauses, profile=PROFILES["standard"])
        file = HistoryFile(tmp_path / "history.jsonl", spec, target)
        run.context.session.listeners.append(file.add)
        outcome = execute(run)
        file.close(run.notes, ended=outcome.interrupted, finished=False)
    assert outcome.interrupted is not None
    assert outcome.interrupted.startswith("the credentials have expired: HTTP")
    assert [f.clause.id for f in outcome.findings if f.verdict in {Verdict.FAIL, Verdict.WARN, Verdict.ERROR}] == []
    assert exit_code(outcome.findings, interrupted=True) == 3
    _, calls, _ = read_history(tmp_path / "history.jsonl")
    assert len(calls) == len(outcome.history) == len(found.visits)
    assert len(found.visits) <= after + 2  # the clean-up notices it again, once
    assert all(each.reason for each in outcome.leftovers)
    live = [
        each for each in run.context.stage.instances if not each.gone and (each.resource.delete or each.resource.cancel)
    ]
    assert len(outcome.left) >= len([each for each in live if each.resource.delete])


def test_keys_that_are_not_renewed_end_the_run(s3_endpoint):
    """Botocore says it before anything is sent."""
    spec = specs.load("neptune")
    left = iter(range(40))

    def renew() -> Keys:
        if next(left, None) is None:
            raise CredentialsError("the credentials of the profile 'x' have expired and are not renewed")
        return Keys(access_key="conformance", secret_key="conformance-secret")

    with house("neptune", s3_endpoint) as (target, found):
        moving = replace(target, credentials=replace(target.credentials, renew=renew))
        run = Run(spec=spec, target=moving, clauses=spec.clauses, profile=PROFILES["smoke"])
        outcome = execute(run)
    assert outcome.interrupted == "the credentials of the profile 'x' have expired and are not renewed"
    assert 0 < len(found.visits) <= 40
    assert not [f for f in outcome.findings if f.verdict is Verdict.FAIL]


@pytest.mark.parametrize("api", APIS)
def test_keys_that_are_wrong_are_told_before_anything_else(api, s3_endpoint):
    with house(api, s3_endpoint) as (target, found):
        wrong = replace(target, credentials=replace(target.credentials, secret_key="another-secret"))
        run = Run(spec=specs.load(api), target=wrong, clauses=())
        with pytest.raises(CredentialsError, match="check keys, region and account") as caught:
            run.preflight()
        run.close()
        assert "another-secret" not in str(caught.value)
        unsigned = Run(spec=specs.load(api), target=replace(target, credentials=type(target.credentials)()), clauses=())
        with pytest.raises(CredentialsError, match="to take unsigned requests but it refuses them all"):
            unsigned.preflight()
        unsigned.close()
        assert len(found.effects) <= 6


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_off_by_an_hour_is_told_with_the_hour(hours):
    """The target refuses what was signed at another time than its own, and its Date tells why."""
    date = format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(hours=hours), usegmt=True)
    refusal = b.json_message({"code": "InvalidSignatureException"}, "403 Forbidden", f"Date: {date}")
    with Hostile(b.answering(refusal)) as server:
        run = Run(spec=specs.load("neptune"), target=target_of(server.url, credentials=SIGV4), clauses=())
        side = "ahead of" if hours > 0 else "behind"
        with pytest.raises(
            CredentialsError, match=rf"clock is 3[56]\d\d s {side} ours, where signatures are good for 900 s"
        ):
            run.preflight()
        run.close()


def answered(date: str | None, *, took: float = 0.0) -> Call:
    headers = {} if date is None else {"date": date}
    request = Request(method="GET", path="/")
    return Call(
        id=1, process=0, operation="x", request=request, response=specs.Response(status=200, headers=headers),
        started=0.0, ended=took,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("there", "took", "skew"),
    [
        (0, 0.0, 0.0),
        (-1, 0.5, 0.0),  # written half a second ago, at the end of a second
        (-3, 2.5, 0.0),  # the answer took long
        (5, 0.0, 5.0),
        (-5, 1.0, -3.0),  # at least
        (3600, 0.0, 3600.0),
    ],
)
def test_a_skew_is_what_a_date_proves(there, took, skew):
    now = 1_700_000_000.0
    date = format_datetime(dt.datetime.fromtimestamp(now + there, dt.UTC), usegmt=True)
    assert skew_of(answered(date, took=took), now=now) == skew


@pytest.mark.parametrize("date", [None, "", "soon", "Mon, 99 Foo 99999 99:99:99 GMT"])
def test_without_a_date_there_is_no_skew(date):
    assert skew_of(answered(date)) is None


def test_a_skew_in_words():
    assert told(0) == "the clocks agree"
    assert told(-3600.4) == "the target's clock is 3600 s behind ours"
