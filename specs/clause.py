"""One testable statement of a document, and where it stands."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CLAUSE_ID = re.compile(r"[a-z0-9]+\.[A-Za-z0-9]+/[A-Za-z0-9_.\[\]-]+/[a-z0-9-]+")


class Level(enum.StrEnum):
    """Requirement level, in the sense of RFC 2119."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"


class Basis(enum.StrEnum):
    """How a clause follows from the documents; a *silent* clause can never fail."""

    STATED = "stated"
    INFERRED = "inferred"
    SILENT = "silent"


class Family(enum.StrEnum):
    """What a clause is about."""

    PARAMETER_RANGE = "parameter-range"
    ERROR_MAPPING = "error-mapping"
    RESPONSE_SHAPE = "response-shape"
    LIST_SEMANTICS = "list-semantics"
    QUEUE = "queue"
    DEPENDENCY = "dependency"
    LIFECYCLE = "lifecycle"
    AUTH = "auth"
    ROBUSTNESS = "robustness"
    LOAD_SEMANTICS = "load-semantics"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a clause rests: a document, a section of it, and the sentences by hash.

    ``document`` is the id of one of the API's documents, or the tag of a fact that has no document here
    (``botocore``, ``user-guide``). ``sentences`` are keys as made by :func:`specs.sentence.keys`.
    """

    document: str
    section: str = ""
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One clause. ``kind`` names the oracle that judges it; ``data`` is what that oracle needs to know.

    A clause with ``not_tested`` carries the written reason why no oracle judges it.
    """

    id: str
    operation: str
    family: Family
    kind: str
    level: Level
    basis: Basis
    statement: str
    source: Source
    data: Mapping[str, Any] = field(default_factory=dict)
    not_tested: str | None = None

    @property
    def mandatory(self) -> bool:
        """Whether a run conforms only if this clause is proven kept."""
        return self.level is Level.MUST and self.basis is not Basis.SILENT and self.not_tested is None
