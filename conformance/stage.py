"""Sets the stage for probes: source data, instances in the states that clauses need, and cleaning up after."""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.adapters.objects import ObjectStore
from conformance.answer import body_of
from conformance.errors import StageError
from conformance.fixture import SIZES, Fixtures
from conformance.guard import READ_ONLY, marks
from conformance.history import Call, Intent
from conformance.instance import Acquaintance, Instance
from conformance.session import Session
from specs import MISSING, MalformedBodyError, Operation, Resource, Use, places, point

#: So many of a kind that were never of use are enough to wait for no more of them.
_HOPELESS = 3
_PLACEHOLDER = re.compile(r"\$\{([^}]+)\}")


@dataclass(slots=True, kw_only=True)
class Stage:
    """What we made on a target, and how placeholders are filled in."""

    session: Session
    store: ObjectStore | None
    run: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    instances: list[Instance] = field(default_factory=list)
    fixtures: Fixtures = field(init=False)
    spoiled: bool = False
    """Whether the target took what it should refuse: what that belongs to may not be as it should any more."""
    _shared: dict[str, Instance] = field(default_factory=dict)
    _unready: dict[str, int] = field(default_factory=dict)
    _absent: set[str] = field(default_factory=set)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _acquaintance: Acquaintance = field(init=False)

    def __post_init__(self) -> None:
        """Nothing is made yet."""
        session = self.session
        self._acquaintance = Acquaintance(session=session)
        self.fixtures = Fixtures(
            session=session, store=self.store, run=self.run, unique=self.unique, filled=self.resolve
        )
        session.guard.run = self.run

    # -- placeholders

    def resolve(self, value: Any) -> Any:
        """The value with every placeholder in it filled in; raises StageError where that cannot be done."""
        if isinstance(value, str):
            return _PLACEHOLDER.sub(lambda found: self._filled(found[1]), value)
        if isinstance(value, Mapping):
            return {key: self.resolve(member) for key, member in value.items()}
        if isinstance(value, list | tuple):
            return [self.resolve(member) for member in value]
        return value

    def _filled(self, name: str) -> str:
        target = self.session.target
        plain = {"account": target.account_id, "region": target.region, "role": target.role, "prefix": target.prefix}
        if name in plain:
            return plain[name]
        if name == "unique":
            return self.unique()
        if name == "bucket":
            return target.s3.bucket if target.s3 else "conformance-has-no-bucket"
        head, _, rest = name.partition(".")
        if head == "object":
            what, _, form = rest.partition(".")
            return self.fixtures.described(what, form)
        if head in self.session.spec.resources:
            if rest in self.session.spec.resources[head].aliases:
                return self.instance(head).called(rest)
            return self.instance(head, rest.replace("#", "1") or None).id
        raise StageError(f"the specification uses an unknown placeholder ${{{name}}}")

    def unique(self) -> str:
        """A text nobody else uses, always of 13 characters."""
        return f"{self.run}{next(self._numbers):05d}"

    def longer(self) -> bool:
        """Make objects of long jobs larger from now on; False when they are as large as they get."""
        return self.fixtures.longer()

    # -- instances

    def instance(self, name: str, scene: str | None = None) -> Instance:
        """An instance of a resource, or one in a scene; ``new`` is one that nothing was done to yet, a number one of several.

        It is the same one until something changes, cancels or deletes it, or it leaves a scene that passes by itself.

        Raises:
            StageError: the target does not let us make one.
        """
        key = f"{name}.{scene}" if scene else name
        shared = self._shared.get(key)
        if shared is not None and not shared.gone and self._still(shared):
            return shared
        resource = self.session.spec.resources[name]
        plain = scene == "new" or (scene is not None and scene.isdigit())
        made = self._there(resource, scene) or self.make(resource, scene=None if plain else scene)
        self._shared[key] = made
        return made

    def in_common(self) -> dict[str, Instance]:
        """What is shared by now, by name and scene."""
        return dict(self._shared)

    def _there(self, resource: Resource, scene: str | None) -> Instance | None:
        """Of a target of which we only read: something that is there already; raises StageError where nothing is."""
        if not self.session.target.read_only:
            return None
        key = f"{resource.name}.{scene}"
        found = self._found(resource) if scene is None and key not in self._absent else None
        if found is None:
            self._absent.add(key)
            raise StageError(
                f"{READ_ONLY}, and no {resource.name}{f' that is {scene}' if scene else ''} is there to look at"
            )
        return found

    def _still(self, shared: Instance) -> bool:
        """Whether an instance is still in its scene, as far as that can pass by itself."""
        described = shared.resource.scenes.get(shared.scene or "")
        if (
            described is None
            or described.holds
            or not described.statuses
            or shared.resource.is_terminal(described.statuses[0])
        ):
            return True
        return self.read(shared)[1] in described.statuses

    def make(self, resource: Resource, *, scene: str | None = None, scenario: str = "stage") -> Instance:
        """Create an instance and bring it into a scene; raises StageError where the target does not let us."""
        for _ in range(SIZES):
            made = self._create(resource, scene, scenario)
            if scene is None or self._enter(made, scene, scenario):
                return made
            held = resource.is_job and resource.phase(resource.scenes[scene].statuses[0]) in {"waiting", "running"}
            if not held or not self.longer():
                break
        raise StageError(
            f"a {resource.name} could not be brought into the state {scene!r}: its last status is {made.status}"
        )

    def _create(self, resource: Resource, scene: str | None, scenario: str) -> Instance:
        operation = self.session.spec.operations[resource.create.operation]
        chosen = resource.scenes[scene].arguments if scene else {}
        for _ in range(2):
            wanted = {**operation.base, **resource.create.arguments, **chosen}
            arguments = self.resolve({name: value for name, value in wanted.items() if value is not None})
            call = self.session.call(operation, arguments, Intent(scenario=scenario, role="create", case=scene or ""))
            made = self.registered(call)
            if made is not None or not self._cleared(resource, operation, arguments):
                break
        if made is None:
            found = self._found(resource) if resource.reuse and scene is None else None
            if found is None:
                said = self.session.answer(call)
                raise StageError(
                    f"{operation.name} was not accepted: {said.described()} {said.message or call.detail}".strip()[:300]
                )
            return found
        made.scene = scene
        self._await_ready(made, scenario)
        return made

    def _await_ready(self, made: Instance, scenario: str) -> None:
        """Wait until an instance can be used; raises StageError where it does not come to that."""
        ready = made.resource.ready
        if not ready:
            return
        # A target that never showed one of them ready is not waited for each time anew.
        hopeless = self._unready.get(made.resource.name, 0) >= _HOPELESS
        reached = self.wait(made, ready, scenario=scenario, seconds=0.0 if hopeless else None) in ready
        self._unready[made.resource.name] = 0 if reached else self._unready.get(made.resource.name, 0) + 1
        if not reached:
            raise StageError(
                f"{made.resource.name} {made.id} does not become {' or '.join(ready)}: it is {made.status}"[:300]
            )

    def _cleared(self, resource: Resource, operation: Operation, arguments: Mapping[str, Any]) -> bool:
        """Let our jobs under the same parent come to their end; whether there were any that may have been in the way."""
        parents = {p.name: arguments.get(p.name) for p in operation.parameters if p.location == "path"}
        busy = [
            each for each in self.instances
            if each.resource is resource and resource.is_job and not each.gone and not resource.is_terminal(each.status)
            and parents and all(each.arguments.get(name) == value for name, value in parents.items())
        ]  # fmt: skip
        for each in busy:
            self.release(each)
            self.wait(each)
        return bool(busy)

    def observe(self, call: Call) -> None:
        """Take note of a call, whoever sent it: what it created, and what it used up."""
        self.registered(call)
        self.consumed(call)
        self._acquaintance.observe(call)

    def registered(self, call: Call) -> Instance | None:
        """Remember what a call created, if it did."""
        operation = self.session.spec.operations.get(call.operation)
        if (
            operation is None
            or operation.creates is None
            or not self.session.answer(call).success
            or call.response is None
        ):
            return None
        resource = self.session.spec.resources[operation.creates]
        try:
            told = body_of(operation, call.response)
        except MalformedBodyError:
            return None
        made = Instance.told(resource, told, call)
        if made is None:
            return None
        known = next((each for each in self.instances if each.id == made.id and each.resource is resource), None)
        if known is not None:
            return known
        for each in (made.id, *made.names.values()):
            self.session.guard.adopt(each)
        self.instances.append(made)
        return made

    def _found(self, resource: Resource) -> Instance | None:
        listing_operation = self.session.spec.operations.get(resource.list or "")
        if listing_operation is None or listing_operation.listing is None:
            return None
        asked = self.resolve(listing_operation.base)
        call = self.session.call(listing_operation, asked, Intent(scenario="stage", role="find"))
        marked = marks(self.session.spec.operations[resource.create.operation])
        for item in self.items(listing_operation, call):
            identifier = point(item, listing_operation.listing.item_id)
            names = [item.get(name) for name in marked] if isinstance(item, Mapping) else []
            stranger = self.session.target.own_only and not any(
                str(each).startswith(self.session.target.prefix) for each in names
            )
            if isinstance(identifier, str) and (self.session.target.read_only or not stranger):
                self.session.guard.lend(identifier)
                return Instance(resource=resource, id=identifier, arguments=asked, gone=False)
        return None

    def items(self, operation: Operation, call: Call) -> list[Any]:
        """The items of a list answer; none where it is no such answer."""
        if operation.listing is None or call.response is None or not self.session.answer(call).success:
            return []
        try:
            found = point(body_of(operation, call.response), operation.listing.items)
        except MalformedBodyError:
            return []
        return found if isinstance(found, list) else []

    def _enter(self, made: Instance, scene: str, scenario: str) -> bool:
        described = made.resource.scenes[scene]
        for use in described.then:
            done = self.session.answer(self.use(made, use, role="stage", scenario=scenario)).success
            if not done and not made.resource.is_job:
                return False
        if not described.statuses:
            return True
        return self.wait(made, described.statuses, scenario=scenario) in described.statuses

    def arguments(self, made: Instance, use: Use) -> dict[str, Any]:
        """The arguments of an operation applied to an instance, siblings taken from its creation where they fit."""
        operation = self.session.spec.operations[use.operation]
        names = {parameter.name for parameter in operation.parameters if parameter.required}
        inherited = {
            name: value
            for name, value in made.arguments.items()
            if name in names and "${" in str(operation.base.get(name))
        }
        wanted = {**operation.base, **use.arguments}
        asked = {name: value for name, value in wanted.items() if name not in inherited and name != use.name}
        return {**self.resolve(asked), **inherited, **use.naming(made.id)}

    def use(self, made: Instance, use: Use, *, role: str, scenario: str, group: int = 0, case: str = "") -> Call:
        """Apply an operation to an instance; to one that is not known yet, a little later again."""
        operation = self.session.spec.operations[use.operation]
        intent = Intent(scenario=scenario, role=role, group=group, case=case)
        arguments = self.arguments(made, use)
        return self._acquaintance.insisted(made, lambda: self.session.call(operation, arguments, intent))

    def read(
        self, made: Instance, *, role: str = "poll", scenario: str = "stage", group: int = 0, case: str = ""
    ) -> tuple[Call, str | None]:
        """Read an instance; the call and the status it shows."""
        assert made.resource.read is not None  # noqa: S101 - jobs can be read
        call = self.use(made, made.resource.read, role=role, scenario=scenario, group=group, case=case)
        status = self.status_in(made.resource, call)
        made.status = status or made.status
        return call, status

    def status_in(self, resource: Resource, call: Call) -> str | None:
        """The status that a read shows; None where it shows none."""
        if call.response is None or resource.status is None or not self.session.answer(call).success:
            return None
        try:
            status = point(body_of(self.session.spec.operations[call.operation], call.response), resource.status)
        except MalformedBodyError:
            return None
        return status if status is not MISSING and isinstance(status, str) else None

    def wait(
        self, made: Instance, statuses: tuple[str, ...] = (), *, scenario: str = "stage", seconds: float | None = None
    ) -> str | None:
        """Poll until one of the statuses, or the end of the job, or the deadline, else ``job_end_max``; the last status seen.

        A job that no read has shown yet is waited for no longer than a list may lag behind.
        """
        timeouts, began = self.session.target.timeouts, self.session.now()
        last: list[str | None] = [None]

        def there() -> bool:
            _, last[0] = self.read(made, scenario=scenario)
            lost = made.status is None and self.session.now() > began + timeouts.list_lag_max
            return lost or last[0] in statuses or made.resource.is_terminal(last[0])

        self.session.pace.until(
            (made.resource.name, made.scene, statuses),
            there,
            seconds=timeouts.job_end_max if seconds is None else seconds,
        )
        return last[0]

    def consumed(self, call: Call) -> None:
        """Forget shared instances that an accepted change, cancel or delete has used up; a fresh one, a create as well."""
        operation = self.session.spec.operations.get(call.operation)
        if (
            operation is None
            or operation.effect == "read"
            or not operation.spends
            or not self.session.answer(call).success
        ):
            return
        used = {value for value in call.intent.arguments.values() if isinstance(value, str)}
        if operation.effect != "create" and (named := places(operation)):
            # What stands before the last place are parents, which stay as they are.
            used = {str(call.intent.arguments.get(named[-1]))}
        for key, shared in list(self._shared.items()):
            if shared.id in used and (operation.effect != "create" or key.endswith(".new")):
                del self._shared[key]
        if operation.effect == "delete":
            for made in self.instances:  # what belongs to something goes with it
                made.gone = made.gone or not used.isdisjoint((made.id, *map(str, made.arguments.values())))

    def withdraw(self, identifiers: Collection[Any]) -> list[Instance]:
        """Share these no more, so that only the caller acts on them, and return them; one that may be the only one stays."""
        keys = [k for k, shared in self._shared.items() if shared.id in identifiers and not shared.resource.reuse]
        return [self._shared.pop(key) for key in keys]

    def forget(self, *, parents: bool = False) -> None:
        """Forget shared jobs, so that the next scenario starts with its own; with ``parents``, what they belong to as well."""
        self._absent.clear()
        self.spoiled = self.spoiled and not parents
        for key, shared in list(self._shared.items()):
            if parents or shared.resource.is_job:
                del self._shared[key]
                described = shared.resource.scenes.get(shared.scene or "")
                if shared.resource.is_job and described is not None and not described.holds:
                    self.release(shared)  # it must not keep the next one waiting

    def release(self, made: Instance) -> None:
        """Let go of an instance that is not needed any more: cancel it if it may still wait or run."""
        if made.resource.cancel is None or made.gone or made.resource.is_terminal(made.status):
            return
        if made.resource.read is not None and made.status is None:
            self.read(made, role="cleanup")  # to a cancel, what has ended may be as unknown as what is too new
        if not made.resource.is_terminal(made.status):
            self.use(made, made.resource.cancel, role="cleanup", scenario="stage")
        made.gone = made.resource.delete is None

    def delete(self, made: Instance, use: Use) -> Call:
        """Delete an instance, after what must be done to it before; where that fails, the delete will tell."""
        for each in made.resource.before_delete:
            done = self.session.answer(self.use(made, each, role="cleanup", scenario="stage")).success
            if done and made.resource.ready and not self._unready.get(made.resource.name):
                self.wait(made, made.resource.ready, seconds=self.session.target.timeouts.list_lag_max)
        return self.use(made, use, role="cleanup", scenario="stage")

    def discard(self, made: Instance) -> None:
        """Let go of an instance for good: delete it if it can be deleted and moves no more by itself, else release it."""
        if made.gone:
            return
        if made.resource.delete is not None and not made.resource.is_job:
            made.gone = self.session.answer(self.delete(made, made.resource.delete)).success
        else:
            self.release(made)
