"""The pages of a plan: nights and columns by hand, arrows that point, both languages alike."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from posada.model.geography import Place
from posada.model.outlook import Stamp
from posada.model.plan import PlanFleet
from posada.model.plan_tables import LoadRow, OpeningRow, PlanTables, TripRow
from posada.model.sensitive import NOT_NAMED
from posada.report.brief import PlanTable, Section
from posada.report.days import Issue
from posada.report.html import plan_to_html
from posada.report.maps import MapPoint
from posada.report.movement_map import Movement, movement_map
from posada.report.pdf_flow import column_widths
from posada.report.pdf_sheet import HEADER_FACE, WIDTH
from posada.report.phrases import LANGUAGES, Phrases
from posada.report.plan_lists import vehicle_sections
from posada.report.plan_page import PlanIssue, plan_page
from posada.report.plan_pages import PlanPages, towns_of, write_plan_pages
from posada.report.plan_pdf import plan_to_pdf
from posada.report.plan_words import chance_text, nights_text
from posada.report.shapes import text_width

FIRST = dt.date(2030, 5, 1)
STAMP = Stamp("0.1.0", "made-up", "Made up", "ab" * 32, 1, 3, None, dt.datetime(2030, 5, 1, 6, tzinfo=dt.UTC))
MADE = PlanIssue(STAMP, Issue.of(STAMP, FIRST), (FIRST, FIRST + dt.timedelta(days=5)), 3)
BUSES = PlanFleet("buses", "isla", "bus", 2, 40, None, None, False, honoured=0.7)


def trip(**more: object) -> TripRow:
    held = {
        "vehicle": "buses", "type": "bus", "day": FIRST, "decision": "now", "trip": 1, "trips_expected": 1.0,
        "from_place": "isla", "from_town": "Isla", "to_place": "cordoba", "to_town": "Córdoba", "seats": 40.0,
        "people_expected": 21.0, "adults": 9.0, "families": 12.0, "limited_mobility": 0.0, "medical": 0.0,
        "people_low": 0.0, "people_high": 38.0, "people_if_honoured": 30.0, "km": 190.0, "probability": 0.7,
        "for_night": False, "stands_in": "isla", "stands_in_town": "Isla", "empty_km": 190.0,
    }  # fmt: skip
    return TripRow(**{**held, **more})  # type: ignore[arg-type]


def test_nights_are_written_as_runs():
    days = [FIRST + dt.timedelta(days=day) for day in (0, 1, 2, 5, 2)]
    assert nights_text(days, "es") == "1–3 may, 6 may"
    assert nights_text([FIRST], "es") == "mié 1 may"
    assert nights_text([dt.date(2030, 4, 30), FIRST], "en") == "30 Apr – 1 May"


WORDS = st.text(alphabet="abcdefghij ", min_size=1, max_size=60)


@pytest.mark.parametrize(("probability", "said"), [(1.0, "ready"), (0.7, "70%")])
def test_what_is_sure_is_called_ready(probability, said):
    assert chance_text(probability, Phrases("en")) == said


@given(st.integers(2, 9).flatmap(lambda n: st.lists(st.tuples(*[WORDS] * n), min_size=1, max_size=5)))
def test_columns_fill_the_sheet_and_break_no_word_that_fits(rows):
    headers = tuple("h" for _ in rows[0])
    widths = column_widths(PlanTable("", headers, tuple(rows)))
    assert sum(widths) == pytest.approx(WIDTH)
    words = [
        max(text_width(word, 7.6) for row in rows for word in row[column].split(" ")) for column in range(len(headers))
    ]
    if sum(words) + 6.0 * len(words) <= WIDTH:
        assert all(width >= word + 6.0 - 1e-6 for width, word in zip(widths, words, strict=True))
    assert all(width > text_width("h", HEADER_FACE.size, bold=True) for width in widths)


def test_a_long_table_goes_on_with_its_headers_on_the_next_sheet():
    rows = tuple((f"row {number}", "x") for number in range(150))
    page = plan_page("plan.page_corridor", "", [Section("Rows", (), (PlanTable("c", ("Name", "What"), rows),))], MADE,
                     Phrases("en"))  # fmt: skip
    sheets = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(plan_to_pdf(page))).pages]
    assert len(sheets) >= 3
    assert all("Name" in text and "Restricted" in text for text in sheets[:-1])
    assert [number for number in range(150) if not any(re.search(rf"row {number}\b", text) for text in sheets)] == []


def test_a_driver_reads_who_rides_if_they_drive():
    """21 people expected, but 30 if the offer is honoured: 9/21 of them adults, 12/21 in families."""
    tables = PlanTables(trips=(trip(), trip(trip=2)))
    (section,) = vehicle_sections(tables, {"buses": BUSES}, Phrases("es"))
    row = section.tables[0].rows[0]
    assert row[3:5] == ("Isla", "Córdoba")
    assert row[5:10] == ("13", "17", "0", "0", "30 de 40")
    assert [line[1] for line in section.tables[0].rows] == ["1", "2"]
    assert "70\u00a0%" in section.said[0]


def test_a_driver_reads_where_to_come_from_and_when_to_bring_people_back():
    night = trip(
        for_night=True, stands_in="sayula", stands_in_town="Sayula", km=60.0, empty_km=240.0, departs="17:00",
        arrives="17:30", returns="07:00",
    )  # fmt: skip
    (section,) = vehicle_sections(PlanTables(trips=(night,)), {"buses": BUSES}, Phrases("en"))
    row = section.tables[0].rows[0]
    assert row[2] == "17:00, arrives 17:30; back from 07:00"
    assert row[3:5] == ("Isla (comes empty from Sayula)", "Córdoba, for the night; back in the morning")
    assert row[-1] == "60 km, and 240 km empty"


def test_empty_ways_are_drawn_in_another_colour():
    points = [MapPoint("Isla", 18.0, -95.5, 10), MapPoint("Córdoba", 18.9, -97.0, 10)]
    drawn = movement_map(points, [Movement(0, 1, 80.0), Movement(1, 0)], {})
    (rides, _, empty, _) = drawn.contents[1:5]
    assert rides.strokeColor != empty.strokeColor
    assert rides.strokeWidth > empty.strokeWidth


def test_arrows_point_at_their_town_and_end_before_it():
    points = [MapPoint("Isla", 18.0, -95.5, 10), MapPoint("Córdoba", 18.9, -97.0, 10)]
    plain = movement_map(points, [], {})
    drawn = movement_map(points, [Movement(0, 1, 80.0), Movement(1, 0, 20.0)], {})
    arrows = drawn.contents[1:5]
    assert len(drawn.contents) == len(plain.contents) + 4
    (there, head, back, _) = arrows
    assert there.strokeWidth > back.strokeWidth
    circles = [shape for shape in drawn.contents if type(shape).__name__ == "Circle"]
    tip = head.points[:2]
    distance = min(((tip[0] - c.cx) ** 2 + (tip[1] - c.cy) ** 2) ** 0.5 - c.r for c in circles)
    assert 0 < distance < 6
    # Both directions of one way bow apart.
    assert there.points[12:14] != pytest.approx(back.points[12:14], abs=1.0)


def load(place: str, people: float) -> LoadRow:
    return LoadRow(
        place=place, town=place.title(), night=FIRST, people_expected=people, people_low=0.0, people_high=people,
        lodged_expected=people, without_expected=0.0, without_low=0.0, without_high=0.0, came_by_vehicle=0.0,
        left_by_vehicle=0.0, per_1000_residents=None,
    )  # fmt: skip


def test_pages_are_written_for_towns_that_may_be_named_and_have_something_to_be_told(tmp_path):
    opening = OpeningRow(
        place="isla", town="Isla", site="hall", name="Hall & yard", night=FIRST, decision="now", open_share=1.0,
        places=1234, places_low=1300, state="assumed", probability=1.0, people_expected=900.0, people_low=100.0,
        people_high=1310.0, overcrowded_expected=1.0, overcrowded_high=76.0, standard="s",
    )  # fmt: skip
    tables = PlanTables(
        openings=(opening,), trips=(trip(), trip(to_place=NOT_NAMED, to_town=NOT_NAMED, km=None)),
        loads=(load("isla", 900.0), load("tepic", 0.2), load(NOT_NAMED, 50.0)),
    )  # fmt: skip
    assert towns_of(tables) == ("isla", "cordoba")
    places = {
        name: Place(id=name, name=name.title(), country="MEX", lat=18.0 + at, lon=-95.5 - at, kind="town", source=())
        for at, name in enumerate(("isla", "cordoba", "tepic"))
    }
    write_plan_pages(PlanPages(tables, places, {"buses": BUSES}, MADE), tmp_path)
    assert {path.name for path in (tmp_path / "towns").iterdir()} == {
        f"{town}.{language}.{kind}"
        for town in ("isla", "cordoba")
        for language in LANGUAGES
        for kind in ("html", "pdf")
    }
    page = (tmp_path / "towns" / "isla.es.html").read_text(encoding="utf-8")
    assert "Hall &amp; yard" in page
    assert "1,200 supuestos" in page
    assert "sin confirmar" in page
    assert "listo" not in page
    assert "100–1,300" in page
    assert "un lugar que no se nombra" in page
    assert NOT_NAMED not in page
    assert "http" not in page.replace('http-equiv="Content-Security-Policy"', "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_has_one_title_and_every_table_a_caption(language):
    tables = PlanTables(trips=(trip(), trip(decision="later", trip=None, day=FIRST + dt.timedelta(days=4))))
    sections = vehicle_sections(tables, {"buses": BUSES}, Phrases(language))
    html = plan_to_html(plan_page("plan.page_vehicles", "", sections, MADE, Phrases(language)))
    assert html.count("<h1>") == 1
    assert html.count("<table") == html.count("<caption>") == 2
    assert f'<html lang="{language}">' in html
