"""The reference page of what a run and a forecast write, with the table of reports from the fields of its rows."""

from __future__ import annotations

from posada.model.learning import USES, ReportEffect
from posada.report.phrases import Phrases
from scripts.made_page import markdown_table
from scripts.plan_files_page import record_table

_HEAD = """\
# Result tables

`posada run --out DIR` and `posada forecast --out DIR` write into one folder, for a journey of groups:

| file | holds |
|---|---|
| `stamp.json` | where it comes from: version, scenario and hash, seed, members, as-of date, sources, digests |
| `forecast.csv`, `.parquet` | quantiles of what briefs show, in the columns of [forecast files](forecast-files.md) |
| `hub.csv`, `.parquet`, `tasks.json` | a forecast file of all targets and places for `posada score` |
| `members.csv`, `.parquet` | what each member did in each town |
| `nights.parquet` | the same night by night |
| `towns.geojson` | towns as points with their forecast |
| `reports.csv`, `.parquet` | what each report did; of `posada forecast` only, see below |
| `briefs/` | a page for each town and one for the corridor, in Spanish and in English; not with `--no-briefs` |

The hash of a run as of a date is that of the scenario as it was known on that date, with each statement once: reports
that were published later, and their sources, do not change it. Of a forecast, `members` of the stamp are those that
were run ahead, `learning.members` those that were held against reports.

## Columns
"""


def results_page() -> str:
    """Return the page."""
    words = Phrases("en")
    uses = markdown_table(("use", "meaning"), ((f"`{use}`", words.word("report_use", use)) for use in USES))
    return f"{_HEAD}{record_table('reports', ReportEffect)}\nThe uses of a report:\n\n{uses}"
