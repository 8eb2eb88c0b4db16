"""A history being changed: answers replaced, calls added and taken out, numbered anew at the end."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from conformance.history import Call, Intent
from conformance.view import View
from specs import Response


@dataclass(slots=True)
class Draft:
    """Changes to the history of a view; the view itself stays as it is."""

    view: View
    places: dict[int, list[Call]] = field(default_factory=dict)
    tail: list[Call] = field(default_factory=list)

    def answer(self, call: Call, response: Response | None, *, trouble: str | None = None) -> Draft:
        """Let a call be answered differently."""
        ended = call.ended if response is not None else None
        self.places[call.id] = [replace(call, response=response, trouble=trouble, ended=ended)]
        return self

    def without(self, *calls: Call) -> Draft:
        """Take calls out."""
        for call in calls:
            self.places[call.id] = []
        return self

    def after(self, call: Call, *added: Call) -> Draft:
        """Put calls right behind another one."""
        self.places.setdefault(call.id, [call]).extend(_at(each, call.ended or call.started) for each in added)
        return self

    def append(self, *added: Call) -> Draft:
        """Put calls at the end, one after the other."""
        last = (self.tail or self.view.calls)[-1] if self.tail or self.view.calls else None
        moment = (last.ended or last.started) if last else 0.0
        for call in added:
            moment += 0.001
            self.tail.append(replace(_at(call, moment), ended=moment + 0.0005 if call.ended is not None else None))
        return self

    @property
    def calls(self) -> list[Call]:
        """The changed history; its ids are 1 to n in order."""
        flat = [each for call in self.view.calls for each in self.places.get(call.id, [call])]
        numbered = enumerate([*flat, *self.tail], start=1)
        return [call if call.id == number else replace(call, id=number) for number, call in numbered]


def _at(call: Call, moment: float) -> Call:
    return replace(call, started=moment, ended=moment if call.ended is not None else None)


def again(call: Call, response: Response | None = None, **intent: object) -> Call:
    """A call sent once more, answered as before or differently, its intent changed."""
    changed: Intent = replace(call.intent, **intent)  # type: ignore[arg-type]
    return replace(call, response=response or call.response, intent=changed)
