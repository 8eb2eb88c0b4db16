"""What the command ``compare`` does: reads records, names their columns, writes the matrix."""

from __future__ import annotations

import lzma
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import click

from conformance import SettingsError
from conformance.app.history_file import opened
from conformance.app.results import prepared
from reports import (
    Comparison,
    Record,
    RecordError,
    Subject,
    compare,
    read,
    render_comparison,
    render_comparison_csv,
    render_comparison_markdown,
)

RECORD = "record.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A record and the file it was read from; ``label`` is what the user calls it."""

    path: Path
    record: Record
    label: str | None


def compare_records(
    places: Sequence[Path], folder: Path, *, given: Sequence[str] = (), base: str | None = None, fail_on_worse: bool = False
) -> int:  # fmt: skip
    """Compare the records in these places and write page, CSV and Markdown; the exit code.

    Nothing is written before all records are read and compared.

    Args:
        places: records, or folders that runs wrote.
        folder: where the results go.
        given: labels, one a place; without any, columns are called by their targets.
        base: the column that the others are compared to.
        fail_on_worse: whether something that got worse is exit code 1.

    Raises:
        SettingsError: a place holds no record, or the labels are not as many as the places.
        RecordError: a record is not sound, or they cannot be compared.
        OutputError: results cannot be written.
    """
    if given and len(given) != len(places):
        raise SettingsError(f"expected a --label for each of {len(places)} records, or none, but got {len(given)}")
    sources = [
        Source(path=path, record=_read(path), label=given[at] if given else None)
        for at, place in enumerate(places)
        for path in _records(place)
    ]
    labels = _labels(sources)
    subjects = [
        Subject(label=label, record=source.record, report=_report(source.path, folder))
        for source, label in zip(sources, labels, strict=True)
    ]
    comparisons = compare(subjects, base=base)
    prepared(folder)
    for name, text in (
        ("comparison.html", render_comparison(comparisons)),
        ("comparison.csv", render_comparison_csv(comparisons)),
        ("comparison.md", render_comparison_markdown(comparisons)),
    ):
        (folder / name).write_text(text, "utf-8", errors="replace")
    return _told(comparisons, folder, fail_on_worse=fail_on_worse)


def _records(place: Path) -> list[Path]:
    """The record a place is, or those that runs wrote into it: its own, or those of several APIs."""
    if not place.is_dir():
        return [place]
    found = [place / RECORD] if (place / RECORD).is_file() else sorted(place.glob(f"*/{RECORD}"))
    if not found:
        raise SettingsError(f"expected a record but the folder {place} holds no {RECORD}, nor does a folder in it")
    return found


def _read(path: Path) -> Record:
    try:
        with opened(path, "rt") as file:
            return read(file.read().splitlines(keepends=True))
    except OSError as error:
        raise SettingsError(f"expected a record at {path} but it cannot be read: {error.strerror}") from error
    except (lzma.LZMAError, EOFError) as error:
        raise SettingsError(f"expected a record at {path} but it cannot be unpacked: {error}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"expected a record at {path} but it is not text in UTF-8: {error.reason}") from error
    except RecordError as error:
        raise SettingsError(f"{path} cannot be compared. {error}") from error


def _labels(sources: Sequence[Source]) -> list[str]:
    """What columns are called: as the user says, or else by target, and by folder where the runs of an API share one."""
    by_api: dict[str, list[int]] = {}
    for at, source in enumerate(sources):
        by_api.setdefault(source.record.header.api, []).append(at)
    labels = [source.label or _target(source.record) for source in sources]
    for group in by_api.values():
        unnamed = [at for at in group if sources[at].label is None]
        shared = {label for label, count in Counter(labels[at] for at in group).items() if count > 1}
        twins = [at for at in unnamed if labels[at] in shared]
        folders = _folders([_place(sources[at]) for at in twins])
        alone = len(twins) == len(group) and len(shared) == 1
        for at, name in zip(twins, folders, strict=True):
            labels[at] = name if alone else f"{labels[at]} {name}".strip()
    return labels


def _target(record: Record) -> str:
    url = str(record.header.target.get("url", "unknown target"))
    return url.partition("://")[2] or url


def _place(source: Source) -> tuple[str, ...]:
    """The folders a record lies in, without that which a run of several APIs makes for each, and the name it was given."""
    path = source.path.resolve()
    if path.name != RECORD:
        return (*path.parent.parts, path.name.partition(".")[0])
    return (path.parent.parent if path.parent.name == source.record.header.api else path.parent).parts


def _folders(places: Sequence[tuple[str, ...]]) -> list[str]:
    """The parts of the places that tell them apart: what all begin and end with is left out."""
    parts = list(places)
    twice = [place for place, count in Counter(parts).items() if count > 1]
    if twice:
        raise SettingsError(f"expected each record once, or a --label for each, but two lie in {Path(*twice[0])}")
    while all(parts) and len(parts) > 1 and len({each[-1] for each in parts}) == 1:
        parts = [each[:-1] for each in parts]
    while all(parts) and len(parts) > 1 and len({each[0] for each in parts}) == 1:
        parts = [each[1:] for each in parts]
    # A single one is told apart from one that has a label already: the last part will do.
    return [("/".join(each) if len(parts) > 1 else each[-1]) or "." for each in parts]


def _report(record: Path, folder: Path) -> str | None:
    """Where the page of a run lies as seen from the folder of results, if it lies beside its record."""
    page = record.parent / "report.html"
    if not page.is_file():
        return None
    return quote(Path(os.path.relpath(page.resolve(), folder.resolve())).as_posix())


def _told(comparisons: Sequence[Comparison], folder: Path, *, fail_on_worse: bool) -> int:
    worse = 0
    for each in comparisons:
        counts = {direction: each.count(direction) for direction in ("worse", "better")}
        worse += counts["worse"]
        runs = "1 run" if len(each.columns) == 1 else f"{len(each.columns)} runs"
        click.echo(
            f"{each.api}: {runs}, {each.differing} of {len(each.rows)} clauses differ, "
            f"{counts['worse']} worse, {counts['better']} better"
        )
    click.echo(f"  matrix: {folder / 'comparison.html'}")
    return 1 if fail_on_worse and worse else 0
