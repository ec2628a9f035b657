"""What a forecast learned from reports, as text: what moved it and how, what was not believed, what was not heard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from posada.cli.aligning import aligned
from posada.model.learning import LEAST_BELIEVED, USES, Learning, ReportEffect
from posada.model.run import Run
from posada.model.statements import Report
from posada.ops.brief_content import figure_text
from posada.report.brief import figure_words
from posada.report.days import short_day
from posada.report.numbers import percent, plain, signed_people
from posada.report.phrases import Phrases

MOST_LISTED = 8

_COLUMNS = ("people", "where", "night", "report", "says", "surprise", "believed")


def learning_text(learning: Learning, run: Run, phrases: Phrases) -> str:
    """Return what ``posada forecast`` prints about its reports."""
    names = _Names(run, phrases)
    hidden = [row for row in learning.effects if names.is_hidden(row)]
    parts = [
        *_summary(learning, run, phrases),
        _moved(learning, names, phrases),
        _not_believed(learning, names, phrases),
    ]
    parts += _unheard(learning, names, phrases)
    if hidden:
        parts.append(phrases.say("learning_text.hidden", n=len(hidden)))
    return "\n".join(part for part in parts if part)


class _Names:
    """Words for places and reports of a run."""

    def __init__(self, run: Run, phrases: Phrases) -> None:
        self.reports = {row.id: row for row in run.scenario.reports}
        self.tonight = run.dates[0]
        self._places = {row.id: row for row in run.scenario.places}
        self._phrases = phrases

    def is_hidden(self, row: ReportEffect) -> bool:
        return row.place is not None and self._places[row.place].sensitive

    def place(self, place: str | None) -> str:
        return "–" if place is None else self._places[place].name

    def night(self, day: dt.date) -> str:
        if day == self.tonight:
            return self._phrases.say("learning_text.tonight")
        return short_day(day, self._phrases.language)

    def said(self, row: ReportEffect) -> str:
        report: Report = self.reports[row.report]
        what = self._phrases.word("kind", row.kind)
        figure = figure_words(figure_text(report), self._phrases)
        if row.place:
            what = self._phrases.say("learning_text.in_place", what=what, place=self.place(row.place))
        record = "" if row.on_record else self._phrases.say("learning_text.off_record")
        who = self._phrases.word("role", row.speaker_role)
        return what + (f", {figure}" if figure else "") + f"; {who}{record}"


def _summary(learning: Learning, run: Run, phrases: Phrases) -> tuple[str, str]:
    ahead = ""
    if run.members < learning.members:
        ahead = phrases.say("learning_text.ahead", members=plain(run.members))
    counts = {"heard": len(learning.heard), "all": len(learning.effects), "members": plain(learning.members)}
    evidence = f"{learning.log_evidence:.1f}"
    return (
        phrases.say("learning_text.summary", ahead=ahead, **counts),
        phrases.say("learning_text.effective", n=plain(learning.effective), evidence=evidence),
    )


def _moved(learning: Learning, names: _Names, phrases: Phrases) -> str:
    shown = [row for row in learning.strongest if not names.is_hidden(row)]
    if not shown:
        return ""
    rows = [
        (
            signed_people(row.people_moved or 0.0),
            names.place(row.moved_place),
            names.night(row.event_date),
            row.report,
            names.said(row),
            "–" if row.surprise is None else f"{row.surprise:.1f}",
            "–" if row.surprise is None else percent(row.believed),
        )
        for row in shown[:MOST_LISTED]
    ]
    headers = tuple(phrases.say(f"learning_text.{column}") for column in _COLUMNS)
    lines = [phrases.say("learning_text.moved"), *aligned([headers, *rows])]
    if len(shown) > MOST_LISTED:
        lines.append(phrases.say("learning_text.moved_less", n=len(shown) - MOST_LISTED))
    return "\n".join([*lines, phrases.say("learning_text.columns")])


def _not_believed(learning: Learning, names: _Names, phrases: Phrases) -> str:
    rows = [row for row in learning.heard if row.believed < LEAST_BELIEVED and not names.is_hidden(row)]
    if not learning.heard:
        return ""
    if not rows:
        return phrases.say("learning_text.all_believed")
    lines = [phrases.say("learning_text.not_believed")]
    for row in rows:
        aspects = (("the_place", row.believed_place), ("the_number", row.believed_figure))
        doubted = [
            phrases.say(f"learning_text.{what}", chance=percent(share))
            for what, share in aspects
            if share is not None and share < LEAST_BELIEVED
        ]
        day = short_day(row.event_date, phrases.language)
        doubt = phrases.say("learning_text.doubted", day=day, aspects=", ".join(doubted))
        lines.append(f"  {row.report}: {names.said(row)}, {doubt}")
    return "\n".join(lines)


def _unheard(learning: Learning, names: _Names, phrases: Phrases) -> Iterable[str]:
    """Yield a line for each reason for which reports were not held against the members."""
    for use in USES:
        ids = [
            row.report for row in learning.effects if row.use == use and not row.is_heard and not names.is_hidden(row)
        ]
        if ids:
            why = phrases.word("report_use", use)
            yield phrases.say("learning_text.unheard", n=len(ids), why=why, reports=", ".join(ids))
