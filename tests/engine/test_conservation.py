"""Nobody is lost: on every day, in every member, entered = present + under way + in a final status."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posada.engine.order import ORDER_OF_DAY
from posada.engine.simulate import simulate_ensemble
from posada.model.errors import ConservationError
from posada.model.start import GroupStart, Range, StartingState
from tests.engine.conftest import play_checked
from tests.engine.worlds import assert_nobody_is_lost, busy, line
from tests.strategies import scenarios

ORDER = "posada.engine.simulate.ORDER_OF_DAY"


@given(scenarios(), st.integers(0, 2**32))
def test_section_3_nobody_is_lost_in_generated_journeys(scenario, seed):
    run = play_checked(scenario, members=6, seed=seed)
    assert run.total.max() <= run.entries.sum(axis=2).max()


@given(scenarios(), st.data())
@settings(max_examples=25)
def test_nobody_is_lost_in_runs_that_set_out_from_reports(scenario, data):
    days = (scenario.settings.end - scenario.settings.start).days
    on = scenario.settings.start + dt.timedelta(days=data.draw(st.integers(0, days)))
    place = data.draw(st.sampled_from(scenario.places)).id
    known = GroupStart(scenario.groups[0].id, place, Range(0, 500, 900), ())
    run = play_checked(scenario, members=4, start=StartingState(on, (known,)))
    assert run.dates[0] == on


def test_people_are_counted_once_in_a_journey_that_uses_everything(play):
    run = play(busy(), members=256)
    assert run.total.max() > 0
    for status in ("gone", "permit", "waiting", "held"):
        assert run.entries[:, -1, run.status_ids.index(status)].max() > 0, f"nobody was ever {status}"
    assert run.under_way.max() > 0


def _lose(piece, change, on):
    """Return the order of the day with a fault: after the procedure of one day a count is changed."""

    def faulty(clock, *pieces):
        step.run(clock, *pieces)
        if clock.day == on:
            change(dict(zip(step.uses.split(), pieces, strict=True))[piece])

    step = next(step for step in ORDER_OF_DAY if step.name == "procedure")
    spoilt = dataclasses.replace(step, run=faulty)
    return tuple(spoilt if each is step else each for each in ORDER_OF_DAY)


def _one_fewer(array):
    where = tuple(index[0] for index in np.nonzero(array))
    array[where] -= 1


def _one_more(array):
    where = tuple(index[0] for index in np.nonzero(array))
    array[where] += 1


@pytest.mark.parametrize(
    ("piece", "change"),
    [
        ("parts", lambda parts: _one_fewer(parts.people)),
        ("parts", lambda parts: _one_more(parts.people)),
        ("alone", lambda alone: _one_fewer(alone.at)),
        ("ends", lambda ends: _one_fewer(ends.people)),
        ("ends", lambda ends: _one_more(ends.entered)),
    ],
    ids=["lost from a group", "twice in a group", "lost alone", "lost at the end", "entered without a person"],
)
def test_a_person_lost_stops_the_run_with_the_member_and_the_seed(monkeypatch, piece, change):
    world = busy()
    assert_nobody_is_lost(simulate_ensemble(world, members=8, seed=3))
    monkeypatch.setattr(ORDER, _lose(piece, change, 12))
    with pytest.raises(ConservationError, match=r"the books of member \d+ do not add up on 2030-03-"):
        simulate_ensemble(world, members=8, seed=3)


def test_the_error_names_the_first_day_and_the_member(monkeypatch):
    world = line(25, 25, days=5)
    monkeypatch.setattr(ORDER, _lose("parts", lambda parts: _one_fewer(parts.people), 2))
    with pytest.raises(ConservationError, match="the books of member 40 do not add up on 2030-03-03") as caught:
        simulate_ensemble(world, members=3, first_member=40)
    assert "1 members in all" in str(caught.value)
