"""From an outlook to briefs: the town's page and the corridor's page, in one language each."""

from __future__ import annotations

import math

from posada.model.errors import InvalidValueError
from posada.model.outlook import LEVELS, Band, Outlook, Statement, TownOutlook
from posada.model.plan_tables import PlanTables
from posada.report.brief import (
    BasisLine,
    CorridorBrief,
    Table,
    TownBrief,
    footer_of,
    needs_of,
    newest_first,
    statement_line,
)
from posada.report.days import Issue, day_range, full_day, named_day
from posada.report.edition import Edition
from posada.report.figures import (
    arrival_figure,
    chart_span,
    corridor_map_figure,
    fan_figure,
    town_fan_figure,
    town_map_figure,
)
from posada.report.headlines import arrival_days, is_here, percent_in, show_band, shown_towns, town_headlines
from posada.report.message import compose_message
from posada.report.numbers import is_indicative, people, people_range
from posada.report.phrases import Phrases, rate_meaning
from posada.report.plan_town import town_sections
from posada.report.stock import town_stock

_RANKED = 3
_ONE_LOOK = 15
_LIKELY = 0.2
"""With more than fifteen towns, those with a smaller chance than this are folded away."""


def town_brief(outlook: Outlook, town_id: str, language: str, plan: PlanTables | None = None) -> TownBrief:
    """Return the brief of one town, with the plan for it where there is one.

    Raises
    ------
    UnknownNameError
        When the town or the language is not known.
    InvalidValueError
        When the town is marked sensitive, or the outlook is meant for the public: times of arrival are not.
    """
    refuse_public(outlook)
    return town_page(Edition.of(outlook, language), town_id, plan)


def town_page(edition: Edition, town_id: str, plan: PlanTables | None = None) -> TownBrief:
    """Return the brief of one town in an edition; errors as of :func:`town_brief`."""
    outlook, phrases, issue = edition.outlook, edition.phrases, edition.issue
    refuse_public(outlook)
    town = outlook.town(town_id)
    if town.sensitive:
        raise InvalidValueError(f"'{town_id}' is marked sensitive: no brief is written about it")
    stock = town_stock(town, phrases)
    span = chart_span(town.people, outlook, arrival_days(town))
    statements = town.statements or outlook.statements
    place = ", ".join(part for part in (town.name, town.admin1) if part)
    return TownBrief(
        language=phrases.language,
        page_title=phrases.say("title.page_town", town=town.name),
        title=phrases.say("title.town", town=town.name),
        place=place,
        status=edition.status,
        headlines=town_headlines(town, issue, phrases),
        notes=(phrases.say("indicative.shown"), phrases.say("indicative.note")),
        fan=town_fan_figure(town, outlook, phrases, span),
        bars=arrival_figure(town, outlook, phrases, span),
        map=town_map_figure(town, edition),
        needs=needs_of(town.needs, town.needs_people, town.needs_phase, phrases),
        stock=stock,
        basis_intro=_basis_intro(edition, statements, "basis.count" if town.statements else "basis.none"),
        basis=_basis(edition, statements),
        drivers_intro=phrases.say("driver.intro_nights" if is_here(town, issue) else "driver.intro_arrival"),
        drivers=tuple(
            phrases.say(
                "driver.line",
                meaning=rate_meaning(driver.name, driver.meaning, phrases.language),
                correlation=f"{driver.correlation:+.2f}".replace("-", "−"),
            )
            for driver in town.drivers
        ),
        message=compose_message(town, outlook.stamp, issue, stock, phrases),
        footer=footer_of(outlook.stamp, issue, phrases, town.place_id),
        plan=() if plan is None else town_sections(plan, town_id, phrases),
    )


def corridor_brief(outlook: Outlook, language: str) -> CorridorBrief:
    """Return the brief of the whole corridor.

    Raises
    ------
    UnknownNameError
        When the language is not known.
    InvalidValueError
        When the outlook is meant for the public, or has no town that may be named.
    """
    refuse_public(outlook)
    return corridor_page(Edition.of(outlook, language))


def corridor_page(edition: Edition) -> CorridorBrief:
    """Return the brief of the whole corridor in an edition; errors as of :func:`corridor_brief`."""
    outlook, phrases, issue = edition.outlook, edition.phrases, edition.issue
    refuse_public(outlook)
    if not edition.points:
        raise InvalidValueError("the outlook has no town that may be named; a corridor brief needs at least one")
    towns, less_likely = _towns_tables(outlook, issue, phrases)
    return CorridorBrief(
        language=phrases.language,
        page_title=phrases.say("title.page_corridor"),
        title=phrases.say("title.corridor"),
        place=outlook.stamp.scenario_title,
        status=edition.status,
        towns=towns,
        less_likely=less_likely,
        map=corridor_map_figure(edition),
        fan=fan_figure(
            outlook.journey.together,
            outlook,
            phrases,
            title=phrases.say("chart.together_title"),
            span=chart_span(outlook.journey.together, outlook),
        ),
        outcomes=_outcomes_table(outlook, phrases),
        basis_intro=_basis_intro(edition, outlook.statements, "basis.count"),
        basis=_basis(edition, outlook.statements),
        footer=footer_of(outlook.stamp, issue, phrases, None),
    )


def refuse_public(outlook: Outlook) -> None:
    """Refuse to write what only authorised roles may read.

    Raises
    ------
    InvalidValueError
        When the stamp says that the output is public.
    """
    if outlook.stamp.classification == "public":
        raise InvalidValueError(
            "a brief tells where a group is expected and when, which is never public. "
            "Stamp the outlook 'restricted' or 'confidential'."
        )


def _basis_intro(edition: Edition, statements: tuple[Statement, ...], key: str) -> str:
    say = edition.phrases.say
    said = say(key, n=len(statements)) if statements else say("basis.no_reports")
    return f"{said} {edition.learned}".rstrip()


def _basis(edition: Edition, statements: tuple[Statement, ...]) -> tuple[BasisLine, ...]:
    """Return the reports as lines; those about a sensitive place are counted, but not listed."""
    hidden = {town.place_id for town in edition.outlook.towns if town.sensitive}
    return tuple(
        statement_line(statement, edition.phrases, edition.names)
        for statement in newest_first(statements)
        if statement.place_id not in hidden
    )


def _towns_tables(outlook: Outlook, issue: Issue, phrases: Phrases) -> tuple[Table, Table]:
    """Return the table of the towns, and that of the less likely ones when there are too many for one look."""
    columns = ("town", "chance", "arrival", "tonight", "peak", "nights", "short", "seats")
    headers = tuple(phrases.say(f"towns.{column}") for column in columns)
    towns = shown_towns(outlook)
    likely = [town for town in towns if town.arrival.probability >= _LIKELY]
    if len(towns) <= _ONE_LOOK or not likely:
        likely = list(towns)
    notes = [phrases.say("towns.note"), _ranking(towns, phrases)]
    if len(towns) < len(outlook.towns):
        notes.append(phrases.say("map.hidden", n=len(outlook.towns) - len(towns)))
    kept = {town.place_id for town in likely}
    rows = [(town.place_id in kept, _town_row(town, issue, phrases)) for town in towns]
    return (
        Table(headers, tuple(row for is_kept, row in rows if is_kept), tuple(notes)),
        Table(headers, tuple(row for is_kept, row in rows if not is_kept)),
    )


def _town_row(town: TownOutlook, issue: Issue, phrases: Phrases) -> tuple[str, ...]:
    language = phrases.language
    day = town.arrival.most_likely
    days = arrival_days(town)
    if is_here(town, issue):
        arrival = phrases.say("headline.arrival_here")
    elif day is None or days is None:
        arrival = "–"
    else:
        arrival = f"{named_day(day, language)} ({day_range(*days, language)})"
    return (
        town.name,
        percent_in(phrases, town.arrival.probability),
        arrival,
        *(_cell(band) for band in (town.tonight, town.peak)),
        _cell(town.nights, counts_people=False),
        *(_cell(band) for band in (town.places_short, town.onward_seats)),
    )


def _cell(band: Band, *, counts_people: bool = True) -> str:
    """Return ``1,100 (900–1,300)``, with a star when the range is only indicative."""
    shown = show_band(band, counts_people=counts_people)
    if shown is None:
        return "–"
    if shown.low_high == shown.middle:
        return shown.middle
    return f"{shown.middle} ({shown.low_high})" + ("*" if shown.indicative else "")


def _ranking(towns: tuple[TownOutlook, ...], phrases: Phrases) -> str:
    """Say where most covered places are short, among the towns whose range allows a comparison."""
    found = []
    for town in towns:
        low, middle, high = (town.places_short.at(level) for level in (0.1, 0.5, 0.9))
        if not math.isnan(middle) and middle >= 1 and not is_indicative(low, middle, high):
            found.append((middle, low, high, town.name))
    if not found:
        return phrases.say("towns.no_ranking")
    # Equal shortages keep the order of arrival.
    first = sorted(found, key=lambda row: -row[0])[:_RANKED]
    names = ", ".join(f"{name} {people(middle)} ({people_range(low, high)})" for middle, low, high, name in first)
    return phrases.say("towns.ranking", towns=names)


def _outcomes_table(outlook: Outlook, phrases: Phrases) -> Table:
    last = outlook.dates[-1]
    headers = (
        phrases.say("outcome.what", day=full_day(last, phrases.language)),
        phrases.say("outcome.people"),
        phrases.say("outcome.range"),
    )
    journey = outlook.journey
    rows = []
    for name, by_level in journey.outcomes.items():
        low, middle, high = (float(by_level[LEVELS.index(level), -1]) for level in (0.1, 0.5, 0.9))
        label = phrases.word("outcome", name, otherwise=journey.outcome_meanings.get(name, name))
        if math.isnan(middle):
            rows.append((label, "–", "–"))
        else:
            star = "*" if is_indicative(low, middle, high) and people_range(low, high) != people(middle) else ""
            rows.append((label, people(middle), people_range(low, high) + star))
    return Table(headers, tuple(rows), (phrases.say("outcome.note"),))
