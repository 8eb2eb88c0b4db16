"""The emulator with exactly one realistic fault each: what a suite that deserves trust must see."""

from conformance.emulator.mutants.registry import FAMILIES, Mutant, UnknownMutantError, find, mutants

__all__ = ["FAMILIES", "Mutant", "UnknownMutantError", "find", "mutants"]
