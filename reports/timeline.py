"""What became of the jobs of one program, and which calls about them are evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from reports.fields import Fields

UNKNOWN = "unknown"
"""Phase of a look that showed a status outside of the documented set."""

UNREAD = "none"
"""Phase of a look that showed no status at all: no answer, a refusal, or an answer without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One read of a job: what it showed was true at some moment between ``began`` and ``ended``."""

    began: float
    ended: float
    status: str
    phase: str
    call: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """A request to end a job."""

    at: float
    call: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Another request about a job: what it asked for, and what was answered."""

    at: float
    call: int
    name: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job of a program.

    Attributes:
        name: its name in the program.
        id: the target's name for it; None where the request was not accepted.
        call: the call that asked for it.
        asked: when that was sent.
        accepted: when it was accepted; None if it was not.
        refused: what was answered instead; None where it was accepted or never answered.
        after: names of the jobs it depends on.
        looks: what reads of it showed, in order; at most 40.
        looks_omitted: how many more there were.
        cancels: requests to end it.
        acts: other requests about it.
    """

    name: str
    id: str | None
    call: int
    asked: float
    accepted: float | None
    refused: str | None = None
    after: tuple[str, ...] = ()
    looks: tuple[Look, ...] = ()
    looks_omitted: int = 0
    cancels: tuple[Cancel, ...] = ()
    acts: tuple[Act, ...] = ()

    @property
    def calls(self) -> frozenset[int]:
        """Every call that is shown of it."""
        told = (look.call for look in self.looks)
        return frozenset({self.call, *told, *(each.call for each in self.cancels), *(each.call for each in self.acts)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The jobs of a program in the order in which they were accepted; ``marks`` are the calls that are evidence.

    Times are seconds since the run began.
    """

    program: str
    began: float
    ended: float
    jobs: tuple[Job, ...]
    jobs_omitted: int = 0
    marks: tuple[int, ...] = ()


def timeline_line(timeline: Timeline) -> dict[str, Any]:
    """A timeline as it stands in a record."""
    return {
        "program": timeline.program, "began": _rounded(timeline.began), "ended": _rounded(timeline.ended),
        "jobs": [_job_line(job) for job in timeline.jobs], "jobs_omitted": timeline.jobs_omitted,
        "marks": list(timeline.marks),
    }  # fmt: skip


def _job_line(job: Job) -> dict[str, Any]:
    line = asdict(job) | {
        "asked": _rounded(job.asked), "accepted": None if job.accepted is None else _rounded(job.accepted),
        "after": list(job.after),
        "looks": [
            {"from": _rounded(look.began), "to": _rounded(look.ended), "status": look.status, "phase": look.phase,
             "call": look.call}
            for look in job.looks
        ],
        "cancels": [{"at": _rounded(cancel.at), "call": cancel.call} for cancel in job.cancels],
        "acts": [asdict(act) | {"at": _rounded(act.at)} for act in job.acts],
    }  # fmt: skip
    # Left out where there is none, as it was before there were any.
    return line if job.acts else {name: value for name, value in line.items() if name != "acts"}


def _rounded(moment: float) -> float:
    return round(moment, 6)


def timeline_from(content: Mapping[str, Any], number: int) -> Timeline:
    """The timeline that :func:`timeline_line` wrote; raises BrokenLineError."""
    got = Fields(content, number)
    return Timeline(
        program=got.text("program"), began=got.moment("began"), ended=got.moment("ended"),
        jobs=tuple(_job_from(each) for each in got.objects("jobs")), jobs_omitted=got.count("jobs_omitted"),
        marks=got.whole("marks"),
    )  # fmt: skip


def _job_from(got: Fields) -> Job:
    return Job(
        name=got.text("name"), id=got.optional("id"), call=got.count("call"), asked=got.moment("asked"),
        accepted=got.optional_moment("accepted"), refused=got.optional("refused"), after=got.texts("after"),
        looks=tuple(_look_from(each) for each in got.objects("looks")), looks_omitted=got.count("looks_omitted"),
        cancels=tuple(Cancel(at=each.moment("at"), call=each.count("call")) for each in got.objects("cancels")),
        acts=tuple(
            Act(at=each.moment("at"), call=each.count("call"), name=each.text("name"), answer=each.text("answer"))
            for each in (got.objects("acts") if got.has("acts") else ())
        ),
    )  # fmt: skip


def _look_from(got: Fields) -> Look:
    return Look(
        began=got.moment("from"), ended=got.moment("to"), status=got.text("status"), phase=got.text("phase"),
        call=got.count("call"),
    )  # fmt: skip


def same_phase(looks: Sequence[Look]) -> list[list[Look]]:
    """The looks in runs of one phase; those that showed no status are left out, and end no run."""
    runs: list[list[Look]] = []
    for look in looks:
        if look.phase == UNREAD:
            continue
        if runs and runs[-1][0].phase == look.phase:
            runs[-1].append(look)
        else:
            runs.append([look])
    return runs
