"""Figures: one drawing, written as SVG and as PDF operators; charts and maps say what the records hold."""

from __future__ import annotations

import datetime as dt
import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.graphics.shapes import Drawing, Ellipse, Group, Polygon, Rect, String, translate

from posada.model.errors import InvalidValueError
from posada.model.outlook import LEVELS
from posada.report import palette
from posada.report.charts import (
    Span,
    arrival_chart,
    fan_chart,
    fan_in_words,
    nice_ceiling,
    span_of_interest,
)
from posada.report.edition import Edition
from posada.report.figures import chart_span, corridor_map_figure, town_fan_figure, town_map_figure
from posada.report.headlines import shown_towns
from posada.report.maps import MapPoint, corridor_map, neighbourhood_map
from posada.report.pdf_shapes import draw_shapes
from posada.report.phrases import Phrases
from posada.report.shapes import circle, line, polygon, printable, rectangle, text, text_width, with_halo
from posada.report.svg import drawing_to_svg
from tests.report.made_up import outlook, with_town

DATES = tuple(dt.date(2018, 4, 3) + dt.timedelta(days=i) for i in range(10))
LABELS = ("personas", "mediana", "nadie")


class _Paper:
    """Stands in for a canvas of reportlab and keeps what is put on it."""

    def __init__(self) -> None:
        self.put: list[str] = []

    def addLiteral(self, words: str) -> None:  # noqa: N802 - the name that reportlab uses
        self.put.append(words)

    def setFont(self, face: str, size: float) -> None:  # noqa: N802
        self.put.append(f"{face} {size}")


def _shapes(drawing: Drawing | Group) -> list:
    """Return the shapes of a drawing, those in groups too."""
    found = []
    for shape in drawing.contents:
        found += _shapes(shape) if isinstance(shape, Group) else [shape]
    return found


def _said(drawing: Drawing) -> list[str]:
    return [shape.text for shape in _shapes(drawing) if isinstance(shape, String)]


def _fan(scale: float = 1000.0) -> np.ndarray:
    """Return quantiles in order, people on days 2 to 5 only."""
    values = np.zeros((len(LEVELS), len(DATES)))
    values[:, 2:6] = np.array(LEVELS)[:, None] * scale
    return values


def _drawing() -> Drawing:
    drawing = Drawing(100, 50)
    drawing.add(rectangle(10, 5, 20, 15, fill=palette.BLUE))
    drawing.add(Group(circle(50, 25, 5, fill=palette.BLUE, stroke=palette.PAPER)))
    drawing.add(polygon([0, 0, 10, 0, 10, 10], fill=palette.LAND, stroke=palette.BORDER))
    drawing.add(line([0, 50, 100, 0], stroke=palette.QUIET))
    drawing.add(text(5, 40, "Niñas & <niños>", size=9, anchor="middle", bold=True))
    return drawing


def test_svg_by_hand():
    """``y`` grows downwards in SVG: a rectangle from 5 to 20 on a sheet of 50 begins 30 from the top."""
    svg = drawing_to_svg(_drawing(), "Título", "Descripción", key="a")
    root = ElementTree.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("viewBox") == "0 0 100 50"
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "a-title a-desc"
    assert root.find(f"{space}title").text == "Título"
    assert root.find(f"{space}desc").text == "Descripción"
    box = root.find(f"{space}rect")
    assert (box.get("x"), box.get("y"), box.get("width"), box.get("height")) == ("10", "30", "20", "15")
    assert root.find(f"{space}circle").get("cy") == "25"
    assert root.find(f"{space}polyline").get("points") == "0,0 100,50"
    words = root.find(f"{space}text")
    assert words.text == "Niñas & <niños>"
    assert (words.get("y"), words.get("text-anchor"), words.get("font-weight")) == ("10", "middle", "bold")


def test_svg_inside_a_page_holds_no_address():
    inside = drawing_to_svg(_drawing(), "t", "d", standalone=False)
    assert "http" not in inside
    assert "xmlns" not in inside
    assert "<!" not in drawing_to_svg(_drawing(), "t", "d")


def test_title_and_description_are_escaped():
    svg = drawing_to_svg(Drawing(10, 10), "<b>", 'a "&" b')
    assert ElementTree.fromstring(svg)[0].text == "<b>"


def test_pdf_operators_by_hand():
    paper = _Paper()
    draw_shapes(paper, _drawing())
    assert paper.put[0] == "0.000 0.447 0.698 rg 10.00 5.00 20.00 15.00 re f"
    assert paper.put[2].endswith("0.0 0.0 m 10.0 0.0 l 10.0 10.0 l h B")
    assert paper.put[3].endswith("0.0 50.0 m 100.0 0.0 l S")
    # The text begins half its width before its middle; letters beyond ASCII are numbered as in Windows-1252.
    start = 5 - text_width("Niñas & <niños>", 9, bold=True) / 2
    assert paper.put[-2:] == [
        "Helvetica-Bold 9",
        f"BT 0.102 0.102 0.102 rg 1 0 0 1 {start:.2f} 40.00 Tm (Ni\\361as & <ni\\361os>) Tj ET",
    ]


def test_brackets_in_a_text_do_not_end_it():
    paper = _Paper()
    drawing = Drawing(50, 20)
    drawing.add(text(5, 5, "a) b( \\", size=9))
    draw_shapes(paper, drawing)
    assert paper.put[-1].endswith(r"(a\) b\( \\) Tj ET")


def test_a_halo_is_drawn_under_its_letters():
    drawing = Drawing(50, 20)
    drawing.add(with_halo(text(5, 5, "Isla", size=9), palette.LAND))
    paper = _Paper()
    draw_shapes(paper, drawing)
    rim, letters = [put for put in paper.put if "Isla" in put]
    assert " 1 Tr " in rim
    assert rim.endswith("(Isla) Tj 0 Tr ET")
    assert "Tr" not in letters
    svg = drawing_to_svg(drawing, "t", "d")
    assert svg.count("Isla") == 1
    assert 'stroke="#faf8f3"' in svg
    assert 'paint-order="stroke"' in svg


def test_a_shape_that_nobody_can_write_is_an_error():
    drawing = Drawing(10, 10)
    drawing.add(Ellipse(5, 5, 3, 2))
    with pytest.raises(InvalidValueError, match="Ellipse"):
        drawing_to_svg(drawing, "t", "d")
    with pytest.raises(InvalidValueError, match="Ellipse"):
        draw_shapes(_Paper(), drawing)


def test_a_moved_group_is_an_error():
    drawing = Drawing(10, 10)
    drawing.add(Group(rectangle(0, 0, 1, 1, fill=palette.BLUE), transform=translate(3, 3)))
    with pytest.raises(InvalidValueError, match="moved"):
        drawing_to_svg(drawing, "t", "d")
    with pytest.raises(InvalidValueError, match="moved"):
        draw_shapes(_Paper(), drawing)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Juchitán – «ñ» 5 m²", "Juchitán – «ñ» 5 m²"),
        ("Ọ̀yọ́", "Oyo"),
        ("−0.6", "-0.6"),
        ("日本", "??"),
        ("e\u0301", "é"),
        ("…", "…"),
    ],
)
def test_letters_that_the_built_in_fonts_lack(words, shown):
    assert printable(words) == shown


@pytest.mark.parametrize("colour", [palette.TEXT, palette.QUIET, palette.DARK_BLUE, palette.COUNTRY_NAME])
def test_text_can_be_read(colour):
    """WCAG AA asks for 4.5 to 1 on every ground that text of the briefs stands on."""
    grounds = [palette.PAPER, palette.LAND]
    if colour != palette.COUNTRY_NAME:
        grounds += [palette.PANEL, palette.VERMILION_TINT, palette.SEA]
    assert all(palette.contrast(colour, ground) >= 4.5 for ground in grounds)


def test_circles_and_bars_stand_out():
    """WCAG asks for 3 to 1 for what carries meaning; black on white is 21 by definition."""
    assert palette.contrast("#000000", "#ffffff") == pytest.approx(21)
    for ground in (palette.LAND, palette.SEA, palette.PAPER):
        assert palette.contrast(palette.BLUE, ground) >= 3
        assert palette.contrast(palette.VERMILION, ground) >= 3


@given(st.floats(0.01, 1e7))
def test_axis_tops_are_round_and_near(highest):
    top, step = nice_ceiling(highest)
    assert top >= highest * (1 - 1e-12)
    assert top <= max(2 * highest, step)
    assert 1 <= round(top / step) <= 5
    assert step >= 1


@pytest.mark.parametrize(
    ("highest", "top", "step"), [(1240, 1250, 250), (1260, 1500, 500), (95, 100, 20), (3, 3, 1), (0, 10, 5)]
)
def test_axis_by_hand(highest, top, step):
    assert nice_ceiling(highest) == (top, step)


@pytest.mark.parametrize(
    ("days", "n_days", "span"),
    [
        ([2, 3], 30, Span(0, 7)),  # near: from the first day, a week at least
        ([12, 15], 30, Span(10, 17)),  # far: a day before to a day after, and a week at least
        ([12, 20], 30, Span(11, 22)),
        ([], 30, Span(0, 7)),
        ([28, 29], 30, Span(23, 30)),
        ([0, 299], 300, Span(0, 42)),
        ([1], 3, Span(0, 3)),
    ],
)
def test_days_of_a_chart_by_hand(days, n_days, span):
    there = np.zeros(n_days, dtype=bool)
    there[days] = True
    assert span_of_interest(there) == span


def test_fan_bands_are_where_the_quantiles_are():
    """The 97.5 % quantile is 975, under a top of 1,000: its corner lies at 0.975 of the height of the axes."""
    drawing = fan_chart(_fan(), DATES, "es", labels=LABELS)
    widest = next(shape for shape in drawing.contents if type(shape).__name__ == "Polygon")
    bottom, top = 30.0, 172.0 - 26.0
    assert min(widest.points[1::2]) == pytest.approx(bottom)
    bands = [shape.points[1::2] for shape in drawing.contents if isinstance(shape, Polygon)]
    # Days 2 to 5 of ten: their upper ends stand third to sixth, their lower ends third to sixth from the end.
    for heights, (low, high) in zip(bands, [(0.025, 0.975), (0.1, 0.9), (0.25, 0.75)], strict=True):
        assert heights[2] == pytest.approx(bottom + high * (top - bottom))
        assert heights[-3] == pytest.approx(bottom + low * (top - bottom))
    said = [shape.text for shape in drawing.contents if type(shape).__name__ == "String"]
    assert {"mediana", "50\N{NO-BREAK SPACE}%", "95\N{NO-BREAK SPACE}%", "1,000", "3 abr", "mar"} <= set(said)


def test_fan_says_when_nobody_is_expected():
    drawing = fan_chart(np.full((len(LEVELS), len(DATES)), np.nan), DATES, "es", labels=LABELS)
    assert "nadie" in [getattr(shape, "text", "") for shape in drawing.contents]
    assert not any(type(shape).__name__ == "Polygon" for shape in drawing.contents)


def test_fan_in_words_by_hand():
    words = fan_in_words(_fan(), DATES, "en")
    assert words[0] == "3 Apr: 0 (0)"
    assert words[2] == "5 Apr: 500 (100–900)"


def test_fan_in_words_leaves_out_what_is_not_defined():
    assert fan_in_words(np.full((len(LEVELS), len(DATES)), np.nan), DATES, "en") == []


def test_bars_are_as_high_as_the_chances():
    chances = np.array([0.0, 0.2, 0.4, 0.1, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    drawing = arrival_chart(chances, DATES, "en", label="chance", nobody="nobody")
    bars = [shape.height for shape in drawing.contents if type(shape).__name__ == "Rect"]
    assert len(bars) == 3
    assert bars[1] == pytest.approx(2 * bars[0])
    said = [shape.text for shape in drawing.contents if type(shape).__name__ == "String"]
    assert {"20%", "40%", "10%"} <= set(said)


def test_a_chart_begins_on_the_day_of_the_issue_or_later():
    made = outlook(2, 50, 20)
    assert made.dates[chart_span(made.towns[0].people, made).first] == dt.date(2018, 4, 3)


def _points(n: int) -> list[MapPoint]:
    return [MapPoint(f"Town {i}", 15 + i * 0.5, -93 - i * 0.7, 1000 - 10 * i, highlighted=i == 2) for i in range(n)]


def test_the_corridor_map_holds_points_and_no_lines_between_them():
    """Standards R8: no route. The only lines are those that join a label to its circle, shorter than 40 points."""
    drawing = corridor_map(_points(20), {"MEX": "México"})
    marks = [shape for shape in drawing.contents if type(shape).__name__ == "Circle"]
    leaders = [shape for shape in drawing.contents if type(shape).__name__ == "PolyLine"]
    assert len(marks) == 20
    for leader in leaders:
        x1, y1, x2, y2 = leader.points
        assert math.hypot(x2 - x1, y2 - y1) < 40
    assert "México" in _said(drawing)


def test_the_neighbourhood_map_highlights_its_town():
    drawing = neighbourhood_map(_points(20), {})
    bold = {shape.text for shape in _shapes(drawing) if "Bold" in getattr(shape, "fontName", "")}
    assert bold == {"Town 2"}
    assert any(re.fullmatch(r"\d+ km", words) for words in _said(drawing))


def test_a_single_town_can_be_mapped():
    """The whole corridor is on the map then, so no small map shows where it lies."""
    point = MapPoint("Alone", 16.5, -95.0, 0.0, highlighted=True)
    drawing = neighbourhood_map([point], {})
    assert sum(isinstance(shape, Rect) for shape in drawing.contents) == 1
    assert "Alone" in _said(drawing)
    far = neighbourhood_map([point, *_points(20)[3:]], {})
    assert sum(isinstance(shape, Rect) for shape in far.contents) == 2


def test_the_area_of_a_circle_grows_with_the_people():
    """By hand: a quarter of the people is half of what the radius grows by, from 2.6 to 11 points."""
    few = [MapPoint("a", 16, -95, 400), MapPoint("b", 17, -95, 100), MapPoint("c", 18, -95, 0)]
    radii = [shape.r for shape in corridor_map(few, {}).contents if type(shape).__name__ == "Circle"]
    assert radii == pytest.approx([11.0, 6.8, 2.6])


def test_sensitive_places_are_on_no_map():
    made = with_town(outlook(6, 50, 20), 3, sensitive=True)
    hidden = made.towns[3].name
    assert hidden not in [town.name for town in shown_towns(made)]
    for figure in (
        corridor_map_figure(Edition.of(made, "es")),
        town_map_figure(made.towns[2], Edition.of(made, "es")),
    ):
        said = " ".join([*_said(figure.drawing), figure.description, figure.title])
        assert made.towns[2].name in said
        assert hidden not in said


def test_a_chart_without_a_median_explains_itself():
    """Days are uncertain when nobody is there in half of the members on any night, though most of them come."""
    made = outlook(12, 200, 40)
    late = made.towns[11]
    figure = town_fan_figure(late, made, Phrases("en"), chart_span(late.people, made))
    assert late.arrival.probability > 0.05
    assert "because the date is uncertain" in figure.caption
    here = made.towns[0]
    assert "uncertain" not in town_fan_figure(here, made, Phrases("en"), chart_span(here.people, made)).caption
