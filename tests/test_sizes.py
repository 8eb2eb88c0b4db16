"""Small pieces: what grows beyond these sizes is split by noun."""

from __future__ import annotations

import ast

import pytest

from tests.source_tree import Module, modules

LINES_OF_A_MODULE = 400
LINES_OF_A_FUNCTION = 50
MODULES = modules()


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_a_module_can_be_read_in_one_sitting(module: Module) -> None:
    assert len(module.path.read_text("utf-8").splitlines()) <= LINES_OF_A_MODULE


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_a_function_fits_on_a_screen(module: Module) -> None:
    functions = [node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = {
        node.name: lines
        for node in functions
        if (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > LINES_OF_A_FUNCTION
    }

    assert long == {}


def test_no_module_is_a_drawer() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "core", "misc"}

    assert [module.name for module in MODULES if drawers & set(module.name.split("."))] == []
