"""What all briefs of an outlook in one language have in common, made once for hundreds of pages."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from posada.model.outlook import Outlook, TownOutlook
from posada.report.brief import Status, status_of
from posada.report.days import Issue, short_day
from posada.report.headlines import shown_towns
from posada.report.learned import learned_text
from posada.report.maps import MapPoint
from posada.report.phrases import Phrases


@dataclass(frozen=True, slots=True, eq=False)
class Edition:
    """An outlook in one language.

    Attributes
    ----------
    status : Status
        The head of every brief.
    learned : str
        What is said of learning; empty for a forecast that did not learn.
    names : mapping of str
        Names of the towns by identifier, those marked sensitive too.
    countries : mapping of str
        Names of countries by their three letters.
    points : tuple of MapPoint
        The towns that may be named, with their most likely day of arrival.
    """

    outlook: Outlook
    phrases: Phrases
    issue: Issue
    status: Status
    learned: str
    names: Mapping[str, str]
    countries: Mapping[str, str]
    points: tuple[MapPoint, ...]

    @classmethod
    def of(cls, outlook: Outlook, language: str) -> Edition:
        """Return an outlook in a language.

        Raises
        ------
        UnknownNameError
            When the language is not known.
        """
        phrases = Phrases(language)
        issue = Issue.of(outlook.stamp, outlook.dates[0])
        return cls(
            outlook=outlook,
            phrases=phrases,
            issue=issue,
            status=status_of(outlook.stamp, issue, phrases),
            learned=learned_text(outlook, phrases),
            names={town.place_id: town.name for town in outlook.towns},
            countries=phrases.names("country"),
            points=tuple(_point(town, phrases) for town in shown_towns(outlook)),
        )


def _point(town: TownOutlook, phrases: Phrases) -> MapPoint:
    peak = town.peak.at(0.5)
    day = town.arrival.most_likely
    note = short_day(day, phrases.language) if day is not None else ""
    return MapPoint(town.name, town.lat, town.lon, 0.0 if math.isnan(peak) else peak, note)
