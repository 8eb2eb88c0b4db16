"""What is said of jobs is proven on those at rest too: an execution may always end between a read and a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from conformance import PROFILES, Run, Verdict, execute
from conformance.app.processes import object_store
from tests.conformance.soak.hall import hall
from tests.emulator.manual_clock import ManualClock

if TYPE_CHECKING:
    from werkzeug import Request, Response


class Hasty:
    """A Data Flow where a request takes a moment, and all that runs ends just before jobs are listed."""

    def __init__(self, inner: Any) -> None:
        self.inner, self.clock = inner, ManualClock()
        inner.clock = self.clock

    def handle(self, request: Request) -> Response:
        is_list = request.method == "GET" and request.path.endswith("/jobs")
        self.clock.advance(60.0 if is_list else 0.4)
        return cast("Response", self.inner.handle(request))

    def close(self) -> None:
        self.inner.close()


def test_a_list_is_held_against_jobs_at_rest() -> None:
    with (
        object_store() as endpoint,
        hall("ncloud", endpoint, job_seconds=1.0, wrap=lambda inner, _: Hasty(inner)) as found,
    ):
        clause = found.spec.clause("ncloud.getJobs/job/list-fields")
        run = Run(spec=found.spec, target=found.target, clauses=[clause], profile=PROFILES["standard"], seed=1)
        finding = execute(run).findings[0]

    assert (finding.verdict, finding.reason) == (Verdict.PASS, "")
