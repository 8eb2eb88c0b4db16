"""Something made on a target, and that the target may need a while to know it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.answer import tree_of
from conformance.errors import StageError
from conformance.history import Call
from conformance.session import Session
from specs import Resource, point

#: After so many new things that never became known, others are not waited for any more.
_HOPELESS = 3
_ONCE_MORE = 3


@dataclass(slots=True)
class Instance:
    """Something we created: its resource, its id, the arguments that lead to it, and the last status seen.

    ``since`` is when it was made, on the session's clock; ``names`` are its other names.
    """

    resource: Resource
    id: str
    arguments: Mapping[str, Any]
    scene: str | None = None
    status: str | None = None
    gone: bool = False
    since: float = float("-inf")
    names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def told(cls, resource: Resource, answer: Any, call: Call) -> Instance | None:
        """What the body of an answer to a creation tells of; None where it tells no id."""
        identifier = point(answer, resource.id)
        if not isinstance(identifier, str) or not identifier:
            return None
        others = {word: point(answer, pointer) for word, pointer in resource.aliases.items()}
        return cls(
            resource=resource, id=identifier, arguments=call.intent.arguments, since=call.ended or call.started,
            names={word: name for word, name in others.items() if isinstance(name, str)},
        )  # fmt: skip

    def called(self, word: str) -> str:
        """Another name of it; raises StageError where the answer that gave it does not say it."""
        if word not in self.names:
            raise StageError(f"the answer that gave {self.resource.name} {self.id} does not say its {word}")
        return self.names[word]


@dataclass(slots=True, kw_only=True)
class Acquaintance:
    """Asks again about what is too new to be known: no document says that what was made is known at once.

    What never became known is asked for once more when something younger is known, which proves something.
    """

    session: Session
    _known: set[int] = field(default_factory=set)
    _shown: set[str] = field(default_factory=set)
    _lost: int = 0
    _open: list[tuple[Instance, Callable[[], Call]]] = field(default_factory=list)

    def is_unknown(self, made: Instance, call: Call) -> bool:
        """Whether an answer says that there is no such thing."""
        answer = self.session.answer(call)
        if answer.success and made.resource.read is not None and made.resource.read.operation == call.operation:
            return made.resource.is_absent(tree_of(self.session.spec.operations[call.operation], call.response))
        return answer.refused and (answer.status == 404 or answer.name in self.session.spec.errors.missing_names)

    def observe(self, call: Call) -> None:
        """Take note of a read that shows a thing, whoever sent it."""
        for resource in self.session.spec.resources.values():
            read = resource.read
            if read is None or read.operation != call.operation or not self.session.answer(call).success:
                continue
            shown = read.named(call.intent.arguments)
            if shown and not resource.is_absent(tree_of(self.session.spec.operations[call.operation], call.response)):
                self._shown.add(shown)

    def insisted(self, made: Instance, send: Callable[[], Call]) -> Call:
        """Send; again while the thing is new and was never known, for as long as a list may lag behind; the last call."""
        call = send()
        if id(made) in self._known:
            return call
        if self.is_unknown(made, call) and made.id not in self._shown:
            return self._again(made, send, call)
        if call.response is not None:
            self._met(made)
        return call

    def _again(self, made: Instance, send: Callable[[], Call], call: Call) -> Call:
        left = made.since + self.session.target.timeouts.list_lag_max - self.session.now()
        if left <= 0 or self._lost >= _HOPELESS:
            return call
        calls = [call]

        def known() -> bool:
            calls.append(send())
            return not self.is_unknown(made, calls[-1])

        if self.session.pace.until((made.resource.name, "known"), known, seconds=left):
            self._met(made)
        else:
            self._lost += 1
            self._open.append((made, send))
        return calls[-1]

    def _met(self, made: Instance) -> None:
        self._known.add(id(made))
        self._lost = 0
        older = [each for each in self._open if each[0].resource is made.resource and each[0].since < made.since]
        self._open = [each for each in self._open if each not in older]
        for _, send in older:
            for _ in range(_ONCE_MORE):
                send()
