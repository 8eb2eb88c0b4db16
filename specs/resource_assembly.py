"""Puts the checked content about resources together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from specs.action import Action, Change, Use
from specs.clause import Source
from specs.operation import Refusal
from specs.promise import Alone, Arrays, Counters, Hold, Idempotency, Items, Showing, Waits
from specs.queue import Dependencies, Queue
from specs.race import Confirmation, Race
from specs.resource import TERMINAL, Attempt, Contents, Resource, Scene

_INFERRED = Source(document="inferred")
Content = Mapping[str, Any]
Promise = TypeVar("Promise", Idempotency, Alone, Counters, Items, Hold, Waits, Arrays)


def source(content: Content | None) -> Source:
    """A source as the specification states it; *inferred* where it states none."""
    if content is None:
        return _INFERRED
    return Source(
        document=content["document"], section=content.get("section", ""), sentences=tuple(content.get("sentences", ()))
    )


def refusal_of(content: Content) -> Refusal:
    """What the documents allow as a refusal."""
    return Refusal(
        names=tuple(content.get("names", ())),
        statuses=tuple(content.get("statuses", (400,))),
        either=content.get("either", False),
    )


def use_of(content: Content | None) -> Use | None:
    """An operation applied to an instance, if there is one."""
    if content is None:
        return None
    return Use(
        operation=content["operation"], parameter=content.get("parameter", ""), arguments=content.get("arguments", {})
    )


def resource_of(name: str, content: Content) -> Resource:
    """A resource and all that is promised of it."""
    create = use_of(content["create"])
    assert create is not None  # noqa: S101 - required by the schema
    scenes = {
        scene: Scene(
            arguments=each.get("arguments", {}), then=tuple(u for u in map(use_of, each.get("then", ())) if u),
            statuses=tuple(each.get("statuses", ())), holds=each.get("holds", False),
        )
        for scene, each in content.get("scenes", {}).items()
    }  # fmt: skip
    return Resource(
        name=name, create=create, id=content["id"], read=use_of(content.get("read")), cancel=use_of(content.get("cancel")),
        delete=use_of(content.get("delete")), list=content.get("list"), status=content.get("status"),
        read_id=content.get("readId"), phases={phase: tuple(s) for phase, s in content.get("phases", {}).items()},
        transitions={state: tuple(s) for state, s in content.get("transitions", {}).items()}, scenes=scenes,
        immutable=tuple(content.get("immutable", ())), created_at=content.get("createdAt"),
        ended_at=content.get("endedAt"), late_refusal=tuple(content.get("lateRefusal", ())),
        observable=tuple(content.get("observable", ())), reuse=content.get("reuse", False),
        attempts={attempt: _attempt(each) for attempt, each in content.get("attempts", {}).items()},
        queue=_queue(content["queue"]) if "queue" in content else None,
        dependencies=_dependencies(content["dependencies"]) if "dependencies" in content else None,
        race=_race(content["race"]) if "race" in content else None,
        actions={each: _action(each, said, content) for each, said in content.get("actions", {}).items()},
        idempotency=_promise(Idempotency, content, "idempotency"), alone=_promise(Alone, content, "alone"),
        counters=_promise(Counters, content, "counters"), items=_promise(Items, content, "items"),
        hold=_promise(Hold, content, "hold"), waits=_promise(Waits, content, "waits"), arrays=_promise(Arrays, content, "arrays"),
        showing=tuple(_showing(each, content) for each in content.get("showing", ())),
        deleted=tuple(use for use in map(use_of, content.get("deleted", ())) if use),
        works=tuple(content.get("works", ())), aliases=content.get("aliases", {}),
        ready=tuple(content.get("ready", ())), deleting=tuple(content.get("deleting", ())),
        contents=_contents(content["contents"]) if "contents" in content else None,
        before_delete=tuple(use for use in map(use_of, content.get("beforeDelete", ())) if use),
    )  # fmt: skip


def _contents(content: Content) -> Contents:
    listed, deleted = use_of(content["list"]), use_of(content["delete"])
    assert listed is not None  # noqa: S101 - required by the schema
    assert deleted is not None  # noqa: S101 - as well
    return Contents(list=listed, items=content["items"], id=content["id"], delete=deleted, parent=content["parent"])


def _attempt(content: Content) -> Attempt:
    return Attempt(
        statement=content["statement"], arguments=content["arguments"], refusal=refusal_of(content.get("refusal", {})),
        refused=content.get("refused", False), done=content.get("done"), source=source(content.get("source")),
    )  # fmt: skip


def _queue(content: Content) -> Queue:
    return Queue(
        parameter=content["parameter"], admit=content["admit"], refuse=content["refuse"],
        admit_text=content.get("admitText"), refuse_text=content.get("refuseText"), capacity=content.get("capacity"),
        running=content.get("running", 1), full=refusal_of(content.get("full", {})), busy=refusal_of(content.get("busy", {})),
        hold=content.get("hold", "running"), step=dict(content.get("step", {})), fails=dict(content.get("fails", {})),
        source=source(content.get("source")),
    )  # fmt: skip


def _dependencies(content: Content) -> Dependencies:
    return Dependencies(
        parameter=content["parameter"], unmet=tuple(content["unmet"]), cascade=tuple(content.get("cascade", ())),
        unknown=refusal_of(content.get("unknown", {})), unqueued=refusal_of(content.get("unqueued", {})),
        source=source(content.get("source")),
    )  # fmt: skip


def _statuses(named: Any, resource: Content) -> tuple[str, ...]:
    """Statuses as they are named: themselves, those of a phase, or those that ``ended`` stands for."""
    phases: Content = resource.get("phases", {})
    found: list[str] = []
    for name in named or ():
        ended = [status for phase in TERMINAL for status in phases.get(phase, ())]
        found += ended if name == "ended" else phases.get(name, [name])
    return tuple(dict.fromkeys(found))


def _action(name: str, content: Content, resource: Content) -> Action:
    use = use_of(content["use"])
    assert use is not None  # noqa: S101 - required by the schema
    sets = content.get("sets")
    return Action(
        name=name, use=use, state=content.get("state"), refusal=content.get("refusal", ""),
        sets=None if sets is None else Change(**{**sets, "values": tuple(sets["values"])}),
        source=source(content.get("source")),
        **{key: _statuses(content.get(key), resource) for key in ("accepts", "refuses", "leads", "instead")},
    )  # fmt: skip


def _showing(content: Content, resource: Content) -> Showing:
    return Showing(
        pointer=content["pointer"], needed=_statuses(content.get("needed"), resource),
        never=_statuses(content.get("never"), resource), source=source(content.get("source")),
    )  # fmt: skip


def _promise(kind: type[Promise], resource: Content, key: str) -> Promise | None:
    """A promise whose members are called as its fields are; lists become tuples."""
    if key not in resource:
        return None
    said = {name: _frozen(value) for name, value in resource[key].items()}
    if "refusal" in said:
        said["refusal"] = refusal_of(resource[key]["refusal"])
    if "source" in said:
        said["source"] = source(resource[key]["source"])
    return kind(**said)


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _frozen(member) for name, member in value.items()}
    return tuple(value) if isinstance(value, list) else value


def _race(content: Content) -> Race:
    confirm, deletes = content.get("confirm"), content.get("deletes")
    return Race(
        distinct=content.get("distinct", {}), one_of=content.get("oneOf", {}), told=content.get("told"),
        confirm=None if confirm is None else Confirmation(**confirm),
        deletes=None if deletes is None else tuple(deletes), source=source(content.get("source")),
    )  # fmt: skip
