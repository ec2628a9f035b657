"""What a brief says of learning: from how many reports, and which of them changed the forecast most."""

from __future__ import annotations

from posada.model.outlook import Outlook
from posada.report.days import short_day
from posada.report.numbers import SMALL_COUNT, signed_people
from posada.report.phrases import Phrases

MOST_NAMED = 2


def learned_text(outlook: Outlook, phrases: Phrases) -> str:
    """Return one or two sentences; empty for a forecast that did not learn.

    Only changes in towns of the outlook are told: others lie behind, or may not be named.
    """
    learning = outlook.learning
    if learning is None:
        return ""
    names = {town.place_id: town.name for town in outlook.towns if not town.sensitive}
    told = [
        phrases.say(
            "learned.change",
            change=signed_people(row.people_moved),
            place=names[row.moved_place],
            day=short_day(row.event_date, phrases.language),
            kind=phrases.word("kind", row.kind),
            role=phrases.word("role", row.speaker_role),
        )
        for row in learning.strongest
        if row.moved_place in names and row.people_moved is not None and abs(row.people_moved) >= SMALL_COUNT
    ]
    text = phrases.say("learned.count", n=len(learning.heard))
    return f"{text} {phrases.say('learned.most', changes='; '.join(told[:MOST_NAMED]))}" if told else text
