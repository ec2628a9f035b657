"""Whatever Flee ignores, misreads or stops at is said, with file and line, and what Posada does instead."""

# ruff: noqa: E501  tables of cases read best with one case on a line

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posada.io.flee.folder import read_flee
from posada.model.errors import ScenarioError
from posada.model.findings import FINDING_KINDS, Finding, Severity
from tests.flee_folder import FILES, spoil, write_flee_folder


class Case(NamedTuple):
    """A fault in one file: which finding says so, where, what it names, and a change that is no fault."""

    id: str
    file: str
    old: str
    bad: str
    where: str
    names: str
    good: str


YML = "simsetting.yml"
LOC, ROU, CLO, CON = (f"input_csv/{name}.csv" for name in ("locations", "routes", "closures", "conflicts"))
PER, COR = "input_csv/sim_period.csv", "input_csv/registration_corrections.csv"
LAY, REF, DOG, ELM = (f"source_data/{name}.csv" for name in ("data_layout", "refugees", "dogwood", "elm"))

CASES = (
    # Settings.
    Case("unknown-key", YML, "awareness_level", "awarenes_level", f"{YML}:5", "'awareness_level'", "camp_weight"),
    Case("unknown-key", YML, "move_rules", "mover_rules", f"{YML}:4", "'move_rules'", "# x\nmove_rules"),
    Case("unknown-key", YML, "  hasten", "  max_move_speed", f"{YML}:11", "'move_rules.max_move_speed'", "  hasten "),
    Case("unknown-key", YML, "move_rules:", "move_rules:\n  <<: {max_walk_speed: 3}", f"{YML}:5", "Write them out", "move_rules:\n  max_walk_speed: 3"),
    Case("flee-ignored", YML, "move_rules", "coupling: {file: x}\nmove_rules", f"{YML}:4", "like no key", "# coupling\nmove_rules"),
    Case("unreadable-file", YML, "hasten: 1", "hasten: [1", f"{YML}:12", "YAML", "hasten: 1 # [1"),
    Case("duplicate-id", YML, "awareness_level: 2", "awareness_level: 2\n  awareness_level: 3", f"{YML}:6", "line 5", "awareness_level: 3"),
    Case("bad-number", YML, "200.0", "2030-13-05", f"{YML}:6", "month", "'200.0'"),
    Case("bad-text", YML, "200.0", "!!python/name:os.system", f"{YML}:6", "'move_rules.max_move_speed'", "!!float 200"),
    Case("bad-text", YML, "[1.0, 0.5]", "&a [*a]", f"{YML}:2", "conflict_spawn_decay", "&a [1.0]"),
    Case("bad-number", YML, "200.0", "fast", f"{YML}:6", "'fast'", "'200'"),
    Case("bad-number", YML, "200.0", "", f"{YML}:6", "empty", "2e2"),
    Case("bad-number", YML, "[1.0, 0.5]", "1.0", f"{YML}:2", "a list of numbers", "null"),
    Case("bad-yes-no", YML, "population: true", "population: 'False'", f"{YML}:3", "without quotes", "population: False"),
    Case("bad-yes-no", YML, "population: true", "population: perhaps", f"{YML}:3", "'perhaps'", "population: 1"),
    Case("bad-text", YML, "log_levels:\n  agent: 0", "log_levels: 3", f"{YML}:8", "'log_levels'", "log_levels:"),
    Case("out-of-bounds", YML, "default_movechance: 0.4", "default_movechance: 1.4", f"{YML}:7", "1.4", "default_movechance: 1"),
    Case("out-of-bounds", YML, "awareness_level: 2", "awareness_level: 7", f"{YML}:5", "7", "awareness_level: -1"),
    Case("flee-kept", YML, "awareness_level: 2", "awareness_level: 0", f"{YML}:5", "nobody", "awareness_level: 1"),
    Case("flee-kept", YML, "hasten: 1", "hasten: 2.5", f"{YML}:11", "cuts it to 2", "hasten: 2"),
    Case("flee-not-modelled", YML, "default_movechance: 0.4", "default_movechance: 0.001", f"{YML}:7", "0.001", "default_movechance: 0.005"),
    Case("flee-not-modelled", YML, "spawn_rules:", "spawn_rules:\n  camps_are_sicks: true", f"{YML}:2", "camps_are_sicks", "spawn_rules:\n  insert_day0: true"),
    Case("flee-ignored", YML, "spawn_rules:", "spawn_rules:\n  camps_are_sinks: true", f"{YML}:2", "camps_are_sicks", "spawn_rules:\n  insert_day0: true"),
    Case("flee-ignored", YML, "move_rules:", "move_rules:\n  two_system_decision_making: true", f"{YML}:5", "two_system", "move_rules:\n  fixed_routes: true"),
    Case("flee-ignored", YML, "move_rules:", "move_rules:\n  max_flood_level: 4", f"{YML}:5", "max_flood_level", "move_rules:\n  softening: 4"),
    Case("flee-ignored", YML, "  agent: 0", "  Water: 0", f"{YML}:9", "Water", "  granularity: location"),
    Case("flee-note", YML, "optimisations", "number_of_steps: 9\noptimisations", f"{YML}:10", "sim_period.csv", "default_conflict_intensity: 1\noptimisations"),
    Case("unknown-option", YML, "spawn_rules:", "spawn_rules:\n  conflict_driven_spawning: {spawn_mode: konstant}", f"{YML}:2", "'constant'", "spawn_rules:\n  conflict_driven_spawning: {spawn_mode: constant}"),
    Case("flee-kept", YML, "spawn_rules:", "spawn_rules:\n  conflict_driven_spawning: {displaced_per_conflict_day: 2.5}", f"{YML}:2", "2.5", "spawn_rules:\n  conflict_driven_spawning: {displaced_per_conflict_day: 2}"),
    Case("flee-ignored", YML, "spawn_rules:", "spawn_rules:\n  flood_driven_spawn_mode: {spawn_mode: constant}", f"{YML}:2", "flood_zone_spawning_only", "spawn_rules:\n  flood_zone_spawning_only: false"),
    Case("unknown-option", YML, "spawn_rules:", "spawn_rules:\n  flood_zone_spawning_only: true", f"{YML}:2", "conflict_zone_spawning_only", "spawn_rules:\n  conflict_zone_spawning_only: false\n  flood_zone_spawning_only: true"),
    # The period.
    Case("flee-repaired", PER, "\nLength", "\n\nLength", f"{PER}:2", "blank", "\r\nLength"),
    Case("bad-date", PER, "2030-03-01", "2030-02-30", f"{PER}:1", "'2030-02-30'", "2030-3-1"),
    Case("bad-number", PER, "Length,6", "Length,six", f"{PER}:2", "'six'", "Length, 6  "),
    Case("out-of-bounds", PER, "Length,6", "Length,60000000000", f"{PER}:2", "60000000000", "Length,6"),
    Case("out-of-bounds", PER, "Length,6", "Length,0", f"{PER}:2", "0", "Length,1"),
    Case("missing-value", PER, "Length", "Lenght", PER, "'Length'", "length"),
    # Places.
    Case("flee-repaired", LOC, "town,,4000", 'town,,"4,000"', f"{LOC}:3", "'4,000'", 'town,,"4000"'),
    Case("bad-number", LOC, "town,,4000", 'town,,"4,0000"', f"{LOC}:3", "'4,0000'", 'town,,"4000"'),
    Case("flee-repaired", LOC, "town,,4000", "town,,4000.0", f"{LOC}:3", "4000.0", "town,, 4000"),
    Case("out-of-bounds", LOC, "town,,4000", "town,,-4", f"{LOC}:3", "-4", "town,,0"),
    Case("bad-number", LOC, "conflict_zone,0", "conflict_zone,", f"{LOC}:2", "conflict_date", "conflict_zone,-1"),
    Case("unknown-option", LOC, "20.0,town,,4000", "20.0,village,,4000", f"{LOC}:3", "'village'", "20.0,default,,4000"),
    Case("ragged-row", LOC, "town,,4000", "town,,4,000", f"{LOC}:3", "'000'", "town,,4000,"),
    Case("ragged-row", LOC, "Birch-Upper,North,Here,10.4,20.0,town,,4000", "Birch-Upper,North,Here,10.4", f"{LOC}:3", "4 cells", "Birch-Upper,North,Here,10.4,20.0,town,,"),
    Case("flee-repaired", LOC, "town,,4000", "town", f"{LOC}:3", "last column", "town,,"),
    Case("flee-repaired", LOC, "Crossing,,", "Dogwood,East,There,10.9,20.1,camp,,800\nCrossing,,", f"{LOC}:6", "alike", '"Crossing",,'),
    Case("flee-repaired", LOC, "Crossing,,", "Dogwood,,,1,2,town,,3\nCrossing,,", f"{LOC}:6", "other figures", '"Crossing",,'),
    Case("missing-value", LOC, "Crossing,,", ",,", f"{LOC}:4", "first cell", "#x,,\nCrossing,,"),
    Case("flee-repaired", LOC, "#name", "name", f"{LOC}:1", "header", '#"name"'),
    Case("flee-repaired", LOC, "#name", " #name", f"{LOC}:1", "blank", "#name "),
    Case("flee-kept", LOC, "10.6,20.0", ",", f"{LOC}:4", "coordinates", "10.6, 20.0"),
    Case("out-of-bounds", LOC, "10.6,20.0", "120.6,20.0", f"{LOC}:4", "latitude", "89.9,120"),
    Case("bad-number", LOC, "10.6,20.0", "10°,20.0", f"{LOC}:4", "'10°'", "-1.06e1,20.0"),
    Case("flee-kept", LOC, "Crossing,,Here", "Crossing,,", f"{LOC}:4", "country", "Crossing,,Here "),
    Case("flee-note", LOC, "camp,,800", "camp,,0", f"{LOC}:5", "no limit", "camp,,"),
    Case("missing-series", LOC, "Crossing,,Here,10.6,20.0,forwarding_hub", "Crossing,,Here,10.6,20.0,camp", f"{LOC}:4", "'Crossing'", "Crossing,,Here,10.6,20.0,town"),
    # Routes.
    Case("unknown-place", ROU, "Crossing,Dogwood", "Crossing,Dogwod", f"{ROU}:4", "'Dogwood'", "Alder,Dogwood"),
    Case("flee-repaired", ROU, "Crossing,Dogwood", "Crossing ,Dogwood", f"{ROU}:4", "blanks", '"Crossing",Dogwood'),
    Case("ragged-row", ROU, "Crossing,Dogwood,90", "Crossing,Dogwood", f"{ROU}:4", "2 cells", "Crossing,Dogwood,90,"),
    Case("ragged-row", ROU, "Crossing,Dogwood,90", "Crossing,Dogwood,1,090,5", f"{ROU}:4", "'5'", "Crossing,Dogwood,90,,,"),
    Case("bad-number", ROU, "Crossing,Dogwood,90", "Crossing,Dogwood,far", f"{ROU}:4", "'far'", "Crossing,Dogwood,9.0e1"),
    Case("bad-number", ROU, "42,0", "42,drive", f"{ROU}:2", "'drive'", "42,"),
    Case("out-of-bounds", ROU, "Crossing,Dogwood,90", "Crossing,Dogwood,-9", f"{ROU}:4", "-9", "Crossing,Dogwood,0.1"),
    Case("flee-repaired", ROU, "Crossing,Dogwood,90", "Crossing,Dogwood,0", f"{ROU}:4", "0.1 km", "Crossing,Dogwood,0.5"),
    Case("flee-repaired", ROU, "42,0\n", "42,0\nAlder,Alder,3\n", f"{ROU}:3", "same place", "42,0\nAlder,Crossing,3\n"),
    Case("flee-ignored", ROU, "42,0", "42,2", f"{ROU}:2", "forced_redirection is 2", "42,0"),
    Case("flee-kept", ROU, "42,0", "42,1", f"{ROU}:2", "forced_redirection is 1", "42,0"),
    # Closures.
    Case("unknown-option", CLO, "country,", "contry,", f"{CLO}:2", "'country'", "#contry,"),
    Case("flee-repaired", CLO, "country,", " country,", f"{CLO}:2", "blanks", '"country",'),
    Case("ragged-row", CLO, "There,0,3", "There,0", f"{CLO}:2", "4 cells", "There,0,3,"),
    Case("bad-number", CLO, "There,0,3", "There,2030-03-01,3", f"{CLO}:2", "'2030-03-01'", "There,0, 3"),
    Case("unknown-place", CLO, "country,Here,There", "country,Here,Their", f"{CLO}:2", "'There'", "country,There,Here"),
    Case("unknown-place", CLO, "location,Dogwood", "location,Dogwod", f"{CLO}:3", "'Dogwood'", "location,Alder"),
    Case("flee-ignored", CLO, "country,Here,There", "country,Here,Mumbo", f"{CLO}:2", "'Mumbo'", "country,Here,There"),
    Case("flee-ignored", CLO, "country,Here,There", "country,Here,", f"{CLO}:2", "name2 is empty", "country,Here,There"),
    Case("flee-ignored", CLO, "country,Here,There", "remove_forced_redirection,Alder,Dogwood", f"{CLO}:2", "flag", "country,Here,There"),
    Case("flee-kept", CLO, "country,Here,There", "link,Alder,Birch-Upper", f"{CLO}:2", "'link'", "location,Alder,"),
    Case("unknown-route", CLO, "country,Here,There", "link,Alder,Dogwood", f"{CLO}:2", "'dogwood'", "link,Alder,Birch-Upper"),
    Case("flee-repaired", CLO, "location,", "country,Here,There,0,3\nlocation,", f"{CLO}:3", "already", "country,Here,There,0,4\nlocation,"),
    Case("closure-without-effect", CLO, "There,0,3", "There,-1,-1", f"{CLO}:2", "never", "There,0,-1"),
    # Conflicts.
    Case("unknown-place", CON, " Birch-Upper", " Brich-Upper", f"{CON}:1", "'Birch-Upper'", "Birch-Upper "),
    Case("flee-ignored", CON, " Dogwood", " Doghood", f"{CON}:1", "'Doghood'", " Crossing"),
    Case("flee-repaired", CON, "\n2, 1", "\n# as reported\n2, 1", f"{CON}:4", "comment", "\n2 , 1"),
    Case("duplicate-column", CON, " Dogwood", " Alder", f"{CON}:1", "'Alder'", " Crossing"),
    Case("ragged-row", CON, "2, 1, 0.5, 0", "2, 1, 0.5", f"{CON}:4", "3 cells", "2, 1, 0.5, 0,"),
    Case("ragged-row", CON, "2, 1, 0.5, 0", "2, 1, 0.5, 0, 1", f"{CON}:4", "5 cells", "2, 1, 0.5, 0, "),
    Case("bad-number", CON, "2, 1, 0.5, 0", "2, 1, , 0", f"{CON}:4", "'Birch-Upper'", "2, 1, .5, 0"),
    Case("out-of-bounds", CON, "2, 1, 0.5, 0", "2, 1.5, 0.5, 0", f"{CON}:4", "1.5", "2, 1.0, 0.5, 0"),
    Case("flee-repaired", CON, "5, 0.8, 0, 0\n", "", CON, "5 days", "5, 0.8, 0, 0\n\n"),
    Case("flee-kept", CON, "\n4, 0.8", "\n5, 0.8", f"{CON}:6", "counts rows", "\n 4, 0.8"),
    Case("flee-kept", CON, "0, 1, 0, 0\n1, 1, 0, 0", "0, 0, 1, 0\n1, 1, 0, 0", f"{CON}:2", "'Alder'", "0, 0.5, 1, 0\n1, 1, 0, 0"),
    # Registrations.
    Case("missing-file", LAY, "elm.csv", "elms.csv", f"{LAY}:3", "'elm.csv'", "elm.csv "),
    Case("missing-series", LAY, "Elm_Camp,elm.csv\n", "", f"{LOC}:6", "'Elm_Camp'", "Elm_Camp,elm.csv"),
    Case("flee-kept", LAY, "Elm_Camp,", "Elsewhere,elm.csv\nElm_Camp,", f"{LAY}:3", "'Elsewhere'", "Alder,elm.csv\nElm_Camp,"),
    Case("flee-repaired", LAY, "Elm_Camp,", "Elm_Camp  ,", f"{LAY}:3", "blanks", '"Elm_Camp",'),
    Case("flee-ignored", LAY, "Elm_Camp,", "Alder\nElm_Camp,", f"{LAY}:3", "'Alder'", "#Alder\nElm_Camp,"),
    Case("flee-repaired", LAY, "elm.csv", "ELM.CSV", f"{LAY}:3", "'elm.csv'", "elm.csv"),
    Case("flee-repaired", LAY, "total,", "series,file\ntotal,", f"{LAY}:1", "header", "#series,file\ntotal,"),
    Case("flee-repaired", LAY, "Elm_Camp,elm.csv", "Elm_Camp,elm.csv\nElm_Camp,elm.csv", f"{LAY}:4", "same files", "Elm_Camp,elm.csv"),
    Case("duplicate-id", LAY, "Elm_Camp,", "Dogwood,elm.csv\nElm_Camp,", f"{LAY}:3", "'Dogwood'", "Crossing,elm.csv\nElm_Camp,"),
    Case("flee-repaired", LAY, "total,refugees.csv\n", "", f"{LAY}:1", "not the total", "Total,refugees.csv\n"),
    Case("flee-kept", LAY, "elm.csv", "elm.csv,dogwood.csv", f"{LAY}:3", "'dogwood.csv'", "elm.csv,elm.csv"),
    Case("bad-date", DOG, "2030-03-04", "04/03/2030", f"{DOG}:2", "'04/03/2030'", "2030-03-4"),
    Case("flee-repaired", DOG, "200", '"2,200"', f"{DOG}:2", "reads 2200", " 200 "),
    Case("bad-number", DOG, "200", '"2,20"', f"{DOG}:2", "'2,20'", " 200 "),
    Case("flee-repaired", DOG, "200", "N/A", f"{DOG}:2", "unknown", ""),
    Case("flee-repaired", DOG, "2030-03-04", "2030/03/04", f"{DOG}:2", "reads 2030-03-04", "2030-3-04"),
    Case("bad-date", DOG, "2030-03-04", "2030-03-04 06:30:00", f"{DOG}:2", "06:30", "2030-03-04 "),
    Case("out-of-bounds", DOG, "200", "-200", f"{DOG}:2", "-200", "201"),
    Case("flee-repaired", ELM, "2030-02-20,10", "day,people\n2030-02-20,10", f"{ELM}:1", "'day'", "Date,people\n2030-02-20,10"),
    Case("flee-repaired", ELM, "2030-03-02,30", "2030-02-19,30", f"{ELM}:2", "row above", "2030-02-21,30"),
    Case("flee-kept", ELM, "2030-03-02,30", "2030-02-20,30", f"{ELM}:2", "another count", "2030-02-20,10"),
    Case("unreadable-file", ELM, FILES[ELM], "", ELM, "empty", "2030-02-20,10"),
    Case("missing-value", ELM, FILES[ELM], "2030-02-20,\n", ELM, "no count", "2030-02-20,0"),
    Case("correction-without-count", COR, "2030-03-05", "2030-03-03", f"{COR}:1", "2030-03-04", "2030-03-04"),
    Case("outside-journey", COR, "2030-03-05", "2030-02-05", f"{COR}:1", "2030-02-05", "2030-03-04"),
    Case("unknown-place", COR, "Dogwood", "Dogwod", f"{COR}:1", "'Dogwood'", "Dogwood "),
    Case("bad-date", COR, "2030-03-05", "2030-13-05", f"{COR}:1", "'2030-13-05'", "2030-03-05"),
    Case("flee-kept", COR, "Dogwood,2030-03-05", "total,2030-03-06", f"{COR}:1", "'total'", "Dogwood,2030-03-05"),
    Case("flee-ignored", COR, "Dogwood,2030-03-05,normalize", "Dogwood", f"{COR}:1", "no date", "Dogwood,2030-03-05"),
    Case("flee-repaired", COR, "Dogwood", "#Elm_Camp,2030-03-01\nDogwood", f"{COR}:1", "comment", "\nDogwood"),
)  # fmt: skip


def found(folder) -> tuple[Finding, ...]:
    """Return all findings about a folder but the note that its sources have no date."""
    try:
        rows = read_flee(folder).check().rows
    except ScenarioError as fault:
        rows = fault.findings
    return tuple(row for row in rows if row.id != "unverified-source")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.id}: {case.bad[:40]}")
def test_a_fault_is_found_once_where_it_stands_and_named(case, tmp_path):
    rows = found(write_flee_folder(tmp_path / "it", spoil(case.file, case.old, case.bad)))
    worst = [row for row in rows if row.severity is rows[0].severity]
    alike = [row for row in worst if row.id == case.id]
    assert alike, [str(row) for row in rows]
    assert alike[0].where == case.where
    assert case.names in f"{alike[0].message} {alike[0].cure}"
    assert alike[0].cure


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.id}: {case.good[:40]}")
def test_the_nearest_good_case_is_let_pass(case, tmp_path):
    rows = found(write_flee_folder(tmp_path / "it", spoil(case.file, case.old, case.good)))
    same_place = [row for row in rows if row.id == case.id and case.names in f"{row.message} {row.cure}"]
    assert same_place == []
    assert not any(row.severity is Severity.ERROR for row in rows), [str(row) for row in rows]


def test_the_unspoilt_folder_has_no_finding(tmp_path):
    assert found(write_flee_folder(tmp_path / "it")) == ()


def without(*files: str) -> dict[str, str | None]:
    return dict.fromkeys(files)


BOM = b"\xef\xbb\xbf"
FILE_CASES = (
    ("missing-file", without(ROU), ROU, "absent"),
    ("missing-file", without(CON), CON, "absent"),
    ("missing-file", without(PER), PER, "absent"),
    ("missing-file", without(LAY), LAY, "total,refugees.csv"),
    ("missing-file", spoil(YML, "spawn_rules:", "spawn_rules:\n  read_from_agents_csv_file: true"), "input_csv/agents.csv", "read_from_agents_csv_file"),
    ("flee-repaired", without(CLO), CLO, "nothing closes"),
    ("flee-note", without(YML), YML, "defaults of Flee"),
    ("flee-old-folder", {PER: None, "input_csv/conflict_period.csv": "StartDate,2012-02-29\n"}, "input_csv/conflict_period.csv", "sim_period.csv"),
    ("flee-repaired", {LAY: BOM + FILES[LAY].encode()}, f"{LAY}:1", "byte-order mark"),
    ("flee-repaired", {LOC: BOM + FILES[LOC].encode()}, f"{LOC}:1", "byte-order mark"),
    ("unreadable-file", {LOC: FILES[LOC].replace("Alder", "Ábeto").encode("latin-1")}, f"{LOC}:2", "UTF-8"),
    ("unreadable-file", {ROU: FILES[ROU] + '"' + "x" * 200_000}, f"{ROU}:6", "CSV"),
    ("unreadable-file", {CON: ""}, CON, "empty"),
    ("unreadable-file", {ROU: FILES[ROU].replace(",", ";")}, f"{ROU}:1", "semicolons"),
    ("unreadable-file", {PER: FILES[PER].replace(",", "\t")}, f"{PER}:1", "tabs"),
    ("flee-note", {"input_csv/registration_corrections_of_2029.csv": "x\n", COR: None}, "input_csv/registration_corrections_of_2029.csv", "not read"),
    ("flee-repaired", {DOG: FILES[DOG].replace("200", "200,cafe\u0301")}, DOG, "accents"),
    ("unreadable-file", {YML: "- a\n- b\n"}, f"{YML}:1", "no keys"),
    ("unreadable-file", {YML: FILES[YML].encode("utf-16")}, YML, "text"),
    ("flee-note", {"input_csv/.~lock.routes.csv#": "me"}, "input_csv/.~lock.routes.csv#", "not read"),
    ("flee-note", {"input_csv/agents.csv": "location\nAlder\n"}, "input_csv/agents.csv", "read_from_agents_csv_file"),
    ("flee-note", {"input_csv/flood_level.csv": "#Day,Alder\n0,1\n"}, "input_csv/flood_level.csv", "high water"),
    ("flee-note", {"input_csv/major_routes.csv": "Alder,Birch-Upper\n"}, "input_csv/major_routes.csv", "fixed_routes"),
    ("flee-repaired", {"input_csv/major_routes.csv": "Alder,Birch-Upper,\n"}, "input_csv/major_routes.csv:1", "way back"),
    ("unknown-route", {"input_csv/major_routes.csv": "Alder,Dogwood\n"}, "input_csv/major_routes.csv:1", "'dogwood'"),
    ("unknown-file", {"input_csv/registration_correction.csv": "x\n", COR: None}, "input_csv/registration_correction.csv", "registration_corrections.csv"),
    ("flee-ignored", {"input_csv/region_attributes_IPC.csv": "#Day,Norht\n0,1\n"}, "input_csv/region_attributes_IPC.csv:1", "'North'"),
    ("bad-number", {"input_csv/region_attributes_IPC.csv": "#Day,North\n0,much\n"}, "input_csv/region_attributes_IPC.csv:2", "'much'"),
    ("unreadable-file", {"input_csv/demographics_age.csv": ""}, "input_csv/demographics_age.csv", "empty"),
    ("missing-column", {"input_csv/demographics_age.csv": "age,default\n30,1\n"}, "input_csv/demographics_age.csv:1", "'Default'"),
    ("missing-value", {"input_csv/demographics_age.csv": "age,Default\n,1\n"}, "input_csv/demographics_age.csv:2", "'age'"),
    ("flee-ignored", {"input_csv/demographics_age.csv": "age,Default,Aldr\n30,1,1\n"}, "input_csv/demographics_age.csv:1", "'Alder'"),
    ("flee-repaired", {"input_csv/demographics_flood_awareness.csv": "floodawareness,Default\n0,1\n"}, "input_csv/demographics_flood_awareness.csv:1", "'floodawareness'"),
    ("flee-kept", {"location_changes.csv": "Alder,town,3\n"}, "location_changes.csv", "is started"),
    ("unknown-option", {"location_changes.csv": "Alder,twon,3\n"}, "location_changes.csv:1", "'town'"),
    ("ragged-row", {"location_changes.csv": "Alder,town\n"}, "location_changes.csv:1", "2 cells"),
)  # fmt: skip


@pytest.mark.parametrize(("finding", "files", "where", "names"), FILE_CASES)
def test_a_faulty_file_is_found_and_named(finding, files, where, names, tmp_path):
    rows = found(write_flee_folder(tmp_path / "it", files))
    alike = [row for row in rows if row.id == finding]
    assert [row.where for row in alike] == [where], [str(row) for row in rows]
    assert names in f"{alike[0].message} {alike[0].cure}"


WATER = """\
spawn_rules:
  conflict_zone_spawning_only: false
  flood_zone_spawning_only: true
  take_from_population: true
  flood_driven_spawn_mode: {flood_spawn_mode: constant}
"""
LEVELS = {"input_csv/flood_level.csv": "#Day,Alder\n0,1\n1,4\n"}


@pytest.mark.parametrize(
    ("finding", "files", "where", "names"),
    [
        ("flee-ignored", LEVELS, f"{YML}:5", "'spawn_mode'"),
        (
            "missing-value",
            LEVELS | {YML: WATER.replace("population: true", "population: false")},
            f"{YML}:5",
            "take_from_population",
        ),
        ("missing-file", {}, "input_csv/flood_level.csv", "absent"),
        (
            "unknown-place",
            {"input_csv/flood_level.csv": "#Day,Aldr\n0,1\n1,1\n"},
            "input_csv/flood_level.csv:1",
            "'Alder'",
        ),
        ("out-of-bounds", {"input_csv/flood_level.csv": "#Day,Alder\n0,1\n1,5\n"}, "input_csv/flood_level.csv:3", "5"),
        ("no-origin", {"input_csv/flood_level.csv": "#Day,Alder\n0,0\n"}, "conditions.csv", "high water"),
    ],
)
def test_faults_where_people_set_out_by_high_water(finding, files, where, names, tmp_path):
    rows = found(write_flee_folder(tmp_path / "it", {YML: WATER} | files))
    alike = [row for row in rows if row.id == finding]
    assert alike, [str(row) for row in rows]
    assert (alike[0].where, names in f"{alike[0].message} {alike[0].cure}") == (where, True)


def test_without_registrations_people_can_still_set_out_by_conflict(tmp_path):
    files = spoil(YML, "spawn_rules:", "spawn_rules:\n  conflict_driven_spawning: {}") | without(LAY)
    rows = found(write_flee_folder(tmp_path / "it", files))
    assert [(row.id, row.where) for row in rows] == [("flee-repaired", LAY)]


def test_all_faults_of_all_files_are_told_in_one_pass(tmp_path):
    files = spoil(YML, "max_move_speed", "max_move_sped") | spoil(ROU, "Crossing,Dogwood", "Crosing,Dogwood")
    files |= spoil(DOG, "2030-03-04", "4 March") | spoil(CLO, "country,", "contry,")
    rows = found(write_flee_folder(tmp_path / "it", files))
    assert {row.where for row in rows if row.severity is Severity.ERROR} == {
        f"{YML}:6",
        f"{ROU}:4",
        f"{DOG}:2",
        f"{CLO}:2",
    }


def test_lines_with_one_slip_are_told_together(tmp_path):
    text = FILES[ROU].replace("42,0", "42,2").replace("35,0", "35,2")
    (row,) = found(write_flee_folder(tmp_path / "it", {ROU: text}))
    assert (row.where, "(line 5 as well)" in row.message) == (f"{ROU}:2", True)


SNIPPETS = (
    "",
    ",",
    ",,",
    "\n",
    "\n\n",
    '"',
    "#",
    "x",
    "-",
    "-1",
    "0",
    "1e9",
    "99999999999999999999",
    "2030-03-02",
    ":",
    "[",
    "{}",
    "null",
    " ",
    "é",
    "\x00",
)


@settings(max_examples=150)
@given(st.sampled_from(sorted(FILES)), st.floats(0, 1), st.integers(0, 12), st.sampled_from(SNIPPETS))
def test_whatever_is_cut_out_or_put_in_is_read_or_refused_with_findings(file, at, cut, put):
    """Never a traceback: a few letters of any file are cut out, and others put in their place."""
    text = FILES[file]
    start = int(at * len(text))
    changed = {file: text[:start] + put + text[start + cut :]}
    with tempfile.TemporaryDirectory() as name:
        rows = found(write_flee_folder(Path(name), changed))
    assert all(row.where and row.message for row in rows)


def test_every_finding_about_flee_is_triggered_here():
    about_flee = {id_ for id_ in FINDING_KINDS if id_.startswith("flee-")}
    assert about_flee <= {case.id for case in CASES} | {row[0] for row in FILE_CASES}
