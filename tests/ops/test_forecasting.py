"""A forecast as of a date from folder to folder: not a byte of it comes from what was published later."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from posada.io.folder import read_scenario, write_scenario
from posada.io.stamp import read_stamp
from posada.model.errors import InvalidValueError
from posada.model.statements import Source
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
