"""Flee's table of results, compared with one that Flee wrote itself.

``flee_out_mali2012.csv`` is the first forty days of a run of Flee (snapshot 02cd2cb, serial, all people) on the
bundled folder.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from posada.io.flee.out import FleeOut, flee_out, write_flee_out
from posada.io.folder import read_scenario
from posada.model.errors import InvalidValueError, OutputExistsError
from posada.model.registrations import newly_displaced, registered_series, running_sum

WRITTEN_BY_FLEE = Path(__file__).with_name("flee_out_mali2012.csv")


def columns() -> dict[str, list[str]]:
    with WRITTEN_BY_FLEE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    return {name: [row[index] for row in rows[1:]] for index, name in enumerate(rows[0])}


def numbers(suffix: str) -> np.ndarray:
    chosen = [column for name, column in columns().items() if name.endswith(suffix)]
    return np.array(chosen, np.int64).T


@pytest.fixture
def out() -> FleeOut:
    table = columns()
    return FleeOut(
        start=dt.date(2012, 2, 29),
        camps=tuple(name.removesuffix(" sim") for name in table if name.endswith(" sim")),
        simulated=numbers(" sim"),
        registered=numbers(" data"),
        everybody=np.array(table["total refugees (simulation)"], np.int64),
        raw=np.array(table["raw UNHCR refugee count"], np.int64),
        debt=np.array(table["refugee_debt"], np.int64),
    )


def test_the_table_of_flee_is_written_from_its_counts_to_the_last_digit(out, tmp_path):
    write_flee_out(out, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == WRITTEN_BY_FLEE.read_text()


def test_registrations_and_their_sum_are_those_of_flee(out):
    """From the bundled folder: camps in the order of the file, interpolated, corrected, and the slip of day 0."""
    scenario = read_scenario("mali2012")
    series = registered_series(scenario)
    days = len(out.raw)
    assert [scenario.place(place).name for place in series.places] == list(out.camps)
    assert (series.camps[:days] == out.registered).all()
    assert (running_sum(newly_displaced(series, scenario.movement))[:days] == out.raw).all()


def test_of_several_members_one_is_written_or_their_mean(out):
    """Three members around Flee's counts: 3 more, 3 fewer, 1 more; the mean is one third more, in whole people none."""
    around = np.array([3, -3, 1])
    several = dataclasses.replace(
        out,
        simulated=out.simulated + around[:, None, None],
        everybody=out.everybody + around[:, None],
        debt=np.stack([out.debt] * 3),
    )
    assert flee_out(several) == flee_out(out)
    assert flee_out(several, member=2) == flee_out(
        dataclasses.replace(out, simulated=out.simulated + 1, everybody=out.everybody + 1)
    )
    for member in (3, -1):
        with pytest.raises(InvalidValueError, match="from 0 to 2"):
            flee_out(several, member=member)


def test_where_nobody_is_registered_flee_writes_zeros():
    """By hand: 5 and 7 people in two camps, 20 in all; no error, no debt."""
    two = FleeOut(
        dt.date(2030, 2, 28),
        ("A", "B"),
        np.array([[5, 7]]),
        np.array([[0, 9]]),
        np.array([20]),
        np.array([0]),
        np.array([4]),
    )
    day = flee_out(two).splitlines()[1]
    assert day == "0,2030-03-01,5,0,0.0,7,9,0.2222,0.0,0,20,0,12,0"
    home = dataclasses.replace(two, raw=np.array([16]), in_home_country=np.array([3]))
    header, day = flee_out(home).splitlines()
    assert day == "0,2030-03-01,5,0,0.0,7,9,0.2222,0.4375,9,20,16,12,4,3"  # (5 + 2) / 16
    assert header.endswith("refugee_debt,total IDPs")


def test_arrays_that_do_not_fit_are_refused(out, tmp_path):
    with pytest.raises(InvalidValueError, match="do not fit 40 days and 7 camps"):
        flee_out(dataclasses.replace(out, registered=out.registered[:, 1:]))
    with pytest.raises(InvalidValueError, match="do not fit"):
        flee_out(dataclasses.replace(out, debt=out.debt[1:]))
    (tmp_path / "out.csv").write_text("mine")
    with pytest.raises(OutputExistsError):
        write_flee_out(out, tmp_path / "out.csv")
    write_flee_out(out, tmp_path / "out.csv", overwrite=True)
    assert (tmp_path / "out.csv").read_text().startswith("Day,Date,Fassala-Mbera sim")
