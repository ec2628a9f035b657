"""From the reports of ``data/caravans`` to rows of a scenario: kinds, units, speakers, sources."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

KINDS = {"humanitarian_visa": "permits_issued", "permit_issued": "permits_issued"}
_COUNTED = ("persons", "asylum applicants", "visas issued", "cards issued", "permits", "persons admitted")

UNITS = {
    **dict.fromkeys(
        (*_COUNTED, "persons attended", "persons registered", "persons (hundreds)", "persons moved"), "people"
    ),
    "persons on list": "people",
    "persons cumulative": "people_cumulative",
    "persons in past month": "people_cumulative",
    "km": "km",
    "km stage": "km",
    "hour of day": "hour_of_day",
    "hours walked": "hours",
    "days": "days",
    "rest days": "days",
    "days rest": "days",
    "nights": "days",
    "buses": "vehicles",
    "days validity": "days_validity",
    "persons per day": "people_per_day",
    "claims per day": "people_per_day",
    "persons per day (January mean)": "people_per_day",
    "children": "children",
    "children under five": "children",
    "persons capacity": "places",
    "persons planned": "places",
    "places": "places",
}
"""Units of the reports that the scenario knows; a figure in another one is left to the summary."""

_PEOPLE_ONLY = ("headcount", "repatriated", "detained", "dispersed", "stayed", "irregular_crossing", "permits_issued")
_PEOPLE = ("people", "people_cumulative")

ROLES = {
    "reporter": "reporter",
    "organiser": "organiser",
    "church": "church",
    "archdiocese": "church",
    "volunteer": "volunteer",
    "municipality": "municipality",
    "city government": "municipality",
    "metro": "municipality",
    "human rights commission": "state_government",
    "state government": "state_government",
    "federal government": "federal_government",
    "President/federal government": "federal_government",
    "SEGOB": "federal_government",
    "SEGOB/SRE": "federal_government",
    "INM": "migration_authority",
    "INM (Grupos Beta)": "migration_authority",
    "civil protection": "civil_protection",
    "police": "police",
    "state police": "police",
    "federal police": "police",
    "National Guard": "police",
    "UN": "un",
    "UNHCR": "un",
    "UNICEF": "un",
    "OCHA": "un",
    "UN inter-agency": "un",
    "NGO": "ngo",
    "Red Cross": "ngo",
    "Red Cross/IFRC": "ngo",
    "researcher": "ngo",
    "bus company": "reporter",
    "migrant": "people_on_the_move",
    "anonymous official": "anonymous_official",
}
"""Speakers by their role in the reports; whoever is not listed speaks for another government."""

RELIABILITY = {
    "organiser": "0.5",
    "people_on_the_move": "0.5",
    "volunteer": "0.5",
    "anonymous_official": "0.5",
    "reporter": "0.65",
    "church": "0.65",
}
"""Of a source, by who speaks; governments, the United Nations and civil organisations have 0.7."""


def report_cells(
    row: Mapping[str, str], spec: Mapping[str, Any], grouped: Mapping[str, str], places: Collection[str]
) -> dict[str, str]:
    """Return a report as cells of the table of reports.

    A figure whose unit is not known, or is not one of people where people are counted, stands in the summary only; the
    report is then a *statement*, unless it tells where somebody was.
    """
    id_ = row["report_id"]
    kind = spec.get("kinds", {}).get(id_, KINDS.get(row["kind"], row["kind"]))
    if row["unit"] == "asylum applicants" or "forecast" in row["unit"]:
        kind = "statement"
    unit = spec.get("units", {}).get(id_, UNITS.get(row["unit"], "none"))
    figures = {name: row[name] for name in ("value_low", "value", "value_high")}
    if kind in _PEOPLE_ONLY and unit not in _PEOPLE:
        kind = "statement"
    if unit == "none" or not any(figures.values()):
        unit, figures = "none", dict.fromkeys(figures, "")
    return {
        "id": id_,
        "published": row["published"],
        "event_date": row["event_date"],
        "kind": kind,
        "unit": unit,
        "speaker_role": role_of(row),
        "on_record": row["on_record"],
        "source": id_,
        "place": row["place_id"] if row["place_id"] in places else "",
        "group": grouped.get(id_, ""),
        **figures,
        "summary": row["note"],
    }


def role_of(row: Mapping[str, str]) -> str:
    """Return who speaks, in the words of the scenario."""
    return ROLES.get(row["speaker_role"], "foreign_government")


def source_cells(row: Mapping[str, str]) -> dict[str, str]:
    """Return the source of a report as cells of the table of sources."""
    publisher, _, _ = row["source_title"].partition(":")
    return {
        "id": row["report_id"],
        "publisher": publisher or row["source_title"],
        "title": row["source_title"],
        "reliability": RELIABILITY.get(role_of(row), "0.7"),
        "date": row["published"],
        "url": row["source_url"],
        "licence": "public facts, in our words",
    }
