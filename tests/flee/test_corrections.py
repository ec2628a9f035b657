"""What Posada corrects of Flee's rules: the same worlds under both semantics, each number worked out by hand."""

from __future__ import annotations

import dataclasses

import pytest

from posada.engine.dispersal.simulate import simulate_dispersal
from posada.io.folder import read_scenario
from tests.flee.folders import WORLDS

# Ten people set out each day, or as many as registrations rise, and are in the camp the same day when they can be.
CASES = {
    # The route is closed on days 2 and 3, and they wait; in Flee it stays open.
    "exact-closure-link": ("camp", [10, 20, 30, 40, 50, 60], [10, 20, 20, 20, 50, 60]),
    # 600 places and 600 people in them: nobody more can come. In Flee no room is left, which there means no limit.
    "exact-day0-full": ("c", [600, 660, 720, 780, 840, 900], [600] * 6),
    # 1,000 places, 600 people: 400 more can come. In Flee 400 places are left for the 600 who are in them.
    "exact-day0-capacity": ("c", [600] * 6, [600, 660, 720, 780, 840, 900]),
    # Twenty people of another camp and ten a day find the way; in Flee nobody moves.
    "exact-awareness-0": ("c", [0] * 5, [30, 40, 50, 60, 70]),
    # 100 registered on the first day set out on it; in Flee the 120 of the series of totals as well.
    "exact-insert-day0-false": ("c", [220, 230, 240, 250, 260, 270], [100, 110, 120, 130, 140, 150]),
    # A's weight passes B's again on day 6, when B's conflict is three days old; in Flee one day later.
    "exact-spawn-decay": ("cb", [0, 0, 0, 10, 20, 30, 40, 40, 40, 40, 40], [0, 0, 0, 10, 20, 30, 30, 30, 30, 30, 30]),
}


@pytest.mark.parametrize("world", CASES)
@pytest.mark.parametrize("semantics", ["flee", "posada"])
def test_each_correction(world, semantics):
    place, in_flee, in_posada = CASES[world]
    scenario = read_scenario(WORLDS / world)
    assert scenario.movement is not None
    scenario = scenario.replace(movement=dataclasses.replace(scenario.movement, semantics=semantics))
    run = simulate_dispersal(scenario, members=2, seed=1)
    expected = in_flee if semantics == "flee" else in_posada
    assert run.people[:, :, run.place_index(place)].tolist() == [expected] * 2
