"""What ``conformance specs`` does."""

from __future__ import annotations

import fnmatch
import json
from pathlib import Path

import click

from conformance import SettingsError
from conformance.app.results import prepared
from conformance.app.text_coverage import checked_rows, document_rows
from specs import Spec, apis, coverage, load, load_folder, to_openapi


def list_clauses(api: str | None, edition: str | None) -> None:
    """Print the APIs, or one's clauses a line each."""
    if api is None:
        for name in apis():
            spec = load(name)
            editions = f", editions {', '.join(spec.editions)} (default {spec.edition})" if spec.editions else ""
            click.echo(f"{name}: {spec.title}, {len(spec.judged)} operations, {len(spec.clauses)} clauses{editions}")
        return
    for clause in load(api, edition=edition).clauses:
        note = "  (not tested)" if clause.not_tested else ""
        click.echo(f"{clause.level:6} {clause.family:15} {clause.id}{note}")


def show_clauses(pattern: str) -> int:
    """Print every clause whose id matches; 2 where there is none."""
    found = [
        (spec, clause)
        for spec in map(load, apis())
        for clause in spec.clauses
        if fnmatch.fnmatchcase(clause.id, pattern) or pattern in clause.id
    ]
    if not found:
        raise SettingsError(f"no clause matches pattern={pattern!r}; `conformance specs list API` lists them")
    for _, clause in found:
        source = f"document {clause.source.document}" + (f", {clause.source.section}" if clause.source.section else "")
        click.echo(
            f"{clause.id}\n  {clause.level}, {clause.basis}, {clause.family}\n  {clause.statement}\n  source: {source}"
        )
        for key in clause.source.sentences:
            click.echo(f"    sentence {key}")
        if clause.not_tested:
            click.echo(f"  not tested: {clause.not_tested}")
        if "reason" in clause.data:
            click.echo(f"  undecided: {clause.data['reason']}")
    return 0


def check_specs(
    names: list[str], documents: Path | None, folder: Path | None, *, verbose: bool, table: Path | None = None
) -> int:
    """Validate; with the documents, print coverage. 0 when all is well, 1 when a sentence is not accounted for.

    ``table`` is a file for the coverage as JSON; without the documents it tells what the specifications account for.
    """
    loaded = [load_folder(folder)] if folder is not None else [load(name) for name in (names or apis())]
    wrong = 0
    for spec in loaded:
        for edition in spec.editions if folder is None else ():
            load(spec.api, edition=edition)
        tested = sum(1 for clause in spec.clauses if clause.not_tested is None)
        click.echo(f"{spec.api}: {len(spec.judged)} operations, {len(spec.clauses)} clauses, {tested} of them tested")
        if documents is not None:
            wrong += _covered(spec, documents, verbose=verbose)
    if table is not None:
        rows = document_rows(loaded) if documents is None else checked_rows(loaded, documents)
        prepared(table.parent)
        table.write_text(json.dumps({"documents": rows}, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return 1 if wrong else 0


def _covered(spec: Spec, documents: Path, *, verbose: bool) -> int:
    wrong = 0
    for found in coverage(spec, documents):
        with_clause = sum(1 for row in found.rows if row.clauses)
        excluded = sum(1 for row in found.rows if not row.clauses and row.exclusion)
        click.echo(
            f"  document {found.document.id}: {len(found.rows)} sentences, {with_clause} with clauses, {excluded} excluded with a reason, {len(found.missing)} without either"
        )
        if found.changed:
            click.echo("    the document is not the one the specification was written from: its sha256 differs")
        for key in found.stale:
            click.echo(f"    stale: sentence {key} is not in the document any more")
        for row in found.missing:
            click.echo(f"    line {row.sentence.line}: sentence {row.sentence.key} has neither clause nor reason")
        if verbose:
            for row in found.rows:
                click.echo(f"    {row.sentence.key}  {', '.join(row.clauses) or row.exclusion or 'MISSING'}")
        wrong += len(found.missing) + len(found.stale) + found.changed
    return wrong


def print_openapi(api: str, edition: str | None) -> None:
    """Print an API's OpenAPI description."""
    click.echo(json.dumps(to_openapi(load(api, edition=edition)), indent=2, ensure_ascii=False))
