"""The Neptune bulk loader."""

from conformance.emulator.neptune.service import NeptuneService

__all__ = ["NeptuneService"]
