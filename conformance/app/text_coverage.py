"""The coverage of the documents as data: sentences, known by their keys, with the clauses or the reason for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from specs import Spec, accounts, coverage


def document_rows(specs: Sequence[Spec]) -> list[dict[str, Any]]:
    """A row for each document: its sentences, known by key, with the clauses or the reason that account for each."""
    return [
        {"api": spec.api, "document": document.id, "title": document.title, "sentences": list(_sentences(spec, document.id))}
        for spec in specs
        for document in spec.documents
    ]  # fmt: skip


def _sentences(spec: Spec, document: str) -> Iterator[dict[str, Any]]:
    for account in accounts(spec):
        if account.document == document:
            yield {"key": account.key, "clauses": list(account.clauses), "reason": account.exclusion}


def checked_rows(specs: Sequence[Spec], folder: Path) -> list[dict[str, Any]]:
    """The same, held against the documents: what they lack, what they have beside, and whether they are other ones.

    Raises:
        FileNotFoundError: a document is not in the folder.
    """
    against = {found.document.id: found for spec in specs for found in coverage(spec, folder)}
    rows = []
    for row in document_rows(specs):
        found = against[row["document"]]
        missing = [each.sentence.key for each in found.missing]
        rows.append({**row, "missing": missing, "stale": list(found.stale), "changed": found.changed})
    return rows
