"""What the documents say: the vocabulary of specifications, and the specifications themselves as data."""

from specs.clause import Basis, Clause, Family, Level, Source
from specs.constraint import VIOLATIONS, Constraint, constraints
from specs.document import apis, load, load_folder
from specs.errors import SpecError, UnknownApiError
from specs.listing import Filter, Listing
from specs.message import Request, Response
from specs.operation import Operation, Refusal, ResponseSpec
from specs.parameter import ITEM, Field, Parameter
from specs.resource import PHASES, TERMINAL, Resource, Scene, Use
from specs.sentence import Sentence, sentences
from specs.spec import Auth, DataObject, Document, Envelope, Errors, Spec

__all__ = [
    "ITEM", "PHASES", "TERMINAL", "VIOLATIONS", "Auth", "Basis", "Clause", "Constraint", "DataObject", "Document",
    "Envelope", "Errors", "Family", "Field", "Filter", "Level", "Listing", "Operation", "Parameter", "Refusal",
    "Request", "Resource", "Response", "ResponseSpec", "Scene", "Sentence", "Source", "Spec", "SpecError",
    "UnknownApiError", "Use", "apis", "constraints", "load", "load_folder", "sentences",
]  # fmt: skip
