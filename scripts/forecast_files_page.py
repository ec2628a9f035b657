"""The reference page of forecast and truth files, with the targets as the code has them."""

from __future__ import annotations

from posada.io.hub import HUB_COLUMNS
from posada.io.truth_file import TRUTH_COLUMNS, TRUTH_OPTIONAL
from posada.model.forecast_file import JOURNEY_LOCATION, OF_JOURNEY, REGISTERED_TARGET, TARGETS, Target

_HEAD = """\
# Forecast and truth files

Forecasts are handed on in the columns of forecast hubs, as CSV or Parquet, so that anybody can score them with any
tool. `posada run --out DIR` writes one for a journey of groups, as `hub.csv` and `hub.parquet`, with `tasks.json`.
`posada score` reads them and checks every row; what it finds is among the [findings](findings.md).

## A forecast file

| column | holds |
|---|---|
| `origin_date` | the as-of date: nothing published later was used; one for the whole file |
| `location` | a place or camp; `_journey` for what concerns the whole journey |
| `target` | one of those below |
| `target_end_date` | the day that is forecast |
| `output_type` | `quantile`, or `cdf` for `arrived_by` |
| `output_type_id` | the level of the quantile; for `cdf` the day, which is that of `target_end_date` |
| `value` | people, or the chance that it has happened by that day |

Levels are 0.025, 0.05, 0.1, 0.15, …, 0.9, 0.95, 0.975. A file has all of them, or leaves out some of 0.15, 0.25, …,
0.85; without 0.25 and 0.75 no band of 50 % can be looked at. Quantiles of a day do not fall with the level, chances do
not fall from day to day, nothing is below 0, and a day that is not forecast is absent, never zero.

"""

_TAIL = """\
In a strict hub a row of `cdf` would have one `target_end_date` for the whole distribution. Here it is the day of the
row, so that a row says by itself of which day it speaks; whoever reads the distribution needs `output_type_id` alone.

The stamp, with version, scenario hash, seed and as-of date, lies beside the file as `NAME.stamp.json` or as the
`stamp.json` of its folder, and in the metadata of a Parquet file under `posada`. `tasks.json` says for machines what is
forecast: targets, places, days and levels, in the form of hubverse's tasks.

From Python:

```text
from posada.io.hub import write_forecast_file
from posada.io.hub_forecast import read_forecast_file
from posada.io.hub_tasks import tasks_record, write_tasks
```

## A truth file

The same key columns and a value: `target`, `location`, `target_end_date`, `value`. Where known also `value_low` and
`value_high`, between which the figure may lie, `source`, and `published`, the day on which it became public: what was
public on the origin date of a forecast is not scored.

Of `arrived_by` a value of 1 stands on the day of arrival, and 0 on a day by which the main body had not arrived. With
both, it arrived on a day after the one and up to the other.
"""


def forecast_files_page() -> str:
    """Return the page.

    Raises
    ------
    ValueError
        When its text does not name a column of the files.
    """
    rows = "".join(f"| `{row.id}` | {_where(row)} | {row.unit} | {row.meaning} |\n" for row in TARGETS.values())
    page = f"{_HEAD}| target | at | unit | what |\n|---|---|---|---|\n{rows}\n{_TAIL}"
    absent = [name for name in (*HUB_COLUMNS, *TRUTH_COLUMNS, *TRUTH_OPTIONAL) if f"`{name}`" not in page]
    if absent:
        raise ValueError(f"the page of forecast files does not say what {', '.join(absent)} is")
    return page


def _where(target: Target) -> str:
    if target.scope == OF_JOURNEY:
        return f"`{JOURNEY_LOCATION}`"
    return "camp" if target.id == REGISTERED_TARGET else "place"
