"""How input is made from a specification."""

from strategies.arguments import based, drop, has, put
from strategies.portfolio import Equivalence, Probe, equivalences, pairwise, probes
from strategies.values import inside, outside, sample, satisfies, text_of_length

__all__ = [
    "Equivalence", "Probe", "based", "drop", "equivalences", "has", "inside", "outside", "pairwise", "probes", "put",
    "sample", "satisfies", "text_of_length",
]  # fmt: skip
