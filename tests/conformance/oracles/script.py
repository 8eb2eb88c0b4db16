"""Histories written by hand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import specs
from conformance import Call, Finding, Intent, View, judge_clause
from specs import Clause, Response, Spec, build
from tests.conformance.corruption.answers import refusal
from tests.conformance.corruption.body import encoded, put
from tests.conformance.corruption.values import fitting


@dataclass(slots=True)
class Script:
    """A conversation with one API: calls follow each other, each takes a millisecond."""

    spec: Spec
    calls: list[Call] = field(default_factory=list)

    def call(
        self,
        operation: str,
        response: Response | None,
        role: str = "",
        *,
        moment: float | None = None,
        trouble: str | None = None,
        **intent: Any,
    ) -> Call:
        """Add a call; ``intent`` holds clause, case, group, and arguments beside the base request."""
        described = self.spec.operations[operation]
        arguments = {**described.base, **intent.pop("arguments", {})}
        started = float(len(self.calls)) if moment is None else moment
        made = Call(
            id=len(self.calls) + 1,
            process=0,
            operation=operation,
            request=build(described, arguments, headers=self.spec.headers),
            response=response,
            started=started,
            ended=None if response is None else started + 0.5,
            trouble=trouble,
            intent=Intent(scenario="script", role=role, arguments=arguments, **intent),
        )
        self.calls.append(made)
        return made

    def told(self, operation: str, **places: Any) -> Response:
        """A successful answer with every documented member; ``places`` overrides members, ``__`` standing for a slash."""
        described = self.spec.operations[operation]
        tree = fitting(described.response.schema)
        for place, value in places.items():
            put(tree, "/" + place.replace("__", "/"), value)
        media = "application/xml" if described.response.media == "xml" else "application/json"
        return Response(
            status=described.response.statuses[0], headers={"content-type": media}, body=encoded(described, tree)
        )

    def refused(self, name: str = "ValidationException", status: int = 400) -> Response:
        """A refusal."""
        return refusal(self.spec, name, status)

    @property
    def throttled(self) -> Response:
        """Not now."""
        return refusal(self.spec, self.spec.errors.throttled_names[0], 429)

    @property
    def failed(self) -> Response:
        """The service's own failure."""
        return refusal(self.spec, "InternalFailure", 500)

    def clause(self, place: str) -> Clause:
        """The clause of an id without the API."""
        return self.spec.clause(f"{self.spec.api}.{place}")

    def judged(self, place: str, *, exclusive: bool = True) -> Finding:
        """What is found about a clause."""
        return judge_clause(self.clause(place), View(self.spec, self.calls, exclusive=exclusive))


def script(api: str) -> Script:
    """An empty conversation."""
    return Script(specs.load(api))


def undecided(found: Script, operation: str, kind: str) -> Script:
    """The same where the documents do not say whether violations of a kind are refused."""
    described = found.spec.operations[operation]
    refusals = {**described.refusals, kind: replace(described.refusals[kind], either=True)}
    operations = {**found.spec.operations, operation: replace(described, refusals=refusals)}
    return Script(replace(found.spec, operations=operations))
