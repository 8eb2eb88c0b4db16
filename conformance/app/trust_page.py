"""``python -m conformance.app.trust_page``: writes ``docs/trust.md`` and its picture from ``docs/trust.json``.

With results of selftest and benchmarks, the figures are taken out of these first and kept in ``docs/trust.json``; what was not
measured anew stays as it was.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from conformance import SettingsError
from conformance.app.trust_figures import collected, read_json
from reports import render_peers, render_trust

PAGE, PICTURE, FIGURES = "trust.md", "trust-peers.svg", "trust.json"


def pages(figures: dict[str, Any]) -> dict[str, str]:
    """The page and its picture, by the names of their files."""
    return {PAGE: render_trust(figures, picture=PICTURE), PICTURE: render_peers(figures)}


@click.command()
@click.option(
    "--selftest", "selftests", multiple=True, type=click.Path(path_type=Path), help="A selftest.json; may be repeated."
)
@click.option("--results", type=click.Path(path_type=Path), help="Folder with the results of benchmarks.")
@click.option("--recorded", type=click.Path(path_type=Path), default=Path("tests") / "recorded", show_default=True)
@click.option("--docs", type=click.Path(path_type=Path), default=Path("docs"), show_default=True)
def main(selftests: tuple[Path, ...], results: Path | None, recorded: Path, docs: Path) -> None:
    """Write the page on trust."""
    try:
        known = read_json(docs / FIGURES) if (docs / FIGURES).exists() else {}
        figures = collected(known, selftests, results, recorded) if selftests or results else known
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    (docs / FIGURES).write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", "utf-8")
    for name, text in pages(figures).items():
        (docs / name).write_text(text, "utf-8")
        click.echo(docs / name)


if __name__ == "__main__":
    main()
