"""Repeats every failure of a record by its own script, each on a target made fresh, and says whether it shows again.

``python -m conformance.app.replay RECORD --target FILE [--reset PATH]``
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from conformance import Call, SettingsError, Target, Verdict, View, judge_clause
from conformance.adapters.http import HttpConnection
from conformance.answer import answer_of
from conformance.app.processes import command
from conformance.app.target_file import read_target_file, target_from
from reports import Entry, Record, read
from specs import Request, Response, Spec, load

_STATUS = re.compile(r"^HTTP/[0-9.]+ ([0-9]{3})[^\n]*\n", re.MULTILINE)
_SECONDS = 120
_BROKEN = frozenset({Verdict.FAIL, Verdict.WARN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What came of one script: whether it showed the failure again, and in words what differed if not."""

    clause: str
    again: bool
    told: str


def answers(output: str) -> list[Response]:
    """The answers that a script has printed, in order."""
    places = list(_STATUS.finditer(output))
    found = []
    ends = [*(place.start() for place in places[1:]), len(output)]
    for place, end in zip(places, ends, strict=False):
        rest = output[place.end() : end]
        head, _, body = rest.partition("\n\n")
        headers = {n.strip().lower(): v.strip() for n, _, v in (line.partition(":") for line in head.splitlines())}
        found.append(Response(status=int(place[1]), headers=headers, body=body.strip("\n").encode("utf-8", "replace")))
    return found


def compared(spec: Spec, entry: Entry, output: str) -> Replayed:
    """Whether the answers of a script show what the entry's do."""
    calls = [exchange.call for exchange in entry.exchanges]
    shown = answers(output)[-len(calls) :] if calls else []
    identifier = entry.finding.clause.id
    if len(shown) < len(calls):
        return Replayed(clause=identifier, again=False, told=f"{len(shown)} answers of {len(calls)}")
    for call, response in zip(calls, shown, strict=True):
        before, now = answer_of(spec, call.response), answer_of(spec, response)
        if (before.status, before.name) != (now.status, now.name):
            told = f"call {call.id}: {before.described()} in the record, {now.described()} now"
            return Replayed(clause=identifier, again=False, told=told)
    again = [replace(call, response=response) for call, response in zip(calls, shown, strict=True)]
    once, now_judged = _judged(spec, entry, calls), _judged(spec, entry, again)
    if once in _BROKEN and now_judged not in _BROKEN:
        return Replayed(clause=identifier, again=False, told=f"judged {now_judged} now")
    told = "judged as before" if once in _BROKEN else "answered as before"
    return Replayed(clause=identifier, again=True, told=told)


def _judged(spec: Spec, entry: Entry, calls: Sequence[Call]) -> Verdict:
    """What the evidence says by itself; some of it needs more of the history to say anything."""
    return judge_clause(spec.clause(entry.finding.clause.id), View(spec, calls, exclusive=True)).verdict


def environment(target: Target) -> dict[str, str]:
    """What a script takes from the environment."""
    keys = target.credentials.current()
    return {
        **os.environ, "BASE_URL": target.url, "REGION": target.region, "AWS_ACCESS_KEY_ID": keys.access_key,
        "AWS_SECRET_ACCESS_KEY": keys.secret_key, "NCLOUD_ACCESS_KEY": keys.access_key, "NCLOUD_SECRET_KEY": keys.secret_key,
    }  # fmt: skip


def output_of(script: str, variables: Mapping[str, str]) -> str:
    """What a script prints."""
    shell = shutil.which("sh") or "sh"
    done = subprocess.run(  # noqa: S603 - a script of ours, out of the record that is to be checked
        [shell], input=script, env=dict(variables), capture_output=True, text=True, timeout=_SECONDS, check=False,
        encoding="utf-8", errors="replace",
    )  # fmt: skip
    return done.stdout.replace("\r\n", "\n")


def _forgotten(target: Target, path: str) -> None:
    connection = HttpConnection(target)
    reply = connection.send(Request(method="POST", path=path))
    connection.close()
    if reply.response is None or reply.response.status >= 300:
        raise SettingsError(f"a POST to {path} did not make the target forget: {reply.detail or reply.response}"[:300])


def replays(
    spec: Spec, record: Record, target: Target, words: Sequence[str] | None, reset: str | None
) -> Iterator[Replayed]:
    """Every failure of a record, each on a target that is started anew, or reset by a request to ``reset``."""
    variables = environment(target)
    with contextlib.ExitStack() as whole:
        if words is not None and reset is not None:
            whole.enter_context(command(words, target.url))
        for entry in record.entries:
            if entry.finding.verdict not in _BROKEN:
                continue
            with contextlib.ExitStack() as single:
                if reset is not None:
                    _forgotten(target, reset)
                elif words is not None:
                    single.enter_context(command(words, target.url))
                yield compared(spec, entry, output_of(entry.curl, variables))


@click.command()
@click.argument("record", type=click.Path(path_type=Path))
@click.option(
    "--target", "target_file", type=click.Path(path_type=Path), required=True, help="Where the scripts are to go."
)
@click.option(
    "--reset", help="Path at which a POST makes the target forget everything, instead of a new start for each."
)
def main(record: Path, target_file: Path, reset: str | None) -> None:
    """Repeat every failure of RECORD by its own script; exit code 1 where one does not show again."""
    try:
        content = read_target_file(target_file)
        spec = load(content["api"], edition=content.get("edition"))
        target = target_from(content, spec)
        told = read(record.read_text("utf-8").splitlines(), partial=False)
    except (SettingsError, OSError) as error:
        raise click.UsageError(str(error)) from error
    found = list(replays(spec, told, target, content.get("command"), reset))
    for each in found:
        if not each.again:
            click.echo(f"differs: {each.clause}: {each.told}")
    again = sum(each.again for each in found)
    click.echo(f"{again} of {len(found)} show again")
    raise SystemExit(0 if found and again == len(found) else 1)


if __name__ == "__main__":
    main()
