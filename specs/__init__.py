"""What the documents say: the vocabulary of specifications, and the specifications themselves as data."""

from specs.action import Action, Change, Use
from specs.clause import Basis, Clause, Family, Level, Source
from specs.condition import Condition
from specs.constraint import VIOLATIONS, Constraint, constraints
from specs.coverage import Account, Coverage, accounts, coverage
from specs.document import apis, load, load_folder
from specs.errors import SpecError, UnknownApiError
from specs.experiment import Experiment, Laboratory, Observation, SourceFile, Step
from specs.listing import Filter, Listing
from specs.message import Request, Response
from specs.openapi import to_openapi
from specs.operation import Operation, Refusal, ResponseSpec, place_values, places
from specs.parameter import ITEM, Field, Parameter
from specs.pointer import MISSING, gather, point
from specs.promise import Alone, Arrays, Counters, Hold, Idempotency, Items, Showing, Waits
from specs.queue import Dependencies, Queue
from specs.race import Confirmation, Race
from specs.resource import PHASES, TERMINAL, Attempt, Contents, Resource, Scene
from specs.sentence import Sentence, sentences
from specs.spec import Auth, DataObject, Document, Envelope, Errors, Spec
from specs.validation import checker, flaw, problem
from specs.wire import MalformedBodyError, build, decode_json, decode_xml, text_of

__all__ = [
    "ITEM", "MISSING", "PHASES", "TERMINAL", "VIOLATIONS", "Account", "Action", "Alone", "Arrays", "Attempt", "Auth", "Basis", "Change", "Clause", "Condition", "Confirmation",
    "Constraint", "Contents", "Counters", "Coverage", "DataObject", "Dependencies", "Document", "Envelope", "Errors", "Experiment", "Family", "Field", "Filter",
    "Hold", "Idempotency", "Items", "Laboratory", "Level", "Listing", "MalformedBodyError", "Observation", "Operation", "Parameter", "Queue", "Race", "Refusal",
    "Request", "Resource", "Response", "ResponseSpec", "Scene", "Sentence", "Showing", "Source", "SourceFile", "Spec", "SpecError", "Step",
    "UnknownApiError", "Use", "Waits", "accounts", "apis", "build", "checker", "constraints", "coverage", "decode_json", "decode_xml", "flaw", "gather", "load",
    "load_folder", "place_values", "places", "point", "problem", "sentences", "text_of", "to_openapi",
]  # fmt: skip
