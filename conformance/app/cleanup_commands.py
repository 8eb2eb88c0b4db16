"""What ``conformance cleanup`` does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from conformance import SourceStore, Target
from conformance.app.left_behind import clean_up, left_in
from conformance.app.target_file import read_target_file, target_from
from specs import load


def clean(folder: Path, file: Path | None, s3_endpoint: str | None) -> int:
    """Remove what is left of a run; the exit code."""
    content = left_in(folder)
    if content is None:
        click.echo("nothing was left behind")
        return 0
    place = content["s3"]
    if file is not None:
        described = read_target_file(file)
        target = target_from(described, load(described["api"], edition=described.get("edition")))
    else:
        target = Target(api=content["api"], url=content["url"], edition=content["edition"])
    if s3_endpoint is not None:
        target = replace(target, s3=SourceStore(endpoint=s3_endpoint, **({"bucket": place["bucket"]} if place else {})))
    if place is not None and target.s3 is not None:
        target = replace(target, s3=replace(target.s3, prefix=place["prefix"]))
    return clean_up(folder, content, target)
