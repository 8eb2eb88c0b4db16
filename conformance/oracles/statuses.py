"""The ways a job may take through its statuses, as models of single jobs."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.evidence.job_life import JobLife
from specs import PHASES, TERMINAL, Resource

_MARK = " after "


def ways(resource: Resource) -> dict[str, frozenset[str]]:
    """Where each status may lead by itself: by the documented transitions, else to its own phase and those behind it."""
    if resource.transitions:
        return {status: frozenset(reached) for status, reached in resource.transitions.items()}
    order = [phase for phase in PHASES if phase not in TERMINAL]
    found: dict[str, frozenset[str]] = {}
    for place, phase in enumerate(order):
        later = (*order[place:], *TERMINAL)
        reached = frozenset(status for each in later for status in resource.phases.get(each, ()))
        found.update(dict.fromkeys(resource.phases.get(phase, ()), reached))
    return found


def read_only(resource: Resource) -> JobLife:
    """A job that is only looked at; it may be anywhere at first."""
    known = frozenset(status for statuses in resource.phases.values() for status in statuses)
    return JobLife(first=known, moves=ways(resource))


def requested(resource: Resource, *, alone: bool) -> JobLife:
    """A job that several clients want to end, or to confirm, at once; it is held at first where it can be.

    A status with a mark is one whose job was asked to end, or was confirmed, and does not show it yet. A job that runs
    may still come to its end after a cancel.
    """
    moves, held = dict(ways(resource)), _held(resource)
    bad = frozenset(resource.phases.get("failed", ()))
    done = frozenset(resource.phases.get("cancelled", ()))
    ends = done | {status for status, reached in moves.items() if reached and reached <= done}
    poor = bad | ends | {status for status, reached in moves.items() if reached and reached <= bad | ends}
    cancel: dict[str, frozenset[str]] = {}
    confirm: dict[str, frozenset[str]] = {}
    for status, reached in list(moves.items()):
        if resource.is_terminal(status):
            cancel[status] = frozenset({status})
        elif resource.phase(status) == "waiting":
            ending = f"{status}{_MARK}cancel"
            cancel[status] = cancel[ending] = ends & reached | {ending}
            moves[ending] = poor & reached
        else:
            cancel[status] = ends & reached | {status}
    for status in held:
        going = f"{status}{_MARK}confirm"
        onward = frozenset(s for s in moves[status] if resource.phase(s) in {"waiting", "running"} and s not in poor)
        confirm[status] = onward | {going}
        confirm.update({each: frozenset({each}) for each in onward})
        moves[going] = moves[status]
        cancel[going] = cancel[status]
        if alone:
            moves[status] -= onward
    return JobLife(
        first=frozenset(s for s in ways(resource) if not resource.is_terminal(s)), moves=moves, shows={s: s.partition(_MARK)[0] for s in moves}, asked={"cancel": cancel, "confirm": confirm},
        stubborn={"cancel": held, "confirm": held},
    )  # fmt: skip


def _held(resource: Resource) -> frozenset[str]:
    confirm = resource.race.confirm if resource.race is not None else None
    return frozenset(resource.scenes[confirm.scene].statuses) if confirm is not None else frozenset()


def deleted(*, alone: bool) -> JobLife:
    """A thing that several clients delete at once."""
    gone = frozenset({"gone"})
    moves: Mapping[str, frozenset[str]] = {"there": frozenset() if alone else gone}
    return JobLife(
        first=frozenset({"there"}), moves=moves, asked={"delete": {"there": gone, "gone": gone}},
        stubborn={"delete": frozenset({"there"})},
    )  # fmt: skip
