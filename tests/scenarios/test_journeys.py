"""The other journeys as scenarios: whole, learned without themselves, and with a truth that reports tell."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import numpy as np
import pytest

from posada.forecast.journey_tables import destination_shares, learn_from_journeys
from posada.forecast.naive import NAIVE_MEANINGS, naive_forecasts
from posada.forecast.score_table import Case, score_cases
from posada.io.folder import read_scenario
from posada.io.past_journeys import read_past_journeys
from posada.model.errors import UnknownNameError
from posada.model.forecast_file import JOURNEY_LOCATION
from scripts.learn_priors import learned_tables, read_table
from scripts.make_journeys import AHEAD, CARAVANS, DATA, journey_ids, journeys, truth_of

REPORTS = {row["report_id"]: row for path in CARAVANS.glob("reports_*.csv") for row in read_table(path)}
TRUTH = read_table(DATA / "truth.csv")
APART = [
    (row["what"], *map(dt.date.fromisoformat, (row["first"], row["last"])))
    for row in read_table(CARAVANS / "apart.csv")
]


@pytest.fixture(scope="module")
def past():
    return read_past_journeys([CARAVANS])


def tables_without(past, names):
    readings = past.readings_for(without=names)
    return learned_tables(learn_from_journeys(past, readings, read_scenario("caravan-2018")).scenario)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return {journey.id: journey for journey in journeys(tmp_path_factory.mktemp("journeys"))}


@pytest.mark.parametrize("name", journey_ids())
def test_a_journey_can_be_forecast_and_scored_on_each_date(made, name):
    journey = made[name]
    scenario = journey.scenario()
    assert scenario.settings.id == name
    places = {row.id for row in scenario.places} | {JOURNEY_LOCATION}
    assert set(journey.truth.locations) <= places
    for date in journey.as_of:
        naive = naive_forecasts(scenario, date)
        assert set(naive) == set(NAIVE_MEANINGS)
        found = score_cases([Case(name, naive["keep pace"], journey.truth, naive)])
        assert sum(row.rows for row in found) > 0, date


def test_nothing_of_what_is_kept_apart_is_read(made):
    """No report of spring 2018 or of autumn 2021 is in any of them."""
    for journey in made.values():
        for row in journey.scenario().reports:
            for what, first, last in APART:
                assert not first <= row.published <= last, (journey.id, what)


@pytest.mark.parametrize("name", journey_ids())
def test_nothing_was_learned_from_the_journey_itself(made, past, name):
    """No reading of the journey, or of one of its reports, is used; none of its file where that is asked."""
    journey = made[name]
    own = {row.id for row in journey.scenario().reports}
    used = past.readings_for(without=journey.without, reports=own)
    assert used
    assert not own & {id_ for row in used for id_ in row.report_ids}
    assert not {row.journey for row in used} & set(journey.without)
    if name == "autumn2018":
        texts = [(journey.folder / table).read_text(encoding="utf-8") for table in ("parameters.csv", "procedure.csv")]
        assert not any("other_autumn2018" in text for text in texts)


def test_a_changed_reading_of_a_journey_changes_nothing_learned_without_it(past):
    """The readings of January 2019 say half as much; without it the tables stay, with it they do not."""
    halved = [dataclasses.replace(row, value=row.value / 2) if row.journey == "jan19" else row for row in past.readings]
    changed = dataclasses.replace(past, readings=tuple(halved))
    assert tables_without(changed, ["jan19"]) == tables_without(past, ["jan19"])
    assert tables_without(changed, ["apr19"]) != tables_without(past, ["apr19"])


def test_without_an_unknown_journey(past):
    with pytest.raises(UnknownNameError, match=r"unknown journey 'jan29'. Did you mean 'jan"):
        past.readings_for(without=["jan29"])


def test_shares_of_border_cities_add_up_to_one(past):
    """Without the journey of Piedras Negras that city keeps only its part of what is not known."""
    scenario = read_scenario("caravan-2018")
    with_it, without = (destination_shares(past.readings_for(without=[name]), scenario) for name in ("apr19", "pn19"))
    assert sum(without.values()) == pytest.approx(1)
    assert without["piedras_negras"] < with_it["piedras_negras"]


def test_a_transition_without_readings_has_the_range_of_what_nobody_tells(past):
    """Only autumn 2018 tells of people who come forward at the port of entry."""
    written = tables_without(past, ["aut18a", "border"])["procedure.csv"]
    rows = {row.split(",")[0]: row.split(",") for row in written.splitlines()}
    assert rows["present_with_permit"][4:7] == ["0.0001", "0.001", "0.005"]
    assert rows["permit_expires"][4:7] == ["0.0333", "0.05", "0.1"]  # its source is the permit itself


@pytest.mark.parametrize(
    "row", TRUTH, ids=lambda row: f"{row['journey']}-{row['target']}-{row['location']}-{row['day']}"
)
def test_a_figure_of_the_truth_is_what_its_reports_say(row):
    """Of arrivals the day is told by the report; other figures are in it, in its note, or the middle of two."""
    reports = [REPORTS[id_] for id_ in row["reports"].split(";")]
    day = dt.date.fromisoformat(row["day"])
    off = [(dt.date.fromisoformat(report["event_date"]) - day).days for report in reports]
    assert min(abs(days) for days in off) <= 1  # a departure before dawn tells of the night before
    if row["target"] == "arrived_by":
        assert row["value"] in ("0", "1")
        return
    values = [
        float(report[name]) for report in reports for name in ("value", "value_low", "value_high") if report[name]
    ]
    notes = [float(text.replace(",", "")) for report in reports for text in re.findall(r"\d[\d,]*", report["note"])]
    assert float(row["value"]) in {*values, *notes, (min(values, default=0) + max(values, default=0)) / 2}
    for name in ("low", "high"):
        if row[name]:
            assert float(row["low"] or 0) <= float(row["value"]) <= float(row["high"] or np.inf)


def test_a_truth_is_public_when_its_first_report_is():
    found = {(row.target, row.location, row.day): row for row in truth_of("autumn2018").rows()}
    row = found[("people_tonight", "mexico_city", dt.date(2018, 11, 4))]
    assert row.published == dt.date(2018, 11, 5)  # of aut18-157; aut18-160 is of the 6th
    assert (row.value, row.low, row.high) == (500, 400, 2000)


def test_nobody_is_ahead_of_the_furthest_reported(made):
    """On 24 October 2018 the furthest were in Mapastepec: Tonalá, 121 km on, is empty, Pijijiapan, 47 km on, not told.

    On 11 November somebody was reported in Tijuana, so no town is ahead from then on.
    """
    empty = {(row.location, row.day) for row in made["autumn2018"].truth.rows() if row.source == AHEAD}
    early = dt.date(2018, 10, 24)
    assert ("tonala", early) in empty
    assert ("pijijiapan", early) not in empty
    assert ("tijuana", early) in empty
    assert max(day for _, day in empty) < dt.date(2018, 11, 11)
