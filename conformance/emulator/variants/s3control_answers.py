"""S3 Control with other answers: envelopes, names of errors, spellings of lists, pages, forms of XML."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING
from xml.dom import minidom

from conformance.emulator.refusal import RefusalError
from conformance.emulator.s3control.document import document, element, leaf
from conformance.emulator.s3control.service import S3ControlService
from conformance.emulator.variants import shuffle
from conformance.emulator.variants.manner import Busy, Unsteady
from conformance.emulator.variants.registry import declarer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug import Response

    from conformance.emulator.s3control.job import Job

variant = declarer("s3control")


@variant("flat-errors", fact="S6: the user guide's error is flat")
class Flat(S3ControlService):
    """Errors are a flat element Error."""

    def error(self, status: int, name: str, message: str) -> Response:
        request_id, host_id = self.request_id(), self.host_id()
        content = leaf("Code", name) + leaf("Message", message) + leaf("Resource", "/v20180820/jobs")
        root = element("Error", content + leaf("RequestId", request_id))
        return self._response(status, root, request_id=request_id, host_id=host_id)


@variant("names-without-exception", fact="S5: codes are spelt with and without the word Exception")
class ShortNames(S3ControlService):
    """Codes of errors lack the word Exception."""

    def error(self, status: int, name: str, message: str) -> Response:
        return super().error(status, name.removesuffix("Exception"), message)


@variant("no-such-job", fact="S3: the service's own guide calls an unknown job NoSuchJob; 404 is usual")
class NoSuchJob(S3ControlService):
    """A job that is not known is NoSuchJob, with the status 404."""

    def not_found(self) -> RefusalError:
        return RefusalError(status=404, name="NoSuchJob", message="No such job")


@variant("not-found-404", fact="S3: NotFoundException is documented with 400, and usually has 404")
class NotFound404(S3ControlService):
    """A job that is not known has the status 404."""

    def not_found(self) -> RefusalError:
        return RefusalError(status=404, name="NotFoundException", message="No such job")


@variant("lists-of-members", fact="S2: the model spells items of a list member")
class Members(S3ControlService):
    """The items of a list are elements called member."""

    def list_descriptor(self, job: Job, now: float) -> str:
        text = super().list_descriptor(job, now)
        return f"<member>{text.removeprefix('<JobListDescriptor>').removesuffix('</JobListDescriptor>')}</member>"


@variant("oldest-first", fact="S9: no order of the list is documented")
class OldestFirst(shuffle.OldestFirst, S3ControlService):
    """The list comes oldest first."""


@variant("an-order-of-its-own", fact="S9: no order of the list is documented")
class OwnOrder(shuffle.OwnOrder, S3ControlService):
    """The list comes in an order that is always the same and means nothing."""


@variant("short-pages", fact="maxResults is the most that a page may hold; nothing says that it is filled")
class ShortPages(S3ControlService):
    """A page holds two jobs less than it may, but one at least."""

    def page_size(self, wanted: int | None) -> int:
        size = super().page_size(wanted)
        return size if size == 0 else max(1, size - 2)


@variant("zero-is-the-default", fact="S8: what a maxResults of 0 means is not said")
class ZeroDefault(S3ControlService):
    """A page size of 0 is none at all."""

    def page_size(self, wanted: int | None) -> int:
        return super().page_size(wanted or None)


@variant("pages-of-ten", fact="S8: no default page size is documented")
class SmallDefault(S3ControlService):
    """Without maxResults, a page holds ten jobs."""

    default_page_size = 10


@variant("tokens-for-any-filter", fact="S9: a token need not be tied to a filter")
class FreeTokens(S3ControlService):
    """A token is good with any filter."""

    def token_scope(self, account: str, statuses: Sequence[str] | None) -> str:
        return account


@variant("bad-tokens-are-bad-requests", fact="a token against the pattern may be an InvalidRequestException")
class TokenNames(S3ControlService):
    """A token that cannot be one of the service's is an invalid request."""

    def start_of(self, token: str | None, scope: str) -> int:
        if token is not None and len(token) != 32:
            raise self.invalid("ListJobs", "The token is malformed")
        return super().start_of(token, scope)


@variant("strange-accounts-are-denied", fact="a bad account header may be answered with 403")
class Denied(S3ControlService):
    """Whatever is wrong with the account, access to it is denied."""

    def check_account(self, operation: str, account: str) -> None:
        try:
            super().check_account(operation, account)
        except RefusalError:
            raise RefusalError(status=403, name="AccessDenied", message="Access Denied") from None


class _Written(S3ControlService, ABC):
    @abstractmethod
    def written(self, root: str) -> str: ...

    def _response(self, status: int, root: str, *, request_id: str, host_id: str) -> Response:
        response = super()._response(status, root, request_id=request_id, host_id=host_id)
        response.set_data(self.written(root))
        return response


@variant("xml-over-lines", fact="XML lets elements stand on lines of their own where no text is due")
class Indented(_Written):
    """Answers are indented, and their declaration has no encoding."""

    def written(self, root: str) -> str:
        return minidom.parseString(root).toprettyxml(indent="  ")  # noqa: S318 - our own answer


@variant("xml-with-a-namespace", fact="the documents show answers with and without the namespace of the API")
class Namespaced(_Written):
    """Elements are in the namespace of the API."""

    def written(self, root: str) -> str:
        name, _, rest = root.removeprefix("<").partition(">")
        return document(f'<{name} xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/">{rest}')


@variant("xml-with-prefixes", fact="XML gives the prefix of a namespace no meaning")
class Prefixed(_Written):
    """Elements have a prefix for the namespace of the API, and answers no declaration."""

    def written(self, root: str) -> str:
        name, _, rest = (
            root.replace("</", "\0").replace("<", "<c:").replace("\0", "</c:").removeprefix("<").partition(">")
        )
        return f'<{name} xmlns:c="http://awss3control.amazonaws.com/doc/2018-08-20/">{rest}'


@variant("busy-with-slow-down", fact="S4: the service says SlowDown, 503")
class SlowDown(Busy, S3ControlService):
    """One request in forty is put off with 503, at times with the seconds to wait."""

    def not_now(self) -> Response:
        return self.error(503, "SlowDown", "Please reduce your request rate")


@variant("busy-with-400", fact="S4: TooManyRequestsException has the status 400")
class Busy400(Busy, S3ControlService):
    """One request in forty is put off as too many, with the status 400."""

    def not_now(self) -> Response:
        return self.error(400, "TooManyRequestsException", "Too many requests")


@variant("busy-with-429", fact="S4: too many requests usually have the status 429")
class Busy429(Busy, S3ControlService):
    """One request in forty is put off as too many, with the status 429."""

    def not_now(self) -> Response:
        return self.error(429, "TooManyRequestsException", "Too many requests")


@variant("unsteady", fact="no document bounds the time of an answer")
class Slowish(Unsteady, S3ControlService):
    """Every tenth answer takes up to 150 ms."""
