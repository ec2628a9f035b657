"""The table of standards: every row is complete, faults are named, and a site's own figures go first."""

from __future__ import annotations

import csv
import dataclasses
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posada.model.errors import InputFileError, UnknownNameError
from posada.model.fields import fields_of, format_cell
from posada.model.need import PHASES, PROJECT_ASSUMPTION, SECTORS, Indicator, SiteOverride
from posada.plan.needs import calculate_needs
from posada.plan.standards import (
    StandardsError,
    read_overrides,
    read_standards,
    resolve_standards,
    select_indicators,
)

STANDARDS = read_standards()
OWN = {"source": "Municipal engineer", "edition": "2 April 2018", "locator": "visit", "status": "V"}


def write_table(path, record, rows):
    """Write records as a CSV with all columns of their field table."""
    fields = fields_of(record)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([field.header for field in fields])
        writer.writerows([[format_cell(field, getattr(row, field.name)) for field in fields] for row in rows])
    return path


def findings_of(text, tmp_path):
    path = tmp_path / "standards.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StandardsError) as caught:
        read_standards(path)
    return caught.value.findings


# --- the bundled table -------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", STANDARDS, ids=lambda row: f"{row.key}-{row.phases[0]}-{row.climate}")
def test_every_row_has_its_provenance(row):
    assert all((row.source, row.edition, row.locator))
    assert row.status in ("V", "S", "M")
    assert row.verified == (row.status == "V")
    assert row.low is not None or row.target is not None
    assert row.label_en != row.label_es
    assert row.source != PROJECT_ASSUMPTION or row.status == "M"


def test_verified_is_computed_and_not_a_column():
    header = resources.files("posada.plan").joinpath("standards.csv").read_text("utf-8").splitlines()[0]
    assert "verified" not in header
    assert set(header.split(",")) == {field.header for field in fields_of(Indicator)}


def test_every_sector_is_there():
    assert {row.sector for row in STANDARDS} == set(SECTORS)
    assert {phase for row in STANDARDS for phase in row.phases} == set(PHASES)


@pytest.mark.parametrize(
    ("key", "phase", "low", "target", "status"),
    [
        ("water", "overnight", 7.5, 15, "S"),
        ("taps", "overnight", 250, 250, "S"),
        ("toilets", "overnight", 50, 20, "V"),
        ("distance_to_toilet", "overnight", 50, None, "V"),
        ("soap_bathing", "overnight", 0.25, 0.25, "S"),
        ("covered_space", "overnight", 3.5, 3.5, "S"),
        ("blankets", "overnight", 1, 1, "M"),
        ("ration", "overnight", 2100, 2100, "S"),
        ("water_with_losses", "overnight", 1.1, 1.35, "V"),
        ("consultations", "overnight", 0.056, 0.056, "V"),
        ("clinicians", "overnight", 50, 50, "M"),
        ("medical_teams_fixed", "overnight", 100, 100, "V"),
        ("medical_teams_mobile", "overnight", 50, 50, "M"),
        ("inpatient_beds", "longer", 18, 18, "M"),
        ("transit_storage", "days_2_5", 150, 200, "M"),
        ("water_unhcr_later", "longer", 20, 20, "M"),
        ("toilets_unhcr_emergency", "overnight", 50, 50, "V"),
        ("space_civil_protection", "overnight", 3.5, 3.5, "V"),
    ],
)
def test_figures_are_those_of_the_standards(key, phase, low, target, status):
    row = next(row for row in STANDARDS if row.key == key and phase in row.phases)
    assert (row.low, row.target, row.status) == (low, target, status)


def test_superseded_and_other_standards_are_never_computed():
    reference = {row.key for row in STANDARDS if row.use == "reference"}
    assert {"transit_water", "toilets_unhcr_later", "taps_civil_protection", "hospitals"} <= reference
    for phase in PHASES:
        assert {line.key for line in calculate_needs(1200, phase)} & reference == set()


def test_round_trip(tmp_path):
    assert read_standards(write_table(tmp_path / "own.csv", Indicator, STANDARDS)) == STANDARDS


# --- choosing the rows -------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("climate", ["temperate", "cold", "hot"])
@pytest.mark.parametrize("urban", [False, True])
def test_one_row_per_key(phase, climate, urban):
    rows = select_indicators(STANDARDS, phase, climate=climate, urban_services=urban)
    assert len({row.key for row in rows}) == len(rows) > 10
    assert {row.climate for row in rows} <= {"any", "cold_or_urban", climate}


def test_a_row_for_the_climate_goes_before_the_row_for_any():
    """4.5 m2 in the cold or with services inside; what is for the cold alone goes before both."""
    row = next(row for row in STANDARDS if row.key == "covered_space")
    table = tuple(
        dataclasses.replace(row, climate=climate, low=low, target=9)
        for climate, low in (("cold", 6), ("cold_or_urban", 4.5), ("any", 3.5))
    )
    chosen = {
        (climate, urban): select_indicators(table, "overnight", climate=climate, urban_services=urban)[0].low
        for climate in ("temperate", "cold")
        for urban in (False, True)
    }
    assert chosen == {
        ("temperate", False): 3.5,
        ("temperate", True): 4.5,
        ("cold", False): 6,
        ("cold", True): 6,
    }


# --- faults in a table -------------------------------------------------------------------------------------

TAPS = {
    "key": "taps",
    "sector": "water",
    "label_en": "Taps",
    "label_es": "Llaves",
    "kind": "people_per_unit",
    "low": "250",
    "target": "250",
    "unit": "taps",
    "unit_es": "llaves",
    "phase": "overnight",
    "source": "Sphere",
    "edition": "2018",
    "locator": "p. 1",
    "status": "S",
    "of": "",
}
HEADER = ",".join(TAPS)
GOOD = ",".join(TAPS.values())


def changed(**cells):
    """Return the row of taps with other cells."""
    return ",".join((TAPS | cells).values())


def hoses(**cells):
    """Return a row that rests on the row of taps."""
    return changed(**({"key": "hoses", "of": "taps"} | cells))


def table(*rows, header=HEADER):
    return "".join(f"{line}\n" for line in (header, *rows))


def test_the_smallest_good_table(tmp_path):
    path = tmp_path / "standards.csv"
    path.write_text("\ufeff" + table(GOOD, "", hoses()), encoding="utf-8")
    row, derived = read_standards(path)
    assert (row.key, row.low, row.per, row.climate, row.use) == ("taps", 250, 1, "any", "full")
    assert derived.of == "taps"


@pytest.mark.parametrize(
    ("text", "finding", "line", "named"),
    [
        (table(GOOD, header=HEADER.replace("target", "taget")), "unknown-column", 1, "'target'"),
        (table(header=HEADER.replace(",source", "")), "missing-column", 1, "'source'"),
        (table(GOOD + ",taps", header=HEADER + ",key"), "duplicate-column", 1, "'key'"),
        (table(GOOD + ",more"), "ragged-row", 2, "16 cells"),
        (table(GOOD) + '"taps', "unreadable-file", 3, "again"),
        (table(changed(source="")), "missing-source", 2, "'source'"),
        (table(changed(locator="")), "missing-value", 2, "'locator'"),
        (table(changed(low="", target="")), "missing-value", 2, "'low'"),
        (table(changed(low="many")), "bad-number", 2, "'many'"),
        (table(changed(low="-1")), "out-of-bounds", 2, "-1"),
        (table(changed(low="0", target="0")), "out-of-bounds", 2, "is 0"),
        (table(changed(low="100")), "range-order", 2, "low 100"),
        (table(changed(phase="overnigt")), "unknown-option", 2, "'overnight'"),
        (table(changed(kind="people_per_tap")), "unknown-option", 2, "'people_per_unit'"),
        (table(changed(status="V?")), "unknown-option", 2, "status"),
        (table(changed(source=PROJECT_ASSUMPTION)), "unknown-option", 2, "status M"),
        (table(GOOD, GOOD), "duplicate-id", 3, "standards.csv:2"),
        (table(GOOD, hoses(of="tap")), "unknown-reference", 3, "'taps'"),
        (table(hoses(), GOOD), "unknown-reference", 2, "no line above"),
        (table(GOOD, hoses(phase="longer")), "unknown-reference", 3, "longer"),
        (table(changed(kind="multiple_of")), "missing-value", 2, "'of'"),
        (table(GOOD, hoses(kind="per_person")), "unknown-option", 3, "'of'"),
        (table(GOOD, hoses(kind="male_share_of")), "out-of-bounds", 3, "share"),
    ],
)
def test_faults_are_named_with_their_place(tmp_path, text, finding, line, named):
    found = findings_of(text, tmp_path)
    assert [(each.id, each.where) for each in found] == [(finding, f"standards.csv:{line}")]
    assert named in str(found[0])


def test_an_empty_table(tmp_path):
    assert [each.id for each in findings_of(table(), tmp_path)] == ["missing-value"]
    assert "missing-column" in {each.id for each in findings_of("", tmp_path)}


@pytest.mark.parametrize("cells", [{"use": "reference"}, {"climate": "cold"}])
def test_a_line_may_only_rest_on_one_that_is_always_computed(tmp_path, cells):
    """The nearest acceptable is the smallest good table above."""
    header = f"{HEADER},{','.join(cells)}"
    text = table(f"{GOOD},{','.join(cells.values())}", hoses() + ",", header=header)
    assert [(each.id, each.where) for each in findings_of(text, tmp_path)] == [("unknown-reference", "standards.csv:3")]


def test_all_faults_are_found_at_once(tmp_path):
    found = findings_of(table(changed(source="", kind="per_tap"), changed(status="?")), tmp_path)
    assert [(each.id, each.where) for each in found] == [
        ("unknown-option", "standards.csv:2"),
        ("missing-source", "standards.csv:2"),
        ("unknown-option", "standards.csv:3"),
    ]


def test_a_file_that_is_absent_or_not_text(tmp_path):
    with pytest.raises(InputFileError, match=r"nowhere\.csv"):
        read_standards(tmp_path / "nowhere.csv")
    binary = tmp_path / "standards.csv"
    binary.write_bytes(b"\xff\xfe\x00key")
    with pytest.raises(StandardsError, match="UTF-8"):
        read_standards(binary)


# --- a site's own figures ----------------------------------------------------------------------------------


def by_key_and_phase(standards):
    return {(row.key, phase, row.climate): row for row in standards for phase in row.phases}


def test_a_sites_own_figure_goes_before_the_standards(tmp_path):
    """20 L instead of 7.5 and 15 at the stadium: 100 people need 2,000 L; elsewhere 750 and 1,500 L."""
    own = SiteOverride(site="stadium", key="water", low=20, target=20, **OWN)
    path = write_table(tmp_path / "own.csv", SiteOverride, [own])
    overrides = read_overrides(path, STANDARDS)
    assert overrides == (own,)
    for site, expected in (("stadium", (2000, 2000)), ("church", (750, 1500))):
        held = resolve_standards(STANDARDS, overrides, site)
        line = next(line for line in calculate_needs(100, standards=held) if line.key == "water")
        assert (line.quantity_low, line.quantity_target) == expected
        assert line.verified == (site == "stadium")
        assert ("Municipal engineer" in line.source) == (site == "stadium")


def test_a_figure_that_is_half_the_sites_is_no_better_founded_than_the_other_half():
    own = SiteOverride(site="stadium", key="water", phases=("overnight",), target=20, **OWN)
    held = by_key_and_phase(resolve_standards(STANDARDS, [own], "stadium"))
    row = held["water", "overnight", "any"]
    assert (row.low, row.target, row.status) == (7.5, 20, "S")
    assert "Municipal engineer" in row.citation
    assert "Sphere" in row.citation


@given(
    st.sampled_from([row for row in STANDARDS if row.kind == "per_person_day"]),
    st.floats(0.01, 100),
    st.data(),
)
def test_resolved_is_the_sites_figure_or_else_the_standards(row, figure, data):
    phases = tuple(data.draw(st.lists(st.sampled_from(row.phases), unique=True)))
    own = SiteOverride(site="here", key=row.key, phases=phases, low=figure, target=figure, **OWN)
    before = by_key_and_phase(STANDARDS)
    after = by_key_and_phase(resolve_standards(STANDARDS, [own], "here"))
    assert after.keys() == before.keys()
    for key, held in after.items():
        if key[0] == row.key and key[1] in (phases or PHASES):
            assert (held.low, held.target, held.source) == (figure, figure, "Municipal engineer")
        else:
            assert dataclasses.replace(held, phases=before[key].phases) == before[key]
    assert resolve_standards(STANDARDS, [own], "elsewhere") == STANDARDS


@pytest.mark.parametrize(
    ("change", "finding", "named"),
    [
        ({"key": "watr"}, "unknown-reference", "'water'"),
        ({"low": None, "target": None}, "missing-value", "neither"),
        ({"phases": ("overnigth",)}, "unknown-option", "'overnight'"),
        ({"phases": ("longer",), "key": "water_drinking"}, "unknown-option", "'longer'"),
        ({"source": PROJECT_ASSUMPTION}, "unknown-option", "status M"),
        ({"status": "X"}, "unknown-option", "'X'"),
        ({"source": ""}, "missing-source", "'source'"),
    ],
)
def test_faults_in_a_sites_figures(tmp_path, change, finding, named):
    good = {"site": "stadium", "key": "water", "low": 8.0, "target": 16.0} | OWN
    assert read_overrides(write_table(tmp_path / "good.csv", SiteOverride, [SiteOverride(**good)]), STANDARDS)
    path = write_table(tmp_path / "own.csv", SiteOverride, [SiteOverride(**(good | change))])
    with pytest.raises(StandardsError, match=r"own\.csv:2") as caught:
        read_overrides(path, STANDARDS)
    assert [each.id for each in caught.value.findings] == [finding]
    assert named in str(caught.value)


def test_two_figures_of_a_site_for_one_line(tmp_path):
    own = SiteOverride(site="stadium", key="water", low=8, target=16, **OWN)
    other = dataclasses.replace(own, phases=("longer",))
    path = write_table(tmp_path / "own.csv", SiteOverride, [own, other])
    with pytest.raises(StandardsError, match="duplicate-id"):
        read_overrides(path, STANDARDS)


def test_a_sites_figure_that_crosses_the_standards_other_one():
    """A low of 16 L with the standard's target of 15 L: which one holds is not guessed."""
    own = SiteOverride(site="stadium", key="water", low=16, **OWN)
    with pytest.raises(StandardsError, match="range-order"):
        resolve_standards(STANDARDS, [own], "stadium")
    assert resolve_standards(STANDARDS, [dataclasses.replace(own, low=15)], "stadium")


def test_a_sites_figure_for_an_unknown_line():
    with pytest.raises(UnknownNameError, match="'water'"):
        resolve_standards(STANDARDS, [SiteOverride(site="here", key="watr", low=8, **OWN)], "here")
