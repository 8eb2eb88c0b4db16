"""The evidence of a broken clause in Markdown: what was sent, what came back, a script, folded away."""

from __future__ import annotations

import re
from urllib.parse import quote

from reports.body import body_for
from reports.location import location
from reports.markdown_cell import cell
from reports.record import Entry, Exchange
from reports.text import visible

_BODY, _LINE, _SCRIPT, _EXCHANGES = 800, 400, 6_000, 3


def link(clause: str, *, page: str = "report.html") -> str:
    """The id of a clause as a link to its place on the page that lies beside."""
    return f"[{cell(clause)}]({page}#{quote(clause, safe='/')})"


def render_evidence(entry: Entry) -> str:
    """The exchanges in short and the curl script, folded; nothing of the target's can end the blocks they stand in."""
    finding = entry.finding
    talks = "\n\n".join(_talk(exchange) for exchange in entry.exchanges[:_EXCHANGES])
    blocks = [_fenced("http", talks)] if talks else []
    if entry.curl and len(entry.curl) <= _SCRIPT:
        blocks.append(_fenced("sh", visible(entry.curl)))
    title = cell(finding.clause.id)
    return f"<details><summary>{title}: evidence</summary>\n\n" + "\n".join(blocks) + "\n</details>\n"


def _talk(exchange: Exchange) -> str:
    call = exchange.call
    first = visible(f"{call.request.method} {location(call.request)}"[:_LINE], multiline=False)
    status = f"no answer: {call.trouble or 'open'}" if call.response is None else f"HTTP {call.response.status}"
    parts = [f"# call {call.id} {call.operation}", first, body_for(call.request.body, shown=_BODY).text, "", status]
    if call.response is not None:
        parts.append(body_for(call.response.body, shown=_BODY).text)
    return "\n".join(part for at, part in enumerate(parts) if part or at == len(parts) - 3)


def _fenced(language: str, text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(longest + 1, 3)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}\n"
