"""The fault, or the freedom of the documents, that a bundled emulator is asked to have."""

from __future__ import annotations

from collections.abc import Sequence

from conformance import SettingsError


def require_fault(names: Sequence[str], mutant: str | None, variant: str | None = None, *, embedded: bool) -> None:
    """Make sure that a mutant or a variant can be run; raises SettingsError with near names where there is none such."""
    if mutant is not None and variant is not None:
        raise SettingsError("expected --mutant or --variant but got both; an emulator has one peculiarity")
    flag, name = ("--mutant", mutant) if mutant is not None else ("--variant", variant)
    if name is None:
        return
    if not embedded:
        raise SettingsError(f"{flag} is about the bundled emulator; leave --url and --target out")
    from conformance.emulator import APIS, mutants, variants  # noqa: PLC0415 - loaded only where they are asked about

    if len(names) != 1 or names[0] not in APIS:
        raise SettingsError(f"expected one API with {flag} but got {len(names)}; say which of {', '.join(APIS)}")
    api = next(each for each in APIS if each == names[0])
    try:
        mutants.find(api, name) if mutant is not None else variants.find(api, name)
    except (mutants.UnknownMutantError, variants.UnknownVariantError) as error:
        raise SettingsError(str(error)) from error
