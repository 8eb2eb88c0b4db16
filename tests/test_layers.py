"""Who may import whom. Every import statement counts, also a lazy one and one for types only."""

from __future__ import annotations

import sys

import pytest

from tests.source_tree import PACKAGES, Module, modules

MODULES = modules()
TOP = "conformance.app"
ORDER = ("specs", "strategies", "conformance", "reports", TOP)
ALSO_TOP = ("conformance.__main__", "conformance.suite")

#: Modules another package imports directly, past the front: what they import takes long to load and is not always wanted.
PAST_THE_FRONT = {
    ("conformance.drivers.exploration", "strategies.exploration"),
    ("conformance.drivers.random_programs", "strategies.random_actions"),
    ("conformance.drivers.random_programs", "strategies.random_programs"),
    ("conformance.drivers.raw", "strategies.schemathesis_cases"),
}

#: Where each third-party library is imported. The emulator is an implementation of its own beside the suite.
HOMES = {
    "boto3": ("conformance.adapters.objects", "conformance.emulator.objects"),
    "botocore": (
        "conformance.adapters.key_source",
        "conformance.adapters.objects",
        "conformance.adapters.signing",
        "conformance.emulator.objects",
    ),
    "click": (TOP,),
    "defusedxml": ("specs.wire", "conformance.emulator.s3control.document"),
    "hypothesis": ("strategies", "conformance.drivers"),
    "jinja2": ("reports.template",),
    "jsonschema": ("specs.validation",),
    "markupsafe": ("reports.template",),
    "moto": ("conformance.adapters.moto",),
    "pytest": (TOP, "conformance.suite"),
    # Graphs that loads are given are written by what does not read them in the emulator.
    "rdflib": ("conformance.emulator.neptune.rdf", "strategies.rdf_graph"),
    "referencing": ("specs.validation",),
    "regex": ("specs.validation", "strategies.values"),
    "requests": ("conformance.adapters.http",),
    "rich": (TOP,),
    "schemathesis": ("strategies.schemathesis_cases",),
    "urllib3": ("conformance.adapters",),
    "werkzeug": ("conformance.adapters.moto", "conformance.emulator"),
    "xdist": ("conformance.app.suite_schedule",),
    "yaml": ("specs.document",),
}


def layer(name: str) -> int:
    if name == TOP or name.startswith((f"{TOP}.", *ALSO_TOP)):
        return ORDER.index(TOP)
    return ORDER.index(name.partition(".")[0])


def ours(module: Module) -> list[str]:
    return [name for name in module.imports() if name.partition(".")[0] in PACKAGES]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_a_module_imports_from_its_own_layer_and_those_below(module: Module) -> None:
    upward = [name for name in ours(module) if layer(name) > layer(module.name)]

    assert upward == []


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_another_package_is_imported_through_its_front(module: Module) -> None:
    past = [name for name in ours(module) if "." in name and name.partition(".")[0] != module.package]

    assert [name for name in past if (module.name, name) not in PAST_THE_FRONT] == []


def test_every_listed_exception_is_in_use() -> None:
    used = {(module.name, name) for module in MODULES for name in module.imports()}

    assert used >= PAST_THE_FRONT


@pytest.mark.parametrize(
    "module", [module for module in MODULES if module.within("conformance.emulator")], ids=lambda module: module.name
)
def test_the_emulator_imports_nothing_of_the_suite(module: Module) -> None:
    """It is written from the documents, so that emulator and suite check each other."""
    assert [name for name in ours(module) if not name.startswith("conformance.emulator")] == []


@pytest.mark.parametrize(
    "module", [module for module in MODULES if module.within("conformance.oracles")], ids=lambda module: module.name
)
def test_oracles_cannot_send(module: Module) -> None:
    senders = (
        "conformance.drivers",
        "conformance.adapters",
        "conformance.session",
        "conformance.stage",
        "conformance.engine",
    )

    assert [name for name in ours(module) if name.startswith(senders)] == []


@pytest.mark.parametrize(
    "module", [module for module in MODULES if module.within("conformance.evidence")], ids=lambda module: module.name
)
def test_evidence_knows_no_api_and_no_history(module: Module) -> None:
    assert [name for name in ours(module) if not name.startswith("conformance.evidence")] == []


@pytest.mark.parametrize(
    "module", [module for module in MODULES if module.within("conformance.drivers")], ids=lambda module: module.name
)
def test_drivers_cannot_judge(module: Module) -> None:
    assert [
        name
        for name in ours(module)
        if name.startswith(("conformance.oracles", "conformance.verdict", "conformance.engine"))
    ] == []


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_a_library_is_imported_where_it_belongs(module: Module) -> None:
    foreign = {name.partition(".")[0] for name in module.imports()} - set(PACKAGES) - set(sys.stdlib_module_names)

    assert [library for library in sorted(foreign) if not module.within(*HOMES.get(library, ()))] == []


def test_every_home_is_in_use() -> None:
    used = {(library, home) for library, homes in HOMES.items() for home in homes for module in MODULES
            if module.within(home) and library in {name.partition(".")[0] for name in module.imports()}}  # fmt: skip

    assert used == {(library, home) for library, homes in HOMES.items() for home in homes}
