"""The index of all clauses as a Markdown page: ``python -m conformance.app.clause_index > docs/clauses.md``."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from specs import Basis, Clause, Spec, apis, load


def clause_index() -> str:
    """The page: a section an API, a table an operation, a row a clause."""
    loaded = [load(name) for name in apis()]
    lines = [
        "# All clauses",
        "",
        "Made from the specifications by `nox -s docs`; do not edit. An id is `<api>.<Operation>/` followed by what stands in the",
        "first column. *Inferred* clauses follow from the documents without standing there; *silent* ones can never fail.",
        "",
        "| API | edition | operations | clauses | tested | mandatory |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
        *(_count(spec) for spec in loaded),
    ]
    for spec in loaded:
        lines += ["", *_section(spec)]
    return "\n".join(lines) + "\n"


def _count(spec: Spec) -> str:
    tested = sum(clause.not_tested is None for clause in spec.clauses)
    mandatory = sum(clause.mandatory for clause in spec.clauses)
    cells = (
        f"[{spec.api}](#{spec.api})",
        spec.edition or "",
        len(spec.judged),
        len(spec.clauses),
        tested,
        mandatory,
    )
    return "| " + " | ".join(map(str, cells)) + " |"


def _section(spec: Spec) -> Iterator[str]:
    yield from (f"## {spec.api}", "", f"{spec.title}." + (f" Edition {spec.edition}." if spec.edition else ""))
    for operation in spec.operations.values():
        if operation.housekeeping:
            yield from ("", f"### {spec.api}.{operation.name}", "", "Serves to clean up; nothing is judged of it.")
            continue
        neighbour = " (neighbour)" if operation.neighbour else ""
        yield from (
            "",
            f"### {spec.api}.{operation.name}{neighbour}",
            "",
            "| clause | level | family | statement |",
            "| --- | --- | --- | --- |",
        )
        yield from map(_row, operation.clauses)


def _row(clause: Clause) -> str:
    level = clause.level if clause.basis is Basis.STATED else f"{clause.level}, {clause.basis}"
    statement = clause.statement + (f" *Not tested: {clause.not_tested}*" if clause.not_tested else "")
    name = clause.id.partition("/")[2]
    return f"| `{name}` | {level} | {clause.family} | {_cell(statement)} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(clause_index())
