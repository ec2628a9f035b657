"""Sections on as many A4 sheets as they need.

A row of a table is as high as its longest cell: nothing in a plan is cut short. A table that runs on has its headers
again on the next sheet, and every sheet says what it belongs to and that it is restricted, or public.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posada.report import palette
from posada.report.brief import Figure, PlanTable, Section
from posada.report.pdf_sheet import HEADER_FACE, MARGIN, WIDTH, Face, Sheet, wrap
from posada.report.phrases import Phrases
from posada.report.shapes import text_width

_BODY, _CELL, _QUIET = Face(8.4), Face(7.6), Face(6.8, fill=palette.QUIET)
_GAP = 6.0
_FLOOR = MARGIN + 14
_FIGURE_WIDTH = 400.0
_LEAST_UNDER_HEADING = 40.0


@dataclass
class Flow:
    """Sheets that are filled from the top down; when one is full the next begins, with a line at its foot."""

    sheet: Sheet
    running: str
    language: str
    number: int = 1

    def need(self, height: float) -> bool:
        """Begin a new sheet when there is no room for so many points; say whether one was begun."""
        if self.sheet.y - height >= _FLOOR:
            return False
        self.turn()
        return True

    def turn(self) -> None:
        """Close the sheet and begin the next."""
        self.end()
        self.sheet.next_page()
        self.number += 1

    def end(self) -> None:
        """Write the line at the foot of a sheet."""
        number = Phrases(self.language).say("plan.sheet", n=self.number)
        self.sheet.line(MARGIN, MARGIN - 8, self.running, _QUIET)
        self.sheet.line(MARGIN + WIDTH, MARGIN - 8, number, _QUIET, anchor="end")

    def paragraph(self, words: str, face: Face) -> None:
        """Write a text, on as many sheets as it needs."""
        for line in wrap(words, face, WIDTH):
            self.need(face.leading)
            self.sheet.y = self.sheet.lines(MARGIN, self.sheet.y, [line], face)


def running_line(title: str, classification: str, issued: str) -> str:
    """Return what stands at the foot of every sheet."""
    return f"{title} · {classification} · {issued}"


def write_sections(flow: Flow, sections: Sequence[Section]) -> None:
    """Write sections one below the other."""
    for section in sections:
        _section(flow, section)


def _section(flow: Flow, section: Section) -> None:
    if section.fresh:
        flow.turn()
    else:
        flow.need(_least_height(section))
    flow.sheet.heading(section.heading)
    for words in section.said:
        flow.paragraph(words, _QUIET)
    for item in section.items:
        _item(flow, item)
    if section.figure is not None:
        drawing = section.figure.drawing
        flow.need(_figure_height(section.figure))
        flow.sheet.y = flow.sheet.drawing(drawing, MARGIN, flow.sheet.y - 3, _FIGURE_WIDTH) - 2
        flow.paragraph(section.figure.caption, _QUIET)
    for table in section.tables:
        _table(flow, table)
    flow.sheet.y -= 6


def _least_height(section: Section) -> float:
    """Return what stands together: a heading with its words and the figure, or with the first rows of a table."""
    said = sum(len(wrap(words, _QUIET, WIDTH)) for words in section.said) * _QUIET.leading
    return 18 + said + (_figure_height(section.figure) if section.figure is not None else _LEAST_UNDER_HEADING)


def _figure_height(figure: Figure) -> float:
    height = float(figure.drawing.height) * _FIGURE_WIDTH / float(figure.drawing.width)
    return height + len(wrap(figure.caption, _QUIET, WIDTH)) * _QUIET.leading + 6


def _item(flow: Flow, words: str) -> None:
    lines = wrap(words, _BODY, WIDTH - 10)
    flow.need(len(lines) * _BODY.leading)
    flow.sheet.line(MARGIN, flow.sheet.y - _BODY.size * 0.8, "·", _BODY)
    flow.sheet.y = flow.sheet.lines(MARGIN + 8, flow.sheet.y, lines, _BODY) - 1


def _table(flow: Flow, table: PlanTable) -> None:
    widths = column_widths(table)
    heads = [wrap(words, HEADER_FACE, width - _GAP) for words, width in zip(table.headers, widths, strict=True)]
    flow.sheet.y -= 3
    first = _row_height(table.rows[0], widths) if table.rows else 0.0
    caption = wrap(table.caption, _QUIET, WIDTH)
    flow.need(len(caption) * _QUIET.leading + _head_height(heads) + first)
    flow.sheet.y = flow.sheet.lines(MARGIN, flow.sheet.y, caption, _QUIET)
    _headers(flow.sheet, table, heads, widths)
    for row in table.rows:
        if flow.need(_row_height(row, widths)):
            _headers(flow.sheet, table, heads, widths)
        _row(flow.sheet, table, row, widths)
    flow.sheet.y -= 3


def column_widths(table: PlanTable) -> list[float]:
    """Return the width of each column, in points: what its longest cell asks for, the widest giving way first.

    A column is never narrower than its longest word; what is left over goes to the first.
    """
    columns = list(zip(table.headers, *table.rows, strict=True))
    wanted, least = [], []
    for cells in columns:
        body = [text_width(cell, _CELL.size) for cell in cells[1:]]
        words = [text_width(word, _CELL.size) for cell in cells[1:] for word in cell.split(" ")]
        words += [text_width(word, HEADER_FACE.size, bold=True) for word in cells[0].split(" ")]
        least.append(max(words) + _GAP)
        wanted.append(max([*body, *words]) + _GAP)
    over = sum(wanted) - WIDTH
    while over > 1e-6:
        loose = [index for index in range(len(wanted)) if wanted[index] > least[index] + 1e-6]
        if not loose:
            return [width * WIDTH / sum(wanted) for width in wanted]
        widest = max(loose, key=lambda index: wanted[index] - least[index])
        given = min(over, wanted[widest] - least[widest], max(4.0, over / 8))
        wanted[widest] -= given
        over -= given
    spare = (WIDTH - sum(wanted)) / len(wanted)
    return [width + spare for width in wanted]


def _head_height(heads: Sequence[Sequence[str]]) -> float:
    return max(len(lines) for lines in heads) * HEADER_FACE.leading + 4


def _row_height(row: Sequence[str], widths: Sequence[float]) -> float:
    most = max(len(wrap(cell, _CELL, width - _GAP)) for cell, width in zip(row, widths, strict=True))
    return max(most, 1) * _CELL.leading + 3


def _headers(sheet: Sheet, table: PlanTable, heads: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
    height = _head_height(heads)
    deepest = max(len(lines) for lines in heads)
    x = MARGIN
    for column, (lines, width) in enumerate(zip(heads, widths, strict=True)):
        top = sheet.y - 2 - (deepest - len(lines)) * HEADER_FACE.leading
        _cell(sheet, lines, (x, top, width), HEADER_FACE, word=table.is_word(column))
        x += width
    sheet.y -= height
    sheet.rule(MARGIN, sheet.y, WIDTH, stroke=palette.QUIET, weight=0.8)


def _row(sheet: Sheet, table: PlanTable, row: Sequence[str], widths: Sequence[float]) -> None:
    x = MARGIN
    for column, (words, width) in enumerate(zip(row, widths, strict=True)):
        _cell(sheet, wrap(words, _CELL, width - _GAP), (x, sheet.y - 2, width), _CELL, word=table.is_word(column))
        x += width
    sheet.y -= _row_height(row, widths)
    sheet.rule(MARGIN, sheet.y, WIDTH)


def _cell(sheet: Sheet, lines: Sequence[str], at: tuple[float, float, float], face: Face, *, word: bool) -> None:
    x, top, width = at
    for index, words in enumerate(lines):
        baseline = top - face.size * 0.8 - index * face.leading
        if word:
            sheet.line(x, baseline, words, face)
        else:
            sheet.line(x + width - _GAP, baseline, words, face, anchor="end")
