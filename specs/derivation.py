"""Derives the clauses of an operation from its structured specification."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from specs.attempt_clauses import attempt_clauses
from specs.clause import Basis, Clause, Family, Level, Source
from specs.constraint import constraints
from specs.experiment import Laboratory
from specs.experiment_clauses import experiment_clauses
from specs.lifecycle_clauses import lifecycle_clauses
from specs.listing import Listing
from specs.operation import Operation
from specs.queue_clauses import queue_clauses
from specs.race_clauses import race_clauses
from specs.resource import Resource
from specs.spec import Auth, Errors

_BODY_KINDS = {
    "malformed": "A body that is not well-formed is refused.",
    "wrong-root": "A body that is well-formed but of another kind altogether is refused.",
}
_AUTH_WAYS = {
    "unsigned": "a request without a signature",
    "unknown-key": "a request signed with an access key nobody has",
    "wrong-signature": "a request signed with another secret",
    "stale": "a request signed outside the documented clock tolerance",
    "tampered-query": "a request whose query was changed after signing",
    "tampered-body": "a request whose body was changed after signing",
}


def clause(
    operation: Operation,
    api: str,
    place: str,
    *,
    family: Family,
    kind: str,
    statement: str,
    source: Source,
    data: Mapping[str, Any] | None = None,
    level: Level = Level.MUST,
    basis: Basis = Basis.STATED,
) -> Clause:
    """A clause of an operation; ``place`` is ``subject/aspect``."""
    return Clause(
        id=f"{api}.{operation.name}/{place}", operation=operation.name, family=family, kind=kind, level=level,
        basis=basis, statement=statement, source=source, data=data or {},
    )  # fmt: skip


def derive(
    operation: Operation,
    api: str,
    *,
    errors: Errors,
    auth: Auth,
    resources: Mapping[str, Resource],
    laboratory: Laboratory | None = None,
) -> Iterator[Clause]:
    """All clauses that follow from the structure, before the specification's own words are laid over them."""
    if operation.housekeeping:
        return
    yield from _parameters(operation, api)
    yield from _refusals(operation, api, errors)
    yield from _response(operation, api)
    if operation.listing is not None:
        yield from _listing(operation, api)
    yield from attempt_clauses(operation, api, resources)
    yield from lifecycle_clauses(operation, api, resources)
    yield from queue_clauses(operation, api, resources)
    yield from experiment_clauses(operation, api, laboratory)
    yield from race_clauses(operation, api, resources)
    yield from _auth(operation, api, auth)
    yield from _robustness(operation, api)


def _parameters(operation: Operation, api: str) -> Iterator[Clause]:
    yield clause(
        operation, api, "request/valid", family=Family.PARAMETER_RANGE, kind="valid-request", basis=Basis.INFERRED,
        statement="A request that keeps to every constraint is accepted, whichever optional parameters it holds.",
        source=operation.parameters[0].source if operation.parameters else Source(document="inferred"),
    )  # fmt: skip
    for each in operation.equal:
        yield clause(
            operation, api, each.place, family=Family.PARAMETER_RANGE, kind="equivalence", statement=each.statement,
            source=each.source, data={"aspect": "equal"},
        )  # fmt: skip
    if operation.exactly_one_of:
        yield clause(
            operation, api, "request/exactly-one-of", family=Family.PARAMETER_RANGE, kind="constraint",
            statement=f"A request holds exactly one of {', '.join(operation.exactly_one_of)}.",
            source=operation.parameter(operation.exactly_one_of[0]).source,
            data={"field": "request", "aspect": "exactly-one-of", "violation": "combination"},
        )  # fmt: skip
    for field in operation.fields():
        for constraint in constraints(field, text=operation.body_root is not None):
            yield clause(
                operation, api, f"{field.name}/{constraint.aspect}", family=Family.PARAMETER_RANGE, kind="constraint",
                statement=constraint.statement, source=field.source,
                data={"field": field.name, "aspect": constraint.aspect, "violation": constraint.violation},
            )  # fmt: skip
        if "default" in field.schema:
            value = field.schema["default"]
            yield clause(
                operation, api, f"{field.name}/default", family=Family.PARAMETER_RANGE, kind="equivalence",
                statement=f"Leaving out `{field.name}` means the same as sending {value}.", source=field.source,
                data={"field": field.name, "aspect": "default"},
            )  # fmt: skip
        if "booleanText" in field.schema:
            texts = " and ".join(field.schema["booleanText"])
            yield clause(
                operation, api, f"{field.name}/encoding", family=Family.PARAMETER_RANGE, kind="equivalence",
                statement=f"`{field.name}` means the same as a boolean and as the text {texts}.", source=field.source,
                data={"field": field.name, "aspect": "encoding"},
            )  # fmt: skip


def _refusals(operation: Operation, api: str, errors: Errors) -> Iterator[Clause]:
    def row(place: str, kind: str, statement: str, data: Mapping[str, Any] | None = None) -> Clause:
        return clause(
            operation,
            api,
            place,
            family=Family.ERROR_MAPPING,
            kind=kind,
            statement=statement,
            source=errors.source,
            data=data,
        )

    violations = {
        c.violation for field in operation.fields() for c in constraints(field, text=operation.body_root is not None)
    }
    for violation in sorted(violations | ({"combination"} if operation.exactly_one_of else set())):
        yield row(
            f"refusal/{violation}",
            "violation-error",
            f"A refusal because of a violation of kind `{violation}` carries a documented name and status.",
            {"violation": violation},
        )
    if operation.media_sent is not None:
        for body, statement in _BODY_KINDS.items():
            yield row(f"body/{body}", "body-error", statement, {"violation": f"body-{body}"})
    for field in operation.fields():
        if "absent" in field.schema:
            yield row(
                f"{field.name}/unknown",
                "unknown-id",
                f"A well-formed `{field.name}` that names nothing is refused as not found.",
                {"field": field.name, "violation": f"unknown-{field.schema.get('refers', 'id')}"},
            )
    if not errors.open_names:
        yield row("refusal/names", "error-name", "Every refusal carries a name from the documented list.")
        yield row("refusal/statuses", "error-status", "Every error name is answered with the status documented for it.")
    yield row(
        "refusal/envelope", "error-envelope", f"Every refusal has a complete error body: {', '.join(errors.required)}."
    )
    if operation.effect == "create" or (
        operation.effect != "read" and any(p.location != "path" for p in operation.parameters)
    ):
        yield row("refusal/no-effect", "no-effect", "A refused request changes nothing.")


def _response(operation: Operation, api: str) -> Iterator[Clause]:
    spec = operation.response

    def row(place: str, kind: str, statement: str, data: Mapping[str, Any] | None = None) -> Clause:
        return clause(
            operation,
            api,
            place,
            family=Family.RESPONSE_SHAPE,
            kind=kind,
            statement=statement,
            source=spec.source,
            data=data,
        )

    statuses = " or ".join(map(str, spec.statuses))
    yield row("response/status", "success-status", f"Success is answered with HTTP {statuses}.")
    if spec.media != "none":
        yield row("response/media-type", "media-type", f"A successful answer is {spec.media.upper()} and says so.")
        yield row(
            "response/body", "body-shape", "The body of a successful answer is well-formed and of the documented kind."
        )
    for path, schema, required in members(spec.schema):
        need = "is always there" if required else "may be left out"
        yield row(
            f"response.{dotted(path)}/member",
            "member",
            f"`{dotted(path)}` {need} and keeps to its type and limits.",
            {"path": list(path), "schema": shallow(schema), "required": required},
        )


def members(
    schema: Mapping[str, Any], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any], bool]]:
    """Path, schema and required flag of every member of a response schema; ``[]`` stands for the items of an array."""
    needed = schema.get("required", ())
    for name, member in schema.get("properties", {}).items():
        yield (*path, name), member, name in needed
        yield from members(member, (*path, name))
    if "items" in schema:
        if "properties" not in schema["items"]:
            yield (*path, "[]"), schema["items"], False
        yield from members(schema["items"], (*path, "[]"))


def shallow(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema without what it says of nested members, which have clauses of their own."""
    return {key: value for key, value in schema.items() if key not in {"properties", "required", "items"}}


def dotted(path: tuple[str, ...]) -> str:
    """A member path as text: ``payload.loadIds[]``."""
    return ".".join(path).replace(".[]", "[]")


def _listing(operation: Operation, api: str) -> Iterator[Clause]:
    listing = operation.listing
    assert listing is not None  # noqa: S101 - narrowed by the caller

    def row(place: str, kind: str, statement: str, **data: Any) -> Clause:
        return clause(
            operation,
            api,
            place,
            family=Family.LIST_SEMANTICS,
            kind=kind,
            statement=statement,
            source=operation.response.source,
            data=data,
        )

    yield row("items/unique", "unique-items", "No item stands twice in one answer.")
    yield row("items/listed", "listed", "A job of ours that has not ended is in the whole list.")
    yield from _pages(listing, row)
    if listing.count is not None:
        meaning = " or ".join(
            {"returned": "the number of items in the answer", "total": "the number of all items"}[r]
            for r in listing.count.readings
        )
        yield row("count/meaning", "count", f"The count is {meaning}, with one meaning throughout.")
    for parameter in listing.echo or {}:
        yield row(f"{parameter}/echo", "echo", f"The answer repeats the `{parameter}` in force.", parameter=parameter)
    yield from _filters(listing, row)
    yield from _listing_extras(operation, row)


def _pages(listing: Listing, row: Any) -> Iterator[Clause]:
    if listing.limit is not None:
        yield row(
            f"{listing.limit.parameter}/bounds-page",
            "page-bound",
            f"A page never holds more items than `{listing.limit.parameter}` asks for.",
        )
        if listing.limit.fills:
            yield row(
                f"{listing.limit.parameter}/fills-page",
                "page-fill",
                f"A page holds as many items as `{listing.limit.parameter}` asks for when there are that many.",
            )
    if listing.token is not None:
        name = listing.token.parameter
        yield row(f"{name}/walk", "page-walk", f"Following `{name}` to the end gives every item once.")
        yield row(
            f"{name}/last-page",
            "last-page",
            "The last page carries no token, and a page with more to come carries one.",
        )
        if listing.token.garbage:
            yield row(
                f"{name}/garbage",
                "garbage-token",
                f"A `{name}` that was never issued is refused.",
                violation="unknown-token",
            )
    if listing.page is not None:
        yield row(
            f"{listing.page.parameter}/walk",
            "page-walk",
            f"Going through `{listing.page.parameter}` gives every item once.",
        )


def _filters(listing: Listing, row: Any) -> Iterator[Clause]:
    for each in listing.filters:
        yield row(
            f"{each.parameter}/filter-sound",
            "filter-sound",
            f"With `{each.parameter}`, only items that match are listed.",
            parameter=each.parameter,
        )
        if each.complete:
            yield row(
                f"{each.parameter}/filter-complete",
                "filter-complete",
                f"With `{each.parameter}`, every item that matches is listed.",
                parameter=each.parameter,
            )
    if len(listing.filters) > 1 and listing.combined:
        yield row("filters/combined", "filter-combined", "Several filters together list what matches all of them.")


def _listing_extras(operation: Operation, row: Any) -> Iterator[Clause]:
    listing = operation.listing
    assert listing is not None  # noqa: S101 - narrowed by the caller
    if listing.hide is not None:
        yield row(
            f"{listing.hide.parameter}/hides",
            "hide",
            f"`{listing.hide.parameter}` = {listing.hide.value} hides the jobs that are {' or '.join(listing.hide.phases)}, and no others.",
        )
    if listing.scope is not None:
        yield row(
            f"{listing.scope.parameter}/scope",
            "scope",
            f"Only items of the `{listing.scope.parameter}` asked for are listed.",
        )
    if listing.order is not None:
        yield row(
            "items/order",
            "order",
            f"Jobs that are {' or '.join(listing.order.phases)} come first, the newest before the older.",
        )
    if listing.retention is not None:
        yield row(
            "items/retention", "retention", f"No job is listed that ended more than {listing.retention.days} days ago."
        )


def _auth(operation: Operation, api: str, auth: Auth) -> Iterator[Clause]:
    if auth.scheme == "none":
        return
    for way, words in _AUTH_WAYS.items():
        if way == "tampered-body" and not (auth.body_signed and operation.media_sent):
            continue
        yield clause(
            operation, api, f"auth/{way}", family=Family.AUTH, kind="auth", basis=Basis.INFERRED,
            statement=f"Where requests must be signed, {words} is refused.", source=auth.source, data={"way": way},
        )  # fmt: skip


def _robustness(operation: Operation, api: str) -> Iterator[Clause]:
    for place, kind, statement in (
        ("input/no-server-error", "no-server-error", "No input makes the service answer that it has failed itself."),
        ("input/answered", "answered", "Every request is answered with well-formed HTTP before the connection ends."),
    ):
        yield clause(
            operation, api, place, family=Family.ROBUSTNESS, kind=kind, basis=Basis.INFERRED, statement=statement,
            source=Source(document="inferred"),
        )  # fmt: skip
