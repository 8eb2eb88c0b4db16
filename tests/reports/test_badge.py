"""The badge of a run, and of several: what it says, for a service that draws it and as a picture."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from defusedxml.ElementTree import fromstring
from jsonschema import Draft202012Validator

from conformance import Verdict
from reports import Record, combine, render_badge, render_badge_picture, summarise
from tests.reports.sample import HOSTILE, finding, hostile, plausible, record_of

#: What services that draw badges ask for: https://shields.io/badges/endpoint-badge names these members.
SCHEMA = {
    "type": "object", "required": ["schemaVersion", "label", "message"], "additionalProperties": False,
    "properties": {
        "schemaVersion": {"const": 1}, "label": {"type": "string"}, "message": {"type": "string", "minLength": 1},
        "color": {"type": "string", "pattern": "^[0-9a-f]{6}$"}, "isError": {"type": "boolean"},
    },
}  # fmt: skip


def kept() -> Record:
    return record_of([(finding(Verdict.PASS, subject=f"field{at}/type"), []) for at in range(3)])


def unproven() -> Record:
    return record_of([(finding(Verdict.VACUOUS), []), (finding(Verdict.PASS, subject="a/b"), [])])


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (kept(), "conforming 3/3"), (plausible(), "not conforming, 2 broken"), (unproven(), "not proven 1/2"),
        (hostile(), "run failed"), (record_of([]), "run failed"),
    ],
)  # fmt: skip
def test_it_says_the_verdict_and_a_number(record: Record, said: str) -> None:
    summary = summarise(record)
    badge = json.loads(render_badge(summary))
    Draft202012Validator(SCHEMA).validate(badge)
    assert (badge["label"], badge["message"]) == ("neptune conformance", said)
    assert badge["isError"] is (said == "run failed")
    picture = fromstring(render_badge_picture(summary))
    assert picture.get("aria-label") == f"neptune conformance: {said}"


def test_of_several_apis_it_says_how_many_are_good() -> None:
    good, bad = summarise(kept()), summarise(plausible())
    assert json.loads(render_badge(combine([good, good])))["message"] == "conforming, 2 APIs"
    assert json.loads(render_badge(combine([good, bad])))["message"] == "not conforming 1/2"
    assert json.loads(render_badge(combine([])))["message"] == "run failed 0/0"


def test_the_picture_loads_nothing_and_holds_any_text() -> None:
    record = kept()
    odd = replace(record, header=replace(record.header, api=HOSTILE))
    text = render_badge_picture(summarise(odd))
    fromstring(text)
    assert not re.search(r"<(script|image|use|style|foreignObject)|href|url\((?!#)", text)


def test_its_text_fits_and_can_be_read() -> None:
    picture = fromstring(render_badge_picture(summarise(plausible())))
    texts = picture.findall(".//{*}text")
    assert len(texts) == 2
    for text in texts:
        begin, length, width = (
            float(each or "nan") for each in (text.get("x"), text.get("textLength"), picture.get("width"))
        )
        assert begin + length < width
    colour = json.loads(render_badge(summarise(plausible())))["color"]
    assert contrast(colour) >= 4.5
    assert contrast("44484f") >= 4.5


def contrast(colour: str) -> float:
    """Against white, as WCAG computes it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 1.05 / (sum(part * each for part, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True)) + 0.05)
