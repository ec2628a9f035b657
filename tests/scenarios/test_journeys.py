"""The other journeys as scenarios: whole, learned without themselves, and with a truth that reports tell."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np
import pytest

from posada.forecast.naive import NAIVE_MEANINGS, naive_forecasts
from posada.forecast.score_table import Case, score_cases
from posada.model.forecast_file import JOURNEY_LOCATION
from scripts import learn_priors
from scripts.make_journeys import AHEAD, CARAVANS, DATA, journey_ids, journeys, truth_of
from scripts.prior_evidence import HELD_BACK, Evidence, ReadingError, read_readings, read_table
from scripts.priors_without import LeftOut, readings_without, shares_without, tables_without

REPORTS = {row["report_id"]: row for path in CARAVANS.glob("reports_*.csv") for row in read_table(path)}
TRUTH = read_table(DATA / "truth.csv")


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
            for what, first, last in HELD_BACK:
                assert not first <= row.published <= last, (journey.id, what)


@pytest.mark.parametrize("name", journey_ids())
def test_nothing_was_learned_from_the_journey_itself(made, name):
    """No reading of the journey, or of one of its reports, is used; none of its file where that is asked."""
    journey = made[name]
    own = {row.id for row in journey.scenario().reports}
    used = [row for row in readings_without(LeftOut(journey.without), Evidence()) if not own & set(row.report_ids)]
    assert used
    assert not {row.journey for row in used} & set(journey.without)
    if name == "autumn2018":
        texts = [(journey.folder / table).read_text(encoding="utf-8") for table in ("parameters.csv", "procedure.csv")]
        assert not any("other_autumn2018" in text for text in texts)


def test_a_changed_reading_of_a_journey_changes_nothing_learned_without_it(monkeypatch):
    """The readings of January 2019 say ten times as much; without it the tables stay, with it they do not."""
    from scripts import priors_without

    before = tables_without(LeftOut(["jan19"]))
    plain = read_readings

    def ten_times(evidence, handled):
        changed = []
        for row in plain(evidence, handled):
            factor = 10 if row.journey == "jan19" else 1
            changed.append(type(row)(**{**vars(row), "value": row.value * factor}))
        return tuple(changed)

    monkeypatch.setattr(priors_without, "read_readings", ten_times)
    assert tables_without(LeftOut(["jan19"])) == before
    assert tables_without(LeftOut(["apr19"])) != before


def test_without_an_unknown_journey():
    with pytest.raises(ReadingError, match="no journey 'jan29'"):
        tables_without(LeftOut(["jan29"]))


def test_shares_of_border_cities_add_up_to_one():
    """Without the journey of Piedras Negras that city keeps only its part of what is not known."""
    with_it, without = (shares_without(LeftOut([name]), "tijuana") for name in ("apr19", "pn19"))
    assert sum(without.values()) == pytest.approx(1)
    assert without["piedras_negras"] < with_it["piedras_negras"]


def test_a_transition_without_readings_has_the_wide_range():
    """Only autumn 2018 tells of people who come forward at the port of entry."""
    rows = {
        row.split(",")[0]: row.split(",")
        for row in tables_without(LeftOut(["aut18a", "border"]))["procedure.csv"].splitlines()
    }
    assert rows["present_with_permit"][4:7] == ["0.0001", "0.001", "0.005"]
    assert rows["permit_expires"][4:7] == ["0.0333", "0.05", "0.1"]  # its source is the permit itself


def test_tables_are_written_on_request(tmp_path, capsys):
    assert learn_priors.main(["--without", "jan19,pn19", str(tmp_path)]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["destinations.csv", "parameters.csv", "procedure.csv"]
    assert learn_priors.main(["--without"]) == 2
    assert "usage" in capsys.readouterr().out


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
