"""Briefs as records of text and figures: what is said, once, for the page in HTML and the page in PDF."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from posada.model.outlook import NeedLine, Stamp, Statement
from posada.report.days import Issue, full_day, moment_text, short_day
from posada.report.headlines import Headline
from posada.report.message import reference
from posada.report.numbers import people, plain, round_needed
from posada.report.phrases import Phrases
from posada.report.stock import Stock

ASSUMPTION = "project_assumption"


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing with what is said about it; ``key`` is unique on its page."""

    key: str
    title: str
    description: str
    caption: str
    drawing: Any


@dataclass(frozen=True, slots=True)
class Status:
    """What stands at the head of every brief: when it was issued, until when it holds, who may see it."""

    issued: str
    expires: str
    classification: str
    not_enforcement: str
    exercise: str


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A line of the needs as text; ``source_number`` is the place of its source in the list."""

    label: str
    low: str
    target: str
    unit: str
    source_number: int
    source_name: str
    verified: str


@dataclass(frozen=True, slots=True)
class Needs:
    """The needs of a town: for whom, the lines, and the sources in order of first use."""

    intro: str
    rows: tuple[NeedRow, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text; the first column names the row."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanTable:
    """A table of text; the first column names the row. ``words`` are the columns that hold words, not numbers.

    A narrow screen shows each row as a card; a ``short`` table stays one and does without the columns of ``spare``.
    """

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: frozenset[int] = frozenset((0,))
    short: bool = False
    spare: frozenset[int] = frozenset()

    def is_word(self, column: int) -> bool:
        """Tell whether a column holds words."""
        return column in self.words


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page: its heading, what is said, a table or a list or a figure. ``fresh`` begins a new sheet."""

    heading: str
    said: tuple[str, ...] = ()
    tables: tuple[PlanTable, ...] = ()
    items: tuple[str, ...] = ()
    figure: Figure | None = None
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class BasisLine:
    """A report that a forecast rests on: what was said, by whom, and who published it under which title."""

    said: str
    by: str
    publisher: str
    title: str


@dataclass(frozen=True, slots=True)
class TownBrief:
    """The brief of one town in one language; ``plan`` is the plan for the town, where there is one."""

    language: str
    page_title: str
    title: str
    place: str
    status: Status
    headlines: tuple[Headline, ...]
    notes: tuple[str, ...]
    fan: Figure
    bars: Figure
    map: Figure
    needs: Needs
    stock: Stock
    basis_intro: str
    basis: tuple[BasisLine, ...]
    drivers_intro: str
    drivers: tuple[str, ...]
    message: str
    footer: tuple[str, ...]
    plan: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class CorridorBrief:
    """The brief of the whole corridor in one language; ``less_likely`` towns are folded away."""

    language: str
    page_title: str
    title: str
    place: str
    status: Status
    towns: Table
    less_likely: Table
    map: Figure
    fan: Figure
    outcomes: Table
    basis_intro: str
    basis: tuple[BasisLine, ...]
    footer: tuple[str, ...]


def status_of(stamp: Stamp, issue: Issue, phrases: Phrases) -> Status:
    """Return the head of a brief."""
    language = phrases.language
    exercise = ""
    if issue.exercise:
        key = "issue.from_start" if issue.from_start else "issue.exercise"
        day = full_day(issue.day, language)
        exercise = phrases.say(key, made=full_day(issue.made_at.date(), language), day=day)
    return Status(
        issued=phrases.say("issue.issued", moment=moment_text(issue.issued_at, language)),
        expires=phrases.say("issue.expires", moment=moment_text(issue.expires_at, language)),
        classification=phrases.word("classification", stamp.classification),
        not_enforcement=phrases.say("issue.not_enforcement"),
        exercise=exercise,
    )


def footer_of(stamp: Stamp, issue: Issue, phrases: Phrases, place_id: str | None) -> tuple[str, ...]:
    """Return the lines at the foot of a brief: enough to make it again, and to say that a figure is wrong."""
    return (
        model_line(stamp, phrases),
        times_line(stamp, issue, phrases),
        phrases.say("stamp.suppression"),
        phrases.say("stamp.error", reference=reference(stamp, place_id)),
        phrases.say("stamp.advice") + " " + phrases.say("stamp.outlines"),
    )


def model_line(stamp: Stamp, phrases: Phrases) -> str:
    """Return what a page was computed with: version, scenario with its hash, seed, members."""
    return phrases.say(
        "stamp.model",
        version=stamp.version,
        title=stamp.scenario_title,
        scenario=stamp.scenario_id,
        hash=stamp.scenario_hash,
        seed=stamp.seed,
        members=plain(stamp.members),
    )


def times_line(stamp: Stamp, issue: Issue, phrases: Phrases) -> str:
    """Return from what day's knowledge a page was computed, and when."""
    language = phrases.language
    times = "stamp.times_from_start" if issue.from_start else "stamp.times"
    return phrases.say(times, day=full_day(issue.day, language), made=moment_text(stamp.made_at, language))


def needs_of(lines: tuple[NeedLine, ...], people_count: float, phase: str, phrases: Phrases) -> Needs:
    """Return the table of needs; quantities are rounded up to two significant figures."""
    if not lines:
        return Needs(phrases.say("needs.none"), (), ())
    sources = tuple(dict.fromkeys(_source(line.source, phrases) for line in lines))
    number = {source: i for i, source in enumerate(sources, start=1)}
    spanish = phrases.language == "es"
    rows = tuple(
        NeedRow(
            label=line.label_es if spanish else line.label_en,
            low=_quantity(line.quantity_low),
            target=_quantity(line.quantity_target),
            unit=line.unit_es if spanish else line.unit_en,
            source_number=number[_source(line.source, phrases)],
            source_name=_source_name(line.source, phrases),
            verified=phrases.say("needs.is_verified" if line.verified else "needs.not_verified"),
        )
        for line in lines
    )
    intro = phrases.say("needs.for_people", people=people(people_count), phase=phrases.word("phase", phase))
    return Needs(intro, rows, sources)


def _quantity(value: float | None) -> str:
    """Return a need as text; a standard without such a value has a dash."""
    return "–" if value is None else plain(round_needed(value))


def _source(text: str, phrases: Phrases) -> str:
    return text.replace(ASSUMPTION, phrases.say("needs.assumption"))


def _source_name(text: str, phrases: Phrases) -> str:
    """Return the short name of a source, ``Sphere Handbook`` of ``Sphere Handbook (2018), WASH 2.1``."""
    name = text.partition(" (")[0].partition(",")[0]
    return phrases.word("standard", re.sub(r"[^a-z0-9]+", "_", name.casefold()), otherwise=name)


def statement_line(statement: Statement, phrases: Phrases, places: Mapping[str, str]) -> BasisLine:
    """Return a report as a line: when, what, where, who said it and how, and where it was published."""
    language = phrases.language
    what = phrases.word("kind", statement.kind)
    figure = figure_words(statement.figure, phrases)
    said = f"{short_day(statement.event_date, language)}: {what}" + (f", {figure}" if figure else "")
    if statement.place_id:
        said += f" ({places.get(statement.place_id, statement.place_id.replace('_', ' '))})"
    record = phrases.say("basis.on_record" if statement.on_record else "basis.off_record")
    published = phrases.say("basis.published", day=short_day(statement.published, language))
    title = f"«{statement.title}»" if language == "es" else f"“{statement.title}”"
    return BasisLine(
        said=said,
        by=f"{phrases.word('role', statement.speaker_role)}, {record}",
        publisher=f"{statement.publisher}, {published}",
        title=title + (f", {statement.url}" if statement.url else ""),
    )


def figure_words(figure: str, phrases: Phrases) -> str:
    """Return a figure in the language: ``≥ 1,200 people`` as *al menos 1,200 personas*."""
    number, _, unit = figure.rpartition(" ")
    if not number:
        return figure
    for sign, key in (("≥ ", "basis.at_least"), ("≤ ", "basis.up_to")):
        if number.startswith(sign):
            number = phrases.say(key, n=number.removeprefix(sign))
    return number if unit == "none" else f"{number} {phrases.word('figure_unit', unit)}"


def newest_first(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """Return reports by the day they speak of, the newest first; equal days keep their order."""
    return tuple(sorted(statements, key=lambda s: (s.event_date, s.published), reverse=True))
