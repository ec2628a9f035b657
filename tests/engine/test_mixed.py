"""Groups and dispersed people in one run: who leaves a group moves on by the rules of dispersed people."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import textwrap

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posada.engine import mixed
from posada.engine.cursor import Cursor
from posada.engine.dispersal.simulate import simulate_dispersal
from posada.engine.dispersal_order import ORDER_OF_DISPERSED_DAY
from posada.engine.mixed_order import ORDER_OF_MIXED_DAY, describe_mixed_order
from posada.engine.order import ORDER_OF_DAY
from posada.engine.simulate import plan_course, simulate_ensemble
from posada.engine.state import new_books, new_chunk
from posada.model.displacement import Closure, Conflict, Demographic, Movement, Present
from posada.model.errors import ConservationError, InvalidValueError, ScenarioError
from posada.model.start import GroupStart, Range, StartingState
from tests.displaced_strategies import mixed_scenarios
from tests.engine.conftest import play_checked
from tests.engine.test_draws import BY_MEMBER, assert_same
from tests.engine.worlds import (
    NAMES,
    SAYS,
    day,
    group,
    in_place,
    in_status,
    journey,
    line,
    road,
    town,
    transition,
    whereabouts,
)

EVERYBODY_LEAVES = {"leave_rate_at_halt_per_day": 1, "leave_rate_on_road_per_day": 1}
CERTAIN = Movement(move_chance_default=1.0, max_move_km_per_day=50.0)
"""Everybody moves on every day. Whoever arrives before having moved 50 km goes on."""


def _one_way(*gaps_km, **other):
    """Return a mixed journey along roads that lead one way, so that there is nothing to choose.

    The group enters in Alder on the night of day 2, and everybody leaves it there on that night.
    """
    names = NAMES[: len(gaps_km) + 1]
    routes = tuple(
        road(start, end, km, one_way=True) for start, end, km in zip(names, names[1:], gaps_km, strict=False)
    )
    fields = {"days": 8, "groups": (group(100, names[-1], departs=day(3)),), "movement": CERTAIN}
    return line(*gaps_km, rates=EVERYBODY_LEAVES, **fields | {"routes": routes} | other)


def test_people_who_leave_move_on_as_dispersed_people(play):
    """Roads of 45 km and a day of 50: on to the second town (90 km) on day 3, to the end of the line on day 4."""
    run = play(_one_way(45, 45, 45))
    assert run.together[0].tolist() == [0] * 8
    assert in_place(run, "alder") == [0, 0, 100, 0, 0, 0, 0, 0]
    assert in_place(run, "birch") == [0] * 8
    assert in_place(run, "cedar") == [0, 0, 0, 100, 0, 0, 0, 0]
    assert in_place(run, "dogwood") == [0, 0, 0, 0, 100, 100, 100, 100]
    assert in_place(run, "cedar", "arrived")[3:5] == [100, 0]
    assert in_place(run, "dogwood", "arrived")[3:6] == [0, 100, 0]


def test_people_sleep_between_places_on_a_long_road(play):
    """160 km at 50 a day: 50, 100 and 150 km done on three nights, there on the fourth day."""
    run = play(_one_way(160, days=9))
    assert run.under_way[0].tolist() == [0, 0, 0, 100, 100, 100, 0, 0, 0]
    assert in_place(run, "birch") == [0, 0, 0, 0, 0, 0, 100, 100, 100]
    assert in_status(run, "travelling") == [0, 0, *[100] * 7]


def test_who_changes_status_on_the_way_is_taken_out_and_let_in_again(play):
    """All are held in Cedar on the night of day 3, are free on the night of day 4, and go on to Dogwood on day 5."""
    procedure = (
        transition("travelling", "held", "share_on_arrival", 1.0, where="cedar", scope="alone"),
        transition("held", "travelling", "hazard_per_day", 1.0),
    )
    run = play(_one_way(45, 45, 45, procedure=procedure))
    assert in_status(run, "held") == [0, 0, 0, 100, 0, 0, 0, 0]
    assert in_place(run, "cedar") == [0, 0, 0, 100, 100, 0, 0, 0]
    assert in_place(run, "dogwood") == [0, 0, 0, 0, 0, 100, 100, 100]


def test_people_with_papers_move_as_well(play):
    """40 of 100 get papers in Cedar on the night of day 3; both kinds are in Dogwood on day 4."""
    procedure = (transition("travelling", "permit", "capacity_per_day", 40.0, where="cedar"),)
    run = play(_one_way(45, 45, 45, procedure=procedure))
    assert in_status(run, "permit") == [0, 0, 0, 40, 40, 40, 40, 40]
    assert in_place(run, "dogwood") == [0, 0, 0, 0, 100, 100, 100, 100]


def test_who_ends_the_journey_is_dispersed_no_more(play):
    """30 of 100 leave the journey in Cedar on day 3, and 30 in Dogwood on each day from then on."""
    procedure = (
        transition("travelling", "gone", "capacity_per_day", 30.0, where="cedar"),
        transition("travelling", "gone", "capacity_per_day", 30.0, where="dogwood", id="at-the-end"),
    )
    run = play(_one_way(45, 45, 45, procedure=procedure))
    assert in_status(run, "gone") == [0, 0, 0, 30, 60, 90, 100, 100]
    assert in_place(run, "dogwood") == [0, 0, 0, 0, 40, 10, 0, 0]


CORNERS = journey(
    days=20,
    places=(
        *(town(name) for name in NAMES[:3]),
        town("dogwood", kind="camp", capacity=120),
        town("elm"),
    ),
    routes=(
        road("alder", "birch", 35),
        road("birch", "cedar", 50),
        road("cedar", "dogwood", 45, walk_probability_per_day=0.3),
        road("birch", "dogwood", 90),
        road("dogwood", "elm", 70),
    ),
    groups=(group(500, "elm", origin="birch", departs=day(5)),),
    rates=EVERYBODY_LEAVES,
)
RULES = {"move_chance_default": 0.4, "move_chance_conflict": 0.4, "weight_conflict": 1.0, "max_move_km_per_day": 60.0}
"""Some roads take longer than a day; conflict makes no difference to who leaves and where to."""


@pytest.mark.parametrize(
    "others",
    [
        {},
        {"awareness_steps": 2, "avoid_short_stints": True, "start_on_foot": True},
        {"awareness_steps": 3, "fixed_routes": True, "move_chance_camp": 0.3},
        {"semantics": "flee", "awareness_steps": 2, "weight_camp": 2.0},
    ],
    ids=["plain", "memory and on foot", "fixed routes", "semantics of Flee"],
)
def test_a_group_that_dissolves_is_a_conflict_from_which_as_many_set_out(play, others):
    """500 people leave a group in Birch on the night of day 4; in a run of a conflict 500 set out there on day 5.

    From then on the two are one and the same, in every member: the same people, places, rules and draws.
    """
    mixed_run = play(CORNERS.replace(movement=Movement(**RULES | others)), members=30)
    conflict = CORNERS.replace(
        groups=(),
        statuses=(),
        movement=Movement(**RULES | others, spawn_mode="constant", displaced_per_conflict_day=500.0),
        conflicts=(Conflict("birch", day(5), 1.0, SAYS), Conflict("birch", day(6), 0.0, SAYS)),
    )
    alone = simulate_dispersal(conflict, members=30, seed=1)
    assert alone.place_ids == mixed_run.place_ids
    np.testing.assert_array_equal(mixed_run.people[:, 5:], alone.people[:, 5:])
    np.testing.assert_array_equal(mixed_run.under_way[:, 5:], alone.under_way[:, 5:])
    assert len({member.tobytes() for member in mixed_run.people[:, -1]}) == 30


def _both():
    """Return a journey in which a group walks by, and people set out for themselves as well."""
    procedure = (
        transition("travelling", "permit", "hazard_per_day", 0.1),
        transition("travelling", "held", "hazard_per_day", 0.05, scope="alone"),
        transition("held", "travelling", "hazard_per_day", 0.5),
        transition("permit", "gone", "share_on_arrival", 0.2, where="elm"),
    )
    fields = {"spawn_mode": "poisson", "displaced_per_conflict_day": 30.0, "max_move_km_per_day": 30.0}
    return CORNERS.replace(
        movement=Movement(**RULES | fields),
        conflicts=(Conflict("cedar", day(2), 1.0, SAYS), Conflict("cedar", day(9), 0.0, SAYS)),
        present=(Present("dogwood", 70, SAYS),),
        procedure=procedure,
    )


def test_people_who_set_out_for_themselves_are_in_the_initial_status(play):
    """70 are in the camp from the first day, and 30 a day set out for a week; the group's 500 enter on day 4."""
    run = play(_both(), members=400)
    initial = run.status_ids.index("travelling")
    np.testing.assert_array_equal(run.entries[:, 0, initial], 70)
    set_out = run.total[:, 3] - 70  # on days 2 and 3: 60 in the mean, standard error 0.39
    assert set_out.mean() == pytest.approx(60, abs=1.6)
    assert (run.total[:, -1] - 570).mean() == pytest.approx(7 * 30, abs=3.0)
    assert run.total[0, 3] != run.total[1, 3] or run.total[0, -1] != run.total[1, -1]


@given(mixed_scenarios(), st.integers(0, 2**32))
@settings(max_examples=25)
def test_nobody_is_lost_in_generated_mixed_scenarios(scenario, seed):
    run = play_checked(scenario, members=4, seed=seed)
    assert run.total.max() <= run.entries.sum(axis=2).max()


@given(mixed_scenarios(), st.integers(0, 2**32), st.integers(1, 11))
@settings(max_examples=5)
def test_any_number_of_threads_and_any_range_give_the_same(scenario, seed, cut):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("posada.engine.simulate.CHUNK_MEMBERS", 5)
        whole = play_checked(scenario, members=12, seed=seed, workers=1)
        assert_same(whole, play_checked(scenario, members=12, seed=seed, workers=3))
        rest = play_checked(scenario, members=12 - cut, seed=seed, first_member=cut)
    for name in BY_MEMBER:
        np.testing.assert_array_equal(getattr(rest, name), getattr(whole, name)[cut:], err_msg=name)


def _spoilt(step, change, on=8):
    """Return one of the kernels of a morning, after which on one day a count is changed."""
    original = getattr(mixed, step)

    def faulty(*given_to, **named):
        original(*given_to, **named)
        at = next(value for value in given_to if isinstance(value, (int, mixed.Clock)))
        people = next(value for value in given_to if isinstance(value, mixed.People))
        today = at if isinstance(at, int) else at.day
        if today == on:
            change(people, today % 2)

    return faulty


def _lose_in_a_place(people, side):
    where = tuple(index[0] for index in np.nonzero(people.stay[:, side]))
    people.stay[(where[0], side, *where[1:])] -= 1


def _lose_under_way(people, side):
    where = tuple(index[0] for index in np.nonzero(people.ride[:, side]))
    people.ride[(where[0], side, *where[1:])] -= 1


def _change_status(people, side):
    m, c, row = (index[0] for index in np.nonzero(people.stay[:, side]))
    other = (c + 1) % people.stay.shape[2]
    people.stay[m, side, c, row] -= 1
    people.stay[m, side, other, row] += 1


def _not_counted(people, _side):
    people.sums[0, 1] += 1


@pytest.mark.parametrize(
    ("step", "change"),
    [
        ("hand_over", _lose_in_a_place),
        ("hand_over", _lose_under_way),
        ("hand_over", _not_counted),
        ("run_one_day", lambda people, side: _lose_in_a_place(people, 1 - side)),
        ("run_one_day", lambda people, side: _lose_under_way(people, 1 - side)),
        ("run_one_day", lambda people, side: _change_status(people, 1 - side)),
    ],
)
def test_a_dispersed_person_lost_stops_the_run(monkeypatch, step, change):
    world = _both()
    play_checked(world, members=6)
    monkeypatch.setattr(mixed, step, _spoilt(step, change))
    with pytest.raises(ConservationError, match=r"the books of member \d do not add up on 2030-03-(09|10)"):
        simulate_ensemble(world, members=6, seed=1)


def test_members_run_day_by_day_are_those_run_at_once():
    scenario = _both()
    whole = simulate_ensemble(scenario, members=20, seed=3)
    at = Cursor(scenario, 20, 3)
    for _ in range(12):
        at.advance()
    np.testing.assert_array_equal(at.night().people, whole.people[:, 11])
    ahead = at.run_on(np.arange(20), StartingState(at.date))
    for name in ("people", "arrived", "current", "under_way"):
        np.testing.assert_array_equal(getattr(ahead, name), getattr(whole, name)[:, 11:], err_msg=name)
    at.select(np.full(20, 7), np.full(20, 1 / 20))
    at.advance()  # raises when a copy is not the whole of its ancestor
    assert (at.night().people.sum(axis=1) > 0).all()


def _known(on, place, people):
    return StartingState(day(on), (GroupStart("main", place, Range(people, people, people), ()),))


def test_a_run_that_begins_later_meets_the_roads_of_its_days(play):
    """80 people leave the group in Birch on the night of day 3. The road to Cedar is closed up to day 5."""
    closed = (Closure("route", "birch", SAYS, "cedar", day(1), day(5)),)
    run = play(
        _one_way(45, 45, 45, groups=(group(100, "dogwood"),), closures=closed, days=9), start=_known(3, "birch", 80)
    )
    assert run.dates[0] == day(3)
    assert in_place(run, "birch") == [80, 80, 0, 0, 0, 0]
    assert in_place(run, "dogwood") == [0, 0, 80, 80, 80, 80]


def test_closures_close_roads_to_groups(play):
    """Nobody leaves the group. 25 km a day; the road behind Birch is closed on the days 2 to 4."""
    closed = (Closure("route", "birch", SAYS, "cedar", day(2), day(5)),)
    open_road = line(25, 25, 25, movement=CERTAIN)
    assert whereabouts(play(open_road)) == ["alder", "birch", "cedar", *["dogwood"] * 5]
    waiting = whereabouts(play(open_road.replace(closures=closed)))
    assert waiting == ["alder", *["birch"] * 4, "cedar", "dogwood", "dogwood"]
    country = open_road.replace(
        places=tuple(town(name, country="AAA" if name < "cedar" else "BBB") for name in NAMES[:4]),
        closures=(Closure("country", "AAA", SAYS, "BBB", day(2), day(5)),),
    )
    assert whereabouts(play(country)) == waiting


def test_with_people_who_set_out_for_themselves_a_run_begins_on_the_first_day():
    with pytest.raises(InvalidValueError, match="can only be followed from the first day"):
        simulate_ensemble(_both(), members=1, start=_known(3, "birch", 80))


def test_a_simulated_person_is_one_person():
    with pytest.raises(ScenarioError, match="people_per_simulated"):
        CORNERS.replace(movement=Movement(people_per_simulated=10))


def test_who_sets_out_for_themselves_comes_with_all_that_is_needed():
    """With groups alone nothing has to be said of registrations or conflict; of one without the other it has."""
    assert not CORNERS.replace(movement=CERTAIN).check().errors
    with pytest.raises(ScenarioError, match="registered"):
        CORNERS.replace(movement=CERTAIN, conflicts=(Conflict("birch", day(5), 1.0, SAYS),))


def test_people_of_a_class_go_in_proportion():
    """30 older people and 70 others are alone in Alder; 10 of them go: 3 and 7, whatever the offset."""
    movement = dataclasses.replace(CERTAIN, elderly_avoid_hazards=True)
    ages = tuple(Demographic("age", age, weight, SAYS) for age, weight in (("70", 0.3), ("30", 0.7)))
    course = plan_course(line(45, 45, movement=movement, demographics=ages), 1)
    assert course.mixing is not None
    axes = course.mixing.axes
    assert (axes.classes, axes.status.size) == (2, 2)
    crowd = mixed.emptied_crowd(mixed.new_crowd(course.mixing, 40), course.mixing, 40)
    chunk = new_chunk(course.world, 40, mixed=True)
    people, s = crowd.people, int(axes.status[-1])
    older = next(c for c in (2, 3) if course.mixing.world.classes.power[c] == 2)
    for c, count in ((older, 30), (5 - older, 70)):
        people.stay[:, 1, c, 0] = count
    people.here[:, 0], people.sums[:, 1], chunk.alone.at[:, s, 0] = 100, 100, 90
    books = new_books(course.world, 40, course.days)
    mixed.hand_over(mixed.Clock(1, 1, 0, 1), 1, axes, course.mixing.given, people, chunk.alone, crowd.desk, books)
    assert not books.imbalance.any()
    np.testing.assert_array_equal(people.stay[:, 1, older, 0], 27)
    np.testing.assert_array_equal(people.stay[:, 1, 5 - older, 0], 63)
    np.testing.assert_array_equal(people.here[:, 0], 90)


def test_the_morning_is_what_the_list_says():
    """Its two ends are kernels of their own, and between them runs a day of dispersed people."""
    body = ast.parse(textwrap.dedent(inspect.getsource(mixed.Morning.run)))
    calls = [node for node in ast.walk(body) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    assert [call.func.id for call in sorted(calls, key=lambda call: call.lineno)] == [
        "hand_over",
        "run_one_day",
        "take_back",
    ]
    names = [step.name for step in ORDER_OF_MIXED_DAY]
    dispersed = [step.name for step in ORDER_OF_DISPERSED_DAY]
    assert names == ["handing over", *dispersed, "taking back", *(step.name for step in ORDER_OF_DAY)]


def test_the_order_can_be_printed():
    lines = describe_mixed_order().splitlines()
    assert len(lines) == len(ORDER_OF_MIXED_DAY) == 17
    assert lines[0].startswith(" 1. handing over: Whoever came")
    assert lines[11] == "12. walking and riding: Parts of groups move, and the slow stop short."
    assert lines[12] == "13. arriving: Long halts begin."
