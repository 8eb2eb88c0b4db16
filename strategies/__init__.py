"""How input is made from a specification."""

from strategies.action_programs import ACTIONS, action_programs
from strategies.arguments import based, drop, has, put
from strategies.portfolio import Equivalence, Probe, equivalences, pairwise, probes
from strategies.programs import Command, Program, programs_for
from strategies.races import CLIENTS, Act, Race, races_for
from strategies.source_data import SourceData, counts, source_data, varied
from strategies.values import inside, outside, sample, satisfies, text_of_length

__all__ = [
    "ACTIONS", "CLIENTS", "Act", "Command", "Equivalence", "Probe", "Program", "Race", "SourceData", "action_programs", "based", "counts",
    "drop", "equivalences", "has", "inside", "outside", "pairwise", "probes", "programs_for", "put", "races_for", "sample", "satisfies",
    "source_data", "text_of_length", "varied",
]  # fmt: skip
