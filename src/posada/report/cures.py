"""What would mend a shortage, in words: the same records in Spanish and in English."""

from __future__ import annotations

from posada.model.plan import Cure, CureKind, Shortage
from posada.model.sensitive import NOT_NAMED, ShownNames
from posada.plan.shortages import BUS_SEATS, PLACES
from posada.plan.spread import whole_people
from posada.report.days import full_day
from posada.report.numbers import people, plain, round_modelled, round_needed
from posada.report.phrases import Phrases


def cure_text(shortage: Shortage, names: ShownNames, phrases: Phrases) -> str:
    """Return how many lack what where and when, and what would do; nothing hidden is named.

    Fewer than ten medical cases are not told apart.
    """
    ways = [_way(cure, names, phrases) for cure in shortage.cures]
    between = phrases.say("cure.or" if shortage.one_is_enough else "cure.and")
    most = round_needed(whole_people(shortage.high))
    return phrases.say(
        "cure.would_do" if shortage.what == PLACES else "cure.medical",
        n=plain(most) if shortage.what == PLACES else people(most),
        town=town_name(shortage.place_id, names, phrases),
        day=full_day(shortage.date, phrases.language),
        ways=f" {between} ".join(ways),
    )


def town_name(place_id: str, names: ShownNames, phrases: Phrases) -> str:
    """Return the name of a town, or that it is not named."""
    name = names.town(place_id)
    return phrases.say("plan.hidden_town") if name == NOT_NAMED else name


def _way(cure: Cure, names: ShownNames, phrases: Phrases) -> str:
    free = plain(round_modelled(cure.free))
    if cure.kind is CureKind.OPEN_SITE:
        return phrases.say("cure.open_site", site=_site(cure.offer_id, names, phrases), n=free)
    if cure.kind is CureKind.ASK_PLACES:
        return phrases.say("cure.ask_places", site=_site(cure.offer_id, names, phrases))
    if cure.kind is CureKind.MORE_PLACES:
        return phrases.say("cure.more_places", n=plain(round_needed(cure.people)))
    offers = [offer for offer in cure.verify if offer not in names.hidden]
    verify = f" {phrases.say('cure.verify', offers=', '.join(offers))}" if offers else ""
    if cure.kind is CureKind.MEDICAL_SEATS:
        return phrases.say("cure.medical_seats", verify=verify)
    return phrases.say(
        "cure.bus" if cure.count == 1 else "cure.buses",
        count=cure.count,
        seats=BUS_SEATS,
        town=town_name(cure.place_id, names, phrases),
        n=free,
        verify=verify,
    )


def _site(site_id: str, names: ShownNames, phrases: Phrases) -> str:
    if site_id in names.hidden:
        return phrases.say("plan.hidden_site")
    return names.sites.get(site_id) or site_id
