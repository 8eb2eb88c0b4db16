"""The modules of the four packages, as their source says."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("specs", "strategies", "conformance", "reports")


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A module: its dotted name, its file and its syntax tree."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def package(self) -> str:
        return self.name.partition(".")[0]

    def within(self, *parents: str) -> bool:
        """Whether it is one of these modules or packages, or in one of them."""
        return any(self.name == parent or self.name.startswith(f"{parent}.") for parent in parents)

    def imports(self) -> Iterator[str]:
        """Every module it imports, at whatever place: lazily and for types as well."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.name} imports relatively; write the whole name"
                assert node.module is not None
                yield node.module


def modules() -> list[Module]:
    """All modules, in the order of their names."""
    found = []
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found.append(Module(name=name, path=path, tree=ast.parse(path.read_text("utf-8"), filename=str(path))))
    return found
