"""A history is read back as it was written, whatever stands in it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.history import Call, Intent, from_json, read_lines, to_json, write_line
from specs import Request, Response

ANY_TEXT = st.text(st.characters(), max_size=12)  # lone surrogates are among them
HEADERS = st.dictionaries(ANY_TEXT, ANY_TEXT, max_size=3)
BODIES = st.one_of(st.binary(max_size=30), ANY_TEXT.map(lambda text: text.encode("utf-8", "surrogatepass")))
TIMES = st.floats(0, 1e6).map(lambda seconds: round(seconds, 6))
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), ANY_TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(ANY_TEXT, inner, max_size=3)),
    max_leaves=8,
)
CALLS = st.builds(
    Call,
    id=st.integers(1),
    process=st.integers(0, 9),
    operation=ANY_TEXT,
    request=st.builds(
        Request,
        method=ANY_TEXT,
        path=ANY_TEXT,
        query=st.lists(st.tuples(ANY_TEXT, ANY_TEXT), max_size=3).map(tuple),
        headers=HEADERS,
        body=BODIES,
    ),
    response=st.none()
    | st.builds(Response, status=st.integers(100, 999), headers=HEADERS, body=BODIES, truncated=st.booleans()),
    started=TIMES,
    ended=st.none() | TIMES,
    trouble=st.none() | st.sampled_from(["timeout", "dropped", "refused", "garbage", "too-large", "unsendable"]),
    detail=ANY_TEXT,
    intent=st.builds(
        Intent,
        scenario=ANY_TEXT,
        role=ANY_TEXT,
        clause=st.none() | ANY_TEXT,
        case=ANY_TEXT,
        group=st.integers(0),
        arguments=st.dictionaries(ANY_TEXT, JSON, max_size=3),
    ),
)


def call(number: int = 1, *, body: bytes = b"", answer: bytes = b"") -> Call:
    return Call(
        id=number, process=0, operation="x", request=Request(method="GET", path="/", body=body),
        response=Response(status=200, body=answer), started=0.25, ended=0.5,
    )  # fmt: skip


@given(CALLS)
def test_a_call_is_read_as_it_was_written(each):
    line = write_line(each)
    assert line.isascii()
    assert "\n" not in line
    assert list(read_lines([line])) == [each]
    assert list(read_lines([line + "\n", line + "\n"])) == [each, each]


@pytest.mark.parametrize(
    "body", [b"", bytes(range(256)), b"\xed\xa0\x80", b"\xef\xbb\xbf{}", b"\x00", "\u2028\x85".encode(), b"\xff"]
)
def test_bodies_are_kept_byte_by_byte(body):
    [read] = read_lines([write_line(call(body=body, answer=body))])
    assert (read.request.body, read.response.body) == (body, body)


def test_text_is_kept_readable_and_the_rest_in_base64():
    written = to_json(call(body="ä".encode(), answer=b"\xff"))
    assert written["request"]["body"] == "ä"
    assert written["response"]["body64"] == "/w=="
    assert "body" not in written["response"]


def test_calls_are_read_in_their_order():
    calls = [call(number) for number in range(1, 50)]
    assert list(read_lines(map(write_line, calls))) == calls


def test_no_lines_are_no_calls():
    assert list(read_lines([])) == []


def test_a_last_line_that_was_cut_off_is_passed_over_wherever_it_was_cut():
    calls = [call(1), call(2, body=b"\xff\x00", answer="é".encode())]
    first, last = map(write_line, calls)
    for cut in range(len(last)):
        assert list(read_lines([first + "\n", last[:cut]])) == calls[:1]
    assert list(read_lines([first + "\n", last])) == calls


@pytest.mark.parametrize("line", ["", "{", "[]", "null", "7", "{}", '{"id": 1}', '"text"', write_line(call())[:-1]])
def test_another_broken_line_is_told_by_its_number(line):
    good = write_line(call())
    lines = iter([good, line, good])
    read = read_lines(lines)
    with pytest.raises(ValueError, match="line 2 is not a call"):
        list(read)


@pytest.mark.parametrize(
    "change",
    [
        {"request": None}, {"request": []}, {"response": 7}, {"intent": {"no": "such"}}, {"intent": None},
        {"request": {"method": "GET", "path": "/", "query": [["a"]], "headers": {}, "body": ""}},
        {"response": {"status": 200, "headers": {}, "truncated": False, "body64": "?"}},
        {"response": {"status": 200, "headers": {}, "truncated": False, "body": 7}},
    ],
)  # fmt: skip
def test_what_is_no_call_is_refused_with_its_line(change):
    broken = json.dumps({**to_json(call()), **change})
    with pytest.raises(ValueError, match="line 1 is not a call"):
        list(read_lines([broken, write_line(call())]))


def test_from_json_takes_what_to_json_gives():
    assert from_json(json.loads(json.dumps(to_json(call())))) == call()
