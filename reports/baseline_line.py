"""The line of a record that holds a baseline: value to JSON and back."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from conformance import Verdict
from reports.baseline import Baseline, Deviation, Expectation, Standing, State
from reports.errors import BrokenLineError
from reports.fields import Fields


def baseline_line(baseline: Baseline) -> dict[str, Any]:
    """The line of a baseline that was held against a run."""
    return {
        "line": "baseline", "name": baseline.name, "day": baseline.day.isoformat(),
        "entries": [
            {
                "clause": each.deviation.clause, "expect": str(each.deviation.expect), "reason": each.deviation.reason,
                "link": each.deviation.link, "expires": each.deviation.expires.isoformat(),
                "sometimes": each.deviation.sometimes, "state": str(each.state),
                "verdict": None if each.verdict is None else str(each.verdict), "why": each.why,
            }
            for each in baseline.standings
        ],
    }  # fmt: skip


def baseline_from(content: Mapping[str, Any], number: int) -> Baseline:
    """The baseline that :func:`baseline_line` wrote; raises BrokenLineError."""
    got = Fields(content, number)
    try:
        return Baseline(
            name=got.text("name"), day=datetime.date.fromisoformat(got.text("day")),
            standings=tuple(map(_standing, got.objects("entries"))),
        )  # fmt: skip
    except ValueError as error:
        raise BrokenLineError(number, str(error)) from error


def _standing(got: Fields) -> Standing:
    verdict = got.optional("verdict")
    deviation = Deviation(
        clause=got.text("clause"), expect=Expectation(got.text("expect")), reason=got.text("reason"), link=got.text("link"),
        expires=datetime.date.fromisoformat(got.text("expires")), sometimes=bool(got.one_of("sometimes", bool)),
    )  # fmt: skip
    return Standing(
        deviation=deviation, state=State(got.text("state")), verdict=None if verdict is None else Verdict(verdict),
        why=got.text("why"),
    )  # fmt: skip
