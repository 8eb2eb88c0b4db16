"""The scripted portfolio of actions: for each clause about single instances a program that makes its case happen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from specs import Action, Resource, Scene
from strategies.programs import Command, Program, do, start

#: Kinds of clauses about actions.
ACTIONS = ("action-accepted", "action-refused", "action-refusal", "action-effect", "action-absorbed", "action-shown")


def action_programs(resource: Resource) -> Iterator[Program]:
    """The programs of a resource; their aspects are the kinds of clauses they are written for."""
    if resource.is_job:
        yield from _taken(resource)
        yield from _ended(resource)
    else:
        yield from _states(resource)
    if resource.deleted and not resource.actions:
        yield Program(
            name="deleted", aspects=("deleted", "list-fields"),
            commands=(
                start("gone", ""), do("look", "gone"), do("list"), do("look", "gone"), do("delete", "gone"), do("look", "gone"), do("touch", "gone"),
            ),
        )  # fmt: skip
    if resource.idempotency is not None:
        work = next(iter(resource.works), "")
        yield Program(
            name="token", aspects=("token-same", "token-other"),
            commands=(
                start("first", work), there("first", work), Command(verb="again", job="first"), Command(verb="otherwise", job="first"),
            ),
        )  # fmt: skip
    if resource.alone is not None:
        yield Program(
            name="alone", aspects=("one-at-a-time",),
            commands=(
                start("long", _running(resource)), do("until-running", "long"), start("second", next(iter(resource.works), "")),
                do("look", "long"), do("look", "second"), do("look", "long"), do("watch"),
            ),
        )  # fmt: skip


def act(job: str, action: Action, value: int = 0) -> Command:
    """Act on a job."""
    return Command(verb="act", job=job, action=action.name, value=value)


def there(job: str, scene: str) -> Command:
    """Wait until a job is where its scene leads."""
    return Command(verb="until-there", job=job, work=scene)


def _running(resource: Resource) -> str:
    return next((name for name, s in resource.scenes.items() if resource.phase((*s.statuses, "")[0]) == "running"), "")


def _taken(resource: Resource) -> Iterator[Program]:
    """For each action that leads somewhere: a job that takes it, after all that changes it otherwise, and then refuses all."""
    for action in resource.actions.values():
        scene = _accepting(resource, action)
        if not action.leads or scene is None:
            continue
        sets = [each for each in resource.actions.values() if each.sets is not None]
        changes = [act("job", each, n) for each in sets for n in range(len(each.sets.values if each.sets else ()))]
        yield Program(
            name=f"{action.name} taken", aspects=(*ACTIONS, "hold", "held-once", "list-fields"),
            commands=(
                start("job", scene), there("job", scene), *(changes if action is _first(resource) else ()), do("list"), do("look", "job"),
                act("job", action), do("until-ended", "job"), *(act("job", each) for each in resource.actions.values()),
            ),
        )  # fmt: skip


def _first(resource: Resource) -> Action:
    return next(each for each in resource.actions.values() if each.leads)


def _accepting(resource: Resource, action: Action) -> str | None:
    """A scene in which an action is taken: one that holds, else one that passes."""
    fitting = [name for name, scene in resource.scenes.items() if set(scene.statuses) & set(action.accepts)]
    return next((name for name in fitting if resource.scenes[name].holds), next(iter(fitting), None))


def _ended(resource: Resource) -> Iterator[Program]:
    """For each way to end by itself: a job that has ended so, and every action on it."""
    for name, scene in resource.scenes.items():
        if resource.actions and not scene.then and _ends(resource, scene) and not _led_to(resource, scene):
            yield Program(
                name=f"ended {name}", aspects=ACTIONS,
                commands=(
                    start("job", name), do("until-ended", "job"), *(act("job", each) for each in resource.actions.values()),
                ),
            )  # fmt: skip


def _ends(resource: Resource, scene: Scene) -> bool:
    return bool(scene.statuses) and resource.is_terminal(scene.statuses[0])


def _led_to(resource: Resource, scene: Scene) -> bool:
    """Whether the program of an action comes to a scene's end anyway."""
    return resource.phase(scene.statuses[0]) == "succeeded" and any(
        scene.statuses[0] in each.leads for each in resource.actions.values()
    )


def _states(resource: Resource) -> Iterator[Program]:
    """What does not move by itself: every action in each state it can be brought into, until it is deleted."""
    deleting = [each for each in resource.actions.values() if _deletes(resource, each)]
    others = [each for each in resource.actions.values() if not _deletes(resource, each)]
    yield from _at_rest(resource, [*others, *deleting])
    for name, scene in resource.scenes.items() if resource.actions else ():
        if not scene.holds:
            ready = [
                c
                for each in others
                for c in (Command(verb="until-accepts", job="it", action=each.name), act("it", each))
            ]
            yield Program(
                name=f"{name} until deleted", aspects=(*ACTIONS, "deleted", "list-fields"),
                commands=(
                    start("it", name), there("it", name), do("list"), do("look", "it"),
                    *(act("it", each) for each in (*others, *deleting)), *ready,
                    *(c for each in deleting for c in (Command(verb="until-accepts", job="it", action=each.name), act("it", each))),
                    do("look", "it"), do("touch", "it"),
                ),
            )  # fmt: skip
        elif scene.then and not any(each.state or set(scene.statuses) & set(each.accepts) for each in others):
            yield Program(
                name=name, aspects=ACTIONS,
                commands=(start("it", name), there("it", name), *(act("it", each) for each in others)),
            )  # fmt: skip


def _at_rest(resource: Resource, actions: Sequence[Action]) -> Iterator[Program]:
    """Every action where it is taken and nothing moves: what is proven here waits for nothing that a target may take long for."""
    taken = [(each, scene) for each in actions if not each.state and (scene := _accepting(resource, each)) is not None]
    resting = [(each, scene) for each, scene in taken if resource.scenes[scene].holds]
    if resting:
        yield Program(
            name="at rest", aspects=(*ACTIONS, "deleted", "list-fields"),
            commands=(
                *(c for each, scene in resting for c in (start(each.name, scene), there(each.name, scene))),
                do("list"), do("look", resting[0][0].name), *(act(each.name, each) for each, _ in resting),
                *(do("touch", each.name) for each, _ in resting if _deletes(resource, each)),
            ),
        )  # fmt: skip


def _deletes(resource: Resource, action: Action) -> bool:
    return resource.delete is not None and resource.delete.operation == action.use.operation
