"""Made-up outlooks to draw and write from: real towns of Mexico, invented people and dates."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np

from posada.model.outlook import (
    LEVELS,
    Arrival,
    Band,
    Driver,
    JourneyOutlook,
    OfferLine,
    Outlook,
    Stamp,
    Statement,
    TownOutlook,
)
from posada.plan.needs import calculate_needs

TOWNS = (
    ("ixtepec", "Ciudad Ixtepec", "Oaxaca", 16.5605, -95.1038, 25381),
    ("matias_romero", "Matías Romero", "Oaxaca", 16.8774, -95.0382, 18944),
    ("donaji", "Donají", "Oaxaca", 17.2295, -95.0530, 2362),
    ("medias_aguas", "Medias Aguas", "Veracruz", 17.6677, -95.0284, 1123),
    ("sayula", "Sayula de Alemán", "Veracruz", 17.8819, -94.9599, 13980),
    ("acayucan", "Acayucan", "Veracruz", 17.9498, -94.9139, 50934),
    ("isla", "Isla", "Veracruz", 18.0278, -95.5295, 26287),
    ("tierra_blanca", "Tierra Blanca", "Veracruz", 18.4511, -96.3557, 47824),
    ("cordoba", "Córdoba", "Veracruz", 18.8842, -96.9256, 204721),
    ("orizaba", "Orizaba", "Veracruz", 18.8520, -97.0996, 123182),
    ("tehuacan", "Tehuacán", "Puebla", 18.4642, -97.3974, 248716),
    ("puebla", "Puebla", "Puebla", 19.0478, -98.2072, 1692181),
    ("apan", "Apan", "Hidalgo", 19.7113, -98.4509, 26642),
    ("mexico_city", "Ciudad de México", "Ciudad de México", 19.4285, -99.1277, 12294193),
    ("lecheria", "Tultitlán (Lechería)", "México", 19.6466, -99.1679, 28017),
    ("queretaro", "Querétaro", "Querétaro", 20.5881, -100.3881, 1594212),
    ("celaya", "Celaya", "Guanajuato", 20.5218, -100.8140, 340387),
    ("irapuato", "Irapuato", "Guanajuato", 20.6710, -101.3558, 380941),
    ("guadalajara", "Guadalajara", "Jalisco", 20.6774, -103.3475, 1385629),
    ("tepic", "Tepic", "Nayarit", 21.5073, -104.8933, 332863),
    ("mazatlan", "Mazatlán", "Sinaloa", 23.2216, -106.4189, 381583),
    ("culiacan", "Culiacán", "Sinaloa", 24.8021, -107.3942, 808416),
    ("navojoa", "Navojoa", "Sonora", 27.0706, -109.4435, 113836),
    ("hermosillo", "Hermosillo", "Sonora", 29.0887, -110.9668, 812229),
    ("caborca", "Caborca", "Sonora", 30.7183, -112.1584, 59922),
    ("nogales_son", "Nogales (Sonora)", "Sonora", 31.3086, -110.9422, 264782),
    ("san_luis_rio_colorado", "San Luis Río Colorado", "Sonora", 32.4555, -114.7704, 176685),
    ("mexicali", "Mexicali", "Baja California", 32.6278, -115.4545, 1032686),
    ("tijuana", "Tijuana", "Baja California", 32.5027, -117.0037, 1922523),
)

FIRST_DAY = dt.date(2018, 4, 3)
STAMP = Stamp(
    version="0.1.0",
    scenario_id="made-up",
    scenario_title="Un recorrido inventado",
    scenario_hash="3fa2" * 16,
    seed=7,
    members=400,
    as_of=FIRST_DAY,
    made_at=dt.datetime(2018, 4, 3, 18, 0, tzinfo=dt.UTC),
)


def band(values: np.ndarray, defined: np.ndarray | None = None) -> Band:
    """Return the quantiles of an uncertain number among the members in which it is defined."""
    kept = values if defined is None else values[defined]
    levels = np.quantile(kept, LEVELS) if kept.size else np.full(len(LEVELS), np.nan)
    return Band(levels, 1.0 if defined is None else float(defined.mean()))


def statements(n: int) -> tuple[Statement, ...]:
    """Return so many reports, about the first town, its neighbour and the country in turn."""
    roles = ("reporter", "organiser", "migration_authority", "anonymous_official", "civil_protection")
    kinds = ("headcount", "arrival", "lodging", "transport", "permits_issued", "repatriated")
    return tuple(
        Statement(
            report_id=f"made-{i:03d}",
            published=FIRST_DAY - dt.timedelta(days=i % 4),
            event_date=FIRST_DAY - dt.timedelta(days=i % 4 + 1),
            place_id=(TOWNS[0][0], TOWNS[1][0], None)[i % 3],
            kind=kinds[i % len(kinds)],
            figure="" if kinds[i % len(kinds)] in ("lodging", "transport") else f"{1000 + 50 * i:,} people",
            speaker_role=roles[i % len(roles)],
            on_record=roles[i % len(roles)] != "anonymous_official",
            publisher=("El Orbe", "Agencia Inventada", "Radio de la Costa")[i % 3],
            title=f"Personas en camino descansan en el Istmo, parte {i}",
            url=f"https://example.org/nota-{i}",
            summary=None,
        )
        for i in range(n)
    )


OFFERS = (
    OfferLine("covered_places", 400.0, "people", "ready", "Domo municipal", "protección civil, 2 abr"),
    OfferLine("covered_places", 220.0, "people", "ready", "Bodega de la estación", "El Orbe, 2 abr"),
    OfferLine("toilets", 14.0, "toilets", "ready", "Domo municipal", "protección civil, 2 abr"),
    OfferLine("bus", 6.0, "vehicles", "promised", "hasta el límite municipal", "Agencia Inventada, 3 abr"),
    OfferLine("ambulance", 1.0, "vehicles", "ready", "Cruz Roja", "protección civil, 2 abr"),
    OfferLine("open_ground", 5000.0, "m2", "ready", "Plaza principal", "El Orbe, 2 abr"),
    OfferLine("taps", None, "taps", "not_reported", "", ""),
)

DRIVERS = (
    Driver("walk_km_per_day", "Stage that the group walks on a day of walking.", -0.62),
    Driver("rest_probability_per_day", "Chance that the group rests rather than goes on.", 0.44),
    Driver("offer_honoured_share", "Chance that an offer of transport is honoured.", -0.31),
)


def journeys(members: int, n_days: int, seed: int = 7) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return invented arrivals ``(members, towns)``, -1 for none, nights there and sizes of the group."""
    generator = np.random.default_rng(seed)
    n_towns = len(TOWNS)
    pace = generator.lognormal(0.0, 0.3, (members, 1))
    gaps = np.maximum(generator.poisson(1.4 * pace, (members, n_towns)), 0)
    gaps[:, 0] = 0
    arrival = np.cumsum(gaps, axis=1)
    skipped = generator.random((members, n_towns)) < 0.25
    skipped[:, 0] = False
    ended = generator.integers(8, 60, (members, 1))
    arrival = np.where(skipped | (arrival >= n_days) | (np.arange(n_towns) > ended), -1, arrival)
    nights = 1 + (generator.random((members, n_towns)) < 0.4) + (generator.random((members, n_towns)) < 0.1)
    size = generator.normal(1150, 160, (members, 1)) * 0.985 ** np.maximum(arrival, 0)
    return arrival, nights, np.maximum(size, 20)


def town_outlook(index: int, journey: tuple[np.ndarray, ...], dates: tuple[dt.date, ...]) -> TownOutlook:
    """Return what is invented for one town of :data:`TOWNS`."""
    place_id, name, admin1, lat, lon, population = TOWNS[index]
    arrived, stay, size = (array[:, index] for array in journey)
    comes = arrived >= 0
    days = np.arange(len(dates))
    there = comes[:, None] & (days >= arrived[:, None]) & (days < (arrived + stay)[:, None])
    people = np.where(there, size[:, None], 0.0)
    by_day = np.quantile(people, LEVELS, axis=0)
    chances = np.array([(arrived == day).mean() for day in days])
    roofs = min(population * 0.01, 1500) * np.linspace(0.5, 1.5, len(size))
    if comes.any():
        quantiles = np.quantile(arrived[comes], LEVELS, method="inverted_cdf").astype(int)
        day_of = {level: dates[day] for level, day in zip(LEVELS, quantiles, strict=True)}
        most_likely = dates[int(chances.argmax())]
    else:
        day_of, most_likely = {}, None
    peak = band(size, comes)
    demand = max(peak.at(0.8), 0.0) if comes.any() else 0.0
    return TownOutlook(
        place_id=place_id,
        name=name,
        admin1=admin1,
        country="MEX",
        lat=lat,
        lon=lon,
        population=population,
        sensitive=False,
        arrival=Arrival(float(comes.mean()), most_likely, day_of, (12.5, 19.2) if comes.any() else None, chances),
        people=by_day,
        arrivals=by_day,
        short=np.maximum(by_day - 600, 0),
        tonight=band(people[:, 0]),
        peak=peak,
        peak_night=most_likely,
        nights=band(stay.astype(float), comes),
        places_short=band(np.maximum(size - roofs, 0), comes),
        onward_seats=band(size, comes),
        needs=calculate_needs(demand, "overnight", essential_only=True) if comes.any() else (),
        needs_people=int(demand),
        needs_phase="overnight",
        offers=OFFERS if index in (0, 1) else (),
        statements=statements(8) if index in (0, 1) else (),
        drivers=DRIVERS,
    )


def outlook(n_towns: int = len(TOWNS), members: int = 400, n_days: int = 60) -> Outlook:
    """Return an invented outlook for the first towns of :data:`TOWNS`."""
    journey = journeys(members, n_days)
    dates = tuple(FIRST_DAY + dt.timedelta(days=day) for day in range(n_days))
    shrinking = journey[2][:, :1] * 0.97 ** np.arange(n_days)
    together = np.quantile(shrinking, LEVELS, axis=0)
    parted = np.quantile(journey[2][:, :1] - shrinking, LEVELS, axis=0)
    return Outlook(
        stamp=STAMP,
        dates=dates,
        towns=tuple(town_outlook(i, journey, dates) for i in range(n_towns)),
        journey=JourneyOutlook(
            together=together,
            main_group=together * 0.9,
            entered=np.quantile(np.repeat(journey[2][:, :1], n_days, axis=1), LEVELS, axis=0),
            outcomes={
                "returned": parted * 0.35,
                "transit_permit": parted * 0.3,
                "presented": parted * 0.2,
                "processed": parted * 0.1,
                "crossed": parted * 0.12,
                "stayed": parted * 0.005,
            },
            outcome_meanings={"returned": "Sent back to the country they left."},
        ),
        statements=statements(20),
    )


def with_stamp(made: Outlook, **changes: object) -> Outlook:
    """Return an outlook under another stamp."""
    return replace(made, stamp=replace(made.stamp, **changes))


def with_town(made: Outlook, index: int, **changes: object) -> Outlook:
    """Return an outlook in which one town is otherwise."""
    towns = list(made.towns)
    towns[index] = replace(towns[index], **changes)
    return replace(made, towns=tuple(towns))
