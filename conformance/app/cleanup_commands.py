"""What ``conformance cleanup`` does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click

from conformance import Credentials, SettingsError, SourceStore, Target
from conformance.app.left_behind import clean_up, left_in
from conformance.app.target_file import read_target_file, target_from
from specs import load


def clean(folder: Path, file: Path | None, flags: Mapping[str, str | None]) -> int:
    """Remove what is left of a run; the exit code. Raises SettingsError."""
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
    if flags.get("s3_endpoint"):
        bucket = {"bucket": place["bucket"]} if place else {}
        target = replace(target, s3=SourceStore(endpoint=str(flags["s3_endpoint"]), **bucket))
    access, secret = flags.get("access_key"), flags.get("secret_key")
    if bool(access) != bool(secret):
        raise SettingsError("expected both --access-key and --secret-key, or neither")
    if access and secret:
        auth = load(target.api, edition=target.edition).auth
        credentials = Credentials(
            scheme=auth.scheme, service=auth.service, region=content.get("region", target.region), access_key=access, secret_key=secret  # type: ignore[arg-type]
        )  # fmt: skip
        target = replace(target, credentials=credentials)
    if place is not None and target.s3 is not None:
        target = replace(target, s3=replace(target.s3, prefix=place["prefix"]))
    return clean_up(folder, content, target)
