"""Jobs that wait for others, and jobs with children, as they are driven against somebody else's emulator of AWS Batch."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from conformance import PROFILES, Call, Credentials, Run, Target, Timeouts, Verdict, execute
from specs import Clause, load
from tests.emulator.child import answers, end, eventually, free_port
from tests.source_tree import ROOT

KINDS = {"waits", "waits-failure", "array-size", "array-children"}
SPEC = load("batch")
CLAUSES: list[Clause] = [clause for clause in SPEC.clauses if clause.kind in KINDS]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Moto's server, whose jobs have succeeded at once."""
    port = free_port()
    command = [sys.executable, str(ROOT / "examples" / "moto_server.py"), "--port", str(port), "--role", "conformance"]
    process = subprocess.Popen(
        [*command, "--config", '{"batch": {"use_docker": false}}'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        eventually(lambda: answers(port), seconds=60)
        yield f"http://127.0.0.1:{port}"
    finally:
        end(process)


def test_pairs_and_children_are_started_and_looked_at(url: str) -> None:
    credentials = Credentials(
        scheme="sigv4", access_key="conformance", secret_key="conformance-secret", service="batch"
    )
    quick = Timeouts(job_end_max=1.0, list_lag_max=1.0)
    target = Target(api="batch", url=url, credentials=credentials, exclusive=True, timeouts=quick)
    outcome = execute(Run(spec=SPEC, target=target, clauses=CLAUSES, profile=PROFILES["standard"], seed=1))

    calls = [call for call in outcome.history.calls if call.intent.scenario == "waiting"]
    assert [(c.intent.case, c.intent.role) for c in calls if c.operation == "SubmitJob"] == [
        ("succeeds", "first"), ("succeeds", "second"), ("fails", "first"), ("fails", "second"), ("children", "parent"),
    ]  # fmt: skip
    for case in ("succeeds", "fails"):
        first, second = (identifier(calls, case, role) for role in ("first", "second"))
        reads = [c.intent.arguments["jobs"] for c in calls if c.intent.case == case and c.intent.role == "read"]
        assert reads[:2] == [[second], [first]]
    looks = [c.intent.arguments for c in calls if c.intent.role == "children"]
    parent = identifier(calls, "children", "parent")
    assert [each["arrayJobId"] for each in looks] == [parent] * len(looks)
    assert [each.get("jobStatus") for each in looks][-2:] == ["SUCCEEDED", "FAILED"]
    assert all("jobQueue" not in each for each in looks)
    found = {each.clause.kind: each.verdict for each in outcome.findings}
    # All have succeeded before anybody can look: nothing was seen to wait, and nothing to fail.
    assert found["waits"] is Verdict.VACUOUS
    assert found["waits-failure"] is Verdict.VACUOUS
    assert found["array-size"] is Verdict.PASS


def identifier(calls: list[Call], case: str, role: str) -> str:
    call = next(call for call in calls if (call.intent.case, call.intent.role) == (case, role))
    assert call.response is not None
    return str(json.loads(call.response.body)["jobId"])
