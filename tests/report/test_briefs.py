"""Briefs as files: whole, small, in both languages, without an address, and with what the rules ask for."""

from __future__ import annotations

import datetime as dt
import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from pypdf import PdfReader

from posada.model.errors import InvalidValueError, UnknownNameError
from posada.model.outlook import LEVELS, Band, Statement
from posada.report.briefs import render_brief_html, render_brief_pdf, write_briefs
from posada.report.compose import corridor_brief, town_brief
from posada.report.phrases import Phrases
from tests.report.made_up import TOWNS, outlook, statements, with_stamp, with_town
from tests.report.strategies import OUTLOOKS

MAX_BYTES = 300_000
# A page takes long enough that looking for the smallest failing outlook would take minutes.
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
VOID = {"meta", "link", "br", "img", "hr", "input"}
PAGES = [(town, language) for town in (None, "ixtepec", "matias_romero", "tijuana") for language in ("es", "en")]


class Page(HTMLParser):
    """Reads a page strictly: every tag that opens must close; keeps tags, attributes and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def words(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.text))


@pytest.fixture(scope="module")
def made():
    return outlook()


def _pdf_text(content: bytes) -> str:
    reader = PdfReader(io.BytesIO(content))
    assert len(reader.pages) == 1
    return re.sub(r"\s+", " ", reader.pages[0].extract_text())


@pytest.mark.parametrize(("town", "language"), PAGES)
def test_page_is_well_formed_small_and_alone(made, town, language):
    html = render_brief_html(made, town, language)
    page = Page(html)
    assert page.open == []
    assert len(html.encode()) <= MAX_BYTES
    assert page.named("html") == [{"lang": language}]
    assert not page.named("script")
    # The only addresses are those of reports, as text; no tag has one.
    assert "://" not in re.sub(r"https://example\.org/nota-\d+", "", html)
    for tag, attributes in page.tags:
        for name in ("src", "href", "action", "data", "srcset"):
            assert attributes.get(name, "#").startswith(("#", "data:,")), tag
    assert "default-src 'none'" in str(page.named("meta"))


@pytest.mark.parametrize(("town", "language"), PAGES)
def test_page_can_be_read_aloud(made, town, language):
    """One first heading, no skipped levels, tables with headers, figures with words, unique identifiers."""
    page = Page(render_brief_html(made, town, language))
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(header.get("scope") in {"col", "row"} for header in page.named("th"))
    assert len(page.named("caption")) == len(page.named("table")) >= 1
    figures = page.named("svg")
    assert len(figures) == (2 if town is None else 3)
    identifiers = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    for figure in figures:
        assert figure["role"] == "img"
        assert set(figure["aria-labelledby"].split()) <= set(identifiers)


@pytest.mark.parametrize(("town", "language"), PAGES)
def test_pdf_is_one_page_with_its_language(made, town, language):
    content = render_brief_pdf(made, town, language)
    reader = PdfReader(io.BytesIO(content))
    assert len(reader.pages) == 1
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    assert reader.trailer["/Root"]["/Lang"] == language
    assert reader.metadata.title
    assert len(content) <= MAX_BYTES


def test_the_same_outlook_gives_the_same_bytes(made):
    assert render_brief_pdf(made, "puebla", "es") == render_brief_pdf(made, "puebla", "es")
    assert render_brief_html(made, "puebla", "es") == render_brief_html(made, "puebla", "es")


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("render", ["html", "pdf"])
def test_every_rule_of_a_town_s_page(made, render, language):
    """R13: classification, issue, expiry, version, hash, seed, interval, sources, suppression, not for enforcement."""
    if render == "html":
        words = Page(render_brief_html(made, "matias_romero", language)).words
    else:
        words = _pdf_text(render_brief_pdf(made, "matias_romero", language))
    words = words.replace("\N{NO-BREAK SPACE}", " ")
    say = Phrases(language).say
    brief = town_brief(made, "matias_romero", language)
    expected = [
        "Matías Romero", "Oaxaca", brief.status.issued, brief.status.expires, brief.status.not_enforcement,
        "0.1.0", made.stamp.scenario_hash[:16], say("stamp.suppression"), say("section.basis"), say("stock.ready"),
        say("stock.promised"), say("stock.missing"), "El Orbe", "1,100", "910–1,400", "Domo municipal",
    ]  # fmt: skip
    assert [text for text in expected if text.replace("\N{NO-BREAK SPACE}", " ") not in words] == []
    assert brief.status.classification.casefold() in words.casefold()
    assert brief.message.replace("\N{NO-BREAK SPACE}", " ") in words


def test_order_of_a_town_s_page(made):
    """The order in which an officer asks: when and how many, what is needed, what is there, why, what to send."""
    words = Page(render_brief_html(made, "matias_romero", "es")).words
    say = Phrases("es").say
    sections = ("headlines", "chart", "needs", "stock", "basis", "drivers")
    places = [words.index(say(f"section.{name}")) for name in sections]
    places += [words.index("RECEPCIÓN – Matías Romero"), words.index(say("section.stamp"))]
    assert places == sorted(places)


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_town_is_on_the_corridor_s_page(made, language):
    words = Page(render_brief_html(made, None, language)).words
    printed = _pdf_text(render_brief_pdf(made, None, language))
    for _, name, *_ in TOWNS:
        assert name in words
        assert name in printed


def test_a_headline_never_stands_without_its_range(made):
    """R14: each uncertain number has its 80 % range beside it, unless nothing is defined."""
    for town in made.towns:
        brief = town_brief(made, town.place_id, "es")
        for headline in brief.headlines[2:]:
            assert headline.details[0].startswith("80"), headline


def test_reports_are_listed_newest_first_with_who_said_it(made):
    """By the day they speak of; an unnamed official is off the record, and the figure is in the language."""
    brief = town_brief(made, "matias_romero", "en")
    days = [int(re.match(r"(\d+) (Apr|Mar)", line.said)[1]) for line in brief.basis]
    assert days == [2, 2, 1, 1, 31, 31, 30, 30]
    assert brief.basis[0].said == "2 Apr: people present, 1,000 people (Ciudad Ixtepec)"
    assert "unnamed official, off the record" in [line.by for line in brief.basis]
    more_than = replace(made.towns[1].statements[0], figure="≥ 1,200 people")
    spanish = town_brief(with_town(made, 1, statements=(more_than,)), "matias_romero", "es")
    assert spanish.basis[0].said == "2 abr: personas presentes, al menos 1,200 personas (Ciudad Ixtepec)"


def test_needs_are_rounded_up_to_two_figures(made):
    brief = town_brief(made, "matias_romero", "en")
    for row in brief.needs.rows:
        for cell in (row.low, row.target):
            assert cell == "–" or len(cell.replace(",", "").rstrip("0")) <= 2


def test_towns_are_ranked_only_where_ranges_allow_it():
    """Three short towns; the one with the largest middle has too wide a range to be named."""

    def short(low: float, high: float) -> Band:
        return Band(np.interp(LEVELS, [0.1, 0.9], [low, high]), 1.0)

    few = outlook(3, 50, 20)
    for index, (low, high) in enumerate([(800, 1000), (0, 3000), (850, 1050)]):
        few = with_town(few, index, places_short=short(low, high))
    note = corridor_brief(few, "en").towns.notes[1]
    assert note == "Most covered places short: Donají 950 (850–1,100), Ciudad Ixtepec 900 (800–1,000)."
    for index in (0, 2):
        few = with_town(few, index, places_short=short(0, 900))
    assert corridor_brief(few, "en").towns.notes[1] == Phrases("en").say("towns.no_ranking")


def test_small_counts_are_kept_back(made):
    """R4: a median of four people, from two to seven, is '<10' and nothing finer, in every form."""
    few = with_town(made, 1, peak=Band(np.interp(LEVELS, [0.1, 0.9], [2, 7]), 1.0))
    brief = town_brief(few, "matias_romero", "es")
    peak = brief.headlines[3]
    assert peak.value == "<10"
    assert peak.details[0] == "80\N{NO-BREAK SPACE}%: <10"
    assert "<10 personas" in brief.message


@pytest.mark.parametrize("town", ["matias_romero", None])
def test_a_sensitive_place_is_named_nowhere(made, town):
    """R7: neither in tables, maps, figures nor in the list of reports; on the corridor's page it is counted."""
    hidden = with_town(made, 0, sensitive=True)
    html = render_brief_html(hidden, town, "es")
    assert "Ixtepec" in render_brief_html(made, town, "es")
    assert "Ixtepec" not in html
    assert "Ixtepec" not in _pdf_text(render_brief_pdf(hidden, town, "es"))
    if town is None:
        assert "Lugares sensibles que no se muestran: 1." in html
    with pytest.raises(InvalidValueError, match="ixtepec"):
        render_brief_html(hidden, "ixtepec", "es")


def test_what_is_public_holds_no_dates_of_arrival(made, tmp_path):
    """R6: a brief is refused under a public stamp, before anything is written; 'confidential' is fine."""
    public = with_stamp(made, classification="public")
    with pytest.raises(InvalidValueError, match="never public"):
        write_briefs(public, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert "Confidencial" in render_brief_html(with_stamp(made, classification="confidential"), "puebla", "es")


def test_an_exercise_says_so(made):
    late = with_stamp(made, made_at=dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC))
    assert "Ejercicio: se calculó el 24 nov 2026" in render_brief_html(late, "puebla", "es")
    assert "Exercise: computed on 24 Nov 2026" in _pdf_text(render_brief_pdf(late, "puebla", "en"))
    assert "Ejercicio" not in render_brief_html(made, "puebla", "es")


def test_a_run_from_the_first_day_says_so(made):
    start = replace(with_stamp(made, as_of=None), statements=())
    html = render_brief_html(start, "puebla", "es")
    assert "desde el primer día del escenario (3 abr 2018), sin partir de reportes" in html
    assert "El cálculo no parte de ningún reporte." in html
    assert "EJERCICIO – RECEPCIÓN" in html


def test_text_of_the_data_cannot_become_markup(made):
    """A name, a source and a title with markup in them are shown, not obeyed."""
    evil = '<script>alert("x")</script>'
    said = Statement(**{field: getattr(statements(1)[0], field) for field in Statement.__slots__} | {"title": evil})
    trapped = with_town(made, 1, name=evil, statements=(said,))
    for town in ("matias_romero", None):
        page = Page(render_brief_html(trapped, town, "es"))
        assert not page.named("script")
        assert "alert" in page.words


def test_files_are_written_for_every_town_and_language(tmp_path):
    few = outlook(2, 50, 20)
    all_three = ("html", "pdf", "txt")
    paths = write_briefs(few, tmp_path / "briefs")
    assert {path.name for path in paths} == {
        f"{name}.{language}.{kind}"
        for name, kinds in (("corridor", ("html", "pdf")), ("ixtepec", all_three), ("matias_romero", all_three))
        for language in ("es", "en")
        for kind in kinds
    }
    assert all(path.stat().st_size > 200 for path in paths)
    assert paths[0].name == "corridor.es.html"


def test_some_towns_in_one_language(made, tmp_path):
    paths = write_briefs(made, tmp_path, ("en",), town_ids=["puebla"])
    assert sorted(path.name for path in paths) == [
        "corridor.en.html", "corridor.en.pdf", "puebla.en.html", "puebla.en.pdf", "puebla.en.txt",
    ]  # fmt: skip


@pytest.mark.parametrize(("call", "message"), [({"town_ids": ["pueblo"]}, "puebla"), ({"languages": ("fr",)}, "'fr'")])
def test_a_wrong_name_writes_nothing(made, tmp_path, call, message):
    with pytest.raises(UnknownNameError, match=message):
        write_briefs(made, tmp_path / "out", **call)
    assert not (tmp_path / "out").exists()


def test_a_long_corridor_still_fits_one_page(made):
    """Eighty towns: the PDF shows the likeliest and says how many it leaves out; the HTML shows all."""
    assert all(town.arrival.probability > 0.2 for town in made.towns)
    doubled = type(made)(
        made.stamp, made.dates, made.towns + made.towns + made.towns[:22], made.journey, made.statements
    )
    text = _pdf_text(render_brief_pdf(doubled, None, "en"))
    shown = int(re.search(r"and (\d+) less likely towns", text)[1])
    assert 20 < shown < 60
    assert "in the HTML version" in text


def test_less_likely_towns_are_folded_away(made):
    """Of 29 towns, two get a chance of 19 %: they stand in the fold of the HTML page and not in the PDF."""
    rare = made
    for index in (5, 9):
        rare = with_town(rare, index, arrival=replace(rare.towns[index].arrival, probability=0.19))
    brief = corridor_brief(rare, "en")
    assert [row[0] for row in brief.less_likely.rows] == ["Acayucan", "Orizaba"]
    assert len(brief.towns.rows) == 27
    html = render_brief_html(rare, None, "en")
    assert html.index("2 other towns, less likely") < html.index('rowheader">Acayucan')
    assert "and 2 less likely towns, in the HTML version" in _pdf_text(render_brief_pdf(rare, None, "en"))
    few = outlook(15, 50, 20)
    few = with_town(few, 3, arrival=replace(few.towns[3].arrival, probability=0.01))
    assert corridor_brief(few, "en").less_likely.rows == ()


@settings(max_examples=25, phases=NO_SHRINKING)
@given(OUTLOOKS)
def test_any_outlook_can_be_read(anything):
    """Whatever names, numbers and offers: the page is well formed and small, the PDF one page above its foot."""
    made = anything.build()
    for language in ("es", "en"):
        html = render_brief_html(made, "matias_romero", language)
        assert Page(html).open == []
        assert len(html.encode()) <= MAX_BYTES
        assert len(PdfReader(io.BytesIO(render_brief_pdf(made, "matias_romero", language))).pages) == 1


def _baselines(content: bytes) -> list[tuple[str, float]]:
    """Return every text of a PDF page with the height of its baseline, in the order of drawing."""
    found: list[tuple[str, float]] = []

    def keep(text, current, matrix, _font, _size):
        if text.strip():
            # Figures are scaled; both matrices together say where a text stands on the page.
            found.append((text.strip(), matrix[4] * current[1] + matrix[5] * current[3] + current[5]))

    PdfReader(io.BytesIO(content)).pages[0].extract_text(visitor_text=keep)
    return found


@settings(max_examples=25, phases=NO_SHRINKING)
@given(OUTLOOKS)
def test_nothing_on_the_pdf_runs_into_the_foot(anything):
    """The foot is drawn last and begins with the version; what was drawn before it stands above it."""
    made = anything.build()
    for town in ("matias_romero", None):
        texts = _baselines(render_brief_pdf(made, town, "es"))
        first = next(i for i, (text, _) in enumerate(texts) if text.startswith("Posada 0.1.0;"))
        above, foot = texts[:first], texts[first:]
        assert len(above) > 60
        assert len(foot) >= 5
        assert min(height for _, height in above) >= foot[0][1] + 6
        assert all(20 < height < 842 for _, height in texts)
