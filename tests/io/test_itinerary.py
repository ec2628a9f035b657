"""A planner's itinerary is read with the same care as a scenario."""

# ruff: noqa: E501  tables of cases read best with one case on a line

from __future__ import annotations

import datetime as dt

import pytest

from posada.io.itinerary import read_itinerary
from posada.model.errors import InputFileError, ScenarioError
from posada.model.journeys import Stop
from posada.model.scenario import Scenario
from tests.made_up import read_made_up


@pytest.fixture
def made_up(tmp_path) -> Scenario:
    return read_made_up(tmp_path / "it")


@pytest.fixture
def one_group(made_up) -> Scenario:
    return made_up.replace(groups=made_up.groups[:1])


def faults(path, scenario) -> list[str]:
    with pytest.raises(ScenarioError, match=r"the itinerary 'plan\.csv' cannot be used") as caught:
        read_itinerary(path, scenario)
    return [str(finding) for finding in caught.value.findings]


def test_stops_are_read_in_order(tmp_path, made_up):
    (tmp_path / "plan.csv").write_text(
        "group,place,date,nights,source\n"
        "main,birch,2030-03-04,2,\n"
        "second,cedar,2030-03-05,,radio\n"
        "main,cedar,2030-03-06,,radio;survey\n"
    )
    assert read_itinerary(tmp_path / "plan.csv", made_up) == (
        Stop("main", "birch", ("planner",), dt.date(2030, 3, 4), 2),
        Stop("second", "cedar", ("radio",), dt.date(2030, 3, 5), None),
        Stop("main", "cedar", ("radio", "survey"), dt.date(2030, 3, 6), None),
    )


def test_group_and_source_may_be_left_out_when_there_is_one_group(tmp_path, one_group):
    (tmp_path / "plan.csv").write_text("place,date\nbirch,2030-03-04\ncedar,2030-03-06\n")
    stops = read_itinerary(str(tmp_path / "plan.csv"), one_group)
    assert [(stop.group, stop.place, stop.source) for stop in stops] == [
        ("main", "birch", ("planner",)), ("main", "cedar", ("planner",)),
    ]  # fmt: skip


def test_group_must_be_named_when_there_are_several(tmp_path, made_up):
    (tmp_path / "plan.csv").write_text("place,date\nbirch,2030-03-04\n")
    assert faults(tmp_path / "plan.csv", made_up) == [
        "error [missing-column] plan.csv:1: column 'group' is missing. Add it. It holds: The group."
    ]


# What one row says, what is found, and the nearest row that is good.
BAD = (
    ("birhc,2030-03-04,", "[unknown-place] plan.csv:2: place 'birhc' is not in the scenario. Did you mean 'birch'?", "birch,2030-03-04,"),
    ("birch,,", "[missing-value] plan.csv:2: 'date' is empty.", "birch,2030-03-02,"),
    ("birch,2030-02-30,", "[bad-date] plan.csv:2: '2030-02-30' in 'date' is not a date.", "birch,2030-03-03,"),
    ("birch,2030-03-01,", "[out-of-bounds] plan.csv:2: 'date' is 2030-03-01; group 'main' is not on its way", "birch,2030-03-02,"),
    ("birch,2030-03-21,", "[out-of-bounds] plan.csv:2: 'date' is 2030-03-21", "birch,2030-03-20,"),
    ("birch,2030-03-04,0", "[out-of-bounds] plan.csv:2: 'nights' is 0.", "birch,2030-03-04,1"),
    ("birch,2030-03-04,2\ncedar,2030-03-05,", "[range-order] plan.csv:3: group 'main' arrives in 'cedar' on 2030-03-05, but it is in 'birch'", "birch,2030-03-04,2\ncedar,2030-03-06,"),
    ("birch,2030-03-04,\ncedar,2030-03-04,", "[range-order] plan.csv:3:", "birch,2030-03-04,\ncedar,2030-03-05,"),
    ("elm,2030-03-04,\ncedar,2030-03-06,", "[no-way] plan.csv:3: group 'main' has no way from 'elm' to 'cedar'.", "elm,2030-03-04,\nelm,2030-03-06,"),
    ("birch,2030-03-04,1,x", "[ragged-row] plan.csv:2:", "birch,2030-03-04,1, "),
)  # fmt: skip


@pytest.mark.parametrize(("bad", "says", "good"), BAD)
def test_a_fault_is_found_at_its_line_and_the_nearest_good_case_let_pass(bad, says, good, tmp_path, one_group):
    path = tmp_path / "plan.csv"
    path.write_text(f"place,date,nights\n{bad}\n")
    (only,) = faults(path, one_group)
    assert f"error {says}" in only
    path.write_text(f"place,date,nights\n{good}\n")
    assert read_itinerary(path, one_group)[0].place == good.split(",")[0]


def test_groups_and_sources_that_are_not_there_are_named(tmp_path, made_up):
    (tmp_path / "plan.csv").write_text(
        "group,place,date,source\nmian,birch,2030-03-04,radio\nmain,birch,2030-03-04,rodeo\n"
    )
    assert faults(tmp_path / "plan.csv", made_up) == [
        "error [unknown-reference] plan.csv:2: group 'mian' is not in the scenario. Did you mean 'main'?",
        "error [unknown-reference] plan.csv:3: source 'rodeo' is not in the scenario. Did you mean 'radio'?",
    ]


def test_unknown_and_personal_columns_are_refused(tmp_path, one_group):
    (tmp_path / "plan.csv").write_text("place,date,night,phone\nbirch,2030-03-04,1,961 123 4567\n")
    said = faults(tmp_path / "plan.csv", one_group)
    assert "unknown column 'night'. Did you mean 'nights'?" in said[0]
    assert "[personal-data] plan.csv:1: column 'phone'" in said[1]
    assert "961" not in "".join(said)


@pytest.mark.parametrize("text", ["", "place,date\n", "place;date\nbirch;2030-03-04\n"])
def test_a_file_without_stops_is_refused(text, tmp_path, one_group):
    (tmp_path / "plan.csv").write_text(text)
    assert len(faults(tmp_path / "plan.csv", one_group)) == 1


def test_a_file_that_is_not_there_is_said_to_be(tmp_path, one_group):
    with pytest.raises(InputFileError, match="there is no itinerary"):
        read_itinerary(tmp_path / "plan.csv", one_group)
