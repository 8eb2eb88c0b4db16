"""The parameters of StartLoaderJob, read and checked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.emulator.json_document import MalformedJsonError, parse_json
from conformance.emulator.neptune.error import NeptuneError
from conformance.emulator.neptune.parameter import ParameterReader
from conformance.emulator.neptune.source import SourceUri

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMATS = ("csv", "opencypher", "ntriples", "nquads", "rdfxml", "turtle")
MODES = ("RESUME", "NEW", "AUTO")
PARALLELISMS = ("LOW", "MEDIUM", "HIGH", "OVERSUBSCRIBE")
# The Data API reference names the first 23; the others came with later editions of the SDK's model.
REGIONS = (
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "ca-central-1",
    "sa-east-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-central-1",
    "me-south-1",
    "af-south-1",
    "ap-east-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-south-1",
    "cn-north-1",
    "cn-northwest-1",
    "us-gov-west-1",
    "us-gov-east-1",
    "ca-west-1",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "ap-northeast-3",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-7",
    "mx-central-1",
    "ap-east-2",
    "ap-south-2",
    "eu-central-2",
)

_ROLE = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[^\s,]+")
_URI = re.compile(r"""[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|\\^`]*""")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParserConfiguration:
    """Settings of the parsers (user guide, load-api-reference-load, ``parserConfiguration``)."""

    named_graph_uri: str = "http://aws.amazon.com/neptune/vocab/v01/DefaultNamedGraph"
    base_uri: str = "http://aws.amazon.com/neptune/default"
    allow_empty_strings: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRequest:
    """A valid request for a load."""

    source: str
    uri: SourceUri
    format: str
    region: str
    role: str
    mode: str = "AUTO"
    fail_on_error: bool = True
    parallelism: str = "HIGH"
    parser: ParserConfiguration = field(default_factory=ParserConfiguration)
    update_single_cardinality: bool = False
    queued: bool = False
    dependencies: tuple[str, ...] = ()
    user_provided_edge_ids: bool = True
    edge_only: bool = False


class StartRequestReader(ParameterReader):
    """Reads the body of StartLoaderJob (Data API reference, StartLoaderJob, "Request Body").

    Unknown members are let pass: the documents are silent, and clients for newer engines send more.
    """

    FORMATS: tuple[str, ...] = FORMATS
    MODES: tuple[str, ...] = MODES
    PARALLELISMS: tuple[str, ...] = PARALLELISMS
    REGIONS: tuple[str, ...] = REGIONS
    DEFAULT_MODE = "AUTO"
    MEDIA_TYPES = ("application/json", "application/x-amz-json-1.0", "application/x-amz-json-1.1")
    MALFORMED = "BadRequestException"

    def read(self, media_type: str, data: bytes) -> StartRequest:
        """Return the request in ``data``, or raise the error its first violation leads to."""
        body = self.document(media_type, data)
        source = self.required_text(body, "source")
        return StartRequest(
            source=source,
            format=self.required_choice(body, "format", self.FORMATS),
            region=self.required_choice(body, "region", self.REGIONS),
            role=self.role(body),
            uri=self.uri(source),
            mode=self.choice(body, "mode", self.MODES, default=self.DEFAULT_MODE),
            fail_on_error=self.flag(body, "failOnError", default=True),
            parallelism=self.choice(body, "parallelism", self.PARALLELISMS, default="HIGH"),
            parser=self.parser(body),
            update_single_cardinality=self.flag(body, "updateSingleCardinalityProperties", default=False),
            queued=self.flag(body, "queueRequest", default=False),
            dependencies=self.texts(body, "dependencies"),
            user_provided_edge_ids=self.flag(body, "userProvidedEdgeIds", default=True),
            edge_only=self.flag(body, "edgeOnlyLoad", default=False),
        )

    def document(self, media_type: str, data: bytes) -> Mapping[str, Any]:
        """Return the JSON object of the body; a missing media type is forgiven, a different one is not."""
        if media_type and media_type not in self.MEDIA_TYPES:
            raise NeptuneError(self.MALFORMED, "The request body must be sent as application/json")
        try:
            body = parse_json(data)
        except MalformedJsonError as error:
            raise NeptuneError(self.MALFORMED, str(error)) from None
        if not isinstance(body, dict):
            raise NeptuneError(self.MALFORMED, "The request body must be a JSON object")
        return body

    def uri(self, source: str) -> SourceUri:
        """Return the parts of the source URI."""
        uri = SourceUri.parse(source)
        if uri is None:
            raise self.invalid("source", source)
        return uri

    def role(self, body: Mapping[str, Any]) -> str:
        """Return the role, or the comma-separated chain of roles."""
        role = self.required_text(body, "iamRoleArn")
        if not all(_ROLE.fullmatch(link.strip()) for link in role.split(",")):
            raise NeptuneError("BadRequestException", "Couldn't find the AWS credential for iam_role_arn")
        return role

    def parser(self, body: Mapping[str, Any]) -> ParserConfiguration:
        """Return the parser configuration; the model makes every child a string, so unknown ones must be that too."""
        children = self.members(body, "parserConfiguration")
        for name in children:
            if name != "allowEmptyStrings":
                self.text(children, name)
        defaults = ParserConfiguration()
        return ParserConfiguration(
            named_graph_uri=self.child_uri(children, "namedGraphUri") or defaults.named_graph_uri,
            base_uri=self.child_uri(children, "baseUri") or defaults.base_uri,
            allow_empty_strings=self.flag(children, "allowEmptyStrings", default=defaults.allow_empty_strings),
        )

    def child_uri(self, children: Mapping[str, Any], name: str) -> str | None:
        """Return an absolute URI, or None when it is absent."""
        text = self.text(children, name)
        if text is not None and not _URI.fullmatch(text):
            raise self.invalid(name, text)
        return text
