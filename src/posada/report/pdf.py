"""Briefs as PDF: one A4 page each, drawn from the same records and figures as the HTML page; a plan goes on others.

Heights are known before anything is drawn, so lists that would not fit are shortened, and say so.
"""

from __future__ import annotations

from collections.abc import Sequence

from posada.report import palette
from posada.report.brief import BasisLine, CorridorBrief, Figure, Status, TownBrief
from posada.report.pdf_flow import Flow, running_line, write_sections
from posada.report.pdf_sheet import MARGIN, WIDTH, Column, Face, Sheet, fitted, table, wrap
from posada.report.phrases import Phrases

_BODY, _SMALL, _QUIET = Face(7.2), Face(6.6), Face(6.2, fill=palette.QUIET)
_FOOT = Face(6.0, fill=palette.QUIET)
_GUTTER = 12.0
_HALF = (WIDTH - _GUTTER) / 2
_NEEDS_COLUMNS = (
    Column(146, right=False),
    Column(38),
    Column(38),
    Column(52, right=False, indented=True),
    Column(66, right=False, indented=True),
    Column(22),
)
_TOWN_COLUMNS = (
    Column(104, right=False),
    Column(34),
    Column(96),
    Column(66),
    Column(72),
    Column(36),
    Column(66),
    Column(65),
)
_OUTCOME_COLUMNS = (Column(141, right=False), Column(60), Column(62))
_STOCK = (
    ("ready", palette.PANEL, palette.BLUE),
    ("promised", palette.PANEL, palette.BAND_50),
    ("missing", palette.VERMILION_TINT, palette.VERMILION),
)
_ROW = 8.8
_LEAST_FOR_BASIS = 56.0
"""Height that a long list of needs leaves for the reports that everything rests on, in points."""


def brief_to_pdf(brief: TownBrief | CorridorBrief) -> bytes:
    """Return a brief as a PDF file of one page; the plan for a town follows on its own."""
    return draw_brief(brief).finish()


def draw_brief(brief: TownBrief | CorridorBrief) -> Sheet:
    """Return the sheets of a brief, drawn and not yet made into a file; see :func:`brief_to_pdf`."""
    sheet = Sheet(brief.page_title, f"{brief.status.issued}. {brief.status.classification}.", brief.language)
    head(sheet, brief.title, brief.place, brief.status)
    phrases = Phrases(brief.language)
    if isinstance(brief, TownBrief):
        _town(sheet, brief, phrases)
    else:
        _corridor(sheet, brief, phrases)
    if isinstance(brief, TownBrief) and brief.plan:
        sheet.next_page()
        head(sheet, phrases.say("plan.page_town", name=brief.place), brief.page_title, brief.status)
        running = running_line(brief.page_title, brief.status.classification, brief.status.issued)
        flow = Flow(sheet, running, brief.language, number=2)
        write_sections(flow, brief.plan)
        flow.end()
    return sheet


def head(sheet: Sheet, title: str, place: str, status: Status) -> None:
    """Write title, issue, expiry and classification; an exercise is said to be one in a box."""
    tag = Face(8.5, bold=True, fill=palette.PAPER)
    right = MARGIN + WIDTH
    width = 10 + len(status.classification) * 5.4
    sheet.box(right - width, sheet.y, width, 14, fill=palette.TEXT)
    sheet.line(right - width / 2, sheet.y - 10, status.classification.upper(), tag, anchor="middle")
    sheet.line(right, sheet.y - 24, status.not_enforcement, Face(7, bold=True), anchor="end")
    free = WIDTH - width - 10
    sheet.line(MARGIN, sheet.y - 14, *fitted(title, Face(17, bold=True), free))
    sheet.line(MARGIN, sheet.y - 25, *fitted(place, Face(8.5, fill=palette.QUIET), free - 90))
    sheet.line(MARGIN, sheet.y - 36, f"{status.issued}   ·   {status.expires}", Face(8))
    sheet.y -= 42
    if status.exercise:
        lines = wrap(status.exercise, Face(7.5, bold=True), WIDTH - 14)
        height = len(lines) * Face(7.5).leading + 6
        sheet.box(MARGIN, sheet.y, WIDTH, height, fill=palette.VERMILION_TINT, edge=palette.VERMILION)
        sheet.lines(MARGIN + 8, sheet.y - 3, lines, Face(7.5, bold=True))
        sheet.y -= height + 3


def _town(sheet: Sheet, brief: TownBrief, phrases: Phrases) -> None:
    _tiles(sheet, brief)
    for note in brief.notes:
        sheet.paragraph(note, _QUIET)
    _town_figures(sheet, brief, phrases)
    floor = foot_height(brief.footer) + _message_height(brief.message)
    _needs_and_stock(sheet, brief, phrases, floor + _LEAST_FOR_BASIS)
    _basis_and_drivers(sheet, brief, phrases, floor + 4)
    _message(sheet, brief, phrases)
    foot(sheet, brief.footer)


def _tiles(sheet: Sheet, brief: TownBrief) -> None:
    """Write the headline numbers as one row of tiles of equal height."""
    gap = 4.0
    width = (WIDTH - gap * (len(brief.headlines) - 1)) / len(brief.headlines)
    inner = width - 8
    label, value = Face(6.4, fill=palette.QUIET), Face(12.5, bold=True)
    cells = [
        (wrap(h.label, label, inner), h.value, [line for d in h.details for line in wrap(d, _SMALL, inner)])
        for h in brief.headlines
    ]
    labels = max(len(lines) for lines, _, _ in cells) * label.leading
    height = labels + value.leading + max(len(lines) for _, _, lines in cells) * _SMALL.leading + 7
    for i, (top_lines, number, details) in enumerate(cells):
        x = MARGIN + i * (width + gap)
        sheet.box(x, sheet.y, width, height, fill=palette.PANEL, edge=palette.BLUE)
        sheet.lines(x + 6, sheet.y - 3, top_lines, label)
        sheet.line(x + 6, sheet.y - 3 - labels - 10, *fitted(number, value, inner))
        sheet.lines(x + 6, sheet.y - 3 - labels - value.leading, details, _SMALL)
    sheet.y -= height + 3


def _figure(sheet: Sheet, figure: Figure, x: float, top: float, width: float) -> float:
    """Draw a figure with its caption; return where it ends."""
    bottom = sheet.drawing(figure.drawing, x, top, width)
    return sheet.lines(x, bottom - 1, wrap(figure.caption, _QUIET, width), _QUIET) - 2


def _town_figures(sheet: Sheet, brief: TownBrief, phrases: Phrases) -> None:
    sheet.heading(phrases.say("section.chart"))
    top = sheet.y + 3
    middle = _figure(sheet, brief.fan, MARGIN, top, _HALF)
    left = _figure(sheet, brief.bars, MARGIN, middle, _HALF)
    right = _figure(sheet, brief.map, MARGIN + _HALF + _GUTTER, top, _HALF)
    sheet.y = min(left, right)


def _needs_and_stock(sheet: Sheet, brief: TownBrief, phrases: Phrases, floor: float) -> None:
    """Write the needs on the left and, beside them, what is ready, promised and missing, above ``floor``."""
    width = sum(column.width for column in _NEEDS_COLUMNS)
    top = sheet.y
    sheet.heading(phrases.say("section.needs"), width=width)
    sheet.paragraph(brief.needs.intro, _BODY, width=width)
    if brief.needs.rows:
        sheet.paragraph(phrases.say("needs.rounding"), _QUIET, width=width)
        headers = [phrases.say(f"needs.{key}") for key in ("what", "low", "target", "unit", "source", "verified")]
        rows = [(r.label, r.low, r.target, r.unit, r.source_name, r.verified) for r in brief.needs.rows]
        sheet.y -= 2
        # One row for the header, and one for the line that says how many were left out.
        most = max(int((sheet.y - floor) / _ROW) - 2, 1)
        table(sheet, headers, rows[:most], _NEEDS_COLUMNS, row_height=_ROW)
        _say_more(sheet, phrases, "needs.more", len(rows) - most)
    bottom = sheet.y
    sheet.y = top
    x = MARGIN + width + _GUTTER
    sheet.heading(phrases.say("section.stock"), x=x, width=MARGIN + WIDTH - x)
    _stock(sheet, brief, phrases, x=x, floor=floor)
    sheet.y = min(sheet.y, bottom) - 2


def _say_more(sheet: Sheet, phrases: Phrases, key: str, left_out: int) -> None:
    if left_out > 0:
        sheet.y -= 1
        sheet.paragraph(phrases.say(key, n=left_out), _QUIET)


def _stock(sheet: Sheet, brief: TownBrief, phrases: Phrases, *, x: float, floor: float) -> None:
    width = MARGIN + WIDTH - x
    columns = []
    for kind, _, _ in _STOCK:
        said = getattr(brief.stock, kind) or (phrases.say(f"stock.nothing_{kind}"),)
        columns.append([line for item in said for line in wrap(f"· {item}", _SMALL, width - 12)])
    title = Face(8, bold=True)
    around = title.leading + 9
    room = int((sheet.y - floor - len(columns) * around) / _SMALL.leading)
    allowed = share_room([len(lines) for lines in columns], room)
    for (kind, fill, edge), lines, most in zip(_STOCK, columns, allowed, strict=True):
        shown = lines if len(lines) <= most else [*lines[: most - 1], f"… {phrases.say('basis.nothing_more')}"]
        height = title.leading + len(shown) * _SMALL.leading + 6
        sheet.box(x, sheet.y, width, height, fill=fill, edge=edge)
        sheet.line(x + 7, sheet.y - 9, phrases.say(f"stock.{kind}"), title)
        sheet.lines(x + 7, sheet.y - 12, shown, _SMALL)
        sheet.y -= height + 3


def share_room(wanted: Sequence[int], room: int) -> list[int]:
    """Return how many lines each list gets of a room for so many: the longest give first, none below one.

    By hand: 9, 2 and 6 wanted, room for 12: 9 gives 3, and 6, 2, 6 would be 14, so both long ones go to 5.
    """
    given = list(wanted)
    while sum(given) > room and max(given) > 1:
        given[given.index(max(given))] -= 1
    return given


def _basis_and_drivers(sheet: Sheet, brief: TownBrief, phrases: Phrases, floor: float) -> None:
    """Write the reports on the left, the drivers on the right, as many as there is room for above ``floor``."""
    top = sheet.y
    share = 0.62 if brief.drivers else 1.0
    left_width = (WIDTH - _GUTTER) * share
    _basis(sheet, brief.basis_intro, brief.basis, phrases, width=left_width, floor=floor)
    bottom = sheet.y
    if brief.drivers:
        sheet.y = top
        x = MARGIN + left_width + _GUTTER
        width = WIDTH - left_width - _GUTTER
        sheet.heading(phrases.say("section.drivers"), x=x, width=width)
        sheet.paragraph(brief.drivers_intro, _QUIET, x=x, width=width)
        for driver in brief.drivers:
            lines = wrap(f"· {driver}", _SMALL, width)
            if sheet.y - len(lines) * _SMALL.leading < floor:
                break
            sheet.y = sheet.lines(x, sheet.y, lines, _SMALL)
    sheet.y = min(sheet.y, bottom) - 2


def _basis(
    sheet: Sheet, intro: str, basis: Sequence[BasisLine], phrases: Phrases, *, width: float, floor: float
) -> None:
    sheet.heading(phrases.say("section.basis"), width=width)
    sheet.paragraph(intro, _SMALL, width=width)
    for i, said in enumerate(basis):
        lines = wrap(f"· {said.said} – {said.by}. {said.publisher}", _SMALL, width)
        more = _QUIET.leading if i + 1 < len(basis) else 0
        if sheet.y - len(lines) * _SMALL.leading - more < floor:
            text = f"{phrases.say('basis.more', n=len(basis) - i)}. {phrases.say('basis.nothing_more')}"
            sheet.paragraph(text, _QUIET, width=width)
            return
        sheet.y = sheet.lines(MARGIN, sheet.y, lines, _SMALL)


def _message_height(message: str) -> float:
    return 18 + len(wrap(message, _BODY, WIDTH - 16)) * _BODY.leading + 12


def _message(sheet: Sheet, brief: TownBrief, phrases: Phrases) -> None:
    sheet.heading(phrases.say("section.message"))
    lines = wrap(brief.message, _BODY, WIDTH - 16)
    height = len(lines) * _BODY.leading + 8
    sheet.box(MARGIN, sheet.y, WIDTH, height, fill=palette.PANEL)
    sheet.lines(MARGIN + 8, sheet.y - 4, lines, _BODY)
    sheet.y -= height + 4


def foot_height(footer: Sequence[str]) -> float:
    """Return how far from the lower edge the stamp begins, in points."""
    return MARGIN + 4 + sum(len(wrap(line, _FOOT, WIDTH)) for line in footer) * _FOOT.leading


def foot(sheet: Sheet, footer: Sequence[str]) -> None:
    """Write the stamp at the lower edge."""
    sheet.y = foot_height(footer)
    sheet.rule(MARGIN, sheet.y, WIDTH, weight=0.8)
    sheet.y -= 3
    for line in footer:
        sheet.paragraph(line, _FOOT)


def _corridor(sheet: Sheet, brief: CorridorBrief, phrases: Phrases) -> None:
    _corridor_figures(sheet, brief, phrases)
    sheet.heading(phrases.say("section.towns"))
    # Below the table stand its notes and the foot; the header takes two rows.
    notes = (*brief.towns.notes, phrases.say("indicative.shown"))
    below = sum(len(wrap(note, _QUIET, WIDTH)) + 1 for note in notes) * _QUIET.leading
    floor = foot_height(brief.footer)
    below += _LEAST_FOR_BASIS
    rows = _likeliest(brief.towns.rows, int((sheet.y - floor - below) / _ROW) - 3)
    table(sheet, brief.towns.headers, rows, _TOWN_COLUMNS, face=Face(6.6), row_height=_ROW)
    _say_more(sheet, phrases, "towns.more", len(brief.towns.rows) + len(brief.less_likely.rows) - len(rows))
    sheet.y -= 2
    for note in notes:
        sheet.paragraph(note, _QUIET)
    _basis(sheet, brief.basis_intro, brief.basis, phrases, width=WIDTH, floor=floor + 4)
    foot(sheet, brief.footer)


def _likeliest(rows: Sequence[tuple[str, ...]], most: int) -> list[tuple[str, ...]]:
    """Return the rows of the towns with the best chance, in their order."""

    def chance(i: int) -> float:
        number = float("".join(c for c in rows[i][1] if c.isdigit()) or 0)
        return number + (0.5 if rows[i][1].startswith(">") else -0.5 if rows[i][1].startswith("<") else 0)

    kept = sorted(range(len(rows)), key=lambda i: (-chance(i), i))[:most]
    return [rows[i] for i in sorted(kept)]


def _corridor_figures(sheet: Sheet, brief: CorridorBrief, phrases: Phrases) -> None:
    """Draw the map on the left; on the right people together, and below it how the journey ends."""
    top = sheet.y
    x = MARGIN + _HALF + _GUTTER
    sheet.heading(phrases.say("section.map"), width=_HALF)
    left = _figure(sheet, brief.map, MARGIN, sheet.y + 2, _HALF)
    sheet.y = top
    sheet.heading(phrases.say("section.together"), x=x, width=_HALF)
    sheet.y = _figure(sheet, brief.fan, x, sheet.y + 2, _HALF) - 1
    sheet.heading(phrases.say("section.outcomes"), x=x, width=_HALF)
    table(sheet, brief.outcomes.headers, brief.outcomes.rows[:10], _OUTCOME_COLUMNS, x=x, row_height=_ROW)
    sheet.y -= 1
    for note in brief.outcomes.notes:
        sheet.paragraph(note, _QUIET, x=x, width=_HALF)
    sheet.y = min(sheet.y, left) - 3
