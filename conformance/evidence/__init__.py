"""What can be proven of a queue from calls and answers alone. Pure: it knows no API, sends nothing, reads no clock."""

from conformance.evidence.checker import Checker, contradictions
from conformance.evidence.contradiction import Contradiction, Rule
from conformance.evidence.discipline import Discipline
from conformance.evidence.observation import Accepted, Asked, Listed, Observation, Opened, Phase, Refused, Seen
from conformance.evidence.standing import Standing, steadied

__all__ = [
    "Accepted", "Asked", "Checker", "Contradiction", "Discipline", "Listed", "Observation", "Opened", "Phase", "Refused", "Rule", "Seen",
    "Standing", "contradictions", "steadied",
]  # fmt: skip
