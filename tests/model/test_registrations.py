"""Registrations by day: interpolated, corrected and summed as Flee does it, and how many came newly."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given

from posada.model.registrations import newly_displaced, reception_places, registered_series, running_sum
from posada.model.statements import REGISTERED
from tests.displaced import read_displaced
from tests.displaced_strategies import displacements


@pytest.fixture
def scenario(tmp_path):
    return read_displaced(tmp_path)


def with_rules(scenario, **rules):
    return scenario.replace(movement=dataclasses.replace(scenario.movement, **rules))


def test_counts_are_joined_at_a_correction_and_interpolated(scenario):
    """Cedar: 100 and 200 are scaled by 150/200 to 75 and 150; 75 to 150 in four days is 18.75 a day, cut off."""
    series = registered_series(scenario)
    assert series.places == ("cedar", "dogwood")
    assert series.camps[:, 0].tolist() == [75, 93, 112, 131, 150, 150, 150, 150, 150, 150]
    assert series.camps[:, 1].tolist() == [40] * 10
    assert series.elsewhere.tolist() == [[10]] * 10
    assert series.total.tolist() == [120, 145, 170, 195, 220, 245, 270, 295, 320, 320]


def test_newly_displaced_sums_camps_and_the_slip_of_flee_adds_the_total_once(scenario):
    """On the first day 75 + 40 + 10 are registered; Flee adds the series of totals, 120."""
    series = registered_series(scenario)
    new = newly_displaced(series, scenario.movement)
    assert new.tolist() == [125, 18, 19, 19, 19, 0, 0, 0, 0, 0]
    as_flee = with_rules(scenario, semantics="flee").movement
    assert newly_displaced(series, as_flee).tolist() == [245, *new[1:]]
    assert running_sum(new)[-1] == series.summed[-1] == 200


def test_the_total_can_be_taken_from_its_own_series(scenario):
    rules = with_rules(scenario, sum_from_camps=False, semantics="flee").movement
    assert newly_displaced(registered_series(scenario), rules).tolist() == [120, *[25] * 8, 0]


def test_there_must_be_a_total_to_take(scenario):
    series = dataclasses.replace(registered_series(scenario), total=None)
    with pytest.raises(ValueError, match="there is none"):
        newly_displaced(series, with_rules(scenario, sum_from_camps=False).movement)
    assert newly_displaced(series, scenario.movement)[0] == 125


def test_empty_camps_have_the_first_day_taken_off(scenario):
    empty = with_rules(scenario, empty_camps_on_day0=True)
    series = registered_series(empty)
    assert series.camps[:5].tolist() == [[0, 0], [18, 0], [37, 0], [56, 0], [75, 0]]
    assert newly_displaced(series, empty.movement).tolist() == [0, 18, 19, 19, 19, 0, 0, 0, 0, 0]


def test_flee_forgets_to_take_it_off_where_people_set_out_otherwise(scenario):
    rules = {"empty_camps_on_day0": True, "spawn_mode": "constant", "displaced_per_conflict_day": 9.0}
    assert registered_series(with_rules(scenario, semantics="flee", **rules)).camps[0].tolist() == [75, 40]
    assert registered_series(with_rules(scenario, **rules)).camps[0].tolist() == [0, 0]


def test_simulated_people_stand_for_several_before_fractions_are_cut_off(scenario):
    """75 / 10 = 7.5 on the first day; 9.375 on the second."""
    series = registered_series(with_rules(scenario, people_per_simulated=10))
    assert series.camps[:3, 0].tolist() == [7, 9, 11]


def test_a_correction_before_the_first_day_changes_nothing(tmp_path):
    """The nearest one that does is of the first day."""
    early = {"corrections.csv": "place,date,source\ncedar,2030-02-20,counts\n"}
    counts = "c0,2030-02-20,2030-02-20,registered,people,un,yes,counts,cedar,50,\nc1,"
    changed = {"reports.csv": read_text_of_reports().replace("c1,", counts)}
    assert registered_series(read_displaced(tmp_path / "a", early | changed)).camps[0, 0] == 100
    on_first_day = {"corrections.csv": "place,date,source\ncedar,2030-03-01,counts\n"}
    series = registered_series(read_displaced(tmp_path / "b", on_first_day | changed))
    assert series.camps[[0, 4, 5], 0].tolist() == [100, 200, 150]


def read_text_of_reports() -> str:
    from tests.displaced import FILES

    return FILES["reports.csv"]


def test_where_people_set_out_by_high_water_every_place_counts_as_a_camp(tmp_path):
    row = "a1,2030-03-01,2030-03-01,registered,people,un,yes,counts,alder,7,\n"
    scenario = read_displaced(tmp_path, {"reports.csv": read_text_of_reports() + row})
    assert registered_series(scenario).places == ("cedar", "dogwood")
    assert registered_series(scenario).elsewhere[0].tolist() == [10, 7]
    by_water = with_rules(scenario, spawn_by_high_water=True, displaced_per_high_water_day=(0.0, 0.1))
    assert registered_series(by_water).places == ("alder", "cedar", "dogwood")


def looked_up(rows: list[tuple[int, float]], day: int) -> int:
    """Look up a day row by row: the first value before the rows, the last one after them, else a straight line."""
    if day <= rows[0][0]:
        return int(rows[0][1])
    for (before, low), (after, high) in pairwise(rows):
        if before <= day < after:
            return int(low + float(day - before) / float(after - before) * float(high - low))
    return int(rows[-1][1])


@given(displacements())
def test_every_day_is_what_a_look_up_row_by_row_gives(scenario):
    """Also where two counts are of one day, where camps start empty, and where people stand for several."""
    rules = scenario.movement
    start = scenario.settings.start
    series = registered_series(scenario)
    for number, place in enumerate(series.places):
        rows = sorted(
            ((r.event_date - start).days, r.id, r.value / rules.people_per_simulated)
            for r in scenario.reports
            if r.kind == REGISTERED and r.place == place
        )
        table = [(day, value) for day, _, value in rows]
        for correction in scenario.corrections:
            day = (correction.date - start).days
            if correction.place != place or day < 0:
                continue
            for index, (other, value) in enumerate(table):
                if other == day and index > 0 and table[index - 1][1] > 0:
                    factor = value / table[index - 1][1]
                    table = [(d, v * factor) if i < index else (d, v) for i, (d, v) in enumerate(table)]
        expected = np.array([looked_up(table, day) for day in range(len(series.camps))])
        subtracted = expected[0] if rules.empty_camps_on_day0 else 0
        assert series.camps[:, number].tolist() == (expected - subtracted).tolist()


def test_people_are_received_in_camps_and_in_what_becomes_one(scenario):
    """Cedar and Dogwood are camps; Birch is one once it changes into one, though nobody is counted there."""
    assert reception_places(scenario) == ("cedar", "dogwood")
    change = dataclasses.replace(scenario.place_changes[0], kind="idp_camp")
    assert reception_places(scenario.replace(place_changes=(change,))) == ("birch", "cedar", "dogwood")


def test_where_people_are_counted_they_are_received_if_next_to_nobody_leaves(scenario):
    """Birch has a count: with a chance of 0.3 to leave it is a town with a count, with 0.001 it is a camp."""
    counted = dataclasses.replace(scenario.reports[0], id="b1", place="birch")
    named = scenario.replace(reports=(*scenario.reports, counted))
    assert reception_places(named) == ("cedar", "dogwood")
    assert reception_places(with_rules(named, move_chance_default=0.001)) == ("birch", "cedar", "dogwood")
