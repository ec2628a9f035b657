"""A4 sheets on which text, tables and figures are put from the top down; the built-in fonts of PDF only."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from posada.report import palette
from posada.report.pdf_shapes import draw_shapes, in_brackets, ink
from posada.report.shapes import printable, text_width

PAGE_WIDTH, PAGE_HEIGHT = 595.28, 841.89
MARGIN = 28.0
WIDTH = PAGE_WIDTH - 2 * MARGIN
LEADING = 1.22


@dataclass(frozen=True, slots=True)
class Face:
    """How a text looks: its size in points, whether it is bold, and its colour."""

    size: float
    bold: bool = False
    fill: str = palette.TEXT

    @property
    def leading(self) -> float:
        """Distance from line to line, in points."""
        return self.size * LEADING


@lru_cache(maxsize=4096)
def _word_width(word: str, size: float, bold: bool) -> float:
    return text_width(word, size, bold=bold)


@lru_cache(maxsize=8192)  # headings, notes and the stamp are the same on hundreds of pages
def wrap(words: str, face: Face, width: float) -> tuple[str, ...]:
    """Break a text into lines no wider than ``width`` points; a word that is too long is cut."""
    lines: list[str] = []
    line, used = "", 0.0
    space = _word_width(" ", face.size, face.bold)
    for word in words.split(" "):
        for piece in _cut(word, face, width):
            long = _word_width(piece, face.size, face.bold)
            if line and used + space + long > width:
                lines.append(line)
                line, used = piece, long
            else:
                line, used = (f"{line} {piece}", used + space + long) if line else (piece, long)
    return (*lines, line) if line else tuple(lines)


def _cut(word: str, face: Face, width: float) -> list[str]:
    if _word_width(word, face.size, face.bold) <= width:
        return [word]
    pieces, start = [], 0
    for end in range(1, len(word) + 1):
        if text_width(word[start:end], face.size, bold=face.bold) > width and end - start > 1:
            pieces.append(word[start : end - 1])
            start = end - 1
    return [*pieces, word[start:]]


@cache
def _font_numbers(size: float, leading: float) -> str:
    from reportlab.lib.rl_accel import fp_str

    return f"{fp_str(size)} Tf {fp_str(leading)} TL"


@cache
def _canvas_class() -> Any:
    from reportlab.pdfgen.canvas import Canvas

    class Page(Canvas):  # type: ignore[misc]
        """A canvas that writes a font only where it changes, as reportlab does but with numbers that it remembers."""

        _fontname: str
        _fontsize: float

        def setFont(self, name: str, size: float, leading: float | None = None) -> None:  # noqa: N802
            if (self._fontname, self._fontsize) != (name, size):
                self._fontname, self._fontsize = name, size
                self._leading = size * 1.2 if leading is None else leading
                numbers = _font_numbers(size, self._leading)
                self._code.append(f"BT {self._doc.getInternalFontName(name)} {numbers} ET")

    return Page


class Sheet:
    """A page, and those after it; ``y`` is how far down it has been filled, in points from the lower edge."""

    def __init__(self, title: str, subject: str, language: str) -> None:
        self._buffer = io.BytesIO()
        # Without a date of its own, the same outlook gives the same bytes; the date stands on the page.
        self._canvas: Any = _canvas_class()(
            self._buffer, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), invariant=1, pageCompression=1, lang=language
        )
        self._canvas.setTitle(printable(title))
        self._canvas.setAuthor("Posada")
        self._canvas.setSubject(printable(subject))
        self.y = PAGE_HEIGHT - MARGIN

    def next_page(self) -> None:
        """Close the page and begin another."""
        self._canvas.showPage()
        self.y = PAGE_HEIGHT - MARGIN

    def finish(self) -> bytes:
        """Close the page and return the file."""
        from reportlab import rl_config

        self._canvas.showPage()
        # Text armour around the compressed page costs a quarter of the size and a third of the time.
        armour = rl_config.useA85
        rl_config.useA85 = 0
        try:
            self._canvas.save()
        finally:
            rl_config.useA85 = armour
        return self._buffer.getvalue()

    def line(self, x: float, y: float, words: str, face: Face, *, anchor: str = "start") -> None:
        """Write one line with its baseline at ``y``."""
        self._canvas.setFont("Helvetica-Bold" if face.bold else "Helvetica", face.size)
        if anchor != "start":
            x -= text_width(words, face.size, bold=face.bold) * (1.0 if anchor == "end" else 0.5)
        # As reportlab writes it, at a fifth of the cost: a brief has two hundred lines.
        self._canvas.addLiteral(f"BT {ink(face.fill)} rg 1 0 0 1 {x:.2f} {y:.2f} Tm ({in_brackets(words)}) Tj ET")

    def lines(self, x: float, top: float, lines: Sequence[str], face: Face) -> float:
        """Write lines below one another from ``top``; return where they end."""
        for i, words in enumerate(lines):
            self.line(x, top - face.size * 0.8 - i * face.leading, words, face)
        return top - len(lines) * face.leading

    def paragraph(self, words: str, face: Face, *, x: float = MARGIN, width: float = WIDTH) -> None:
        """Write a text over as many lines as it needs, at the current height."""
        self.y = self.lines(x, self.y, wrap(words, face, width), face)

    def box(self, x: float, top: float, width: float, height: float, *, fill: str, edge: str | None = None) -> None:
        """Draw a filled rectangle, with a coloured edge on its left when one is given."""
        self._canvas.addLiteral(f"{ink(fill)} rg {x:.2f} {top - height:.2f} {width:.2f} {height:.2f} re f")
        if edge:
            self._canvas.addLiteral(f"{ink(edge)} rg {x:.2f} {top - height:.2f} 2.50 {height:.2f} re f")

    def rule(self, x: float, y: float, width: float, *, stroke: str = palette.RULE, weight: float = 0.4) -> None:
        """Draw a thin line across."""
        ends = f"{x:.2f} {y:.2f} m {x + width:.2f} {y:.2f} l"
        self._canvas.addLiteral(f"{ink(stroke)} RG {weight:g} w {ends} S")

    def heading(self, words: str, *, x: float = MARGIN, width: float = WIDTH) -> None:
        """Write the heading of a section under a rule, at the current height."""
        self.rule(x, self.y - 3, width, stroke=palette.DARK_BLUE, weight=1.0)
        self.line(x, self.y - 13, words, Face(9, bold=True, fill=palette.DARK_BLUE))
        self.y -= 18

    def drawing(self, drawing: Any, x: float, top: float, width: float) -> float:
        """Draw a figure as vectors, scaled to a width; return where it ends."""
        scale = width / drawing.width
        canvas = self._canvas
        canvas.saveState()
        canvas.translate(x, top - drawing.height * scale)
        canvas.scale(scale, scale)
        draw_shapes(canvas, drawing)
        canvas.restoreState()
        return float(top - drawing.height * scale)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its width in points, whether its text stands on the right, or a little in."""

    width: float
    right: bool = True
    indented: bool = False


HEADER_FACE = Face(6.4, bold=True, fill=palette.QUIET)
_CELL_GAP = 4.0
_LEAST_SHRUNK = 0.84


def fitted(words: str, face: Face, width: float) -> tuple[str, Face]:
    """Return a text and a face in which it fits on one line: smaller at first, then shortened."""
    wide = text_width(words, face.size, bold=face.bold)
    if wide <= width:
        return words, face
    smaller = Face(max(face.size * width / wide, face.size * _LEAST_SHRUNK), face.bold, face.fill)
    if text_width(words, smaller.size, bold=face.bold) <= width + 0.01:
        return words, smaller
    while words and text_width(words + "…", smaller.size, bold=face.bold) > width:
        words = words[:-1]
    return words.rstrip() + "…", smaller


def table(
    sheet: Sheet,
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    columns: Sequence[Column],
    *,
    x: float = MARGIN,
    face: Face = Face(6.8),
    row_height: float = 8.8,
) -> None:
    """Draw a table at the current height: a header of up to two lines, and one line for each row."""
    heads = [wrap(head, HEADER_FACE, column.width - _CELL_GAP) for head, column in zip(headers, columns, strict=True)]
    deepest = max(len(head) for head in heads)
    left = x
    for head, column in zip(heads, columns, strict=True):
        for i, words in enumerate(head):
            baseline = sheet.y - HEADER_FACE.leading * (deepest - len(head) + i + 1) + 1.5
            _cell(sheet, words, HEADER_FACE, column, (left, baseline))
        left += column.width
    width = left - x
    sheet.y -= HEADER_FACE.leading * deepest + 1.5
    sheet.rule(x, sheet.y, width, stroke=palette.QUIET, weight=0.8)
    for row in rows:
        left = x
        for words, column in zip(row, columns, strict=True):
            short, small = fitted(words, face, column.width - _CELL_GAP)
            _cell(sheet, short, small, column, (left, sheet.y - row_height + 2.4))
            left += column.width
        sheet.y -= row_height
        sheet.rule(x, sheet.y, width)


def _cell(sheet: Sheet, words: str, face: Face, column: Column, at: tuple[float, float]) -> None:
    x, y = at
    if column.right:
        sheet.line(x + column.width - _CELL_GAP / 2, y, words, face, anchor="end")
    else:
        sheet.line(x + (_CELL_GAP / 2 if column.indented else 0), y, words, face)
