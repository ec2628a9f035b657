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

_LANGUAGE = "en"
_HEADERS = ("People", "Where", "Night", "Report", "What it says", "Surprise", "Believed")


def learning_text(learning: Learning, run: Run) -> str:
    """Return what ``posada forecast`` prints about its reports."""
    names = _Names(run)
    hidden = [row for row in learning.effects if names.is_hidden(row)]
    parts = [_summary(learning, run), _moved(learning, names), _not_believed(learning, names)]
    parts += _unheard(learning, names)
    if hidden:
        parts.append(f"{len(hidden)} reports about places marked sensitive are not listed.")
    return "\n".join(part for part in parts if part)


class _Names:
    """Words for places and reports of a run."""

    def __init__(self, run: Run) -> None:
        self.reports = {row.id: row for row in run.scenario.reports}
        self.tonight = run.dates[0]
        self._places = {row.id: row for row in run.scenario.places}
        self._phrases = Phrases(_LANGUAGE)

    def is_hidden(self, row: ReportEffect) -> bool:
        return row.place is not None and self._places[row.place].sensitive

    def place(self, place: str | None) -> str:
        return "–" if place is None else self._places[place].name

    def night(self, day: dt.date) -> str:
        return "tonight" if day == self.tonight else short_day(day, _LANGUAGE)

    def said(self, row: ReportEffect) -> str:
        report: Report = self.reports[row.report]
        what = self._phrases.word("kind", row.kind)
        figure = figure_words(figure_text(report), self._phrases)
        where = f" in {self.place(row.place)}" if row.place else ""
        record = "" if row.on_record else ", off the record"
        who = self._phrases.word("role", row.speaker_role)
        return f"{what}{where}" + (f", {figure}" if figure else "") + f"; {who}{record}"


def _summary(learning: Learning, run: Run) -> str:
    ahead = f", and {plain(run.members)} of them went on" if run.members < learning.members else ""
    return (
        f"Learned from {len(learning.heard)} of {len(learning.effects)} reports: {plain(learning.members)} members "
        f"were held against them day by day{ahead}.\n"
        f"After each report at least {plain(learning.effective)} of them counted, before they were chosen anew. "
        f"Evidence of all reports together: 10^{learning.log_evidence:.1f}."
    )


def _moved(learning: Learning, names: _Names) -> str:
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
    lines = ["What moved it most:", *aligned([_HEADERS, *rows])]
    if len(shown) > MOST_LISTED:
        lines.append(f"And {len(shown) - MOST_LISTED} that moved it less.")
    lines.append(
        "People: by how much the mean of that night in that place moved. Surprise: 1 fits ten times worse than can be, "
        "2 a hundred times. Believed: chance, seen with all reports, that it is no mistake. People ahead of their "
        "group are taken to be where they are said to be."
    )
    return "\n".join(lines)


def _not_believed(learning: Learning, names: _Names) -> str:
    rows = [row for row in learning.heard if row.believed < LEAST_BELIEVED and not names.is_hidden(row)]
    if not learning.heard:
        return ""
    if not rows:
        return "All of them were believed more than not."
    lines = ["Not believed:"]
    for row in rows:
        aspects = (("the place", row.believed_place), ("the number", row.believed_figure))
        doubted = [
            f"{what} {percent(share)}" for what, share in aspects if share is not None and share < LEAST_BELIEVED
        ]
        lines.append(
            f"  {row.report}: {names.said(row)}, {short_day(row.event_date, _LANGUAGE)} "
            f"(chance that it is right about {', '.join(doubted)})"
        )
    return "\n".join(lines)


def _unheard(learning: Learning, names: _Names) -> Iterable[str]:
    """Yield a line for each reason for which reports were not held against the members."""
    for use, why in USES.items():
        ids = [
            row.report for row in learning.effects if row.use == use and not row.is_heard and not names.is_hidden(row)
        ]
        if ids:
            yield f"Not used, {len(ids)}: {why}: {', '.join(ids)}."
