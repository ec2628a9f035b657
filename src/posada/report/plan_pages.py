"""The pages of a plan as files, in each language as HTML and PDF: for whoever coordinates, and for anybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from posada.model.geography import Place
from posada.model.plan import PlanFleet
from posada.model.plan_tables import PlanTables, PublicTables
from posada.model.sensitive import NOT_NAMED
from posada.report.brief import Figure
from posada.report.html import plan_to_html
from posada.report.maps import MapPoint, corridor_map
from posada.report.movement_map import Movement, movement_map
from posada.report.numbers import people, plain
from posada.report.phrases import LANGUAGES, Phrases
from posada.report.plan_lists import corridor_sections, shopping_sections, site_sections, vehicle_sections
from posada.report.plan_page import PlanIssue, PlanPage, plan_page
from posada.report.plan_pdf import plan_to_pdf
from posada.report.plan_public import public_sections
from posada.report.plan_town import town_sections
from posada.report.plan_words import LEAST_PEOPLE

TOWNS_FOLDER = "towns"
_SAID_WAYS = 5
_MAP_HEIGHT = 300.0

Make = Callable[[Phrases], PlanPage]


@dataclass(frozen=True)
class PlanPages:
    """What the pages of a plan are made from; ``places`` are those that may be named, by identifier."""

    tables: PlanTables
    places: Mapping[str, Place]
    fleets: Mapping[str, PlanFleet]
    made: PlanIssue


def write_plan_pages(pages: PlanPages, directory: Path, languages: Sequence[str] = LANGUAGES) -> None:
    """Write the pages for whoever coordinates: corridor, vehicles, sites, shopping, and one for each town."""
    (directory / TOWNS_FOLDER).mkdir(parents=True, exist_ok=True)
    for name, make in _pages(pages):
        _write(directory / name, make, languages)


def write_public_pages(
    tables: PublicTables,
    places: Mapping[str, Place],
    made: PlanIssue,
    directory: Path,
    languages: Sequence[str] = LANGUAGES,
) -> None:
    """Write the page for anybody."""

    def make(phrases: Phrases) -> PlanPage:
        figure = _places_figure(tables, places, phrases)
        return plan_page("plan.page_needs", "", public_sections(tables, figure, phrases), made, phrases)

    _write(directory / "needs", make, languages)


def _write(base: Path, make: Make, languages: Sequence[str]) -> None:
    for language in languages:
        page = make(Phrases(language))
        base.with_name(f"{base.name}.{language}.html").write_bytes(plan_to_html(page).encode())
        base.with_name(f"{base.name}.{language}.pdf").write_bytes(plan_to_pdf(page))


def _pages(pages: PlanPages) -> Iterator[tuple[str, Make]]:
    tables, made = pages.tables, pages.made

    def corridor(phrases: Phrases) -> PlanPage:
        sections = corridor_sections(tables, _movements_figure(pages, phrases), phrases)
        return plan_page("plan.page_corridor", "", sections, made, phrases)

    yield "corridor", corridor
    yield (
        "vehicles",
        lambda phrases: plan_page(
            "plan.page_vehicles", "", vehicle_sections(tables, pages.fleets, phrases), made, phrases
        ),
    )
    yield "sites", lambda phrases: plan_page("plan.page_sites", "", site_sections(tables, phrases), made, phrases)
    yield (
        "shopping",
        lambda phrases: plan_page("plan.page_shopping", "", shopping_sections(tables, phrases), made, phrases),
    )
    for place in towns_of(tables):
        yield f"{TOWNS_FOLDER}/{place}", _town(pages, place)


def _town(pages: PlanPages, place: str) -> Make:
    def make(phrases: Phrases) -> PlanPage:
        sections = town_sections(pages.tables, place, phrases)
        return plan_page("plan.page_town", pages.places[place].name, sections, pages.made, phrases)

    return make


def towns_of(tables: PlanTables) -> tuple[str, ...]:
    """Return the places that may be named and that a plan says something about, in the order of its tables.

    A town that hardly anybody comes to, and that opens nothing now, has nothing to be told.
    """
    found = [row.place for row in tables.loads if row.people_high >= LEAST_PEOPLE]
    found += [row.place for row in tables.openings if row.decision == "now"]
    found += [end for row in tables.trips for end in (row.from_place, row.to_place)]
    return tuple(place for place in dict.fromkeys(found) if place != NOT_NAMED)


def _movements_figure(pages: PlanPages, phrases: Phrases) -> Figure | None:
    """Return the map of movements, or nothing when nobody rides between places that may be named."""
    ways: dict[tuple[str, str], float] = defaultdict(float)
    empty: dict[tuple[str, str], float] = {}
    for row in pages.tables.trips:
        if NOT_NAMED not in (row.from_place, row.to_place) and row.people_expected > 0:
            ways[row.from_place, row.to_place] += row.people_expected
            if NOT_NAMED != row.stands_in != row.from_place:
                empty[row.stands_in, row.from_place] = 0.0
    if not ways:
        return None
    fullest: dict[str, float] = defaultdict(float)
    for load in pages.tables.loads:
        fullest[load.place] = max(fullest[load.place], load.people_high)
    ends = {place for way in (*ways, *empty) for place in way}
    shown = [place for place in pages.places if fullest.get(place, 0) > 0 or place in ends]
    points = [_point(pages.places[place], fullest.get(place, 0.0)) for place in shown]
    at = {place: index for index, place in enumerate(shown)}
    ranked = sorted(ways.items(), key=lambda way: -way[1])
    said = "; ".join(
        phrases.say("movement.way", origin=pages.places[a].name, target=pages.places[b].name, n=people(number))
        for (a, b), number in ranked[:_SAID_WAYS]
    )
    movements = [Movement(at[a], at[b], number) for (a, b), number in (*ranked, *empty.items())]
    return Figure(
        key="movements",
        title=phrases.say("movement.title"),
        description=phrases.say("movement.desc", n=len(points), ways=said),
        caption=phrases.say("movement.caption"),
        drawing=movement_map(points, movements, phrases.names("country"), height=_MAP_HEIGHT),
    )


def _places_figure(tables: PublicTables, places: Mapping[str, Place], phrases: Phrases) -> Figure | None:
    known: dict[str, float] = defaultdict(float)
    for row in tables.places:
        known[row.place] += row.places
    if not known:
        return None
    points = [_point(places[place], number) for place, number in known.items()]
    words = ", ".join(f"{point.name} {plain(point.people)}" for point in points)
    return Figure(
        key="places",
        title=phrases.say("public.map_title"),
        description=phrases.say("public.map_desc", n=len(points), towns=words),
        caption=phrases.say("public.map_caption"),
        drawing=corridor_map(points, phrases.names("country"), height=_MAP_HEIGHT),
    )


def _point(place: Place, number: float) -> MapPoint:
    return MapPoint(place.name, place.lat, place.lon, number)
