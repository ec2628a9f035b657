"""The reference page of the files of a plan, its tables made from the fields of their rows."""

from __future__ import annotations

import inspect
from typing import Any

from posada.model.audience import Audience
from posada.model.fields import fields_of
from posada.model.plan_tables import PLAN_TABLES, PUBLIC_TABLES
from scripts.made_page import markdown_table

_HEAD = """\
# Files of a plan

`posada plan SCENARIO --out DIR` writes two folders. [Who may see what](../explanation/plan.md) says why they are two.

| folder | for whom | holds |
|---|---|---|
| `public/` | anybody | the tables `places`, `needs` and `gaps`; `plan.xlsx`; the page `needs` |
| `restricted/` | whoever coordinates | `plan.json`, from which `--from` plans anew; the rest with `--for coordinator` |

With `--for coordinator` there are in `restricted/` all tables below, `plan.xlsx`, and as HTML and PDF in Spanish and
in English (`NAME.es.html`, `NAME.en.pdf`):

| page | holds |
|---|---|
| `corridor` | what is decided now, what changed, a map of who rides to where, what is missing, people by town |
| `vehicles` | a timetable for each offer of vehicles, on a sheet of its own |
| `sites` | who sleeps where on which night |
| `shopping` | what is to be brought to each town, in the first days and later |
| `towns/TOWN` | all of it for one town |
| `briefs/TOWN` | the brief of the forecast with the plan in it; not for a plan of a table, nor with `--no-briefs` |

Every table is there as CSV and as Parquet, and as a sheet of `plan.xlsx`, where the header says what a column means.
The stamp is the first cell of the last column of a CSV file, `stamp`, the metadata `posada` of a Parquet file, the
sheet `stamp` of the workbook, the foot of a page, and `stamp.json` in each folder. A CSV file without rows has none.
`deliveries` is there when the plan was given stocks, `changes` when it came from another plan.

In the columns of a plan with several futures, *expected* is the weighted mean: it adds up over rows, and totals agree
between tables. *Low* and *high* are the quantiles at 0.1 and 0.9, which do not add up.

"""


def plan_files_page() -> str:
    """Return the page.

    Raises
    ------
    ValueError
        When its text does not name a role.
    """
    absent = [role.value for role in Audience if role.value not in _HEAD]
    if absent:
        raise ValueError(f"the page of the files of a plan does not name the role {', '.join(absent)}")
    parts = [_HEAD, "## For whoever coordinates\n"]
    parts += [record_table(name, record) for name, record in PLAN_TABLES.items()]
    parts.append("\n## For anybody\n")
    parts += [record_table(name, record) for name, record in PUBLIC_TABLES.items()]
    return "".join(parts)


def record_table(name: str, record: type[Any]) -> str:
    """Return a section about a table: what its record is, and a row for each column."""
    about = (inspect.getdoc(record) or "").partition("\n\n")[0].replace("\n", " ")
    rows = [
        (
            f"`{field.header}`",
            str(field.kind) + ("" if field.required else "; may be empty"),
            field.unit,
            ", ".join(f"`{option}`" for option in field.options),
            field.meaning,
        )
        for field in fields_of(record)
    ]
    return f"\n### {name}\n\n{about}\n\n{markdown_table(('column', 'holds', 'unit', 'options', 'meaning'), rows)}"
