"""Write what other journeys teach into the scenario ``caravan-2018``, and the page that says how it was obtained.

``python -m scripts.learn_priors`` does with ``data/caravans`` what ``posada calibrate data/caravans`` does, and writes
``parameters.csv``, ``destinations.csv`` and ``procedure.csv`` of the scenario, and the tables and the picture of
``docs/explanation/parameters.md``. With ``--check`` it writes nothing and fails when a file is not what the data say
today.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from posada.forecast.journey_priors import Learned, to_digits
from posada.forecast.journey_tables import destination_shares, learn_from_journeys, made_from, readings_of
from posada.forecast.journeys_left_out import (
    LeftOutScore,
    left_out_skills,
    score_left_out,
    share_held,
    told_by_others,
)
from posada.io.folder import read_folder, write_scenario
from posada.io.past_journeys import read_past_journeys
from posada.model.past_journeys import PASSED, Reading
from posada.model.scenario import Scenario
from scripts.prior_picture import prior_picture

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data" / "caravans"
SCENARIO = ROOT / "src" / "posada" / "scenarios" / "caravan-2018"
PAGE = ROOT / "docs" / "explanation" / "parameters.md"
PICTURE = ROOT / "docs" / "images" / "journey-priors.svg"
MARK = "<!-- Below: made by scripts/learn_priors.py. Do not edit. -->\n"

LEFT_OUT_INTRODUCTION = """\
Each journey in turn was left out, with all readings that use its reports, and its readings were predicted by what the
others teach. The figures are ratios of the CRPS: over that of the catalogue's default, and over that of the other
readings taken as they are; below 1 what was learned is better. In brackets the 95 % interval over journeys. The last
column says how many readings lie in the band of 80 %. The defaults are no independent forecast: we chose them with some
of these reports in mind. Numbers of which one journey alone tells are not in the table.

"""

LEARNED_TABLES = ("parameters.csv", "procedure.csv", "destinations.csv")


def read_table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def learned_tables(scenario: Scenario) -> dict[str, str]:
    """Return the text of the tables of a scenario that other journeys inform."""
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "scenario"
        write_scenario(scenario, written)
        return {name: (written / name).read_text(encoding="utf-8") for name in LEARNED_TABLES}


def law_text(law: str, values: Iterable[float]) -> str:
    """Return a distribution as people read it: ``beta 3;9``."""
    return f"{law} {';'.join(f'{value:g}' for value in values)}"


def table_text(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    lines = [list(header)]
    lines.append(["---"] * len(lines[0]))
    lines.extend(list(row) for row in rows)
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def distributions_text(learned: Sequence[Learned]) -> str:
    """Return the tables of what was learned and of what keeps its default."""
    limits = {row["rate"]: row["data_cannot_tell"] for row in read_table(DATA / "limits.csv")}
    told, kept = [], []
    for one in learned:
        start = (f"`{one.rate.name}`", one.rate.unit, law_text(one.rate.distribution, one.rate.values))
        if one.readings:
            told.append((*start, law_text(one.law, one.values), made_from(one.readings), limits[one.rate.name]))
        else:
            kept.append((*start, limits.get(one.rate.name, "No report has a number for it.")))
    header = ("parameter", "unit", "default", "learned", "from", "what the data cannot tell")
    return (
        f"\n## What was learned\n\n{table_text(header, told)}"
        "\n## What keeps its default: assumptions of the project\n\n"
        f"{table_text(('parameter', 'unit', 'default', 'why'), kept)}"
    )


def procedure_text(readings: Sequence[Reading], scenario: Scenario) -> str:
    """Return the table of transitions, with what each was made from."""
    rows = []
    for row in scenario.procedure:
        used = readings_of(readings, row.id)
        origin = made_from(used) if used else ", ".join(f"`{id_}`" for id_ in row.source)
        rows.append((f"`{row.id}`", row.kind, *(f"{number:g}" for number in (row.low, row.likely, row.high)), origin))
    header = ("transition", "kind", "low", "likely", "high", "from")
    return f"\n## The procedure\n\n{table_text(header, rows)}"


def readings_text(readings: Sequence[Reading], scenario: Scenario) -> str:
    """Return where journeys end, and the table of every reading."""
    shares = destination_shares(readings, scenario)
    ends = ((f"`{place}`", f"{share:.3f}") for place, share in shares.items())
    rows = []
    for row in readings:
        whose = row.journey if row.counted_as == row.journey else f"{row.journey}, {row.counted_as}"
        value = f"{to_digits(row.value):g}" + (f" of {row.trials:g}" if row.trials else "")
        rows.append((f"`{row.rate}`", whose, f"`{row.formula}`", value, ", ".join(row.report_ids), row.how))
    header = ("for", "journey", "formula", "value", "reports", "how it was read")
    return (
        f"\n## Where a journey ends\n\n{table_text(('border city', 'share'), ends)}"
        f"\n## Every reading\n\n{table_text(header, rows)}"
    )


def left_out_text(scores: Sequence[LeftOutScore]) -> str:
    """Return the table of how well others told a journey that was left out, first of what most journeys tell of."""
    by_rate = told_by_others(scores)
    rows = [(f"`{name}`", *_skill_cells(own)) for name, own in by_rate.items()]
    rows.sort(key=lambda row: -int(row[1]))
    default, others = (
        f"{skill.ratio:.2f} ({skill.low:.2f} to {skill.high:.2f})"
        for skill in left_out_skills([row for own in by_rate.values() for row in own])
    )
    whole = _skill_cells([row for own in by_rate.values() for row in own])
    rows.append(("all, each alike", whole[0], default, others, whole[-1]))
    header = ("parameter", "journeys", "over the default", "over the others as they are", "in 80 %")
    return f"\n## Judged on what was left out\n\n{LEFT_OUT_INTRODUCTION}{table_text(header, rows)}"


def _skill_cells(rows: Sequence[LeftOutScore]) -> tuple[str, str, str, str]:
    default, others = (f"{skill.ratio:.2f}" for skill in left_out_skills(rows))
    return str(len({row.journey for row in rows})), default, others, f"{100 * share_held(rows):.0f} %"


def made_files() -> dict[Path, str]:
    """Return the text of every file that is made from the data.

    Raises
    ------
    PosadaError
        When a reading names no rate, transition or border city, or reads what is kept apart.
    """
    past = read_past_journeys([DATA])
    readings = past.readings_for()
    lessons = learn_from_journeys(past, readings, read_folder(SCENARIO))
    page = PAGE.read_text(encoding="utf-8").partition(MARK)[0]
    tables = (
        distributions_text(lessons.rates),
        left_out_text(score_left_out(past, lessons.scenario, PASSED)),
        procedure_text(readings, lessons.scenario),
        readings_text(readings, lessons.scenario),
    )
    return {
        **{SCENARIO / name: text for name, text in learned_tables(lessons.scenario).items()},
        PICTURE: prior_picture(lessons.rates),
        PAGE: page + MARK + "".join(tables),
    }


def main(arguments: Sequence[str]) -> int:
    """Write the files, or with ``--check`` say which are stale."""
    if list(arguments) not in ([], ["--check"]):
        print("usage: python -m scripts.learn_priors [--check]")
        return 2
    stale = 0
    for path, text in made_files().items():
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        if arguments:
            print(f"{path.relative_to(ROOT)} is not what the data say: run python -m scripts.learn_priors")
        else:
            path.write_text(text, encoding="utf-8", newline="\n")
            print(f"wrote {path.relative_to(ROOT)}")
    return 1 if arguments and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
