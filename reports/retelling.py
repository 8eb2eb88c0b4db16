"""From the calls of a history to the timeline of the program, or the race, that a broken clause was seen in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from conformance import Call, Finding, Part, Performance, Verdict, View, performances
from reports.scene import acts_of, scene_jobs, scene_name
from reports.timeline import UNKNOWN, UNREAD, Cancel, Job, Look, Timeline
from specs import Family, Spec, point

JOBS = 80
LOOKS = 40
_BROKEN = frozenset({Verdict.FAIL, Verdict.WARN})
_OF_JOBS = frozenset({Family.QUEUE, Family.DEPENDENCY, Family.LIFECYCLE, Family.LOAD_SEMANTICS})
_PLAYED = ("program ", "race ")
_KINDS = (*_PLAYED, "actions ", "experiment ")
_NAME, _ID, _STATUS, _ANSWER = 60, 120, 120, 300


def timeline_of(spec: Spec, finding: Finding, calls: Mapping[int, Call]) -> Timeline | None:
    """The jobs of the program a finding's evidence comes from; None unless it is a broken clause about jobs.

    Args:
        spec: what the documents say.
        finding: what was found.
        calls: all calls of the history by number.
    """
    if finding.verdict not in _BROKEN or finding.clause.family not in _OF_JOBS:
        return None
    evidence = [calls[number] for number in finding.evidence if number in calls]
    first = next((call for call in evidence if call.intent.group and call.intent.scenario.startswith(_KINDS)), None)
    if first is None:
        return None
    group, kind = first.intent.group, first.intent.scenario.partition(" ")[0] + " "
    together = [call for call in calls.values() if call.intent.group == group]
    view = View(spec, together)
    marks = tuple(call.id for call in evidence if call.intent.group == group)
    if kind not in _PLAYED:
        return _framed(scene_name(first), scene_jobs(view, together), together, marks)
    found = next(
        (
            each
            for resource in spec.resources.values()
            for each in performances(view, resource, kind=kind)
            if each.parts
        ),
        None,
    )
    if found is None:
        return None
    names = {part.identifier: part.name for part in found.parts.values() if part.identifier is not None}
    jobs = [_job(view, found, part, names) for part in found.parts.values()]
    return _framed(found.program, jobs, together, marks)


def _framed(program: str, jobs: Sequence[Job], calls: Sequence[Call], marks: tuple[int, ...]) -> Timeline | None:
    if not jobs:
        return None
    evidence = frozenset(marks)
    ordered = sorted(jobs, key=lambda job: (job.asked if job.accepted is None else job.accepted, job.call))
    kept = [_thinned(job, evidence) for job in _kept(ordered, evidence)]
    return Timeline(
        program=program[:_NAME], began=min(call.started for call in calls),
        ended=max(call.started if call.ended is None else call.ended for call in calls), jobs=tuple(kept),
        jobs_omitted=len(jobs) - len(kept), marks=marks,
    )  # fmt: skip


def _thinned(job: Job, marks: frozenset[int]) -> Job:
    looks = _chosen(job.looks, marks)
    return replace(job, looks=tuple(looks), looks_omitted=len(job.looks) - len(looks))


def _job(view: View, performance: Performance, part: Part, names: Mapping[str, str]) -> Job:
    refused = None
    if not part.accepted and part.start.response is not None:
        refused = f"{part.answer.described()} {part.answer.message or ''}".strip()[:_ANSWER]
    after = dict.fromkeys(names.get(each, "unknown id")[:_NAME] for each in part.after)
    return Job(
        name=part.name[:_NAME], id=None if part.identifier is None else part.identifier[:_ID], call=part.start.id,
        asked=part.start.started, accepted=part.start.ended if part.accepted else None, refused=refused,
        after=tuple(after), looks=tuple(_looks(view, performance, part)),
        cancels=tuple(Cancel(at=call.started, call=call.id) for call in part.cancels),
        acts=acts_of(view, part.name, performance.parts, view.by_group[part.start.intent.group]),
    )  # fmt: skip


def _looks(view: View, performance: Performance, part: Part) -> list[Look]:
    """Those the oracles went by, and the reads that showed no phase they could have gone by."""
    known = {look.call.id: look for look in part.looks}
    found = []
    for call in view.by_group[part.start.intent.group]:
        look = known.get(call.id)
        if look is None and (call.intent.role != "read" or call.intent.case != part.name):
            continue
        status, phase = _shown(view, performance, call) if look is None else (look.status, look.phase)
        found.append(Look(
            began=call.started, ended=call.started if call.ended is None else call.ended, status=status[:_STATUS],
            phase=phase, call=call.id,
        ))  # fmt: skip
    return sorted(found, key=lambda each: (each.began, each.call))


def _shown(view: View, performance: Performance, call: Call) -> tuple[str, str]:
    status = point(view.tree(call), performance.resource.status or "")
    return (status, UNKNOWN) if isinstance(status, str) else (view.answer(call).described(), UNREAD)


def _chosen(looks: Sequence[Look], marks: frozenset[int]) -> list[Look]:
    """At most so many looks: evidence and changes of status first, of the others some from all over the time."""
    if len(looks) <= LOOKS:
        return list(looks)

    def rank(at: int) -> tuple[bool, bool, int]:
        around = {looks[near].status for near in (max(at - 1, 0), at, min(at + 1, len(looks) - 1))}
        changes = len(around) > 1 or at in (0, len(looks) - 1)
        # Bits read backwards: 0, half, a quarter, three quarters, … so that any beginning of them is spread evenly.
        spread = int(f"{at:032b}"[::-1], 2)
        return looks[at].call not in marks, not changes, spread

    return [looks[at] for at in sorted(sorted(range(len(looks)), key=rank)[:LOOKS])]


def _kept(jobs: Sequence[Job], marks: frozenset[int]) -> list[Job]:
    """At most so many jobs: those of the evidence, what they depend on, and then the first ones."""
    told = {job.name for job in jobs if job.calls & marks}
    told |= {name for job in jobs if job.name in told for name in job.after}
    order = sorted(range(len(jobs)), key=lambda at: jobs[at].name not in told)
    return [jobs[at] for at in sorted(order[:JOBS])]
