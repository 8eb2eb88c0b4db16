"""Experiments: what jobs came to, held against the outcomes that the documents allow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conformance.answer import Kind
from conformance.history import Call
from conformance.oracles.registry import Tally, oracle
from conformance.view import View, among
from specs import MISSING, Clause, Condition, Experiment, Laboratory, Observation, Resource, point
from strategies import counts, varied

REFUSED = "refused"
_NAMELESS = "as stated"


@dataclass(slots=True, kw_only=True)
class Trial:
    """One time that an experiment was carried out: its starts, outcomes and looks by name."""

    view: View
    laboratory: Laboratory
    experiment: Experiment
    seed: int
    starts: dict[str, Call] = field(default_factory=dict)
    outcomes: dict[str, Call] = field(default_factory=dict)
    looks: dict[str, list[Call]] = field(default_factory=dict)

    @property
    def resource(self) -> Resource:
        """What was created."""
        return self.view.spec.resources[self.laboratory.resource]

    def take(self, call: Call) -> None:
        """Add a call of it."""
        case = call.intent.case
        if call.intent.role == "start":
            self.starts[case] = call
        elif call.intent.role == "outcome":
            self.outcomes[case] = call
        elif call.intent.role == "look":
            self.looks.setdefault(case, []).append(call)

    # -- values by name

    def value(self, name: str) -> Any:
        """The value of ``job.observation``, ``read.observation`` or ``file.count``; None where it is not known."""
        head, _, tail = name.partition(".")
        if head in self.experiment.files:
            return counts(varied(self.experiment.files[head], self.seed), seed=self.seed)[tail]
        if head in self.looks:
            return self._observed(tail, self.looks[head])
        if tail == "status":
            return self.status(head)
        if tail == "id":
            return self._identifier(head)
        return None if self.status(head) in {None, REFUSED} else self._observed(tail, [self.outcomes[head]])

    def _identifier(self, job: str) -> str | None:
        start = self.starts.get(job)
        found = point(self.view.tree(start), self.resource.id) if start is not None else MISSING
        return found if isinstance(found, str) else None

    def status(self, job: str) -> str | None:
        """The status a job has at its end, ``refused`` where it was for certain, else None."""
        start = self.starts.get(job)
        if start is None:
            return None
        answer = self.view.answer(start)
        if answer.kind is Kind.REFUSAL:
            return REFUSED if self.view.bracketed(start) else None
        outcome = self.outcomes.get(job)
        if outcome is None or self.resource.status is None:
            return None
        status = point(self.view.tree(outcome), self.resource.status)
        return status if isinstance(status, str) and self.resource.is_terminal(status) else None

    def _observed(self, name: str, calls: Sequence[Call]) -> Any:
        """A named value of one answer; of several, where it is about a list, of all their items together."""
        described = self.laboratory.outcome.observations.get(name)
        if described is None or any(self.view.tree(call) is MISSING for call in calls):
            return None
        trees = [self.view.tree(call) for call in calls]
        if described.items is None:
            return _number(described, trees[-1])
        lists = [point(tree, described.items) for tree in trees]
        if described.absent is None and any(not isinstance(each, list) for each in lists):
            return None
        items = [item for each in lists if isinstance(each, list) for item in each]
        return _of_list(described, items)

    def calls(self, name: str) -> list[Call]:
        """The calls that a value was taken from."""
        head = name.partition(".")[0]
        if head in self.looks:
            return self.looks[head][:1]
        found = self.outcomes.get(head) or self.starts.get(head)
        return [found] if found is not None else []


def _number(described: Observation, tree: Any) -> int | None:
    found: list[Any] = [point(tree, place) for place in described.numbers]
    if any(isinstance(each, bool) or not isinstance(each, int) for each in found):
        missing = all(each is MISSING or each is None for each in found)
        return described.absent if missing else None
    return sum(int(each) for each in found)


def _of_list(described: Observation, items: Sequence[Any]) -> Any:
    kept = [
        item for item in items
        if all(isinstance(item, Mapping) and item.get(name) == value for name, value in described.where.items())
    ]  # fmt: skip
    if described.member is not None:
        found = [item.get(described.member, 0) for item in kept if isinstance(item, Mapping)]
        return sum(each for each in found if isinstance(each, int))
    if described.whole:
        return sorted(repr(sorted(item.items())) if isinstance(item, Mapping) else repr(item) for item in kept)
    return len(kept)


@oracle("experiment")
def experiment(clause: Clause, view: View, tally: Tally) -> None:
    """Every time it was carried out must be explained by one of its readings; the same one each time."""
    laboratory = view.spec.laboratory
    assert laboratory is not None  # noqa: S101 - there is no such clause without
    described = laboratory.experiments[clause.data["experiment"]]
    found: set[str] = set()
    for trial in _trials(clause, view, laboratory, described):
        reading = _judged(trial, tally)
        if reading is not None:
            found.add(reading)
            tally.hit(f"data of seed {trial.seed}" if trial.seed else "carried out")
    if len(described.readings) > 1:
        tally.reading = " and ".join(sorted(found)) or None


def _trials(clause: Clause, view: View, laboratory: Laboratory, described: Experiment) -> Iterable[Trial]:
    found: dict[int, Trial] = {}
    for call in among(view.by_clause[clause.id], "start", "outcome", "look"):
        if call.intent.group not in found:
            seed = call.intent.scenario.rpartition(" ")[2]
            found[call.intent.group] = Trial(
                view=view, laboratory=laboratory, experiment=described, seed=int(seed) if seed.isdigit() else 0
            )
        found[call.intent.group].take(call)
    return found.values()


def _judged(trial: Trial, tally: Tally) -> str | None:
    """The name of a reading that explains a trial, or None: then it broke the clause, or proved nothing."""
    unclear = _unclear(trial)
    if unclear is not None:
        tally.undecided(unclear)
        return None
    broken: list[tuple[str, Condition]] = []
    untold: list[Condition] = []
    for name, conditions in trial.experiment.readings.items():
        results = [(each, _holds(trial, each)) for each in conditions]
        if all(held for _, held in results):
            return name
        wrong = next((each for each, held in results if held is False), None)
        if wrong is None:
            untold += [each for each, held in results if held is None]
        else:
            broken.append((name, wrong))
    if untold:
        tally.undecided(f"`{untold[0].subject} {untold[0].said}` could not be told: an answer does not show it")
        return None
    calls = list({call.id: call for _, each in broken for name in each.names for call in trial.calls(name)}.values())
    tally.breach(
        *calls[:3],
        expected=" or, ".join(dict.fromkeys(_said(trial, name, each) for name, each in broken)),
        actual=", ".join(dict.fromkeys(f"{each.subject} = {_shown(trial, each.subject)}" for _, each in broken)),
    )  # fmt: skip
    return None


def _unclear(trial: Trial) -> str | None:
    """Why a trial says nothing, if so: a job whose end was not seen, one that others ended, or a case that did not come up."""
    for step in trial.experiment.steps:
        if step.verb != "start":
            continue
        status = trial.status(step.name)
        if status is None:
            return f"the job `{step.name}` was not seen at its end"
        if trial.resource.phase(status) == "cancelled" or status in trial.laboratory.outcome.transient:
            return f"the job `{step.name}` was {status}, which says nothing of its data"
    for each in trial.experiment.given:
        if not _holds(trial, each):
            return f"it needs `{each.subject} {each.said}`, and that is {_shown(trial, each.subject)}"
    return None


def _holds(trial: Trial, condition: Condition) -> bool | None:
    if not condition.among:
        return condition.holds(trial.value)
    shown = trial.value(condition.subject)
    phase = trial.resource.phase(shown) if isinstance(shown, str) else None
    return condition.holds(lambda name: [each for each in (shown, phase) if each] or None if name else None)


def _said(trial: Trial, reading: str, condition: Condition) -> str:
    worth = [f"{name} = {_shown(trial, name)}" for name in list(condition.names)[1:]]
    told = f" ({', '.join(worth)})" if worth else ""
    named = f"{reading}: " if reading != _NAMELESS and len(trial.experiment.readings) > 1 else ""
    return f"{named}{condition.subject} {condition.said}{told}"


def _shown(trial: Trial, name: str) -> str:
    value = trial.value(name)
    return "not shown" if value is None else f"{len(value)} entries" if isinstance(value, list) else str(value)
