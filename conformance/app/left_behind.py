"""``left_behind.json``: what a run has made and not removed, beside its results, and a second try at removing it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from conformance import Leftover, Run, SettingsError, Target, leftover_from_json, leftover_to_json
from conformance.app.exit_code import CONFORMING, UNPROVEN
from conformance.app.stored_history import read_stored
from specs import Spec, load

NAME = "left_behind.json"
SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBehind:
    """The file of one run: it is there from the beginning, and gone at the end where nothing is left."""

    path: Path
    spec: Spec
    target: Target
    run: str

    def begin(self) -> None:
        """Say that a run is under way: if that is all there is, it was killed, and its history tells what it made."""
        self._write("running", ())

    def end(self, left: Sequence[Leftover]) -> None:
        """Write what is left; nothing left, no file."""
        if left:
            self._write("ended", left)
        else:
            self.path.unlink(missing_ok=True)

    def _write(self, state: str, left: Sequence[Leftover]) -> None:
        target, store = self.target, self.target.s3
        content = {
            "kind": "left-behind", "schema": SCHEMA_VERSION, "state": state, "api": self.spec.api, "edition": self.spec.edition,
            "url": target.url, "auth": target.credentials.scheme,
            "region": target.region, "run": self.run,
            "s3": None if store is None else {"endpoint": store.endpoint, "bucket": store.bucket, "prefix": store.prefix},
            "items": [leftover_to_json(each) for each in left],
        }  # fmt: skip
        self.path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8", errors="replace")


def left_in(folder: Path) -> dict[str, Any] | None:
    """What the file in a folder of results says; None where there is none.

    Raises:
        SettingsError: the folder holds no results, or the file is not one of these.
    """
    path = folder / NAME
    if not path.exists():
        if not (folder / "history.jsonl").exists():
            raise SettingsError(f"expected the results of a run in {folder} but there is no history.jsonl")
        return None
    try:
        content = json.loads(path.read_text("utf-8"))
        if content["kind"] != "left-behind" or content["schema"] != SCHEMA_VERSION:
            raise SettingsError(f"{path} is of another version: schema={content['schema']!r}")
        content["items"] = [leftover_from_json(each) for each in content["items"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(f"expected what a run has left behind in {path} but: {error}") from error
    return dict(content)


def clean_up(folder: Path, content: Mapping[str, Any], target: Target) -> int:
    """Try again to remove what a run has made; the exit code: 0 all of it is gone, 3 some is still there.

    Raises:
        SettingsError: the target is another one than that of the run, or may only be read.
    """
    spec = load(content["api"], edition=content["edition"])
    _require_same(content, target)
    earlier = read_stored(folder / "history.jsonl").earlier if content["state"] == "running" else None
    run = Run(spec=spec, target=target, clauses=(), earlier=earlier)
    try:
        run.clearance.take_up(content["items"])
        told = len(run.context.stage.instances)
        run.settle()
    finally:
        remaining = run.close()
    file = LeftBehind(path=folder / NAME, spec=spec, target=target, run=content["run"])
    file.end(run.clearance.left)
    for each in remaining:
        click.echo(f"still there: {each}")
    click.echo(
        f"{told} things of the run were looked at; "
        + (f"{len(remaining)} are left" if remaining else "nothing is left")
    )
    return UNPROVEN if remaining else CONFORMING


def _require_same(content: Mapping[str, Any], target: Target) -> None:
    if (target.api, target.url) != (content["api"], content["url"]):
        raise SettingsError(
            f"the run was about {content['api']} at {content['url']}, but this target is {target.api} at {target.url}"
        )
    if content.get("auth", "none") != "none" and target.credentials.scheme == "none":
        raise SettingsError(
            "the requests of the run were signed; give its keys: --target, or --access-key and --secret-key"
        )
    if target.read_only:
        raise SettingsError("the target is read-only, so nothing can be removed from it")
    place = content["s3"]
    if (
        place is not None
        and target.s3 is not None
        and (target.s3.endpoint, target.s3.bucket) != (place["endpoint"], place["bucket"])
    ):
        raise SettingsError(
            f"the run has put source data into {place['bucket']} at {place['endpoint']}, but this target has another bucket"
        )
