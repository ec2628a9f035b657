"""A forecast as of a date from folder to folder: not a byte of it comes from what was published later."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest

from posada.io.folder import read_scenario, write_scenario
from posada.io.stamp import read_stamp
from posada.model.errors import InvalidValueError
from posada.model.statements import Source
from posada.ops.assimilation import learn
from posada.ops.cycle import run_scenario
from posada.ops.request import Request

MADE_AT = dt.datetime(2030, 5, 6, 18, tzinfo=dt.UTC)
AS_OF = dt.date(2030, 5, 5)
VALLEY = read_scenario("valley")
LATE = Source("late", "A later paper", "What came out", 0.9, AS_OF + dt.timedelta(days=1))
COUNT = next(row for row in VALLEY.reports if row.id == "v-07")


@pytest.fixture
def forecast(tmp_path, monkeypatch):
    """Return what is in the folder of a forecast of the valley with other reports or sources, by name."""
    monkeypatch.chdir(tmp_path)

    def make(name, **tables):
        write_scenario(VALLEY.replace(**tables), "case", overwrite=True)
        asked = Request("case", 40, 3, AS_OF, out=tmp_path / name, learn=True)
        run_scenario(asked, made_at=MADE_AT)
        return {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.*")}

    return make


def with_report(**changes):
    return (*VALLEY.reports, dataclasses.replace(COUNT, **changes))


def test_later_reports_change_not_a_byte(forecast):
    """About that day, about an earlier one, and with a source of their own; the stamp and its hash included."""
    late = AS_OF + dt.timedelta(days=1)
    today = dataclasses.replace(COUNT, id="late-1", published=late, event_date=AS_OF, value_high=5000.0, value=None)
    earlier = dataclasses.replace(COUNT, id="late-2", published=late, value=50.0, value_high=None, source=("late",))
    plain = forecast("plain")
    planted = forecast("planted", reports=(*VALLEY.reports, today, earlier), sources=(*VALLEY.sources, LATE))
    assert [str(name) for name in plain if plain[name] != planted[name]] == []
    assert set(plain) == set(planted)
    in_time = forecast("in-time", reports=with_report(id="late-2", value=50.0, value_high=None))
    assert plain[next(name for name in plain if name.name == "forecast.csv")] not in in_time.values()


def test_a_repeated_report_changes_the_list_of_unused_ones_and_nothing_else(forecast, tmp_path):
    plain = forecast("plain")
    again = forecast("again", reports=with_report(id="a-copy"))
    lists = ("reports.csv", "reports.parquet")
    assert {name.name for name in plain if plain[name] != again[name]} == {*lists, "stamp.json"}
    first, second = (table[next(name for name in table if name.name == "reports.csv")] for table in (plain, again))
    (added,) = set(second.decode().splitlines()) - set(first.decode().splitlines())
    cells = [cell.strip('"') for cell in added.split(",")]
    assert (cells[0], cells[6]) == ("a-copy", "repeated")
    stamps = [read_stamp(tmp_path / name) for name in ("plain", "again")]
    for stamp in stamps:
        stamp["files"] = {name: digest for name, digest in stamp["files"].items() if name not in lists}
    assert stamps[0] == stamps[1]


@pytest.mark.parametrize("unfit", [{"itinerary": "plan.csv"}, {"cluster": "local:2"}])
def test_what_learning_does_not_have_is_refused(unfit):
    with pytest.raises(InvalidValueError, match="that learns from reports has no"):
        run_scenario(Request("valley", 5, 1, AS_OF, learn=True, **unfit))


def learned(store=None, reports=VALLEY.reports, day=AS_OF):
    return learn(VALLEY.replace(reports=reports), day, 40, 3, workers=2, store=store)


def same(one, other):
    np.testing.assert_array_equal(one.run.people, other.run.people)
    np.testing.assert_array_equal(one.run.drawn, other.run.drawn)
    assert one.run.start == other.run.start
    assert one.learning == other.learning


def test_a_report_more_goes_on_from_the_night_before_it_and_gives_what_a_forecast_from_the_first_day_gives(tmp_path):
    kept = tmp_path / "kept"
    plain, first = learned(), learned(kept)
    same(plain, first)
    assert (plain.resumed, first.resumed.night) == (None, None)
    assert first.resumed.kept == tuple(AS_OF - dt.timedelta(days=back) for back in (3, 2, 1, 0))
    again = learned(kept)
    assert again.resumed.night == AS_OF
    same(plain, again)
    more = with_report(id="more", value=600.0, value_high=None)  # about 4 May
    refreshed = learned(kept, more)
    assert refreshed.resumed.night == COUNT.event_date - dt.timedelta(days=1)
    same(learned(reports=more), refreshed)
    tomorrow = AS_OF + dt.timedelta(days=1)
    later = learned(kept, more, tomorrow)
    assert later.resumed.night == AS_OF
    same(learned(reports=more, day=tomorrow), later)


def test_where_people_ahead_were_seen_is_known_to_who_goes_on_from_a_kept_night(tmp_path):
    """Those who go on draw where the group makes for from the chances that the people ahead left."""
    seen = dataclasses.replace(COUNT, id="seen", place="elm", ahead=True, value=100.0, value_high=None)
    reports = (*VALLEY.reports, seen)
    learned(tmp_path / "kept", reports)
    tomorrow = AS_OF + dt.timedelta(days=1)
    later = learned(tmp_path / "kept", reports, tomorrow)
    assert later.resumed.night == AS_OF
    plain = learned(reports=reports, day=tomorrow)
    same(plain, later)
    assert (plain.run.people != learned(day=tomorrow).run.people).any()


def test_a_report_older_than_what_is_kept_begins_on_the_first_day(tmp_path):
    learned(tmp_path / "kept")
    old = dataclasses.replace(VALLEY.reports[0], id="old", value=700.0)
    refreshed = learned(tmp_path / "kept", (*VALLEY.reports, old))
    assert refreshed.resumed.night is None
    same(learned(reports=(*VALLEY.reports, old)), refreshed)


def test_nights_of_another_seed_members_or_scenario_are_not_gone_on_from(tmp_path):
    learned(tmp_path / "kept")
    sites = tuple(row for row in VALLEY.sites if row.place != "elm")
    for scenario, members, seed in ((VALLEY, 40, 4), (VALLEY, 41, 3), (VALLEY.replace(sites=sites), 40, 3)):
        found = learn(scenario, AS_OF, members, seed, workers=2, store=tmp_path / "kept")
        assert found.resumed.night is None
        learned(tmp_path / "kept")


def test_a_damaged_night_is_not_gone_on_from(tmp_path):
    plain = learned(tmp_path / "kept")
    last = max((tmp_path / "kept").glob("night-*"))
    last.write_bytes(last.read_bytes()[:-9] + b"\0" * 9)
    again = learned(tmp_path / "kept")
    assert again.resumed.night == AS_OF - dt.timedelta(days=1)
    same(plain, again)
