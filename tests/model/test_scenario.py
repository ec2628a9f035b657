"""A scenario is whole and consistent by construction, and changes only by making another one."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given

from posada.model.check_values import distribution_fault
from posada.model.displacement import Movement
from posada.model.errors import ScenarioError, UnknownNameError
from posada.model.fields import Kind, fields_of
from posada.model.findings import Findings
from posada.model.geography import Place
from posada.model.rates import DISTRIBUTIONS, RATES, Parameter
from posada.model.scenario import Scenario, ScenarioBuilder
from posada.model.tables import DISPLACEMENT_TABLES, ROW_IDENTITY, TABLES
from tests.displaced import read_displaced
from tests.made_up import read_made_up
from tests.strategies import scenarios


@pytest.fixture
def made_up(tmp_path) -> Scenario:
    return read_made_up(tmp_path)


def test_a_scenario_cannot_be_changed(made_up):
    with pytest.raises(dataclasses.FrozenInstanceError):
        made_up.places = ()
    with pytest.raises(dataclasses.FrozenInstanceError):
        made_up.places[0].name = "Other"


def test_replace_makes_another_one_and_checks_it(made_up):
    fewer = made_up.replace(sites=made_up.sites[:1])
    assert len(fewer.sites) == 1
    assert len(made_up.sites) == 3
    assert fewer.hash != made_up.hash
    with pytest.raises(ScenarioError, match="'birch' in 'place' is not in the table of places"):
        made_up.replace(places=tuple(place for place in made_up.places if place.id != "birch"))


@pytest.mark.parametrize(
    ("change", "finding", "says"),
    [
        ({"lat": "14"}, "bad-number", "'lat'"),
        ({"lat": float("nan")}, "bad-number", "nan"),
        ({"lat": 91.0}, "out-of-bounds", "91"),
        ({"name": "Alder "}, "bad-text", "'name'"),
        ({"name": ""}, "missing-value", "'name'"),
        ({"name": None}, "missing-value", "'name'"),
        ({"admin1": ""}, "bad-text", "'admin1'"),
        ({"kind": "village"}, "unknown-option", "village"),
        ({"sensitive": "no"}, "bad-yes-no", "'sensitive'"),
        ({"source": "map"}, "bad-text", "'source'"),
        ({"source": ()}, "missing-source", "'source'"),
        ({"population": 2.5}, "bad-number", "'2.5'"),
    ],
)
def test_records_made_in_code_are_held_to_their_fields(made_up, change, finding, says):
    """The constructor lets nothing through that a file could not hold."""
    bad = dataclasses.replace(made_up.places[0], **change)
    with pytest.raises(ScenarioError) as caught:
        made_up.replace(places=(bad, *made_up.places[1:]))
    (fault,) = caught.value.findings
    assert (fault.id, fault.where) == (finding, "places row 1")
    assert says in fault.message


def test_records_made_in_code_are_taken_when_they_are_good(made_up):
    good = dataclasses.replace(made_up.places[0], lat=90, name="Álder\nAlto", sensitive=True, admin1=None)
    assert made_up.replace(places=(good, *made_up.places[1:])).place("alder") == good


def test_settings_made_in_code_are_checked(made_up):
    with pytest.raises(ScenarioError, match=r"scenario 'end'.*2030-02-01"):
        made_up.replace(settings=dataclasses.replace(made_up.settings, end=dt.date(2030, 2, 1)))
    with pytest.raises(ScenarioError, match=r"scenario 'id'.*'x y'"):
        made_up.replace(settings=dataclasses.replace(made_up.settings, id="x y"))


def test_where_names_file_and_line_or_table_and_row(made_up):
    assert made_up.where("sites", 2) == "sites.csv:4"
    assert made_up.replace(sites=made_up.sites[1:]).where("sites", 1) == "sites row 2"


def test_a_place_or_table_that_is_not_there_is_answered_with_the_nearest(made_up):
    assert made_up.place("cedar").name == "Cedar"
    with pytest.raises(UnknownNameError, match="Did you mean 'cedar'"):
        made_up.place("cedra")
    assert made_up.table("sites") == made_up.sites
    with pytest.raises(UnknownNameError, match="Did you mean 'sites'"):
        made_up.table("site")


@given(scenarios())
def test_generated_scenarios_have_no_errors_and_equal_tables_equal_hashes(scenario):
    again = Scenario(settings=scenario.settings, **{name: scenario.table(name) for name in TABLES})
    assert scenario.check().errors == ()
    assert again == scenario
    assert again.hash == scenario.hash
    assert len(scenario.hash) == 64


OTHER = {
    Kind.ID: "other",
    Kind.REFERENCE: "other",
    Kind.TEXT: "other",
    Kind.REFERENCES: ("other",),
    Kind.INTEGER: 77,
    Kind.NUMBER: 0.77,
    Kind.NUMBERS: (0.77, 0.1),
    Kind.DATE: dt.date(2030, 3, 17),
}


@pytest.mark.parametrize("table", ["settings", "movement", *TABLES])
def test_the_hash_sees_every_cell(table, tmp_path, monkeypatch):
    """Any other value in any field makes another hash; what the checks would say of it is put aside."""
    displaced = table in ("movement", *DISPLACEMENT_TABLES)
    made_up = read_displaced(tmp_path) if displaced else read_made_up(tmp_path)
    monkeypatch.setattr("posada.model.scenario.check_scenario", lambda _scenario: Findings())
    one = table in ("settings", "movement")
    rows = [getattr(made_up, table)] if one else list(made_up.table(table))
    hashes = {made_up.hash}
    for spec in fields_of(type(rows[0])):
        old = getattr(rows[0], spec.name)
        options = [option for option in spec.options if option != old]
        new = (not old) if spec.kind is Kind.YES_NO else (options or [OTHER.get(spec.kind)])[0]
        row = dataclasses.replace(rows[0], **{spec.name: new})
        hashes.add(made_up.replace(**{table: row if one else (row, *rows[1:])}).hash)
    assert len(hashes) == 1 + len(fields_of(type(rows[0])))


def test_the_hash_does_not_see_what_is_as_by_default(made_up, tmp_path):
    """A new column or table, and a section that is not there, change the hash of no scenario that lacks them."""
    routes = tuple(dataclasses.replace(route, parallel=1) for route in made_up.routes)
    assert made_up.replace(routes=routes).hash == made_up.hash
    assert made_up.replace(sites=()).hash != made_up.hash
    displaced = read_displaced(tmp_path / "displaced")
    as_by_default = displaced.replace(movement=Movement())
    hashes = {displaced.hash, as_by_default.hash, made_up.hash}
    assert len(hashes) == 3
    assert as_by_default.replace(movement=Movement(awareness_steps=1)).hash == as_by_default.hash


def test_the_hash_sees_in_which_column_and_row_a_cell_stands(made_up):
    first, second, *rest = made_up.sites
    swapped = dataclasses.replace(first, toilets=None, taps=first.toilets)
    assert made_up.replace(sites=(swapped, second, *rest)).hash != made_up.hash
    assert made_up.replace(sites=(second, first, *rest)).hash != made_up.hash


def test_a_builder_takes_records_and_refuses_others(made_up):
    builder = ScenarioBuilder()
    with pytest.raises(UnknownNameError, match="'places'"):
        builder.add("place", made_up.places[0])
    with pytest.raises(TypeError, match="'sites' holds Site, not Place"):
        builder.add("sites", made_up.places[0])
    with pytest.raises(ScenarioError, match="there are no settings"):
        builder.add("places", *made_up.places).build()


def test_a_builder_builds_what_it_was_given(made_up):
    builder = ScenarioBuilder()
    for name in TABLES:
        builder.add(name, *made_up.table(name))
    builder.add_settings(
        {"id": "made-up", "title": "From Alder to Fir", "start": "2030-03-01", "end": "2030-03-20",
         "as_of": "2030-03-03", "climate": "hot"}, {},
    )  # fmt: skip
    assert builder.build() == made_up


def test_the_identity_of_rows_names_fields():
    assert set(ROW_IDENTITY) == set(TABLES)
    for table, names in ROW_IDENTITY.items():
        assert set(names) <= {spec.name for spec in dataclasses.fields(TABLES[table])}


def test_a_transition_may_not_be_called_like_a_rate_nor_a_place_anywhere(made_up):
    anywhere = Place("anywhere", "A", "AAA", 1.0, 1.0, "town", ("map",))
    with pytest.raises(ScenarioError, match="'anywhere' means every place"):
        made_up.replace(places=(*made_up.places, anywhere))


@pytest.mark.parametrize("rate", RATES.values(), ids=lambda rate: rate.name)
def test_the_default_of_every_rate_can_be_drawn(rate):
    assert distribution_fault(rate, rate.distribution, rate.values) == ""
    assert rate.meaning.endswith(".")


def test_values_of_a_parameter_are_numbers():
    good = Parameter("lift_share", "beta", "4; 3e0", "share", ("map",))
    assert good.numbers() == (4.0, 3.0)
    for values in ("4;", "4;x", "", "4;nan", "4,3"):
        with pytest.raises(ValueError, match="not a number"):
            dataclasses.replace(good, values=values).numbers()
    assert set(DISTRIBUTIONS) == {"constant", "uniform", "triangular", "normal", "lognormal", "beta"}
