"""Folders of past journeys: what is read, by hand, and what is wrong, with file, line and the nearest known name."""

from __future__ import annotations

import pytest

from posada.io.past_journeys import is_past_journeys, read_past_journeys
from posada.model.errors import InputFileError, UnknownNameError
from tests.past_journeys import write_past_journeys


def test_what_is_read_by_hand(tmp_path):
    """24 km are stated; Elm to Oak is 20 + 12 by way of Ash; 30 to 40 km are 35; 500 of 1,000 residents are a half."""
    folder = write_past_journeys(tmp_path / "past")
    assert is_past_journeys(folder)
    assert not is_past_journeys(tmp_path)
    past = read_past_journeys([folder])
    assert [row.value for row in past.readings] == [24, 32, 35, 1, 2, 0.5]
    assert [row.report_ids for row in past.readings][:3] == [("a-001",), ("a-001",), ("b-001",)]
    assert [row.source for row in past.files] == ["other_a", "other_b"]  # by their first report
    assert past.readings[0].where == f"{folder}/readings.csv:2"
    assert "a-009" not in past.source_of


def test_what_a_journey_counts_hangs_on_how_it_was_handled(tmp_path):
    past = read_past_journeys([write_past_journeys(tmp_path / "past")])
    weights = {way: [row.weight for row in past.readings_for(way)][::5] for way in ("passed", "raided", "held_back")}
    assert weights == {"passed": [1.0, 0.1], "raided": [0.5, 0.5], "held_back": [0.1, 1.0]}
    with pytest.raises(UnknownNameError, match="Did you mean 'held_back'"):
        past.readings_for("heldback")


def test_a_journey_that_is_left_out_takes_its_reports_along(tmp_path):
    """The only reading of the third journey rests on report a-002, and those of the first on a-001."""
    folder = write_past_journeys(tmp_path / "past", ("readings.csv", "2,5,b-001", "2,5,b-001; a-002"))
    left = read_past_journeys([folder]).readings_for(without=["three"])
    assert [row.journey for row in left] == ["one", "one", "two", "one"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("readings.csv", "rate,", "rates,"), "readings.csv:1: unknown column 'rates'. Did you mean 'rate'"),
        (("readings.csv", "walk_km_per_day", "walk_km_day"), "readings.csv:2: 'walk_km_day' is neither.*'walk_km_"),
        (("readings.csv", "two,,", "tow,,"), "readings.csv:4: 'tow' in 'journey' is not known. Did you mean 'two'"),
        (("readings.csv", "a_001", "a_011"), "readings.csv:2: 'a_011' is neither a number nor.*Did you mean 'a_001'"),
        (("readings.csv", "a_001", "a_009"), "readings.csv:2: report a-009 is of spring 2031, which is kept apart"),
        (("readings.csv", "a-001,by", "a-009,by"), "readings.csv:3: report a-009 is of spring 2031"),
        (("readings.csv", "a-001,by", "a-007,by"), "readings.csv:3: 'a-007' in 'reports' is not known"),
        (("readings.csv", "'oak'", "'oaks'"), "readings.csv:3: there is no road to 'oaks'. Did you mean 'oak'"),
        (("readings.csv", "pop('elm')", "pop('ash')"), "nobody says how many residents 'ash' has"),
        (("readings.csv", "pop('elm')", "pop('elms')"), "there is no place 'elms'. Did you mean 'elm'"),
        (("readings.csv", "pop('elm')", "0"), "readings.csv:7: 'a_002 / 0' has no value"),
        (("readings.csv", "pop('elm')", "people('elm')"), "there is no 'people'"),
        (("readings.csv", "pop('elm')", "("), "readings.csv:7: 'a_002 / [(]' is no formula"),
        (("readings.csv", "pop('elm')", "100"), "site_uptake_share is 5. It must lie between 0 and 1"),
        (("readings.csv", "a_001,,,", "24,,,"), "readings.csv:2: the reading '24' of walk_km_per_day names no report"),
        (("readings.csv", "1,4,", "5,4,"), "readings.csv:5: 5 of 4 is no count"),
        (("readings.csv", "a_001,,", "a_001,30,"), "walk_km_per_day is no share"),
        (("journeys.csv", "passed", "past"), "journeys.csv:2: 'past' in 'handled' is not known. Did you mean 'passed'"),
        (("journeys.csv", "two,", "one,"), "journeys.csv:3: the journey 'one' stands twice"),
        (("reports_a.csv", "2030-03-02", "2030-13-02"), "reports_a.csv:2: '2030-13-02' in 'published' is not a date"),
        (("reports_a.csv", "24,", "two dozen,"), "reports_a.csv:2: 'two dozen' in 'value' is not a number"),
        (("reports_b.csv", "b-001", "a-001"), "reports_b.csv:2: the report 'a-001' stands twice"),
        (("reports_b.csv", "value_low,", "low,"), "reports_b.csv:1: unknown column 'low'. Did you mean 'value_low'"),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path, change, said):
    folder = write_past_journeys(tmp_path / "past", change)
    with pytest.raises(InputFileError, match=said):
        read_past_journeys([folder])


def test_a_folder_without_journeys_and_one_named_twice(tmp_path):
    folder = write_past_journeys(tmp_path / "past")
    with pytest.raises(InputFileError, match="'one' is in two of the folders"):
        read_past_journeys([folder, folder])
    (folder / "journeys.csv").unlink()
    with pytest.raises(InputFileError, match=r"has no journeys.csv"):
        read_past_journeys([folder])
