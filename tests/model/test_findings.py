"""Every finding of the catalogue is found where it stands, named, and not found in the nearest good case."""

# ruff: noqa: E501  tables of cases read best with one case on a line

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

import pytest

from posada.io.folder import read_folder
from posada.model.errors import ScenarioError
from posada.model.findings import FINDING_KINDS, Finding, Findings, Severity
from tests.made_up import FILES, SETTINGS, spoil, write_made_up
from tests.model.test_displacement import CASES as OF_DISPLACEMENT


class Case(NamedTuple):
    """A fault in one file: which finding says so, where, what it names, and a change that is no fault."""

    id: str
    file: str
    old: str
    bad: str
    where: str
    names: str
    good: str


# A long route through all files; the good case differs from the bad one as little as it can.
CASES = (
    Case("unknown-key", "scenario.toml", "climate =", "climat =", "scenario.toml:6", "'climate'", "climate  ="),
    Case("unknown-key", "scenario.toml", "climate =", "[climat]\nx =", "scenario.toml:6", "'climate'", "climate="),
    Case("bad-text", "scenario.toml", "climate =", "[climate]\nx =", "scenario.toml:6", "'climate'", "climate="),
    Case("unreadable-file", "scenario.toml", "2030-03-20", "2030-03-", "scenario.toml:4", "TOML", "2030-03-19"),
    Case("missing-value", "scenario.toml", '"From Alder to Fir"', '""', "scenario.toml:2", "'title'", '"T"'),
    Case("bad-date", "scenario.toml", "= 2030-03-20", "= 2030-03-20T10:00:00", "scenario.toml:4", "'end'", '= "2030-03-20"'),
    Case("range-order", "scenario.toml", "= 2030-03-20", "= 2030-02-20", "scenario.toml:4", "2030-02-20", "= 2030-03-21"),
    Case("personal-data", "scenario.toml", "climate =", 'contact_phone = "x"\nclimate =', "scenario.toml:6", "'contact_phone'", "climate ="),
    Case("personal-data", "scenario.toml", "From Alder", "Call +52 961 123 4567", "scenario.toml:2", "'title'", "Call 066"),
    Case("unknown-column", "sites.csv", ",capacity,", ",capcity,", "sites.csv:1", "'capacity'", ",capacity ,"),
    Case("unknown-column", "groups.csv", "share_children", "share_kids", "groups.csv:1", "'share_kids'", "share_older"),
    Case("duplicate-column", "sites.csv", "area_m2,", "capacity,", "sites.csv:1", "'capacity'", "taps,"),
    Case("personal-data", "sites.csv", ",toilets,", ",telefono,", "sites.csv:1", "'telefono'", ",taps,"),
    Case("personal-data", "sites.csv", "conditions", "Date of birth", "sites.csv:1", "'Date of birth'", "conditions"),
    Case("ragged-row", "routes.csv", "rail,map,,,", "rail,map,,,,x", "routes.csv:4", "8 columns", "rail,map,,,,, "),
    Case("missing-value", "places.csv", ",Alder,", ",,", "places.csv:2", "'name'", ",A,"),
    Case("bad-text", "places.csv", "AAA,10.2", "Aaa,10.2", "places.csv:3", "'Aaa'", "BBB,10.2"),
    Case("bad-text", "sites.csv", "hall,birch", "Hall,birch", "sites.csv:2", "'Hall'", "hall-1,birch"),
    Case("bad-text", "sites.csv", "The barn", "The\x07barn", "sites.csv:4", "'name'", "The barn!"),
    Case("bad-number", "sites.csv", "1400", '"1,400"', "sites.csv:2", "'1,400'", "1400.0"),
    Case("bad-number", "routes.csv", ",42,", ",4_2,", "routes.csv:2", "'4_2'", ",4.2e1,"),
    Case("bad-number", "sites.csv", ",250,", ",250.5,", "sites.csv:4", "'250.5'", ",250.0,"),
    Case("bad-number", "parameters.csv", "30;0.25", "30;x", "parameters.csv:2", "'30;x'", "30; 0.25"),
    Case("bad-date", "sources.csv", "2030-02-20", "2030-02-30", "sources.csv:4", "'2030-02-30'", "2030-02-28"),
    Case("bad-date", "sources.csv", "2030-02-20", "2030-W02-3", "sources.csv:4", "'2030-W02-3'", " 2030-02-03 "),
    Case("bad-yes-no", "sites.csv", "auditorium,yes", "auditorium,true", "sites.csv:2", "'true'", "auditorium,no"),
    Case("out-of-bounds", "sites.csv", ",250,", ",-1,", "sites.csv:4", "-1", ",0,"),
    Case("out-of-bounds", "groups.csv", "0.3,", "1.01,", "groups.csv:2", "1.01", "0.75,"),
    Case("out-of-bounds", "places.csv", ",-90.0,", ",-181,", "places.csv:2", "-181", ",-180,"),
    Case("out-of-bounds", "procedure.csv", "0,0.01,0.05", "0,0.01,1.2", "procedure.csv:3", "1.2", "0,0.01,1"),
    Case("unknown-option", "places.csv", "city,map,North", "citi,map,North", "places.csv:3", "'city'", "town,map,North"),
    Case("unknown-option", "procedure.csv", "kind:border_crossing", "kind:border", "procedure.csv:4", "'border'", "kind:city"),
    Case("unknown-option", "procedure.csv", "country:AAA", "contry:AAA", "procedure.csv:3", "'country'", "anywhere"),
    Case("unknown-place", "routes.csv", "dogwood,elm", "dogwood,elmm", "routes.csv:6", "'elm'", "dogwood,elm"),
    Case("unknown-place", "procedure.csv", "country:AAA", "country:AAB", "procedure.csv:3", "'AAB'", "country:BBB"),
    Case("unknown-place", "procedure.csv", "80,birch", "80,brich", "procedure.csv:2", "'birch'", "80,cedar"),
    Case("unknown-reference", "destinations.csv", "main,", "mains,", "destinations.csv:2", "'main'", "second,"),
    Case("unknown-reference", "procedure.csv", "queue,crossed", "queue,croosed", "procedure.csv:5", "'crossed'", "queue,returned"),
    Case("unknown-reference", "routes.csv", "map;survey", "map;surveys", "routes.csv:6", "'survey'", "map ; survey"),
    Case("unknown-rate", "signals.csv", ",stops,", ",stop,", "signals.csv:2", "'stops'", ",lets,"),
    Case("signal-without-effect", "signals.csv", ",stops,", ",capacity_church,", "signals.csv:2", "'capacity_church'", ",lets,"),
    Case("unknown-rate", "parameters.csv", "city_halt_nights", "city_halt_night", "parameters.csv:4", "'city_halt_nights'", "city_halt_nights"),
    Case("unknown-unit", "reports.csv", "headcount,people,", "headcount,peple,", "reports.csv:2", "'people'", "headcount,women,"),
    Case("unknown-unit", "parameters.csv", "2;3;6,nights", "2;3;6,days", "parameters.csv:4", "'nights'", "2;3;6, nights"),
    Case("duplicate-id", "sites.csv", "barn,cedar", "hall,cedar", "sites.csv:4", "sites.csv:2", "hall2,cedar"),
    Case("duplicate-id", "stances.csv", "cedar,2030-03-09", "cedar,2030-03-01", "stances.csv:4", "stances.csv:3", "cedar,2030-03-02"),
    Case("duplicate-id", "routes.csv", "birch,cedar,40,rail", "cedar,birch,40,road", "routes.csv:4", "routes.csv:3", "cedar,birch,40,rail"),
    Case("duplicate-id", "procedure.csv", "permits,travelling", "lift_share,travelling", "procedure.csv:2", "'lift_share'", "lifts,travelling"),
    Case("missing-source", "routes.csv", "42,road,map", "42,road,", "routes.csv:2", "'source'", "42,road,radio"),
    Case("missing-source", "routes.csv", "42,road,map", "42,road,;", "routes.csv:2", "'source'", "42,road,map;"),
    Case("missing-source", "procedure.csv", "birch,survey", "birch,", "procedure.csv:2", "'source'", "birch,radio"),
    Case("range-order", "groups.csv", "800,1000,1300", "800,1400,1300", "groups.csv:2", "1400", "1300,1300,1300"),
    Case("range-order", "vehicles.csv", "2030-03-04,2030-03-12", "2030-03-04,2030-03-03", "vehicles.csv:2", "2030-03-03", "2030-03-04,2030-03-04"),
    Case("range-order", "vehicles.csv", "0.5,0.7,0.9", "0.5,0.95,0.9", "vehicles.csv:2", "0.95", "0.5,0.9,0.9"),
    Case("missing-value", "vehicles.csv", "0.5,0.7,0.9", ",0.7,0.9", "vehicles.csv:2", "'honoured_low'", ",,"),
    Case("range-order", "reports.csv", "900,1000,", "1100,1000,", "reports.csv:2", "1100", "1000,1000,"),
    Case("range-order", "signals.csv", "1,1.5,3,radio,2030-03-12", "1,1.5,3,radio,2030-03-05", "signals.csv:2", "2030-03-05", "1,1.5,3,radio,2030-03-06"),
    Case("unlike-stocks", "supplies.csv", "4000.5,7.5,L", "4000.5,7.5,l", "supplies.csv:3", "supplies.csv:2", "4000,7.5,L"),
    Case("unlike-stocks", "supplies.csv", "4000.5,7.5,L", "4000.5,15,L", "supplies.csv:3", "15", "0,7.5,L"),
    Case("out-of-bounds", "supplies.csv", "300,1,", "300,0,", "supplies.csv:4", "0", "300,0.5,"),
    Case("out-of-bounds", "supplies.csv", "9000,", "-9000,", "supplies.csv:2", "-9000", "0,"),
    Case("unknown-place", "supplies.csv", "water,cedar", "water,cedr", "supplies.csv:3", "'cedar'", "water,dogwood"),
    Case("duplicate-id", "supplies.csv", "water,cedar", "water,birch", "supplies.csv:3", "supplies.csv:2", "water,elm"),
    Case("shares-exceed-one", "groups.csv", "0.3,0.25", "0.8,0.25", "groups.csv:2", "1.05", "0.75,0.25"),
    Case("shares-exceed-one", "destinations.csv", "main,dogwood,0.2,radio", "main,dogwood,0.6,radio\nmain,cedar,0.5,radio", "destinations.csv:3", "1.1", "main,dogwood,0.5,radio\nmain,cedar,0.5,radio"),
    Case("shares-exceed-one", "procedure.csv", "0.5,0.7,0.9,kind:border_crossing,survey,all,any,,", "0.5,0.7,0.9,dogwood,survey,all,any,,\nx,travelling,crossed,share_on_arrival,0.4,0.4,0.4,dogwood,survey,all,any,,", "procedure.csv:5", "1.1", "0.5,0.7,0.9,dogwood,survey,all,any,,\nx,travelling,crossed,share_on_arrival,0.3,0.3,0.4,dogwood,survey,all,any,,"),
    Case("bad-distribution", "parameters.csv", "30;0.25", "30", "parameters.csv:2", "2", "30;0.3"),
    Case("bad-distribution", "parameters.csv", "30;0.25", "30;0", "parameters.csv:2", "sigma_log", "30;0.01"),
    Case("bad-distribution", "parameters.csv", "30;0.25", "90;0.25", "parameters.csv:2", "90", "80;0.25"),
    Case("bad-distribution", "parameters.csv", "2;3;6", "3;2;6", "parameters.csv:4", "order", "3;3;6"),
    Case("bad-distribution", "parameters.csv", "2;3;6", "2;3;31", "parameters.csv:4", "31", "2;3;30"),
    Case("bad-distribution", "parameters.csv", "beta,4;16", "beta,4;-16", "parameters.csv:3", "beta", "beta,4;160"),
    Case("bad-distribution", "parameters.csv", "beta,4;16", "normal,0.5;0", "parameters.csv:3", "sd", "normal,0.5;0.1"),
    Case("bad-distribution", "parameters.csv", "triangular,2;3;6", "beta,2;3", "parameters.csv:4", "beta", "constant,2"),
    Case("route-to-itself", "routes.csv", "birch,cedar,40,rail", "birch,birch,40,rail", "routes.csv:4", "'birch'", "alder,birch,40,rail"),
    Case("no-way", "routes.csv", "dogwood,elm,14,road,map;survey,,,yes", "elm,dogwood,14,road,map;survey,,,yes", "groups.csv:2", "'dogwood'", "elm,dogwood,14,road,map;survey,,,no"),
    Case("no-way", "routes.csv", "51,road,map,2030-03-05", "51,road,map,2030-03-21", "groups.csv:2", "'cedar'", "51,road,map,2030-03-20"),
    Case("no-statuses", "statuses.csv", "travelling,survey,yes", "travelling,survey,no", "statuses.csv", "initial", "travelling,survey, yes"),
    Case("no-statuses", "statuses.csv", "permitted,survey,no", "permitted,survey,yes", "statuses.csv:3", "'permit'", "travelling,survey,no"),
    Case("no-statuses", "statuses.csv", "group.,travelling", "group.,final", "statuses.csv:2", "'travelling'", "group.,permitted"),
    Case("procedure-loop", "procedure.csv", "lets,queue,", "lets,returned,", "procedure.csv:5", "'returned'", "lets,permit,"),
    Case("procedure-loop", "procedure.csv", "queue,crossed", "queue,queue", "procedure.csv:5", "'queue'", "queue,permit"),
    Case("outside-journey", "signals.csv", "2030-03-08,Rain", "2030-03-21,Rain", "signals.csv:3", "2030-03-01", "2030-03-20,Rain"),
    Case("outside-journey", "sites.csv", "2030-03-06,2030-03-15", "2030-02-06,2030-02-28", "sites.csv:4", "open", "2030-02-06,2030-03-01"),
    Case("outside-journey", "vehicles.csv", "2030-03-12,2030-03-10", "2030-03-12,2030-03-01", "vehicles.csv:2", "offer", "2030-03-12,2030-03-02"),
    Case("outside-journey", "groups.csv", "birch,2030-03-04", "birch,2030-03-21", "groups.csv:3", "departs", "birch,2030-03-20"),
    Case("outside-journey", "reports.csv", "2030-03-02,2030-03-02", "2030-03-02,2030-02-28", "reports.csv:2", "event_date", "2030-03-02,2030-03-01"),
    Case("outside-journey", "itinerary.csv", "radio,2030-03-04", "radio,2030-04-04", "itinerary.csv:2", "2030-04-04", "radio,2030-03-05"),
    Case("outside-journey", "stances.csv", "cedar,2030-03-09", "cedar,2030-03-29", "stances.csv:4", "2030-03-29", "cedar,2030-03-19"),
    Case("outside-journey", "scenario.toml", "as_of = 2030-03-03", "as_of = 2030-02-03", "scenario.toml:5", "2030-02-03", "as_of = 2030-03-01"),
    Case("personal-data", "reports.csv", "A thousand", "Call 961 123 4567 about a thousand", "reports.csv:2", "'summary'", "Call 911: a thousand"),
    Case("personal-data", "sites.csv", "Open until 22:00", "Write to hall@town.example", "sites.csv:2", "'conditions'", "Write @ 22:00"),
    Case("personal-data", "sites.csv", ",250,", ",+52 961 123 4567,", "sites.csv:4", "'capacity'", ",+250,"),
    Case("isolated-place", "places.csv", "elm,Elm", "fir,Fir,AAA,9,-90,town,map,,,,\nelm,Elm", "places.csv:6", "'fir'", "elm,Fir"),
    Case("ahead-of-nobody", "reports.csv", "alder,main,900,1000,,A thousand are in the square.,no", ",main,900,1000,,A thousand are in the square.,yes", "reports.csv:2", "'place'", "alder,main,900,1000,,A thousand are in the square.,yes"),
    Case("ahead-of-nobody", "reports.csv", "headcount,people,organiser,yes,radio,alder,main,900,1000,,A thousand are in the square.,no", "departure,people,organiser,yes,radio,alder,main,900,1000,,A thousand are in the square.,yes", "reports.csv:2", "'departure'", "arrival,people,organiser,yes,radio,alder,main,900,1000,,A thousand are in the square.,yes"),
    Case("assumed-parameter", "parameters.csv", "rain_probability_per_day,beta,4;16,share,survey,", "", "parameters.csv", "'rain_probability_per_day'", "rain_probability_per_day,beta,4;16,share,survey,x"),
    Case("no-lodging-report", "sites.csv", "barn,cedar", "barn,birch", "places.csv:4", "'cedar'", "barns,cedar"),
    Case("unverified-source", "sources.csv", "2030-02-20", "", "sources.csv:4", "'survey'", "2030-02-21"),
)  # fmt: skip


def found(folder: Path) -> tuple[Finding, ...]:
    """Return all findings about a folder, whether it can be used or not."""
    try:
        return read_folder(folder).check().rows
    except ScenarioError as fault:
        return fault.findings


def usual(tmp_path: Path) -> set[Finding]:
    """Return what is said of the unspoilt scenario: notes only."""
    rows = set(found(write_made_up(tmp_path / "usual")))
    assert {row.severity for row in rows} == {Severity.NOTE}
    return rows


def changed(folder: Path, case: Case, new: str) -> tuple[Finding, ...]:
    """Return the findings after one change."""
    return found(write_made_up(folder, spoil(case.file, case.old, new)))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.id}: {case.bad[:30]}")
def test_a_fault_is_found_once_where_it_stands_and_named(case, tmp_path):
    """Nothing else is said: no echo of the fault in other rows, and no place but its own."""
    known = usual(tmp_path)
    new = [row for row in changed(tmp_path / "bad", case, case.bad) if row not in known]
    alike = [row for row in new if row.severity is FINDING_KINDS[case.id].severity]
    assert {row.id for row in alike} == {case.id}
    first = alike[0]
    assert first.where == case.where
    assert case.names in f"{first.message} {first.cure}"
    assert first.cure


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.id}: {case.good[:30]}")
def test_the_nearest_good_case_is_let_pass(case, tmp_path):
    known = usual(tmp_path)
    rows = changed(tmp_path / "good", case, case.good)
    assert case.id not in {row.id for row in rows if row not in known}
    assert not any(row.severity is Severity.ERROR for row in rows)


def drop_column(file: str, header: str) -> str:
    """Return a file without one of its columns."""
    rows = list(csv.reader(FILES[file].splitlines()))
    number = rows[0].index(header)
    return "".join(",".join(row[:number] + row[number + 1 :]) + "\n" for row in rows)


FILE_CASES = (
    ("unknown-file", {"site.csv": "id\n"}, "site.csv", "'sites.csv'", {"README.txt": "hello", ".hidden": ""}),
    ("unknown-file", {"placs.csv": "id\n", "places.csv": None}, "placs.csv", "'places.csv'", {"notes.md": ""}),
    ("unknown-file", {"licences.csv": "id\n"}, "licences.csv", "", {"LICENSE": ""}),
    ("missing-column", {"stances.csv": drop_column("stances.csv", "stance")}, "stances.csv:1", "'stance'", {"routes.csv": drop_column("routes.csv", "one_way")}),
    ("missing-file", {"scenario.toml": None}, "scenario.toml", "'scenario.toml'", {"vehicles.csv": None}),
    ("missing-file", {"routes.csv": None}, "routes.csv", "'routes.csv'", {"sites.csv": None}),
    ("missing-file", {"groups.csv": FILES["groups.csv"].split("\n")[0]}, "groups.csv", "no rows", {"sites.csv": FILES["sites.csv"].split("\n")[0]}),
    ("unreadable-file", {"places.csv": FILES["places.csv"].encode("utf-16")}, "places.csv:1", "UTF-8", {"places.csv": FILES["places.csv"].encode("utf-8-sig")}),
    ("unreadable-file", {"sites.csv": FILES["sites.csv"].replace("The square", "La peña").encode("latin-1")}, "sites.csv:3", "UTF-8", {"sites.csv": FILES["sites.csv"].replace("The square", "La peña")}),
    ("unreadable-file", {"sites.csv": FILES["sites.csv"].replace('kitchen closed"', "kitchen closed")}, "sites.csv:2", "quote", {"sites.csv": FILES["sites.csv"].replace("kitchen closed", 'a ""kitchen"" closed')}),
    ("unreadable-file", {"stances.csv": FILES["stances.csv"].replace(",", ";")}, "stances.csv:1", "semicolons", {"stances.csv": FILES["stances.csv"].replace("\n", "\r\n\r\n")}),
    ("unreadable-file", {"signals.csv": ""}, "signals.csv", "empty", {"signals.csv": FILES["signals.csv"].split("\n")[0]}),
    ("unreadable-file", {"scenario.toml": SETTINGS + "climate = 1\n"}, "scenario.toml:7", "overwrite", {"scenario.toml": SETTINGS + "# climate = 1\n"}),
)  # fmt: skip


@pytest.mark.parametrize(("finding", "files", "where", "names", "good"), FILE_CASES)
def test_a_faulty_file_is_found_once_and_named(finding, files, where, names, good, tmp_path):
    also = {"missing-file"} if finding == "unknown-file" and "places.csv" in files else set()
    faults = [row for row in found(write_made_up(tmp_path / "bad", files)) if row.severity is Severity.ERROR]
    assert faults[0].id == finding
    assert faults[0].where == where
    assert names in f"{faults[0].message} {faults[0].cure}"
    assert {row.id for row in faults} == {finding} | also
    assert found(write_made_up(tmp_path / "good", good))[0].severity is not Severity.ERROR


def test_every_finding_of_the_catalogue_is_triggered_here():
    elsewhere = {
        "formula-cell",  # tests/io/test_workbook.py
        "missing-movement",  # tests/model/test_displacement.py
        "nothing-to-score",  # tests/ops/test_validation.py
        *(
            "unknown-target",
            "unknown-level",
            "missing-level",
            "duplicate-row",
            "quantiles-cross",
        ),  # tests/io/test_hub.py
        *(case.id for case in OF_DISPLACEMENT),
        *(id_ for id_ in FINDING_KINDS if id_.startswith("flee-") or id_ == "missing-series"),  # tests/io/test_flee_*
        # tests/io/test_road_network.py
        *("far-from-road", "same-road-point", "road-passed-over", "separate-roads", "route-by-ferry"),
    }
    assert {case.id for case in CASES} | {row[0] for row in FILE_CASES} | elsewhere == set(FINDING_KINDS)


@pytest.mark.parametrize("case", [case for case in CASES if case.id == "personal-data"], ids=lambda case: case.bad)
def test_personal_data_is_not_repeated(case, tmp_path):
    said = "\n".join(str(row) for row in changed(tmp_path / "bad", case, case.bad))
    for number in ("961", "4567", "hall@town"):
        assert number not in said


def test_findings_come_worst_first_then_by_file_and_line(tmp_path):
    spoilt = {}
    for file, old, new in (
        ("sites.csv", ",250,", ",-1,"),
        ("places.csv", ",Alder,", ",,"),
        ("vehicles.csv", "buses,birch", "buses,birhc"),
        ("scenario.toml", "climate =", "climat ="),
    ):
        spoilt |= spoil(file, old, new)
    rows = found(write_made_up(tmp_path, spoilt))
    assert [row.where for row in rows] == ["scenario.toml:6", "places.csv:2", "sites.csv:4"]
    # 'birhc' is not called unknown: it could be the place whose row could not be read.
    spoilt |= {"places.csv": FILES["places.csv"]}
    rows = found(write_made_up(tmp_path, spoilt))
    assert [row.where for row in rows] == ["scenario.toml:6", "sites.csv:4", "vehicles.csv:2"]


def test_a_fault_in_the_settings_does_not_hide_faults_in_the_tables(tmp_path):
    spoilt = spoil("scenario.toml", "climate =", "=") | spoil("groups.csv", "alder,", "aldr,")
    assert [row.where for row in found(write_made_up(tmp_path, spoilt))] == ["scenario.toml:6", "groups.csv:2"]


def test_a_finding_must_be_in_the_catalogue():
    with pytest.raises(KeyError, match="no-such-thing"):
        Finding("no-such-thing", "a", "b", "c")


def test_findings_are_told_apart_by_severity():
    rows = tuple(Finding(id_, "x.csv:1", "m.", "c.") for id_ in ("bad-date", "isolated-place", "unverified-source"))
    assert [row.id for row in Findings(rows).errors] == ["bad-date"]
    assert [row.id for row in Findings(rows).warnings] == ["isolated-place"]
    assert str(Findings(rows)).splitlines()[0] == "error [bad-date] x.csv:1: m. c."
    assert str(Findings()) == "no findings"
    assert len(Findings(rows)) == 3
