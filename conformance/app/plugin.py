"""The pytest plugin: its options, and the suite's session where they are used.

pytest loads this module in every run of every project, so it imports nothing of the suite until it is asked to.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conformance.app.origin import shadowed

if TYPE_CHECKING:
    from conformance.app.suite_session import SuiteSession

SESSION = "conformance-session"
_HOW = (
    "pass --conformance-target FILE (a TOML file that describes the target), "
    "or --conformance-api API and --conformance-url URL for a target that asks for no signatures"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("conformance", "conformance of job APIs (with --pyargs conformance.suite)")
    for name, metavar, text in (
        ("target", "FILE", "target file (TOML): where the implementation under test is, and how to speak to it"),
        ("api", "API", "API of the target, where no target file is given"),
        ("url", "URL", "where the target answers; goes over the target file's"),
        ("profile", "NAME", "how much is sent: smoke, standard (default) or thorough"),
        (
            "baseline",
            "FILE",
            "what is known of the target (TOML): fail on anything else, and on what is not so any more",
        ),
        ("out", "DIR", "write history, record and reports there at the end; a folder a worker under xdist"),
    ):
        group.addoption(f"--conformance-{name}", metavar=metavar, default=None, help=text)
    group.addoption("--conformance-seed", metavar="N", type=int, default=0, help="seed of everything random (0)")
    group.addoption(
        "--conformance-clause", metavar="PATTERN", action="append", default=[],
        help="only clauses that match: a shell pattern, a part of an id, or a family; can be given more than once",
    )  # fmt: skip
    for name, metavar in (("level", "LEVEL"), ("family", "FAMILY")):
        group.addoption(
            f"--conformance-{name}", metavar=metavar, action="append", default=[],
            help=f"only clauses of this {name}; can be given more than once",
        )  # fmt: skip
    group.addoption(
        "--conformance-allow-unproven", action="store_true", default=False,
        help="skip, instead of fail, mandatory clauses that could not be proven",
    )  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    """Open the suite's session where a target is given; refuse to collect the suite where none is."""
    given = (
        config.getoption("--conformance-target"),
        config.getoption("--conformance-api"),
        config.getoption("--conformance-url"),
    )
    if not any(given):
        if any(_is_suite(argument) for argument in config.args):
            raise pytest.UsageError(f"the conformance suite needs a target: {_HOW}")
        return
    if (problem := shadowed()) is not None:
        raise pytest.UsageError(problem)
    from conformance.app.suite_session import open_session  # noqa: PLC0415 - heavy, and wanted here only

    config.pluginmanager.register(open_session(config), SESSION)


def _is_suite(argument: str) -> bool:
    place = argument.partition("::")[0]
    if place == "conformance.suite" or place.startswith("conformance.suite."):
        return True
    return Path(place).resolve().is_relative_to(Path(__file__).resolve().parents[1] / "suite")


def session_of(config: pytest.Config) -> SuiteSession:
    """The suite's session; raises UsageError where no target was given."""
    session: SuiteSession | None = config.pluginmanager.get_plugin(SESSION)
    if session is None:
        raise pytest.UsageError(f"the conformance suite needs a target: {_HOW}")
    return session
