"""Puts the checked content of specification files together into a Spec."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping
from typing import Any

from specs.clause import CLAUSE_ID, Basis, Clause, Level
from specs.constraint import VIOLATIONS
from specs.derivation import derive
from specs.errors import SpecError
from specs.experiment_assembly import laboratory
from specs.listing import Count, Filter, Hide, Limit, Listing, Order, Page, Retention, Scope, Token
from specs.operation import Equal, Operation, Refusal, ResponseSpec
from specs.parameter import Parameter
from specs.resource_assembly import refusal_of, resource_of, source
from specs.spec import Auth, DataObject, Document, Envelope, Errors, Spec

Content = Mapping[str, Any]

#: What every AWS service says of a session token that has expired, in the generations of its page of common errors.
_EXPIRED = ("ExpiredToken", "ExpiredTokenException")


def assemble(
    api: Content,
    operations: list[Content] | list[dict[str, Any]],
    *,
    edition: str | None,
    editions: tuple[str, ...],
    experiments: Content | None = None,
) -> Spec:
    """The specification made of an API's content and the contents of its operations; raises SpecError."""
    errors, auth = _errors(api["errors"]), _auth(api["auth"])
    resources = {name: resource_of(name, content) for name, content in api["resources"].items()}
    common = {kind: refusal_of(content) for kind, content in api.get("refusals", {}).items()}
    creating = {name: each.create.operation for name, each in resources.items()}
    trials = (
        None if experiments is None else laboratory(experiments, creating, {each["operation"] for each in operations})
    )
    built = {}
    for content in operations:
        operation = _operation(content, common, media=api["media"])
        clauses = list(derive(operation, api["api"], errors=errors, auth=auth, resources=resources, laboratory=trials))
        clauses = overlay(
            clauses, content.get("clauses", {}), file=content["file"], api=api["api"], operation=operation
        )
        built[operation.name] = dataclasses.replace(operation, clauses=tuple(clauses))
    spec = Spec(
        api=api["api"], title=api["title"], edition=edition, editions=editions, media=api["media"],
        documents=tuple(_document(each) for each in api["documents"]), errors=errors, auth=auth, operations=built,
        resources=resources, objects={name: DataObject(**each) for name, each in api.get("objects", {}).items()},
        headers=api.get("headers", {}), readings=api.get("readings", {}), scopes=tuple(api.get("scopes", ())),
        laboratory=trials, nulls_absent=api.get("nulls") == "absent",
    )  # fmt: skip
    check_references(spec, api["file"])
    return spec


def overlay(clauses: list[Clause], words: Content, *, file: str, api: str, operation: Operation) -> list[Clause]:
    """Lay the specification's own words over derived clauses; raises SpecError for words about no clause."""
    prefix = f"{api}.{operation.name}/"
    for identifier, number in Counter(each.id for each in clauses).items():
        if number > 1:
            raise SpecError(
                file,
                "/request/parameters",
                f"two clauses have the id {identifier}; a parameter bears the name of a reserved subject",
            )
    known = {each.id.removeprefix(prefix) for each in clauses}
    for place in words:
        if place not in known:
            near = (
                ", ".join(sorted(k for k in known if k.split("/")[0] == place.split("/")[0])[:6])
                or "no clause of that subject"
            )
            raise SpecError(
                file, f"/clauses/{place}", f"there is no such clause to say something about; near it: {near}"
            )
    result = []
    for each in clauses:
        if not CLAUSE_ID.fullmatch(each.id):
            raise SpecError(file, "", f"expected a clause id in words but got id={each.id!r}")
        result.append(_worded(each, words.get(each.id.removeprefix(prefix), {})))
    return result


def _worded(derived: Clause, said: Content) -> Clause:
    undecided = {side: said[side] for side in ("accept", "refuse", "reason") if side in said}
    return dataclasses.replace(
        derived,
        level=Level(said.get("level", derived.level)),
        basis=Basis(said.get("basis", derived.basis)),
        statement=said.get("statement", derived.statement),
        source=source(said["source"]) if "source" in said else derived.source,
        not_tested=said.get("notTested", derived.not_tested),
        data={**derived.data, **undecided},
    )


def _document(content: Content) -> Document:
    exclusions = {key: reason for reason, keys in content.get("exclusions", {}).items() for key in keys}
    return Document(id=content["id"], title=content["title"], sha256=content["sha256"], exclusions=exclusions)


def _errors(content: Content) -> Errors:
    envelopes = tuple(
        Envelope(
            id=e["id"], code=tuple(e["code"]), message=tuple(e["message"]), request_id=tuple(e.get("requestId", ()))
        )
        for e in content["envelopes"]
    )
    return Errors(
        table={name: tuple(statuses) for name, statuses in content["table"].items()},
        common=tuple(content.get("common", ())), suffix=content.get("suffix", ""),
        open_names=content.get("openNames", False), envelopes=envelopes,
        required=tuple(content.get("required", ("code", "message"))),
        throttled_names=tuple(content.get("throttledNames", ())),
        throttled_statuses=tuple(content.get("throttledStatuses", (429, 503))),
        missing_names=tuple(content.get("missingNames", ())), source=source(content.get("source")),
    )  # fmt: skip


def _auth(content: Content) -> Auth:
    return Auth(
        scheme=content["scheme"], service=content.get("service", ""), statuses=tuple(content.get("statuses", (401, 403))),
        names=tuple(content.get("names", ())), stale_seconds=content.get("staleSeconds", 900),
        body_signed=content.get("bodySigned", True),
        expired_names=tuple(content.get("expiredNames", _EXPIRED if content["scheme"] == "sigv4" else ())), source=source(content.get("source")),
    )  # fmt: skip


def _operation(content: Content, common: Mapping[str, Refusal], *, media: Any) -> Operation:
    request, response = content["request"], content["response"]
    body = request.get("body", {})
    origin = source(content.get("source"))
    parameters = tuple(
        Parameter(
            name=name, location=each["in"], required=each.get("required", each["in"] == "path"), schema=each["schema"],
            source=source(each["source"]) if "source" in each else origin,
        )
        for name, each in request.get("parameters", {}).items()
    )  # fmt: skip
    return Operation(
        name=content["operation"], neighbour=content.get("neighbour", False),
        housekeeping=content.get("housekeeping", False), effect=content["effect"],
        spends=content.get("spends", True),
        summary=content["summary"], method=request["method"], path=request["path"], parameters=parameters,
        base=request.get("base", {}), errors=tuple(content["errors"]), creates=content.get("creates"),
        exactly_one_of=tuple(request.get("exactlyOneOf", ())),
        equal=tuple(
            Equal(
                place=place, statement=each["statement"], first=each.get("first", {}), second=each.get("second", {}),
                source=source(each["source"]) if "source" in each else origin,
            )
            for place, each in content.get("equal", {}).items()
        ),
        refusals={**common, **{kind: refusal_of(each) for kind, each in content.get("refusals", {}).items()}},
        body_root=body.get("root"), body_namespace=body.get("namespace"), body_required=body.get("required", False),
        response=ResponseSpec(
            statuses=tuple(response.get("statuses", (200,))), media=response.get("media", media),
            schema=response.get("schema", {}), root=response.get("root"),
            body_optional=response.get("bodyOptional", False),
            source=source(response["source"]) if "source" in response else origin,
        ),
        listing=_listing(content["listing"]) if "listing" in content else None,
    )  # fmt: skip


def _listing(content: Content) -> Listing:
    def part(key: str, kind: type[Any]) -> Any:
        return kind(**content[key]) if key in content else None

    filters = tuple(_filter(each) for each in content.get("filters", ()))
    token = dict(content["token"]) if "token" in content else None
    if token is not None:
        token["garbage"] = tuple(token.get("garbage", ()))
    return Listing(
        resource=content["resource"], items=content["items"], item_id=content["itemId"], status=content.get("status"),
        limit=part("limit", Limit), token=Token(**token) if token else None, page=part("page", Page),
        count=Count(pointer=content["count"]["pointer"], readings=tuple(content["count"]["readings"])) if "count" in content else None,
        echo=content.get("echo"), filters=filters, scope=part("scope", Scope), retention=part("retention", Retention),
        hide=Hide(**{**content["hide"], "phases": tuple(content["hide"]["phases"])}) if "hide" in content else None,
        order=Order(phases=tuple(content["order"]["phases"])) if "order" in content else None,
        agrees=content.get("agrees", {}), whole=content.get("whole", {}), combined=content.get("combined", True),
    )  # fmt: skip


def _filter(content: Content) -> Filter:
    readings = content["match"] if isinstance(content["match"], list) else [content["match"]]
    said = {**content, "match": readings[0], "others": tuple(readings[1:]), "values": tuple(content.get("values", ()))}
    return Filter(**{**said, "unless": tuple(content.get("unless", ()))})


def check_references(spec: Spec, file: str) -> None:
    """Names used in one place must exist in another; raises SpecError."""
    for resource in spec.resources.values():
        acts = [action.use for action in resource.actions.values()]
        uses = (resource.create, resource.read, resource.cancel, resource.delete, *resource.before_delete)
        inside = () if resource.contents is None else (resource.contents.list, resource.contents.delete)
        for use in (*uses, *acts, *resource.deleted, *inside):
            if use is not None and use.operation not in spec.operations:
                raise SpecError(
                    file,
                    f"/resources/{resource.name}",
                    f"no operation is named operation={use.operation!r}; known: {', '.join(spec.operations)}",
                )
    for operation in spec.operations.values():
        where = f"{spec.api}/{operation.name}.yaml"
        if operation.listing is not None and operation.listing.resource not in spec.resources:
            raise SpecError(
                where,
                "/listing/resource",
                f"no resource is named resource={operation.listing.resource!r}; known: {', '.join(spec.resources)}",
            )
        for name in (*operation.errors, *(n for refusal in operation.refusals.values() for n in refusal.names)):
            if not spec.errors.open_names and spec.errors.statuses(name) is None:
                raise SpecError(
                    where, "/errors", f"error name={name!r} has no status in api.yaml; add it to /errors/table"
                )
        for place, names in (("base", operation.base), ("exactlyOneOf", operation.exactly_one_of)):
            for name in names:
                if name not in {parameter.name for parameter in operation.parameters}:
                    raise SpecError(where, f"/request/{place}/{name}", f"no parameter is named name={name!r}")
        for kind in operation.refusals:
            base = kind.rpartition(":")[2]
            if base not in {
                *VIOLATIONS.values(),
                "body-malformed",
                "body-wrong-root",
                "unknown-token",
            } and not base.startswith(("unknown-", "state-")):
                raise SpecError(where, f"/refusals/{kind}", f"no violation is of kind={base!r}")
