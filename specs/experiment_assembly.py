"""Puts the checked content of a file of experiments together, and checks that its names are known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from specs.clause import Basis, Level, Source
from specs.condition import Condition, condition
from specs.errors import SpecError
from specs.experiment import Experiment, Laboratory, Observation, Outcome, SourceFile, Step

Content = Mapping[str, Any]
#: What is known of every file that is made, beside what was planted in it.
COUNTS = frozenset({
    "rows", "records", "cells", "duplicates", "empties", "errors", "spoiled", "parsing", "mismatches", "missing", "reused",
    "violations",
})  # fmt: skip
_STATUS = "status"
_OWN = frozenset({_STATUS, "id"})


def laboratory(content: Content, creating: Mapping[str, str], operations: Collection[str]) -> Laboratory:
    """The experiments of one file; raises SpecError.

    Args:
        content: what the file says.
        creating: by resource, the operation that creates it.
        operations: the names of all operations.
    """
    file = content["file"]
    if content["resource"] not in creating:
        raise SpecError(file, "/resource", f"no resource is named resource={content['resource']!r}")
    outcome = _outcome(content.get("outcome", {}))
    experiments = {}
    for place, each in content["experiments"].items():
        try:
            made = _experiment(place, each, creating[content["resource"]])
        except ValueError as error:
            raise SpecError(file, f"/experiments/{place}", str(error)) from error
        if made.operation not in operations:
            raise SpecError(file, f"/experiments/{place}", f"no operation is named operation={made.operation!r}")
        for name in _repeated(made):
            raise SpecError(file, f"/experiments/{place}", f"two things have the name {name!r}")
        for name in _unknown(made, outcome):
            raise SpecError(file, f"/experiments/{place}", f"nothing is known by the name {name!r}")
        experiments[place] = made
    return Laboratory(resource=content["resource"], outcome=outcome, experiments=experiments)


def _outcome(content: Content) -> Outcome:
    return Outcome(
        arguments=content.get("arguments", {}), transient=tuple(content.get("transient", ())),
        observations={
            name: Observation(**{**each, "numbers": tuple(each.get("numbers", ()))})
            for name, each in content.get("observations", {}).items()
        },
    )  # fmt: skip


def _experiment(place: str, content: Content, creating: str) -> Experiment:
    origin = content.get("source")
    return Experiment(
        place=place, operation=content.get("operation", creating), statement=content["statement"],
        level=Level(content.get("level", "MUST")), basis=Basis(content.get("basis", "stated" if origin else "inferred")),
        source=Source(document="inferred") if origin is None else Source(
            document=origin["document"], section=origin.get("section", ""), sentences=tuple(origin.get("sentences", ())),
        ),
        arguments=content.get("arguments", {}), varied=content.get("varied", False), not_tested=content.get("notTested"),
        files={name: _file(each) for name, each in content.get("files", {}).items()},
        steps=tuple(_step(each) for each in content.get("steps", ())),
        given=_conditions(content.get("given", {})),
        readings={name: _conditions(each) for name, each in content.get("expect", {}).items()},
    )  # fmt: skip


def _file(content: Content) -> SourceFile:
    return SourceFile(**{**content, "columns": tuple(content.get("columns", ()))})


def _step(content: Content) -> Step:
    verb = next(each for each in ("start", "read", "put", "remove") if each in content)
    rest = {key: value for key, value in content.items() if key != verb}
    if "each" in rest:
        rest["each"] = {name: tuple(values) for name, values in rest["each"].items()}
    return Step(verb=verb, name=content[verb], **rest)  # type: ignore[arg-type]


def _conditions(content: Content) -> tuple[Condition, ...]:
    return tuple(condition(subject, said) for subject, said in content.items())


def _repeated(experiment: Experiment) -> Iterator[str]:
    """The names that more than one file, job or read has."""
    named = Counter([*experiment.files, *(step.name for step in experiment.steps if step.verb in {"start", "read"})])
    yield from (name for name, times in named.items() if times > 1)


def _unknown(experiment: Experiment, outcome: Outcome) -> Iterator[str]:
    """The names that conditions and steps use and nothing defines."""
    jobs = {step.name for step in experiment.steps if step.verb == "start"}
    reads = {step.name for step in experiment.steps if step.verb == "read"}
    for step in experiment.steps:
        known: Collection[str] = jobs if step.verb == "read" else experiment.files
        used = step.of if step.verb == "read" else step.name
        if step.verb != "start" and used not in known:
            yield used
    for each in (*experiment.given, *(c for conditions in experiment.readings.values() for c in conditions)):
        for name in each.names:
            head, _, tail = name.partition(".")
            seen = head in jobs and tail in {*_OWN, *outcome.observations}
            seen = seen or (head in reads and tail in outcome.observations)
            if not seen and not (head in experiment.files and tail in COUNTS):
                yield name
