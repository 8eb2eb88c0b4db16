"""A timeline laid out as a picture: places in percent of its width and in pixels of its height."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reports.scale import Scale
from reports.text import visible
from reports.timeline import UNKNOWN, UNREAD, Act, Job, Look, Timeline, same_phase

_ACTIVE = ("waiting", "running")
_LOST = (UNKNOWN, UNREAD)
_TICKS = 6
_LANE = 16
_FOOT = 22
_ROOMY, _DENSE, _MANY = 22, 15, 24
_LABEL = 20
_MARKS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Something that lasts: what it is, where it begins, how wide it is."""

    kind: str
    x: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One call about a job; ``call`` is its number where it is evidence."""

    kind: str
    x: float
    words: str
    call: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One job."""

    job: Job
    label: str
    after: str
    top: int
    middle: int
    bars: tuple[Bar, ...]
    dots: tuple[Dot, ...]
    outcome: str
    is_marked: bool

    @property
    def history(self) -> list[str]:
        """What was seen of the job, in words."""
        return list(_told(self.job))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One call of the evidence: its lane above the rows, and how far down it reaches."""

    call: int
    words: str
    x: float
    width: float
    lane: int
    bottom: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A moment named below the picture."""

    x: float
    words: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """The picture; ``floor`` is where the rows end and ``height`` where everything does."""

    timeline: Timeline
    rows: tuple[Row, ...]
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    head: int
    floor: int
    row_height: int

    @property
    def height(self) -> int:
        """Height with the axis."""
        return self.floor + _FOOT

    @property
    def name_width(self) -> int:
        """Width of the column of names."""
        longest = max((len(f"{row.label} {row.after}".strip()) for row in self.rows), default=0)
        return 14 + 7 * max(longest, 4)

    @property
    def is_dense(self) -> bool:
        """Whether the rows are low."""
        return self.row_height == _DENSE

    @property
    def has_lost(self) -> bool:
        """Whether some look showed no status, or none of the documented ones."""
        return any(dot.kind == "lost" for row in self.rows for dot in row.dots)

    @property
    def has_acts(self) -> bool:
        """Whether something else was asked for than jobs and their end."""
        return any(row.job.acts for row in self.rows)

    @property
    def summary(self) -> str:
        """What the picture shows, for those who do not see it."""
        jobs = "1 job" if len(self.rows) == 1 else f"{len(self.rows)} jobs"
        evidence = "; ".join(f"call {mark.call}: {mark.words}" for mark in self.marks)
        return f"{jobs}, {span(self.timeline.began, self.timeline.ended)}. Evidence: {evidence or 'none'}."


def draw(timeline: Timeline, spans: Mapping[int, tuple[float, float, str]]) -> Drawing:
    """The picture of a timeline.

    Args:
        timeline: the jobs.
        spans: beginning, end and name of the calls of the evidence, by number.
    """
    marked = [number for number in dict.fromkeys(timeline.marks) if number in spans][:_MARKS]
    marked.sort(key=lambda number: spans[number][:2])
    stressed = {moment for number in marked for moment in spans[number][:2]}
    scale = Scale([timeline.began, timeline.ended, *stressed, *_moments(timeline)], stressed=stressed)
    height = _DENSE if len(timeline.jobs) > _MANY else _ROOMY
    head = _LANE * len(marked) + 4
    rows = tuple(
        _row(job, scale, timeline, frozenset(marked), top=head + height * at, height=height)
        for at, job in enumerate(timeline.jobs)
    )
    floor = head + height * len(rows)
    marks = tuple(
        _mark(number, spans[number], scale, rows, lane=_LANE * at, floor=floor) for at, number in enumerate(marked)
    )
    return Drawing(
        timeline=timeline, rows=rows, marks=marks, ticks=tuple(_ticks(scale)), head=head, floor=floor, row_height=height
    )


def span(began: float, ended: float) -> str:
    """Two moments in words."""
    return f"{began:.3f} to {ended:.3f} s"


def _moments(timeline: Timeline) -> Iterator[float]:
    for job in timeline.jobs:
        yield job.asked
        if job.accepted is not None:
            yield job.accepted
        for look in job.looks:
            yield from (look.began, look.ended)
        yield from (cancel.at for cancel in job.cancels)
        yield from (act.at for act in job.acts)


def _row(job: Job, scale: Scale, timeline: Timeline, marked: frozenset[int], *, top: int, height: int) -> Row:
    label = _cut(job.name, _LABEL)
    return Row(
        job=job, label=label, after=_cut(f"← {', '.join(job.after)}", _LABEL - len(label) - 1) if job.after else "",
        top=top, middle=top + height // 2, bars=tuple(_bars(job, scale, timeline.ended)),
        dots=tuple(_dots(job, scale, marked)), outcome=_outcome(job), is_marked=bool(job.calls & marked),
    )  # fmt: skip


def _cut(text: str, length: int) -> str:
    shown = visible(text, multiline=False)
    return shown if len(shown) <= length else f"{shown[: max(length - 1, 0)]}…"


def _bars(job: Job, scale: Scale, ended: float) -> Iterator[Bar]:
    """What is known of a job: its phase for certain between two looks that show the same one, and else not."""
    if job.refused is not None:
        return
    known_until = job.asked if job.accepted is None else job.accepted
    if job.accepted is not None:
        yield _bar("asked", scale, job.asked, job.accepted)
    runs = same_phase(job.looks)
    for run in runs:
        if run[0].phase == UNKNOWN:
            continue
        phase = run[0].phase if run[0].phase in _ACTIVE else "over"
        began, until = run[0].began, max(look.ended for look in run)
        if began > known_until:
            yield _bar("open", scale, known_until, began)
        if phase != "over":
            yield _bar(f"seen {phase}", scale, began, until)
        if run[-1].began > run[0].ended:
            yield _bar(phase, scale, run[0].ended, run[-1].began)
        known_until = max(known_until, until)
    if (not runs or runs[-1][0].phase in (*_ACTIVE, UNKNOWN)) and ended > known_until:
        yield _bar("open", scale, known_until, ended)


def _bar(kind: str, scale: Scale, began: float, ended: float) -> Bar:
    x = scale(began)
    return Bar(kind=kind, x=x, width=round(max(scale(ended) - x, 0.15), 2))


def _dots(job: Job, scale: Scale, marked: frozenset[int]) -> Iterator[Dot]:
    name = visible(job.name, multiline=False)
    kind = "refused" if job.refused is not None else "start"
    yield _dot(kind, scale(_answered(job)), f"{name}: {_asked(job)}", job.call, marked)
    over = False
    for look in job.looks:
        ends = look.phase not in (*_ACTIVE, *_LOST)
        kind = f"end {look.phase}" if ends and not over else "lost" if look.phase in _LOST else "look"
        over = over or ends
        yield _dot(kind, scale((look.began + look.ended) / 2), f"{name}: {_look_words(look)}", look.call, marked)
    for cancel in job.cancels:
        yield _dot("cancel", scale(cancel.at), f"{name}: asked to end at {cancel.at:.3f} s", cancel.call, marked)
    for act in job.acts:
        yield _dot("act", scale(act.at), f"{name}: {_act_words(act)}", act.call, marked)


def _dot(kind: str, x: float, words: str, call: int, marked: frozenset[int]) -> Dot:
    return Dot(kind=kind.partition(" ")[0], x=x, words=f"{words} (call {call})", call=call if call in marked else None)


def _answered(job: Job) -> float:
    return job.asked if job.accepted is None else job.accepted


def _look_words(look: Look) -> str:
    return f"{look.status}, {span(look.began, look.ended)}"


def _act_words(act: Act) -> str:
    return f"{act.name} at {act.at:.3f} s, answered {act.answer}"


def _asked(job: Job) -> str:
    if job.accepted is not None:
        return f"accepted, {span(job.asked, job.accepted)}"
    return f"asked for at {job.asked:.3f} s, {'never answered' if job.refused is None else f'refused: {job.refused}'}"


def _outcome(job: Job) -> str:
    """The last that is known of a job, in a word."""
    if job.refused is not None:
        return "refused"
    runs = same_phase(job.looks)
    if runs:
        return _cut(runs[-1][0].phase, _LABEL)
    return "not seen" if job.accepted is not None else "no answer"


def _told(job: Job) -> Iterator[str]:
    yield _asked(job)
    for _, same in itertools.groupby(job.looks, key=lambda look: (look.status, look.phase)):
        run = list(same)
        times = "1 look" if len(run) == 1 else f"{len(run)} looks"
        phase = "no status" if run[0].phase == UNREAD else run[0].phase
        yield f"{run[0].status} ({phase}), {span(run[0].began, run[-1].ended)}, {times}"
    for cancel in job.cancels:
        yield f"asked to end at {cancel.at:.3f} s"
    yield from map(_act_words, job.acts)
    if job.looks_omitted:
        yield f"{job.looks_omitted} more looks are left out"


def _mark(
    number: int, call: tuple[float, float, str], scale: Scale, rows: tuple[Row, ...], *, lane: int, floor: int
) -> Mark:
    began, ended, operation = call
    row = next((row for row in rows if number in row.job.calls), None)
    words = next((dot.words.rpartition(" (call")[0] for dot in row.dots if dot.call == number), "") if row else ""
    x = scale(began)
    return Mark(
        call=number, words=words or f"{operation}, {span(began, ended)}", x=x, lane=lane,
        width=round(max(scale(ended) - x, 0.3), 2), bottom=row.middle if row is not None else floor,
    )  # fmt: skip


def _ticks(scale: Scale) -> Iterator[Tick]:
    for at in range(_TICKS):
        place = 1.5 + 97 * at / (_TICKS - 1)
        anchor = "start" if at == 0 else "end" if at == _TICKS - 1 else "middle"
        yield Tick(x=round(place, 2), words=f"{scale.moment_at(place):.3f} s", anchor=anchor)
