"""``posada needs``: readable, complete, marked, and a clear refusal with exit status 2."""

from __future__ import annotations

import csv
import io
import json
from functools import partial

import pytest

from posada.plan.needs import calculate_needs


@pytest.fixture
def run(run):
    """Run the command through the front door."""
    return partial(run, "needs")


def line_of(text, label):
    return next(line for line in text.splitlines() if line.strip().startswith(label))


def test_text_shows_quantities_marks_and_sources(run):
    done = run("1200")
    assert done.code == 0
    assert "Needs of 1,200 people, one night" in done.out
    water, toilets = line_of(done.out, "Water for all uses"), line_of(done.out, "Toilets")
    assert water.split()[4:8] == ["9,000", "18,000", "L/day", "S"]
    assert toilets.split()[1:5] == ["24", "60", "toilets", "V"]
    assert " A [" in line_of(done.out, "Convoys")
    assert "project_assumption" in done.out
    assert "p. 118" in done.out
    number = toilets.split()[-1]
    assert "WASH 3.2, p. 118" in line_of(done.out, number)


def test_text_in_spanish(run):
    done = run("1200", "--lang", "es", "--nights", "3", "--climate", "cold")
    assert "Necesidades de 1,200 personas, de dos a cinco noches, clima frío" in done.out
    assert line_of(done.out, "Espacio techado").split()[-5:-2] == ["5,400", "6,600", "m²"]
    assert "sin verificar" in done.out


@pytest.mark.parametrize("phase", ["daytime", "overnight", "days_2_5", "longer"])
def test_csv_and_json_hold_every_line(run, phase):
    expected = {
        line.key: (line.quantity_low, line.quantity_target, line.verified) for line in calculate_needs(777, phase)
    }
    whole = json.loads(run("777", "--phase", phase, "--format", "json").out)
    assert (whole["people"], whole["phase"], whole["climate"]) == (777, phase, "temperate")
    assert {row["key"]: (row["low"], row["target"], row["verified"]) for row in whole["lines"]} == expected
    rows = list(csv.DictReader(io.StringIO(run("777", "--phase", phase, "--format", "csv").out)))
    assert {
        row["key"]: (
            float(row["low"]) if row["low"] else None,
            float(row["target"]) if row["target"] else None,
            row["verified"] == "yes",
        )
        for row in rows
    } == expected


def test_status_and_verified_agree(run):
    whole = json.loads(run("1200", "--female-share", "0.3", "--format", "json").out)
    assert all((row["status"] == "V") == row["verified"] for row in whole["lines"])
    weighed = next(row for row in whole["lines"] if row["key"] == "toilets_female")
    assert weighed["status"] == "project_assumption"


def test_urban_and_nights(run):
    whole = json.loads(run("100", "--urban", "--nights", "6", "--format", "json").out)
    space = next(row for row in whole["lines"] if row["key"] == "covered_space")
    assert (whole["phase"], space["low"], space["target"]) == ("longer", 450, 550)


def test_nobody(run):
    done = run("0", "--format", "csv")
    assert done.code == 0
    assert {row["low"] for row in csv.DictReader(io.StringIO(done.out))} == {"0", ""}


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["12", "--phase", "overnite"], "'overnight'"),
        (["12", "--climate", "clod"], "'cold'"),
        (["12", "--lang", "fr"], "Known: en, es"),
        (["12", "--format", "jsn"], "'json'"),
        (["12", "--nights", "-1"], "nights is -1"),
        (["12", "--nights", "nan"], "nights is nan"),
        (["12", "--female-share", "2"], "between 0 and 1"),
        (["--", "-5"], "people is -5"),
        (["many"], "PEOPLE"),
        ([], "PEOPLE"),
    ],
)
def test_bad_input_is_refused(run, arguments, named):
    """Exit status 2, one message on the error channel, nothing on the other, no traceback."""
    done = run(*arguments)
    assert done.code == 2
    assert done.out == ""
    assert named in done.err
    assert "Traceback" not in done.err
