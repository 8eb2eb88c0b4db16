"""Text coverage: each sentence of each document has a clause, or a reason why it has none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from specs.sentence import Sentence, sentences
from specs.spec import Document, Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a specification says of one sentence, known by its key alone: the clauses that rest on it, or why none does."""

    document: str
    key: str
    clauses: tuple[str, ...]
    exclusion: str | None


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


def accounts(spec: Spec) -> Iterator[Account]:
    """Every sentence that an API's specification accounts for, by document; no document is needed for it."""
    for document in spec.documents:
        yield from _accounts(spec, document)


def _accounts(spec: Spec, document: Document) -> Iterator[Account]:
    resting = _resting(spec, document)
    for key in dict.fromkeys((*resting, *document.exclusions)):
        yield Account(
            document=document.id,
            key=key,
            clauses=tuple(resting.get(key, ())),
            exclusion=document.exclusions.get(key),
        )


def _resting(spec: Spec, document: Document) -> dict[str, list[str]]:
    """The clauses that rest on each sentence of a document."""
    resting: dict[str, list[str]] = {}
    for clause in spec.clauses:
        if clause.source.document == document.id:
            for key in clause.source.sentences:
                resting.setdefault(key, []).append(clause.id)
    return resting


def cover(spec: Spec, document: Document, content: bytes) -> Coverage:
    """Coverage of one document, given its content."""
    accounted = {each.key: each for each in _accounts(spec, document)}
    rows = []
    for each in sentences(content.decode("utf-8")):
        account = accounted.get(each.key)
        rows.append(
            Row(
                document=document.id,
                sentence=each,
                clauses=account.clauses if account else (),
                exclusion=account.exclusion if account else None,
            )
        )
    stale = sorted({*accounted} - {row.sentence.key for row in rows})
    changed = hashlib.sha256(content).hexdigest() != document.sha256
    return Coverage(document=document, rows=tuple(rows), stale=tuple(stale), changed=changed)
