"""Ready, promised, missing: what a town reported against what people will need there.

What nobody reported is said to be unreported: it is neither there nor missing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from posada.model.outlook import Band, NeedLine, OfferLine, TownOutlook
from posada.report.numbers import people, people_range, plain, round_needed
from posada.report.phrases import Phrases

GAP_KEYS = ("toilets", "taps", "water")
"""The lines of the needs that are set against what was reported, beside covered places and seats."""

_NAMED_BY_THEMSELVES = frozenset(
    ("covered_places", "places", "toilets", "taps", "seats", "bus", "car", "van", "lorry", "ambulance",
     "police_truck", "vehicles")
)  # fmt: skip
_LEAST_PEOPLE = 0.5
_COUNTING_UNITS = frozenset(("", "none", "people", "places", "vehicles", "toilets", "taps", "seats"))


@dataclass(frozen=True, slots=True)
class Stock:
    """The three columns of the brief as lines of text, and what the message says of each."""

    ready: tuple[str, ...]
    promised: tuple[str, ...]
    missing: tuple[str, ...]
    ready_short: tuple[str, ...]
    promised_short: tuple[str, ...]
    missing_short: tuple[str, ...]
    unreported: tuple[str, ...]
    actions: tuple[str, ...]


def town_stock(town: TownOutlook, phrases: Phrases) -> Stock:
    """Return what is ready, promised and missing in a town, in words of the language."""
    ready = tuple(offer for offer in town.offers if offer.state == "ready")
    promised = tuple(offer for offer in town.offers if offer.state == "promised")
    missing, missing_short = _people_gaps(town, ready, phrases)
    unreported: list[str] = []
    for line in _gap_lines(town):
        have = _reported(ready, line.key)
        if have is None and _reported(promised, line.key) is not None:
            # A promise is a report: what was promised is not there yet.
            have = 0.0
        name = phrases.word("offer", line.key)
        if have is None:
            unreported.append(f"{name} ({_low_target(line, 0.0, phrases)})")
        elif _is_short(line, have):
            low_target = _low_target(line, have, phrases)
            missing.append(phrases.say("stock.need_missing", low_target=low_target, what=name))
            missing_short.append(f"{low_target} {name}")
    asked = {line.key for line in _gap_lines(town)}
    unasked = (o.what for o in town.offers if o.state == "not_reported" and o.what not in asked)
    unreported += [phrases.word("offer", what) for what in dict.fromkeys(unasked)]
    if unreported:
        missing.append(phrases.say("stock.not_reported", things="; ".join(unreported)))
    return Stock(
        ready=tuple(_full(offer, phrases) for offer in ready),
        promised=tuple(_full(offer, phrases) for offer in promised),
        missing=tuple(missing),
        ready_short=_sums(ready, phrases),
        promised_short=_sums(promised, phrases),
        missing_short=tuple(missing_short),
        unreported=tuple(unreported),
        actions=_actions(town, ready, promised, phrases),
    )


def _gap_lines(town: TownOutlook) -> list[NeedLine]:
    return [need for key in GAP_KEYS for need in town.needs if need.key == key]


def _people_gaps(town: TownOutlook, ready: tuple[OfferLine, ...], phrases: Phrases) -> tuple[list[str], list[str]]:
    """Return the missing covered places and seats, in full and short, each with its range."""
    full, short = [], []
    seats = _total(offer for offer in ready if "seats" in (offer.unit, offer.what)) or 0.0
    for key, what, gap in (
        ("stock.places_missing", "covered_places", _gap(town.places_short, 0.0)),
        ("stock.seats_missing", "seats", _gap(town.onward_seats, seats)),
    ):
        if gap is not None:
            low, middle, high = gap
            full.append(phrases.say(key, n=people(middle), low_high=people_range(low, high)))
            # A range from nobody upwards reads as what it is: a possibility.
            few = people(low) == "0"
            short_range = phrases.say("stock.up_to", n=people(high)) if few else people_range(low, high)
            short.append(f"{short_range} {phrases.word('offer', what)}")
    return full, short


def _gap(wanted: Band, have: float) -> tuple[float, float, float] | None:
    """Return low, middle and high of what is missing, or ``None`` when hardly anybody could miss it."""
    low, middle, high = (wanted.at(level) - have for level in (0.1, 0.5, 0.9))
    if math.isnan(high) or high < _LEAST_PEOPLE:
        return None
    return max(low, 0.0), max(middle, 0.0), high


def _total(offers: Iterable[OfferLine]) -> float | None:
    """Return the sum of the reported quantities; ``None`` when none was reported."""
    quantities = [offer.quantity for offer in offers if offer.quantity is not None]
    return sum(quantities) if quantities else None


def _reported(offers: Iterable[OfferLine], key: str) -> float | None:
    return _total(offer for offer in offers if offer.what == key)


def _gaps(line: NeedLine, have: float) -> list[float]:
    quantities = (q for q in (line.quantity_low, line.quantity_target) if q is not None)
    return [round_needed(max(quantity - have, 0.0)) for quantity in quantities]


def _is_short(line: NeedLine, have: float) -> bool:
    return any(gap > 0 for gap in _gaps(line, have))


def _low_target(line: NeedLine, have: float, phrases: Phrases) -> str:
    """Return what is still to be fetched by the low and the target standard: ``10–46``, ``9,000–18,000 L/día``."""
    unit = line.unit_es if phrases.language == "es" else line.unit_en
    text = "–".join(dict.fromkeys(plain(gap) for gap in _gaps(line, have)))
    return text if line.key in _NAMED_BY_THEMSELVES else f"{text} {unit}"


def _counted(quantity: float, what: str, unit: str, phrases: Phrases) -> str:
    """Return ``14 sanitarios``, ``270 asientos (autobuses)``, ``5,000 m² (terreno abierto)``."""
    one = round(quantity) == 1 and what in _NAMED_BY_THEMSELVES
    name = phrases.word("offer_one" if one else "offer", what)
    if what in _NAMED_BY_THEMSELVES and unit in _COUNTING_UNITS and (unit != "seats" or what == "seats"):
        return f"{plain(quantity)} {name}"
    return f"{plain(quantity)} {phrases.word('unit', unit)} ({name})"


def _full(offer: OfferLine, phrases: Phrases) -> str:
    """Return an offer as a line with its name and source."""
    if offer.quantity is None:
        text = f"{phrases.word('offer', offer.what)}: {phrases.say('stock.unknown_quantity')}"
    else:
        text = _counted(offer.quantity, offer.what, offer.unit, phrases)
    # An offer of vehicles is named like "6 × 45 → Zanatepec": the arrow is said, and the letter is in no font.
    name = offer.name.replace("→", phrases.say("stock.as_far_as"))
    text += f" – {name}" if name else ""
    return text + (f" [{offer.source}]" if offer.source else "")


def _sums(offers: tuple[OfferLine, ...], phrases: Phrases) -> tuple[str, ...]:
    """Return one short text for each kind of thing; a kind without any quantity is named all the same."""
    found = []
    for what, unit in dict.fromkeys((offer.what, offer.unit) for offer in offers):
        total = _total(offer for offer in offers if (offer.what, offer.unit) == (what, unit))
        name = phrases.word("offer", what)
        found.append(name if total is None else _counted(total, what, unit, phrases))
    return tuple(found)


def _actions(
    town: TownOutlook, ready: tuple[OfferLine, ...], promised: tuple[OfferLine, ...], phrases: Phrases
) -> tuple[str, ...]:
    """Return things to do next, as suggestions, the most pressing first."""
    actions = []
    places = _gap(town.places_short, 0.0)
    if places is not None and places[1] >= _LEAST_PEOPLE:
        actions.append(phrases.say("message.act_places"))
    if promised:
        actions.append(phrases.say("message.act_confirm"))
    for key, phrase in (("water", "message.act_water"), ("toilets", "message.act_toilets")):
        line = next((need for need in town.needs if need.key == key), None)
        if line is not None:
            gap = max(_gaps(line, _reported(ready, key) or 0.0), default=0.0)
            if gap > 0:
                actions.append(phrases.say(phrase, n=plain(gap)))
    return tuple(actions)
