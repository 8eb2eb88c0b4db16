"""HealthOmics with other answers: names of errors, pages, filters, members, dates."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any, ClassVar

from conformance.emulator.json_document import MalformedJsonError, parse_json
from conformance.emulator.omics.service import OmicsService
from conformance.emulator.refusal import RefusalError
from conformance.emulator.rule import date_from
from conformance.emulator.signature import SignatureFault
from conformance.emulator.variants import shuffle
from conformance.emulator.variants.manner import Busy, Unsteady
from conformance.emulator.variants.registry import declarer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug import Request, Response

    from conformance.emulator.omics.reading import Call
    from conformance.emulator.omics.record import ImportJob, Source
    from conformance.emulator.table import Table

variant = declarer("omics")


@variant("oldest-first", fact="A7: no order of the lists is documented")
class OldestFirst(shuffle.OldestFirst, OmicsService):
    """Lists come oldest first."""


@variant("an-order-of-its-own", fact="A7: no order of the lists is documented")
class OwnOrder(shuffle.OwnOrder, OmicsService):
    """Lists come in an order that is always the same and means nothing."""


@variant("short-pages", fact="A.9: whether a page may be short while there are more is not said")
class ShortPages(OmicsService):
    """A page holds two items less than it may, but one at least."""

    def page_size(self, wanted: int | None) -> int:
        return max(1, super().page_size(wanted) - 2)


@variant("pages-of-twenty", fact="A6: no default of maxResults is documented")
class SmallDefault(OmicsService):
    """Without maxResults, a page holds twenty items."""

    default_page_size = 20


@variant("tokens-know-their-page-size", fact="A16: a token may be tied to filter and maxResults")
class SizedTokens(OmicsService):
    """A token is good only with the page size it was given out for."""

    def token_scope(self, listed: str, wanted: Mapping[str, Any]) -> str:
        return f"{super().token_scope(listed, wanted)} {wanted['maxResults']}"


@variant("tokens-for-any-filter", fact="A16: a token need not be tied to a filter")
class FreeTokens(OmicsService):
    """A token is good with any filter."""

    def token_scope(self, listed: str, wanted: Mapping[str, Any]) -> str:
        return listed


@variant("bad-tokens-are-not-found", fact="A15: a bad token may be answered with 404")
class Tokens404(OmicsService):
    """A token that is not known is something that was not found."""

    def start_of(self, wanted: Mapping[str, Any], scope: str) -> int:
        try:
            return super().start_of(wanted, scope)
        except RefusalError:
            if scope.startswith("stores"):
                raise  # the list of stores has no 404 among its errors
            raise self.not_found("token") from None


@variant("nothing-is-absent", fact="A4: importJobs is optional, so that an absent one means an empty one")
class AbsentList(OmicsService):
    """An empty list of imports is left out."""

    def list_answer(self, name: str, items: list[dict[str, Any]], token: str | None) -> dict[str, Any]:
        answer = super().list_answer(name, items, token)
        if name == "importJobs" and not items:
            del answer[name]
        return answer


@variant("bounds-are-inside", fact="A8: whether the bounds of time belong to the period is not said")
class Inclusive(OmicsService):
    """The bounds createdAfter and createdBefore include their moments."""

    def is_created_within(self, created: float, conditions: Mapping[str, str]) -> bool:
        date = self.clock.date(created)
        after, before = (date_from(conditions.get(name, "")) for name in ("createdAfter", "createdBefore"))
        return (after is None or after <= date) and (before is None or date <= before)


@variant("empty-periods-refused", fact="A9: createdAfter behind createdBefore may be refused")
class EmptyPeriod(OmicsService):
    """A period that ends before it begins is refused."""

    def filter_of(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        conditions = super().filter_of(wanted)
        after, before = (date_from(conditions.get(name, "")) for name in ("createdAfter", "createdBefore"))
        if after is not None and before is not None and after >= before:
            raise self.invalid("createdAfter must be before createdBefore")
        return conditions


@variant("a-body-is-needed", fact="A5: a request without a body may be refused")
class NeedsBody(OmicsService):
    """A list must be asked for with a body, if only an empty object."""

    def read_list(self, call: Call, table: Table) -> dict[str, Any]:
        if not call.body.strip():
            raise self.invalid("The body must be a JSON object")
        return super().read_list(call, table)


@variant("unknown-members-refused", fact="A24: the documents are silent on unknown members and query keys")
class Strict(OmicsService):
    """A member of the body or key of the query that is not documented is refused."""

    MEMBERS: ClassVar[frozenset[str]] = frozenset(
        ("name", "description", "sseConfig", "tags", "clientToken", "filter", "roleArn", "sources")
    )
    FILTER: ClassVar[frozenset[str]] = frozenset(("status", "name", "md5", "createdAfter", "createdBefore"))

    def call_of(self, request: Request, labels: Mapping[str, str]) -> Call:
        call = super().call_of(request, labels)
        strange = set(call.query) - set(self.page_keys)
        if strange:
            raise self.invalid(f"Query keys {sorted(strange)} are not known")
        return call

    def members(self, body: bytes) -> dict[str, Any]:
        members = super().members(body)
        inner = members.get("filter")
        strange = set(members) - self.MEMBERS | (set(inner) - self.FILTER if isinstance(inner, dict) else set())
        if strange:
            raise self.invalid(f"Members {sorted(strange)} are not known")
        return members


@variant("malformed-ids-are-not-found", fact="A10: a malformed store id may be answered with 404")
class MalformedIds404(OmicsService):
    """An id of the wrong form is one that was not found."""

    def checked(self, tree: dict[str, Any], table: Table) -> dict[str, Any]:
        breach = next(table.breaches(tree), None)
        if breach is not None and any(name in str(breach) for name in ("'referenceStoreId'", "'id'")):
            raise self.not_found("resource")
        return super().checked(tree, table)


@variant(
    "serialization-has-a-name",
    fact="A23: wrong types may be a SerializationException, the name of the protocol's framework",
)
class Serialization(OmicsService):
    """A body that is no JSON object is a SerializationException."""

    def members(self, body: bytes) -> dict[str, Any]:
        try:
            content = parse_json(body) if body.strip() else {}
        except MalformedJsonError:
            content = None
        if not isinstance(content, dict):
            raise RefusalError(status=400, name="SerializationException", message="The body is no JSON object")
        return super().members(body)


@variant(
    "errors-named-in-the-body", fact="restJson1: clients also take the name from `__type` in the body, with a namespace"
)
class BodyNames(OmicsService):
    """The name of an error stands in the body and, with a namespace and an address, in the header."""

    def error(self, status: int, name: str, message: str) -> Response:
        response = super().error(status, name, message)
        response.set_data(json.dumps({"__type": f"com.amazonaws.omics#{name}", "message": message}))
        response.headers["x-amzn-errortype"] = f"{name}:http://internal.amazon.com/coral/com.amazon.coral.service/"
        return response


@variant("signatures-fail-with-400", fact="A2: editions of the common errors differ in their statuses")
class Signatures400(OmicsService):
    """Whatever is wrong with a signature, the answer is 400 or 403 by the older edition."""

    signature_refusals: ClassVar[Mapping[SignatureFault, tuple[int, str]]] = {
        SignatureFault.MISSING: (403, "MissingAuthenticationToken"),
        SignatureFault.MALFORMED: (400, "IncompleteSignature"),
        SignatureFault.UNKNOWN_KEY: (403, "InvalidClientTokenId"),
        SignatureFault.WRONG_SCOPE: (400, "AccessDeniedException"),
        SignatureFault.WRONG_SIGNATURE: (400, "AccessDeniedException"),
        SignatureFault.STALE: (400, "RequestExpired"),
    }


@variant("dates-with-an-offset", fact="A.1: dates are ISO 8601; which of its forms is not said")
class Offsets(OmicsService):
    """Dates are written with an offset and microseconds."""

    def date(self, moment: float) -> str:
        return self.clock.date(moment).isoformat(timespec="microseconds")


@variant(
    "no-optional-members", fact="A.5: completionTime, statusMessage and all of a source but its status are optional"
)
class Sparse(OmicsService):
    """Jobs show nothing that they need not."""

    def job_item_members(self, job: ImportJob, now: float) -> dict[str, Any]:
        return self.started_job_members(job, now)

    def status_message(self, job: ImportJob, now: float) -> str | None:
        return None

    def source_members(self, job: ImportJob, source: Source, now: float) -> dict[str, Any]:
        return {"status": self.source_status(job, source, now)}


@variant("deleted-twice", fact="A12: a deletion is idempotent, says the model")
class DeletedTwice(OmicsService):
    """To delete a store that was deleted succeeds again."""

    def delete_store(self, call: Call) -> None:
        gone: set[str] = self.__dict__.setdefault("gone", set())
        if call.labels["id"] not in gone:
            super().delete_store(call)
            gone.add(call.labels["id"])


@variant("one-store", fact="A.8: an account has one reference store", settings={"max_stores": 1})
class OneStore(OmicsService):
    """An account may have one store."""


@variant("busy-with-429", fact="A.2: every operation may answer ThrottlingException, 429")
class Busy429(Busy, OmicsService):
    """One request in forty is put off with 429, at times with the seconds to wait."""

    def not_now(self) -> Response:
        return self.error(429, "ThrottlingException", "Rate exceeded")


@variant("busy-with-400", fact="A1: the common errors give ThrottlingException the status 400")
class Busy400(Busy, OmicsService):
    """One request in forty is put off as throttled, with the status 400."""

    def not_now(self) -> Response:
        return self.error(400, "ThrottlingException", "Rate exceeded")


@variant("unsteady", fact="no document bounds the time of an answer")
class Slowish(Unsteady, OmicsService):
    """Every tenth answer takes up to 150 ms."""


@variant("members-in-any-order", fact="JSON gives the order of members no meaning")
class Shuffled(OmicsService):
    """Members of bodies come in another order each time."""

    def answer(self, members: Mapping[str, Any] | None) -> Response:
        return super().answer(None if members is None else self._shuffled(members))

    def _shuffled(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._shuffled(value[name]) for name in random.sample(list(value), len(value))}
        return [self._shuffled(item) for item in value] if isinstance(value, list) else value
