"""The fault that a bundled emulator is asked to have."""

from __future__ import annotations

from collections.abc import Sequence

from conformance import SettingsError


def require_fault(names: Sequence[str], mutant: str | None, *, embedded: bool) -> None:
    """Make sure that a mutant can be run; raises SettingsError with near names where there is none such."""
    if mutant is None:
        return
    if not embedded:
        raise SettingsError("--mutant is about the bundled emulator; leave --url and --target out")
    from conformance.emulator import APIS  # noqa: PLC0415 - the emulator is loaded only where it is asked about
    from conformance.emulator.mutants import UnknownMutantError, find  # noqa: PLC0415

    if len(names) != 1 or names[0] not in APIS:
        raise SettingsError(f"expected one API with --mutant but got {len(names)}; say which of {', '.join(APIS)}")
    try:
        find(next(api for api in APIS if api == names[0]), mutant)
    except UnknownMutantError as error:
        raise SettingsError(str(error)) from error
