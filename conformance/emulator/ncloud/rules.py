"""What every rule of the emulated service stands on: its settings and the edition it follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.emulator.ncloud.edition_2023 import EDITION_2023
from conformance.emulator.ncloud.edition_2025 import EDITION_2025
from conformance.emulator.ncloud.edition_2026 import EDITION_2026

if TYPE_CHECKING:
    from conformance.emulator.ncloud.edition import Edition
    from conformance.emulator.settings import Settings

EDITIONS = {edition.year: edition for edition in (EDITION_2023, EDITION_2025, EDITION_2026)}


class EditionRules:
    """A set of rules that one edition governs.

    Rules are classes that the service inherits from, so that a mutant is the service with one method or attribute
    replaced, wherever the rule is written.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.edition = self.edition_for(settings)

    def edition_for(self, settings: Settings) -> Edition:
        """Return the table of the edition that ``settings`` name."""
        return EDITIONS[settings.edition]
