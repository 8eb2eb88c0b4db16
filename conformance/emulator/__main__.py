"""``python -m conformance.emulator neptune --port 8182``."""

from __future__ import annotations

import argparse
import sys
from dataclasses import fields
from typing import TYPE_CHECKING, get_args, get_origin, get_type_hints

from conformance.emulator.mutants import UnknownMutantError
from conformance.emulator.server import run
from conformance.emulator.settings import APIS, Settings
from conformance.emulator.variants import UnknownVariantError

if TYPE_CHECKING:
    from collections.abc import Sequence


def parse_settings(arguments: Sequence[str] | None = None) -> Settings:
    """Return the settings that ``arguments`` name; each field of Settings is a flag."""
    parser = argparse.ArgumentParser(prog="python -m conformance.emulator", description="Serve one emulated job API.")
    parser.add_argument("api", choices=APIS)
    hints = get_type_hints(Settings)
    for field in fields(Settings):
        if field.name == "api":
            continue
        flag = "--" + field.name.replace("_", "-")
        hint = hints[field.name]
        if hint is bool:
            parser.add_argument(flag, action=argparse.BooleanOptionalAction, default=argparse.SUPPRESS)
        else:
            choices = get_args(hint) if str(get_origin(hint)) == "typing.Literal" else None
            parser.add_argument(
                flag, type=hint if hint in {int, float} else str, choices=choices, default=argparse.SUPPRESS
            )
    return Settings(**vars(parser.parse_args(arguments)))


def main() -> None:
    """Serve as the command line says."""
    try:
        run(parse_settings())
    except (UnknownMutantError, UnknownVariantError) as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from error


if __name__ == "__main__":
    main()
