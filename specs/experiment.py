"""Experiments: source data that is made and given to jobs, step by step, and what the jobs must then show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from specs.clause import Basis, Level, Source
from specs.condition import Condition

Form = Literal["csv", "opencypher", "ntriples", "nquads", "rdfxml", "turtle", "fasta"]
Part = Literal["vertices", "edges"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One object of source data, described so that it can be made again and its records counted.

    Elements are numbered; what an element says follows from its number and ``version`` alone, so that files that share
    numbers share data. ``flaws`` maps a kind of error to how many entries have one; ``later`` keeps the object back until
    a step puts it in its place.
    """

    key: str
    form: Form
    part: Part = "vertices"
    rows: int = 12
    first: int = 0
    among: int = 0
    """Edges join two of the first so many vertices; as many as it has rows for 0."""
    duplicates: int = 0
    columns: tuple[str, ...] = ()
    version: int = 0
    empties: int = 0
    flaws: Mapping[str, int] = field(default_factory=dict)
    ids: bool = True
    labels: int = 1
    graph: str | None = None
    relative: bool = False
    newline: Literal["lf", "crlf"] = "lf"
    bom: bool = False
    compression: Literal["gzip", "bzip2"] | None = None
    later: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: start a job, read one again, or put or remove an object.

    ``name`` is that of the job, of the read, or of the file. ``of`` is the job that is read; ``each`` maps an argument to
    the values it takes in turn; ``repeat`` says how often the items of a list argument are sent, ``append`` gives
    one more item.
    """

    verb: Literal["start", "read", "put", "remove"]
    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    of: str = ""
    each: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    repeat: Mapping[str, int] = field(default_factory=dict)
    append: Mapping[str, Any] = field(default_factory=dict)
    wait: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A named value of an answer.

    ``numbers`` are pointers whose numbers are added up. ``items`` points to a list that is counted, or shown as it is
    (``whole``); ``where`` keeps those items whose members have these values, ``member`` adds up one member of each.
    ``absent`` is the value where the answer has nothing there.
    """

    numbers: tuple[str, ...] = ()
    items: str | None = None
    where: Mapping[str, Any] = field(default_factory=dict)
    member: str | None = None
    whole: bool = False
    absent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How the outcome of a job is seen: arguments of the read, named values, and statuses that say nothing of the data."""

    arguments: Mapping[str, Any] = field(default_factory=dict)
    observations: Mapping[str, Observation] = field(default_factory=dict)
    transient: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """One experiment, which is one clause.

    ``given`` must hold for it to say anything; ``readings`` are the outcomes that the documents allow, by name: the clause
    is kept if all conditions of one of them hold.
    """

    place: str
    operation: str
    statement: str
    level: Level = Level.MUST
    basis: Basis = Basis.STATED
    source: Source = field(default_factory=lambda: Source(document="inferred"))
    arguments: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, SourceFile] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    given: tuple[Condition, ...] = ()
    readings: Mapping[str, tuple[Condition, ...]] = field(default_factory=dict)
    varied: bool = False
    """Whether other data of the same kind is tried as well where there is time for more."""
    not_tested: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Laboratory:
    """The experiments on one resource, and how their outcomes are seen."""

    resource: str
    outcome: Outcome = field(default_factory=Outcome)
    experiments: Mapping[str, Experiment] = field(default_factory=dict)
