"""The ways a run record can be bad, one class each."""

from __future__ import annotations


class RecordError(Exception):
    """A run record cannot be used; the message says what is wrong, in which line, and what to do."""


class CutOffError(RecordError):
    """The record has no footer: the run was killed, or the file was copied before the run ended."""

    def __init__(self, lines: int) -> None:
        self.lines = lines
        super().__init__(
            f"Expected a footer as the last line but the record ends after line {lines} without one; it may "
            "be cut off. Repeat the run, or read what is there as a partial record."
        )


class SchemaVersionError(RecordError):
    """The record was written with another version of the schema."""

    def __init__(self, *, got: object, expected: int) -> None:
        self.got = got
        self.expected = expected
        super().__init__(
            f"Expected a record of schema={expected} but line 1 has schema={got!r} ({type(got).__name__}). "
            "Read it with the version of the suite that wrote it, or repeat the run."
        )


class BrokenLineError(RecordError):
    """A line is not JSON, or lacks something its kind must have."""

    def __init__(self, number: int, problem: str) -> None:
        self.number = number
        self.problem = problem
        super().__init__(
            f"Line {number} of the record is broken: {problem}. The file was changed after the run; repeat the run."
        )


class ForeignLineError(RecordError):
    """A line is whole, but of no kind that a run record has."""

    def __init__(self, number: int, got: object) -> None:
        self.number = number
        self.got = got
        super().__init__(
            f"Expected a header, finding or footer in line {number} but got line={got!r} ({type(got).__name__}). "
            "This is not a run record, or not only one; give the record.jsonl of a single run."
        )


class MisplacedLineError(RecordError):
    """A header that is not first, a second footer, a clause found twice, or a line behind the footer."""

    def __init__(self, number: int, problem: str) -> None:
        self.number = number
        self.problem = problem
        super().__init__(
            f"Line {number} of the record is out of place: {problem}. Two runs were written to one "
            "file; keep them apart."
        )


class ComparisonError(RecordError):
    """Records are sound each, but cannot be compared as asked."""
