"""Emulators that keep every clause, each in another of the ways that the documents leave open."""

from conformance.emulator.variants.registry import UnknownVariantError, Variant, find, variants

__all__ = ["UnknownVariantError", "Variant", "find", "variants"]
