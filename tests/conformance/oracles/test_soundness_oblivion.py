"""A target that has forgotten what it knew is accused by what it knew, and of not knowing it; of nothing else."""

from __future__ import annotations

import pytest

from conformance import Verdict, View
from conformance.oracles.oblivion import first_loss
from tests.conformance.oracles.script import Script, script

MAKE, READ, EDIT = "createJob", "getJob", "updateJob"
JOB = "J1"


def _made() -> Script:
    found = script("ncloud")
    found.call(MAKE, found.told(MAKE, jobId=JOB), "create")
    _read(found, "RUNNING")
    return found


def _read(found: Script, status: str | None) -> None:
    answer = found.refused("not-found", 404) if status is None else found.told(READ, jobId=JOB, status=status)
    found.call(READ, answer, "read", arguments={"jobId": JOB})


def _edit(found: Script) -> None:
    found.call(EDIT, found.refused("not-found", 404), "act", arguments={"jobId": JOB})


def _judged(found: Script) -> Verdict:
    return found.judged(f"{EDIT}/job.edit/refusal").verdict


def test_a_wrong_refusal_of_what_is_still_known_is_proof() -> None:
    found = _made()
    _edit(found)
    _read(found, "RUNNING")
    assert _judged(found) is Verdict.FAIL


def test_a_refusal_of_what_was_forgotten_proves_nothing() -> None:
    found = _made()
    _edit(found)
    _read(found, None)
    judged = found.judged(f"{EDIT}/job.edit/refusal")
    assert judged.verdict is Verdict.INCONCLUSIVE
    assert f"the target seems to have forgotten the job {JOB}, known in call 2 and not in call 3" in judged.reason


def test_what_was_proven_before_the_loss_stays_proven() -> None:
    found = _made()
    _edit(found)
    _read(found, "RUNNING")
    _read(found, None)
    judged = found.judged(f"{EDIT}/job.edit/refusal")
    assert judged.verdict is Verdict.FAIL
    assert judged.evidence == (2, 3)


def test_what_we_may_have_deleted_is_not_forgotten() -> None:
    found = _made()
    found.call("deleteJob", None, "act", arguments={"jobId": JOB}, trouble="timeout")
    _read(found, None)
    assert first_loss(View(found.spec, found.calls)) is None


def test_what_an_odd_request_may_have_deleted_is_not_forgotten() -> None:
    found = _made()
    found.call(READ, found.told(READ, jobId=JOB), "odd", arguments={"jobId": JOB})
    _read(found, None)
    assert first_loss(View(found.spec, found.calls)) is None


def test_a_refused_delete_excuses_a_loss_unless_the_thing_was_known_behind_it() -> None:
    for known, verdict in ((True, Verdict.INCONCLUSIVE), (False, Verdict.FAIL)):
        found = _made()
        found.call("deleteJob", found.refused("bad-state", 400), "act", arguments={"jobId": JOB})
        if known:
            _read(found, "RUNNING")
        _edit(found)
        _read(found, None)
        assert _judged(found) is verdict


@pytest.mark.parametrize(("sent", "lost"), [(10.2, False), (11.0, True)])
def test_a_delete_that_was_under_way_when_a_read_found_nothing_may_be_why(sent: float, *, lost: bool) -> None:
    found = _made()
    found.call(READ, found.refused("not-found", 404), "read", arguments={"jobId": JOB}, moment=10.0)
    found.call("deleteJob", None, "act", arguments={"jobId": JOB}, moment=sent, trouble="timeout")
    assert (first_loss(View(found.spec, found.calls)) is not None) is lost
