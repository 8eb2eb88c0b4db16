"""Makes the page of what was found in real emulators, out of their records and of remarks made by hand.

``python -m conformance.app.found_page [FOLDER]`` prints it. A failure without a remark, and a remark without a failure, is an
error: nothing is published that nobody has looked at.
"""

from __future__ import annotations

import fnmatch
import lzma
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance import SettingsError, Verdict
from reports import Entry, Record, read

_FOLDER = Path(__file__).resolve().parents[2] / "examples" / "records"
_BROKEN = (Verdict.FAIL, Verdict.WARN)
_HEAD = """\
# What we found in real emulators

Records of runs against emulators that others have written, with the documents of AWS Batch as the measure. Each line was
checked by hand against the facts named in the last column, and each was repeated on a fresh server by the curl script that its
report holds (`python -m conformance.app.replay`). `fail` is about what a document demands, `warn` about what it only suggests.
An emulator may leave things out on purpose: a line here says that a client which relies on the documents will notice.

`python -m conformance.app.found_page > docs/found.md` makes this page from `examples/records/`, and refuses to make it with a
line that nobody has looked at.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What was found by hand about some failures: the fact they were held against, and what it says."""

    clauses: tuple[str, ...]
    fact: str
    says: str
    targets: tuple[str, ...] = ()

    def covers(self, target: str, clause: str) -> bool:
        """Whether it is about a failure."""
        return (not self.targets or target in self.targets) and any(fnmatch.fnmatch(clause, p) for p in self.clauses)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One target: what it is, and its record."""

    name: str
    about: Mapping[str, str]
    record: Record

    @property
    def broken(self) -> list[Entry]:
        """The entries of what is not as documented."""
        return [entry for entry in self.record.entries if entry.finding.verdict in _BROKEN]


def remarks_of(content: Mapping[str, Any]) -> list[Remark]:
    """The remarks of a file, in order; the first that covers a failure is the one that counts."""
    return [
        Remark(
            clauses=tuple(each["clauses"]), fact=each["fact"], says=each["says"], targets=tuple(each.get("targets", ())),
        )
        for each in content["remark"]
    ]  # fmt: skip


def exhibits(folder: Path) -> tuple[list[Exhibit], list[Remark]]:
    """The targets of a folder of records, and the remarks beside them; raises SettingsError."""
    try:
        content = tomllib.loads((folder / "remarks.toml").read_text("utf-8"))
        found = [
            Exhibit(name=name, about=about, record=read(_lines(folder / f"{name}.jsonl.xz")))
            for name, about in content["target"].items()
        ]
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"expected records and remarks.toml in {folder} but: {error}") from error
    return found, remarks_of(content)


def _lines(path: Path) -> list[str]:
    with lzma.open(path, "rt", encoding="utf-8") as packed:
        return packed.read().splitlines()


def page(found: Sequence[Exhibit], remarks: Sequence[Remark]) -> str:
    """The page as Markdown; raises SettingsError where a failure has no remark, or a remark is about none."""
    used: Counter[int] = Counter()
    parts = [_HEAD, _summary(found)]
    for exhibit in found:
        rows = "\n".join(_rows(exhibit, remarks, used))
        parts += [f"## {exhibit.about['title']}\n\n{exhibit.about['text']}", rows]
    idle = [", ".join(each.clauses) for number, each in enumerate(remarks) if not used[number]]
    if idle:
        raise SettingsError(f"remarks about nothing that was found: {'; '.join(idle)}")
    return "\n".join(part.rstrip() + "\n" for part in parts)


def _summary(found: Sequence[Exhibit]) -> str:
    lines = ["| target | pass | fail | warn | not proven | requests |", "| --- | --- | --- | --- | --- | --- |"]
    for each in found:
        counts = Counter(entry.finding.verdict for entry in each.record.entries)
        open_ = sum(counts[v] for v in (Verdict.VACUOUS, Verdict.INCONCLUSIVE, Verdict.UNTESTABLE))
        lines.append(
            f"| {each.about['title']} | {counts[Verdict.PASS]} | {counts[Verdict.FAIL]} | {counts[Verdict.WARN]} | {open_} "
            f"| {each.record.footer.requests} |"
        )
    return "\n".join(lines)


def _rows(exhibit: Exhibit, remarks: Sequence[Remark], used: Counter[int]) -> Iterator[str]:
    yield "| clause | documents say | seen | checked against |"
    yield "| --- | --- | --- | --- |"
    for entry in exhibit.broken:
        finding = entry.finding
        number = next((n for n, each in enumerate(remarks) if each.covers(exhibit.name, finding.clause.id)), None)
        if number is None:
            raise SettingsError(f"{exhibit.name}: nobody has looked at {finding.clause.id}: {finding.actual}")
        used[number] += 1
        remark = remarks[number]
        place = finding.clause.id.partition(".")[2]
        cells = (
            f"`{place}` ({finding.verdict})",
            finding.clause.statement,
            finding.actual,
            f"{remark.fact}: {remark.says}",
        )
        yield f"| {' | '.join(_cell(each) for each in cells)} |"


def _cell(text: str) -> str:
    shown = "".join(character if character.isprintable() else " " for character in text)
    return shown.replace("|", "\\|").replace("${", "\\${")[:400].strip()


def main() -> None:
    """Print the page."""
    try:
        sys.stdout.write(page(*exhibits(Path(sys.argv[1]) if len(sys.argv) > 1 else _FOLDER)))
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
