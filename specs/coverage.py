"""Text coverage: each sentence of each document has a clause, or a reason why it has none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from specs.sentence import Sentence, sentences
from specs.spec import Document, Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One sentence with the clauses that rest on it, or the reason why none does."""

    document: str
    sentence: Sentence
    clauses: tuple[str, ...]
    exclusion: str | None

    @property
    def covered(self) -> bool:
        """Whether the sentence is accounted for."""
        return bool(self.clauses) or self.exclusion is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The coverage of one document, and what does not fit it any more.

    ``stale`` lists keys that clauses or exclusions name and the document does not hold; ``changed`` tells that the
    document's hash is another one than the specification was written from.
    """

    document: Document
    rows: tuple[Row, ...]
    stale: tuple[str, ...]
    changed: bool

    @property
    def missing(self) -> tuple[Row, ...]:
        """Sentences without clause and without reason."""
        return tuple(row for row in self.rows if not row.covered)


def coverage(spec: Spec, folder: Path) -> Iterator[Coverage]:
    """Coverage of each of an API's documents, looked for in ``folder`` as ``<id>*.txt``.

    Raises:
        FileNotFoundError: a document is not in the folder.
    """
    for document in spec.documents:
        found = sorted(folder.glob(f"{document.id}*.txt"))
        if not found:
            raise FileNotFoundError(f"no file {document.id}*.txt in {folder}; name the folder that holds the documents")
        yield cover(spec, document, found[0].read_bytes())


def cover(spec: Spec, document: Document, content: bytes) -> Coverage:
    """Coverage of one document, given its content."""
    resting: dict[str, list[str]] = {}
    for clause in spec.clauses:
        if clause.source.document == document.id:
            for key in clause.source.sentences:
                resting.setdefault(key, []).append(clause.id)
    rows = [
        Row(
            document=document.id,
            sentence=each,
            clauses=tuple(resting.get(each.key, ())),
            exclusion=document.exclusions.get(each.key),
        )
        for each in sentences(content.decode("utf-8"))
    ]
    present = {row.sentence.key for row in rows}
    stale = sorted(({*resting} | {*document.exclusions}) - present)
    changed = hashlib.sha256(content).hexdigest() != document.sha256
    return Coverage(document=document, rows=tuple(rows), stale=tuple(stale), changed=changed)
