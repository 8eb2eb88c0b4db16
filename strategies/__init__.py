"""How input is made from a specification."""

from strategies.action_programs import ACTIONS, action_programs
from strategies.arguments import based, drop, has, put
from strategies.portfolio import Equivalence, Probe, equivalences, pairwise, probes
from strategies.programs import Command, Program, programs_for
from strategies.values import inside, outside, sample, satisfies, text_of_length

__all__ = [
    "ACTIONS", "Command", "Equivalence", "Probe", "Program", "action_programs", "based", "drop", "equivalences", "has", "inside", "outside", "pairwise", "probes", "programs_for", "put",
    "sample", "satisfies", "text_of_length",
]  # fmt: skip
