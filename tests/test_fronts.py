"""A package's front: only imports and names, all of them documented."""

from __future__ import annotations

import ast
import importlib
import inspect

import pytest

from tests.source_tree import PACKAGES, Module, modules

MODULES = {module.name: module for module in modules()}
FRONTS = [MODULES[name] for name in PACKAGES]


def imported(front: Module) -> set[str]:
    """The names a front imports from its own modules, for type checkers or for good."""
    nodes = [node for node in ast.walk(front.tree) if isinstance(node, ast.ImportFrom) and node.module]
    return {
        alias.asname or alias.name
        for node in nodes
        if (node.module or "").startswith(f"{front.name}.")
        for alias in node.names
    }


@pytest.mark.parametrize("front", FRONTS, ids=lambda front: front.name)
def test_a_front_lists_what_it_imports(front: Module) -> None:
    listed = importlib.import_module(front.name).__all__

    assert len(set(listed)) == len(listed)
    assert set(listed) == imported(front)


@pytest.mark.parametrize("front", FRONTS, ids=lambda front: front.name)
def test_every_listed_name_is_there(front: Module) -> None:
    package = importlib.import_module(front.name)

    assert [name for name in package.__all__ if not hasattr(package, name)] == []


@pytest.mark.parametrize("front", FRONTS, ids=lambda front: front.name)
def test_every_public_name_is_documented(front: Module) -> None:
    package = importlib.import_module(front.name)
    public = {name: getattr(package, name) for name in package.__all__}
    documented = {
        name
        for name, value in public.items()
        if not (inspect.isclass(value) or inspect.isroutine(value)) or own_text(value)
    }

    assert sorted(set(public) - documented) == []


@pytest.mark.parametrize("module", MODULES.values(), ids=lambda module: module.name)
def test_every_module_and_public_definition_has_a_docstring(module: Module) -> None:
    definitions = [
        node
        for node in module.tree.body
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_")
    ]
    silent = [node.name for node in definitions if not ast.get_docstring(node)]

    assert (ast.get_docstring(module.tree) or "") != ""
    assert silent == []


def own_text(value: object) -> str:
    """The docstring that was written, not the one a dataclass makes up."""
    text = inspect.getdoc(value) or ""
    return "" if inspect.isclass(value) and text.startswith(f"{value.__name__}(") else text
