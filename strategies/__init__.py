"""How input is made from a specification."""

from strategies.arguments import based, drop, has, put
from strategies.portfolio import Equivalence, Probe, equivalences, pairwise, probes
from strategies.programs import Command, Program, programs_for
from strategies.values import inside, outside, sample, satisfies, text_of_length

__all__ = [
    "Command", "Equivalence", "Probe", "Program", "based", "drop", "equivalences", "has", "inside", "outside", "pairwise", "probes", "programs_for", "put",
    "sample", "satisfies", "text_of_length",
]  # fmt: skip
