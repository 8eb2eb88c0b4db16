"""What must be made anew before the calls of an evidence mean anything: by which calls it was made, and how it is known."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from conformance import Call, Finding, View
from specs import Spec, point

#: Setting the scene for more than so much is no help to a reader.
_MOST = 64
_LISTED, _ODD = 3, 48
#: Roles of calls that bring things into the state that probes find them in, by intent or by a target that is too lenient.
_BEFORE = frozenset({"stage", "cancel", "act", "cleanup", "control", "outside"})
_TEXT = re.compile(r"[A-Za-z0-9._:/-]{6,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """Something that a call made: its id in the run, the member of the answer that holds it, and whether that is XML."""

    identifier: str
    member: str
    call: int
    xml: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Prelude:
    """The calls that must come before an evidence, in their order, and the ids that their answers give."""

    calls: tuple[Call, ...] = ()
    made: tuple[Made, ...] = ()


@dataclass(slots=True)
class Past:
    """What was made in a run, and what was done to it before the probes."""

    spec: Spec
    calls: Mapping[int, Call]
    _made: dict[str, tuple[Call, str]] = field(default_factory=dict)
    _done: dict[str, list[Call]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index the history."""
        view = View(self.spec, list(self.calls.values()))
        for resource in self.spec.resources.values():
            for identifier, call in view.created(resource.name).items():
                self._made.setdefault(identifier, (call, resource.id))
                for pointer in resource.aliases.values():
                    name = point(view.tree(call), pointer)
                    if isinstance(name, str):
                        self._made.setdefault(name, (call, pointer))
        for call in self.calls.values():
            operation = self.spec.operations.get(call.operation)
            staged = call.intent.role in _BEFORE
            if (
                operation
                and operation.effect in {"change", "cancel", "delete"}
                and staged
                and view.answer(call).success
            ):
                for each in view.names(call) & self._made.keys():
                    self._done.setdefault(each, []).append(call)

    def before(self, finding: Finding, evidence: Sequence[Call]) -> Prelude:
        """What must come before the calls of a finding's evidence."""
        first = min((call.id for call in evidence), default=0)
        last = max((call.id for call in evidence), default=0)
        told = {call.id for call in evidence}
        chosen: dict[int, Call] = {}
        nameless = list(self._nameless(finding, evidence))
        wanted = [text for call in evidence for text in (*self._named(call), *self._listed(finding, call))]
        wanted += [text for call in nameless for text in self._named(call)]
        while wanted and len(chosen) < _MOST:
            identifier = wanted.pop(0)
            call = self._made[identifier][0]
            if call.id in chosen or call.id in told or call.id > last:
                continue
            chosen[call.id] = call
            wanted += self._named(call)
            chosen.update((c.id, c) for c in self._done.get(identifier, ()) if call.id < c.id < first)
        chosen.update((call.id, call) for call in nameless)
        ordered = tuple(chosen[number] for number in sorted(chosen))
        return Prelude(calls=ordered, made=tuple(self._given((*ordered, *evidence))))

    def _nameless(self, finding: Finding, evidence: Sequence[Call]) -> Iterator[Call]:
        """Accepted creations whose answers give no id, before a list that shows something odd."""
        if finding.clause.kind != "member":
            return
        listings = (self.spec.operations[call.operation].listing for call in evidence)
        kinds = {listing.resource for listing in listings if listing is not None}
        named = {call.id for call, _ in self._made.values()}
        for call in self.calls.values():
            creates = self.spec.operations[call.operation].creates if call.operation in self.spec.operations else None
            accepted = call.response is not None and call.response.status < 300
            if creates in kinds and accepted and call.id not in named and call.id < evidence[0].id:
                yield call

    def _given(self, calls: Sequence[Call]) -> Iterator[Made]:
        """The ids that the answers of these calls give, and that their own requests do not say already."""
        numbers = {call.id for call in calls}
        for identifier, (call, pointer) in self._made.items():
            if call.id in numbers and identifier not in _asked(call):
                xml = self.spec.operations[call.operation].response.media == "xml"
                yield Made(identifier=identifier, member=pointer.rpartition("/")[2], call=call.id, xml=xml)

    def _named(self, call: Call) -> list[str]:
        """Ids that a request names, whatever they stand in."""
        asked = _asked(call)
        return [text for text in dict.fromkeys(_TEXT.findall(asked)) if text in self._made] or [
            each for each in self._made if len(each) > 5 and each in asked
        ]

    def _listed(self, finding: Finding, call: Call) -> list[str]:
        """Ids of what a list shows, as far as they matter: those that the finding speaks of, else some of them.

        What was made by a request that should have been refused is the likeliest to show something odd.
        """
        operation = self.spec.operations.get(call.operation)
        if operation is None or operation.effect != "read" or call.response is None:
            return []
        shown = call.response.body.decode("utf-8", "replace")
        kind = operation.listing.resource if operation.listing is not None else None
        ours = {
            made.id: text
            for text in reversed(_TEXT.findall(shown))
            if (made := self._made.get(text, (None, ""))[0])
            and kind in {None, self.spec.operations[made.operation].creates}
        }
        spoken = [each for each in ours.values() if each in finding.actual or each in finding.expected]
        odd = [text for number, text in sorted(ours.items()) if self.calls[number].intent.role == "outside"]
        plain = [text for number, text in sorted(ours.items()) if text not in odd]
        return spoken or [*odd[:_ODD], *plain[:_LISTED]]


def _asked(call: Call) -> str:
    target = urllib.parse.unquote(call.request.target)
    return f"{target} {call.request.body.decode('utf-8', 'replace')}"
