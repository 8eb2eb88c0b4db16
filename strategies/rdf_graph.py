"""RDF graphs made from numbers, written by rdflib; the only importer of rdflib in the suite itself."""

from __future__ import annotations

import random
from collections.abc import Iterator

import rdflib
from rdflib.namespace import RDF, XSD

from specs import SourceFile
from strategies.property_graph import spread
from strategies.tally import Tally

Statement = tuple[rdflib.URIRef, rdflib.URIRef, rdflib.term.Node]
#: rdflib's names of the formats that are no lines.
WRITTEN = {"rdfxml": "xml", "turtle": "turtle"}
_TERMS = "http://example.org/terms#"
_TEXTS = ("plain", "Grüße", "日本語", 'with "quotes" and \\', "two\nlines", "tab\there", "<b> & amp;")


def base_uri(own: str) -> str:
    """The URI below which all subjects of ``own`` are."""
    return f"http://example.org/{own}/"


def statements_of(number: int, *, own: str, seed: int = 0, version: int = 0, relative: bool = False) -> list[Statement]:
    """What is said of the subject of a number: its class, a text, a number, and a link to another subject."""
    draw = random.Random(f"{seed}/{number}/{version}")  # noqa: S311 - data, not secrets
    base = "" if relative else base_uri(own)
    subject = rdflib.URIRef(f"{base}s{number}")
    text = f"{draw.choice(_TEXTS)} {version} {number}"
    language = draw.choice((None, "en", "de-AT"))
    return [
        (subject, RDF.type, rdflib.URIRef(f"{_TERMS}Kind{draw.randrange(4)}")),
        (subject, rdflib.URIRef(f"{_TERMS}name"), rdflib.Literal(text, lang=language)),
        (subject, rdflib.URIRef(f"{_TERMS}size"), rdflib.Literal(draw.randrange(10**6), datatype=XSD.integer)),
        (subject, rdflib.URIRef(f"{_TERMS}next"), rdflib.URIRef(f"{base}s{number + 1}")),
    ]


def statements(file: SourceFile, *, own: str, seed: int = 0) -> list[Statement]:
    """The first ``rows`` statements of the subjects of a file, each once."""
    found: list[Statement] = []
    number = file.first
    while len(found) < file.rows:
        found += statements_of(number, own=own, seed=seed, version=file.version, relative=file.relative)
        number += 1
    return found[: file.rows]


def written(file: SourceFile, tally: Tally, *, own: str, seed: int = 0) -> str:
    """The text of a file of statements; counts what it writes."""
    said = statements(file, own=own, seed=seed)
    if file.form in {"ntriples", "nquads"}:
        text = "".join(_lines(file, said, tally))
    else:
        # A document says each statement once: duplicates are a matter of the formats that have lines.
        for _ in said:
            tally.row(records=1, cells=1)
        text = serialized(said, WRITTEN[file.form])
        for kind in (kind for kind, times in file.flaws.items() for _ in range(times)):
            text += "\n<this is neither Turtle nor XML\n"
            tally.flaw(kind, cells=1)
    return text.replace("\n", "\r\n") if file.newline == "crlf" and file.form in {"ntriples", "nquads"} else text


def serialized(said: list[Statement], form: str) -> str:
    """Statements as rdflib writes them."""
    graph = rdflib.Graph(bind_namespaces="none")
    for each in said:
        graph.add(each)
    return str(graph.serialize(format=form))


def _lines(file: SourceFile, said: list[Statement], tally: Tally) -> Iterator[str]:
    graph = f" <{file.graph}>" if file.graph is not None and file.form == "nquads" else ""
    planted = [kind for kind, times in file.flaws.items() for _ in range(times)]
    for place in spread(range(len(said)), planted):
        if isinstance(place, str):
            yield _flawed(place, tally, said[0][0].n3(), graph)
            tally.flaw(place, cells=1)
        else:
            tally.row(records=1, cells=1)
            yield _line(said[place], graph)
    for each in said[: file.duplicates]:
        tally.row(records=1, cells=1, repeated=True)
        yield _line(each, graph)


def _line(statement: Statement, graph: str) -> str:
    single = rdflib.Graph(bind_namespaces="none")
    single.add(statement)
    text = str(single.serialize(format="nt11")).strip()
    return f"{text.removesuffix('.').rstrip()}{graph} .\n"


def _flawed(kind: str, tally: Tally, subject: str, graph: str) -> str:
    serial = tally.planted[kind]
    if kind == "mismatches":
        return f'{subject} <{_TERMS}size> "no number {serial}"^^<{XSD.integer}>{graph} .\n'
    return f"{subject} <{_TERMS}name> broken {serial}\n"
