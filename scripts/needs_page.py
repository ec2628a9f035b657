"""The reference page of needs by standard: how each line is computed, and every figure with its source."""

from __future__ import annotations

from collections.abc import Iterable

from posada.model.need import PHASES, Indicator
from posada.plan.standards import read_standards

INTRODUCTION = """\
`posada needs PEOPLE` and `calculate_needs(people, phase)` compute what so many people need from one table,
`src/posada/plan/standards.csv`. The code has no figure of its own. Each line has a *low* value, for the
first hours or days, and a *target*; a standard that is a single figure has it as both; where a
cell is empty the standard has none.

## Phases

| phase | length of stay |
| --- | --- |
| `daytime` | no night |
| `overnight` | one night |
| `days_2_5` | two to five nights |
| `longer` | more than five nights |

The user chooses the phase, or gives the nights and a part of a night counts as one. Quantities per day are
for each day of the stay. People who pass through are counted by those present at a time: arrivals a day ×
nights of stay (UNHCR Handbook for Emergencies, 1999, sections 89-90).

## Formulas

*f* is the figure in the table, *d* its divisor (`per`), *s* the step.

| kind | quantity before rounding |
| --- | --- |
| `per_person_day`, `per_person`, `m2_per_person` | people × *f* / *d* |
| `people_per_unit` | people / (*f* / *d*) |
| `multiple_of` | quantity of the line in `of` × *f* / *d* |
| `female_share_of`, `male_share_of` | quantity of the line in `of` × *f* |
| `threshold` | none: a condition to keep, never multiplied |

A `people_per_unit` with a line in `of` divides the quantity of that line instead of the people. Low is
computed from low and target from target, with `.target` in `of` both from the target; always from the
rounded line, so that a page can be checked with the numbers that stand on it. The result is rounded up to a
whole multiple of *s*, what can be fetched: toilets, buses and clinicians whole, litres to 10. Where the
table says so it is rounded to the nearest instead. The arithmetic is in exact fractions, so that 18,000 L
with 10 % of losses are 19,800 L.

With a share of women *w*, the split of toilets *f* : 1 − *f* becomes *f w* : (1 − *f*)(1 − *w*). That is an
assumption of this project and is shown as one. A figure that stands in no source has the source
`project_assumption`; a line that rests on one says so.

**Verified.** V: opened at the source. S: quoted by another public document. M: from memory. A line is
verified only when its figure and every figure it rests on are V; whether it is, is computed and stored
nowhere.

## A site's own figures, and how many fit

A site may have figures of its own: resolved = the site's, where it has one, else the table's
(`read_overrides`, `resolve_standards`). How many fit at a site is the least over the resources that were
reported: covered area / space per person, toilets × people per toilet, taps × people per tap, and places as
stated. A resource that nobody reported is listed as not assessed; it is not zero. A square or a field is
open ground and never shelter. A site counts once, whichever towns name it. How many fit is not whether
people should go there, nor how many can pass through.
"""
REFERENCE = """\
Figures for comparison: other standards, and superseded ones. No need is computed from them.

"""


def needs_page() -> str:
    """Return the page, with one row per row of the bundled table."""
    rows = read_standards()
    parts = ["# Needs by standard\n\n", INTRODUCTION]
    for title, chosen in (
        ("Lines that are computed", [r for r in rows if r.use != "reference" and r.kind != "threshold"]),
        ("Conditions to keep", [r for r in rows if r.use != "reference" and r.kind == "threshold"]),
        ("For comparison", [r for r in rows if r.use == "reference"]),
    ):
        parts.append(f"\n## {title}\n\n{REFERENCE if title == 'For comparison' else ''}")
        parts.append(_table(map(_row, chosen)))
    return "".join(parts)


def _table(rows: Iterable[tuple[str, ...]]) -> str:
    header = ("line", "what", "computed", "low", "target", "phase", "source", "status")
    lines = [header, ("---",) * len(header), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |\n" for line in lines)


def _row(row: Indicator) -> tuple[str, ...]:
    computed = row.kind + (f" `{row.of}`" if row.of else "")
    computed += f", / {row.per:,.10g}" if row.per != 1 else ""
    if row.kind != "threshold":
        computed += f"; step {row.step:g}" + ("" if row.rounding == "up" else f", {row.rounding}")
    phases = "all" if set(row.phases) == set(PHASES) else ", ".join(row.phases)
    climate = "" if row.climate == "any" else f"; {row.climate}"
    note = f". {row.note}" if row.note else ""
    return (
        f"`{row.key}`",
        f"{row.label_en} ({row.unit})",
        computed,
        _figure(row.low),
        _figure(row.target),
        phases + climate,
        row.citation + note,
        row.status,
    )


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:,.10g}"
