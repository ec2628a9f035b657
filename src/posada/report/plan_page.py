"""Pages of a plan as records of text, tables and figures: said once, for HTML and for PDF."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from posada.model.outlook import Stamp
from posada.report.brief import Section, Status, model_line, status_of, times_line
from posada.report.days import Issue, full_day
from posada.report.message import reference
from posada.report.phrases import Phrases


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A page in one language."""

    language: str
    page_title: str
    title: str
    place: str
    status: Status
    sections: tuple[Section, ...]
    footer: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanIssue:
    """What stands on every page of a plan: its stamp, its days, the scenario and the futures that it was made for."""

    stamp: Stamp
    issue: Issue
    days: tuple[dt.date, dt.date]
    futures: int


def plan_page(title_key: str, name: str, sections: Sequence[Section], made: PlanIssue, phrases: Phrases) -> PlanPage:
    """Return a page with its head and foot; ``name`` is the town that the page is about, if it is about one."""
    first, last = (full_day(day, phrases.language) for day in made.days)
    return PlanPage(
        language=phrases.language,
        page_title=phrases.say(title_key, name=name),
        title=phrases.say(title_key, name=name),
        place=phrases.say("plan.days", title=made.stamp.scenario_title, first=first, last=last),
        status=status_of(made.stamp, made.issue, phrases),
        sections=tuple(sections),
        footer=_footer(made, phrases),
    )


def _footer(made: PlanIssue, phrases: Phrases) -> tuple[str, ...]:
    """Return the lines at the foot: enough to make the plan again, and to say that a figure is wrong."""
    stamp = made.stamp
    kept_back = "stamp.public" if stamp.classification == "public" else "stamp.plan"
    return (
        f"{model_line(stamp, phrases)} {phrases.say('stamp.futures', n=made.futures)}",
        times_line(stamp, made.issue, phrases),
        phrases.say(kept_back),
        phrases.say("stamp.error", reference=reference(stamp)),
        f"{phrases.say('stamp.plan_advice')} {phrases.say('stamp.outlines')}",
    )
