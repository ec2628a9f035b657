"""Learn the distributions of the model's parameters from the reports of other journeys.

``python -m scripts.learn_priors`` reads ``data/caravans/readings.csv``, where each reading is a formula over
reports, and writes what it finds into the scenario ``caravan-2018`` (``parameters.csv``, ``destinations.csv``
and the numbers of ``procedure.csv``) and the tables of ``docs/explanation/parameters.md``. With ``--check`` it
writes nothing and fails when a file is not what the data say today.
"""

from __future__ import annotations

import csv
import io
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from posada.model.fields import fields_of
from posada.model.journeys import Destination
from posada.model.rates import RATES, Parameter
from scripts.prior_evidence import DATA, SOURCE_OF_FILE, Evidence, Reading, ReadingError, read_readings, read_table
from scripts.prior_methods import UNTOLD, Learned, Range, learn, range_of, to_digits, weight_of_journeys
from scripts.prior_picture import prior_picture

ROOT = Path(__file__).resolve().parents[1]
SCENARIO = ROOT / "src" / "posada" / "scenarios" / "caravan-2018"
PAGE = ROOT / "docs" / "explanation" / "parameters.md"
PICTURE = ROOT / "docs" / "images" / "journey-priors.svg"
MARK = "<!-- Below: made by scripts/learn_priors.py. Do not edit. -->\n"

ASSUMPTION = "project_assumption"
WEIGHT_OF_IGNORANCE = 2.0
"""Chances by the residents of the border cities count as so many journeys, as the default of a rate does."""

WEIGHT_OF_WORD = 2.0
"""So many journeys counts the border city that a group is said to make for: nobody has counted how many came there."""


def cited(readings: Iterable[Reading], evidence: Evidence, *more: str) -> str:
    """Return the sources of readings, in the order of the files."""
    used = {evidence.source_of[id_] for row in readings for id_ in row.report_ids}
    return ";".join((*(source for source in SOURCE_OF_FILE.values() if source in used), *more))


def as_csv(header: Iterable[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Return rows as the text of a CSV file."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(header), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def made_from(readings: Sequence[Reading]) -> str:
    """Return how many readings there are, from how many journeys."""
    journeys = len({row.journey for row in readings})
    return f"{len(readings)} reading{'s' * (len(readings) != 1)}, {journeys} journey{'s' * (journeys != 1)}"


def law_text(law: str, values: Iterable[float]) -> str:
    """Return a distribution as people read it: ``beta 3;9``."""
    return f"{law} {';'.join(f'{value:g}' for value in values)}"


def parameters_csv(learned: Iterable[Learned], evidence: Evidence) -> str:
    """Return the parameters that data inform; the others are left to the catalogue, and ``check`` says so."""
    rows = [
        {
            "name": one.rate.name,
            "distribution": one.law,
            "values": ";".join(f"{value:g}" for value in one.values),
            "unit": one.rate.unit,
            "source": cited(one.readings, evidence, ASSUMPTION),
            "meaning": f"Other journeys ({made_from(one.readings)}), shrunk towards the default.",
        }
        for one in learned
        if one.readings
    ]
    return as_csv((field.header for field in fields_of(Parameter)), rows)


def readings_of(readings: Iterable[Reading], transition: str) -> list[Reading]:
    """Return the readings of a transition: those of its name, or of what its name begins with."""
    return [row for row in readings if f"{transition}_".startswith(f"{row.rate.removeprefix('procedure.')}_")]


def untold(transition: Mapping[str, str]) -> Range:
    """Return low, likely and high that a transition has where no journey tells of it."""
    return UNTOLD["held" if transition["from_status"] == "held" else transition["kind"]]


def procedure_csv(readings: tuple[Reading, ...], evidence: Evidence, written: str) -> str:
    """Return the table of transitions with the numbers that data inform brought up to date."""
    own = [row for row in readings if row.rate.startswith("procedure.")]
    table = list(csv.DictReader(io.StringIO(written, newline="")))
    for row in table:
        used = readings_of(own, row["id"])
        if not used:
            continue
        limit = float("inf") if row["kind"] == "capacity_per_day" else 1.0
        numbers = range_of([reading.value for reading in used], weight_of_journeys(used), untold(row))
        for column, number in zip(("low", "likely", "high"), numbers, strict=True):
            row[column] = f"{to_digits(min(number, limit)):g}"
        row["source"] = cited(used, evidence, ASSUMPTION)
    return as_csv(table[0], table)


def destination_shares(readings: Iterable[Reading], said: str) -> dict[str, float]:
    """Return the share of chances of each border city for a group that is said to make for one of them.

    The shares of people by where journeys ended, as if as many journeys had been seen as have a reading; chances in
    proportion to residents, which count as two journeys: large cities have ports of entry, shelters and work; and the
    city that the group is said to make for, which counts as two more.
    """
    places = read_table(SCENARIO / "places.csv")
    border = {row["id"]: float(row["population"]) for row in places if row["kind"] == "border_crossing"}
    people: dict[str, float] = defaultdict(float)
    journeys = set()
    for row in readings:
        place = row.rate.removeprefix("destination.")
        if place not in border:
            raise ReadingError(f"'{place}' is not a border city of the scenario.")
        people[place] += row.value
        journeys.add(row.journey)
    seen, total, everybody = len(journeys), sum(people.values()), sum(border.values())
    weights = seen + WEIGHT_OF_IGNORANCE + WEIGHT_OF_WORD
    return {
        place: (
            seen * people[place] / total
            + WEIGHT_OF_IGNORANCE * residents / everybody
            + WEIGHT_OF_WORD * (place == said)
        )
        / weights
        for place, residents in border.items()
    }


def destinations_csv(readings: Iterable[Reading], evidence: Evidence) -> str:
    """Return the chances of the border cities for every group, without the one it is said to make for."""
    own = [row for row in readings if row.rate.startswith("destination.")]
    rows = [
        {
            "group": group["id"],
            "place": place,
            "share": f"{share:.3f}",
            "source": cited(own, evidence, ASSUMPTION),
        }
        for group in read_table(SCENARIO / "groups.csv")
        for place, share in destination_shares(own, group["destination"]).items()
        if place != group["destination"]
    ]
    return as_csv((field.header for field in fields_of(Destination)), rows)


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


def procedure_text(readings: Sequence[Reading], procedure: str) -> str:
    """Return the table of transitions, with what each was made from."""
    own = [row for row in readings if row.rate.startswith("procedure.")]
    rows = []
    for row in csv.DictReader(io.StringIO(procedure, newline="")):
        used = readings_of(own, row["id"])
        origin = made_from(used) if used else ", ".join(f"`{id_}`" for id_ in row["source"].split(";"))
        rows.append((f"`{row['id']}`", row["kind"], row["low"], row["likely"], row["high"], origin))
    header = ("transition", "kind", "low", "likely", "high", "from")
    return f"\n## The procedure\n\n{table_text(header, rows)}"


def readings_text(readings: Sequence[Reading]) -> str:
    """Return where journeys end, and the table of every reading."""
    said = read_table(SCENARIO / "groups.csv")[0]["destination"]
    shares = destination_shares([row for row in readings if row.rate.startswith("destination.")], said)
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


def made_files() -> dict[Path, str]:
    """Return the text of every file that is made from the data.

    Raises
    ------
    ReadingError
        When a reading names no rate, transition or border city, or reads what is kept apart.
    """
    evidence = Evidence()
    readings = read_readings(evidence)
    written = (SCENARIO / "procedure.csv").read_text(encoding="utf-8")
    transitions = [row["id"] for row in csv.DictReader(io.StringIO(written, newline=""))]
    for row in readings:
        used = any(readings_of([row], transition) for transition in transitions)
        if row.rate not in RATES and not row.rate.startswith("destination.") and not used:
            raise ReadingError(f"'{row.rate}' is neither a rate, a transition nor a border city.")
    learned = [learn(rate, readings) for rate in RATES.values()]
    procedure = procedure_csv(readings, evidence, written)
    page = PAGE.read_text(encoding="utf-8").partition(MARK)[0]
    return {
        SCENARIO / "parameters.csv": parameters_csv(learned, evidence),
        SCENARIO / "procedure.csv": procedure,
        SCENARIO / "destinations.csv": destinations_csv(readings, evidence),
        PICTURE: prior_picture(learned),
        PAGE: page + MARK + distributions_text(learned) + procedure_text(readings, procedure) + readings_text(readings),
    }


def write_without(arguments: Sequence[str]) -> int:
    """Write the tables as they are learned without some journeys into a folder."""
    from scripts.priors_without import LeftOut, tables_without

    if len(arguments) != 2:
        print("usage: python -m scripts.learn_priors --without JOURNEY[,JOURNEY…] DIR")
        return 2
    folder = Path(arguments[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in tables_without(LeftOut(arguments[0].split(","))).items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
        print(f"wrote {folder / name}")
    return 0


def main(arguments: Sequence[str]) -> int:
    """Write the files, or with ``--check`` say which are stale, or with ``--without`` what others would say."""
    if list(arguments[:1]) == ["--without"]:
        return write_without(arguments[1:])
    if list(arguments) not in ([], ["--check"]):
        print("usage: python -m scripts.learn_priors [--check | --without JOURNEY[,JOURNEY…] DIR]")
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
