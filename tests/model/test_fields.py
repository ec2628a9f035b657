"""Fields: a cell means one value, a value is written as one cell, and everything else is refused."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posada.model.displacement import Movement
from posada.model.fields import CellError, Field, Kind, column, fields_of, format_cell, parse_cell, parse_decimal
from posada.model.tables import TABLES, Settings


@dataclass(frozen=True)
class Row:
    """A record with a field of each kind."""

    id: str = column(Kind.ID, "Identifier.")
    text: str | None = column(Kind.TEXT, "A text.", default=None)
    count: int | None = column(Kind.INTEGER, "People.", unit="people", minimum=0, default=None)
    share: float | None = column(Kind.NUMBER, "A share.", unit="share", minimum=0, maximum=1, default=None)
    level: float | None = column(Kind.NUMBER, "A height.", unit="m", default=None)
    flag: bool = column(Kind.YES_NO, "Whether.", default=False)
    day: dt.date | None = column(Kind.DATE, "A day.", header="from", default=None)
    choice: str = column(Kind.CHOICE, "One of two.", options=("road", "rail"), default="road")
    place: str | None = column(Kind.REFERENCE, "A place.", refers_to="places", default=None)
    source: tuple[str, ...] = column(Kind.REFERENCES, "Sources.", refers_to="sources", default=())


FIELDS = {spec.name: spec for spec in fields_of(Row)}

VALUES = {
    "id": st.from_regex(r"[a-z0-9][a-z0-9_.-]*", fullmatch=True).filter(str.isascii),
    "count": st.integers(0, 10**20),
    "share": st.floats(0, 1),
    "level": st.floats(allow_nan=False, allow_infinity=False),
    "flag": st.booleans(),
    "day": st.dates(),
    "choice": st.sampled_from(("road", "rail")),
    "source": st.lists(st.sampled_from(("a", "b-1", "c.d")), min_size=1, max_size=3).map(tuple),
}


@given(st.data())
def test_a_value_comes_back_from_its_cell(data):
    """Exactly: also fractions with seventeen digits, whole numbers beyond 2**53, and the first year."""
    name = data.draw(st.sampled_from(sorted(VALUES)))
    value = data.draw(VALUES[name])
    back = parse_cell(FIELDS[name], format_cell(FIELDS[name], value))
    assert back == value
    assert type(back) is type(value)


def test_an_empty_cell_is_missing_and_never_zero():
    assert parse_cell(FIELDS["count"], "  ") is None
    assert parse_cell(FIELDS["count"], "0") == 0
    assert parse_cell(FIELDS["flag"], "") is False
    assert parse_cell(FIELDS["source"], " ; ") == ()
    assert format_cell(FIELDS["count"], None) == ""


def test_negative_zero_is_written_as_zero():
    """So that two scenarios that are equal have the same hash."""
    assert format_cell(FIELDS["level"], -0.0) == "0"


@pytest.mark.parametrize(
    ("name", "text", "finding"),
    [
        ("id", "", "missing-value"),
        ("id", "Ab", "bad-text"),
        ("id", "á", "bad-text"),
        ("id", "-a", "bad-text"),
        ("text", "a\x00b", "bad-text"),
        ("text", "a\ufffeb", "bad-text"),
        ("text", "write to ana@town.example", "personal-data"),
        ("count", "1.5", "bad-number"),
        ("count", "1 200", "bad-number"),
        ("count", "1,200", "bad-number"),
        ("count", "1_200", "bad-number"),
        ("count", "١٢", "bad-number"),
        ("count", "-1", "out-of-bounds"),
        ("share", "nan", "bad-number"),
        ("share", "inf", "bad-number"),
        ("share", "1e999", "bad-number"),
        ("share", "0x1", "bad-number"),
        ("share", "50%", "bad-number"),
        ("share", "1.0000001", "out-of-bounds"),
        ("flag", "Yes", "bad-yes-no"),
        ("flag", "1", "bad-yes-no"),
        ("day", "2030-2-3", "bad-date"),
        ("day", "03/04/2018", "bad-date"),
        ("day", "20300203", "bad-date"),
        ("day", "2030-W02-3", "bad-date"),
        ("day", "2031-02-29", "bad-date"),
        ("choice", "Road", "unknown-option"),
        ("source", "a;B", "bad-text"),
    ],
)
def test_a_cell_that_means_nothing_is_refused(name, text, finding):
    with pytest.raises(CellError) as caught:
        parse_cell(FIELDS[name], text)
    assert caught.value.finding_id == finding
    assert caught.value.cure
    assert FIELDS[name].header in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("id", " a-1_b.c ", "a-1_b.c"),
        ("text", "a\r\nb\rc", "a\nb\nc"),
        ("count", "1200.0", 1200),
        ("count", "+5", 5),
        ("count", "1.2e3", 1200),
        ("share", ".5", 0.5),
        ("share", "1.", 1.0),
        ("share", "5e-1", 0.5),
        ("day", "2032-02-29", dt.date(2032, 2, 29)),
        ("source", " a ; b;", ("a", "b")),
    ],
)
def test_the_nearest_good_cell_is_taken(name, text, value):
    assert parse_cell(FIELDS[name], text) == value


def test_bounds_are_named_with_their_unit():
    with pytest.raises(CellError) as caught:
        parse_cell(FIELDS["share"], "1.2")
    assert "1.2" in str(caught.value)
    assert "between 0 and 1 (share)" in caught.value.cure


def test_an_option_is_named_when_it_is_near():
    with pytest.raises(CellError) as caught:
        parse_cell(FIELDS["choice"], "raod")
    assert "'road'" in caught.value.cure


@given(st.text(st.sampled_from("0123456789.eE+-_ ,nafi"), max_size=8))
def test_decimals_are_those_of_python_without_its_liberties(text):
    """What is taken is what ``float`` takes, less underscores, infinities and not-a-number."""
    try:
        mine = parse_decimal(text)
    except ValueError:
        mine = None
    try:
        theirs = float(text) if "_" not in text else None
    except ValueError:
        theirs = None
    if theirs is not None and not math.isfinite(theirs):
        theirs = None
    assert mine == theirs


@pytest.mark.parametrize("record", [Settings, Movement, *TABLES.values()], ids=lambda record: record.__name__)
def test_every_field_has_a_meaning_and_every_number_a_unit(record):
    headers = [spec.header for spec in fields_of(record)]
    assert len(headers) == len(set(headers))
    for spec in fields_of(record):
        assert isinstance(spec, Field)
        assert spec.meaning.endswith(".")
        assert (spec.unit != "-") == (spec.kind in (Kind.INTEGER, Kind.NUMBER, Kind.NUMBERS)), spec.name
        assert (spec.kind is Kind.CHOICE) == bool(spec.options), spec.name
        assert (spec.kind in (Kind.REFERENCE, Kind.REFERENCES)) == bool(spec.refers_to), spec.name


@pytest.mark.parametrize("record", [Settings, Movement, *TABLES.values()], ids=lambda record: record.__name__)
def test_every_default_is_what_an_empty_cell_means(record):
    for spec in fields_of(record):
        if not spec.required:
            assert parse_cell(spec, "") == spec.default
            assert parse_cell(spec, format_cell(spec, spec.default)) == spec.default
