"""What is said of jobs is proven on those at rest too: an execution may always end between a read and a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance import PROFILES, Run, Verdict, execute
from conformance.app.processes import object_store
from conformance.emulator.clock import Clock
from tests.conformance.soak.hall import hall

if TYPE_CHECKING:
    import werkzeug

    from conformance.emulator import Service


class Leaping(Clock):
    """A clock that leaps when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.leapt = 0.0

    def now(self) -> float:
        return super().now() + self.leapt


class Hasty:
    """A Data Flow where all that runs ends just before jobs are listed."""

    def __init__(self, inner: Service) -> None:
        self.inner, self.clock = inner, Leaping()
        inner.clock = self.clock  # type: ignore[attr-defined]

    def handle(self, request: werkzeug.Request) -> werkzeug.Response:
        if request.method == "GET" and request.path.endswith("/jobs"):
            self.clock.leapt += 60.0
        return self.inner.handle(request)

    def refuse(self, status: int, message: str) -> werkzeug.Response:
        return self.inner.refuse(status, message)

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
