"""What a run found, kept as a record and shown to people and programs."""

from reports.badge import render_badge, render_badge_picture
from reports.baseline import Baseline, Deviation, Expectation, Standing, State, held_against
from reports.comparison import Comparison, Subject, compare
from reports.comparison_csv import render_comparison_csv
from reports.comparison_markdown import render_comparison_markdown
from reports.comparison_page import render_comparison
from reports.curl import curl_script
from reports.errors import ComparisonError, RecordError
from reports.html import render_html
from reports.index import render_index
from reports.job_summary import render_overview
from reports.junit import render_junit
from reports.kill_matrix import render_kill_matrix
from reports.markdown import render_markdown
from reports.outcome import exit_code
from reports.prelude import Made, Past, Prelude
from reports.reader import read
from reports.record import Entry, Header, Record
from reports.retelling import timeline_of
from reports.summary import combine, summarise
from reports.timeline import Timeline
from reports.trust import render_peers, render_trust
from reports.writer import RecordWriter

__all__ = [
    "Baseline", "Comparison", "ComparisonError", "Deviation", "Entry", "Expectation", "Header", "Made", "Past", "Prelude", "Record",
    "RecordError", "RecordWriter", "Standing", "State", "Subject", "Timeline", "combine", "compare", "curl_script",
    "exit_code", "held_against", "read", "render_badge", "render_badge_picture", "render_comparison",
    "render_comparison_csv", "render_comparison_markdown", "render_html", "render_index", "render_junit",
    "render_kill_matrix", "render_markdown", "render_overview", "render_peers", "render_trust", "summarise",
    "timeline_of",
]  # fmt: skip
