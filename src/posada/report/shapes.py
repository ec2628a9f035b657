"""The few shapes that figures are made of, with colours as text; reportlab is loaded when one is made."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

from posada.model.errors import InvalidValueError
from posada.report import palette

ONLY_OUTLINES = 1
"""How PDF numbers letters of which only the outline is drawn."""

HALO_WIDTH = 2.4
"""Width of the rim around letters, in points; half of it is under them."""

_NOT_MOVED = (1, 0, 0, 1, 0, 0)
_FACES = {
    (False, False): "Helvetica",
    (True, False): "Helvetica-Bold",
    (False, True): "Helvetica-Oblique",
    (True, True): "Helvetica-BoldOblique",
}


@cache
def colour(name: str) -> Any:
    """Return a colour such as ``#0072b2`` for reportlab."""
    from reportlab.lib.colors import HexColor

    return HexColor(name)


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a text in points."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(stringWidth(printable(text), _FACES[bold, False], size))


def printable(text: str) -> str:
    """Return a text in the letters that the built-in fonts of PDF have: those of Western Europe.

    Others lose their marks (``ẹ`` becomes ``e``); one that has no plain form becomes ``?``.
    """
    if text.isascii():
        return text
    return "".join(_printable_letter(letter) for letter in unicodedata.normalize("NFC", text))


@cache
def _printable_letter(letter: str) -> str:
    # Quotation marks, dashes and the like are in this table too; reportlab writes them as they are.
    if letter.encode("cp1252", "ignore"):
        return letter
    if letter == "\N{MINUS SIGN}":
        return "-"
    if unicodedata.combining(letter):
        return ""
    return unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode() or "?"


def refuse_moved(group: Any) -> None:
    """Refuse a group that is moved or turned: the writers put every shape where it was drawn.

    Raises
    ------
    InvalidValueError
        When the group has a transformation.
    """
    if tuple(group.transform) != _NOT_MOVED:
        raise InvalidValueError("a group is moved or turned; draw its shapes where they belong")


def _outlined(shape: Any, stroke: str | None, stroke_width: float) -> Any:
    shape.strokeColor = colour(stroke) if stroke else None
    shape.strokeWidth = stroke_width
    shape.strokeLineJoin = 1
    return shape


def rectangle(
    x: float, y: float, width: float, height: float, *, fill: str | None = None, stroke: str | None = None
) -> Any:
    """Return a rectangle from its lower left corner."""
    from reportlab.graphics.shapes import Rect

    return _outlined(Rect(x, y, width, height, fillColor=colour(fill) if fill else None), stroke, 0.7)


def circle(
    x: float, y: float, radius: float, *, fill: str, stroke: str | None = None, stroke_width: float = 0.7
) -> Any:
    """Return a circle around its centre."""
    from reportlab.graphics.shapes import Circle

    return _outlined(Circle(x, y, radius, fillColor=colour(fill)), stroke, stroke_width)


def polygon(points: list[float], *, fill: str, stroke: str | None = None, stroke_width: float = 0.7) -> Any:
    """Return a closed shape from ``x, y, x, y, …``."""
    from reportlab.graphics.shapes import Polygon

    return _outlined(Polygon(points, fillColor=colour(fill)), stroke, stroke_width)


def line(points: list[float], *, stroke: str, stroke_width: float = 0.7) -> Any:
    """Return an open line from ``x, y, x, y, …``."""
    from reportlab.graphics.shapes import PolyLine

    return _outlined(PolyLine(points), stroke, stroke_width)


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: float,
    anchor: str = "start",
    bold: bool = False,
    italic: bool = False,
    fill: str = palette.TEXT,
) -> Any:
    """Return a line of text; ``anchor`` is ``start``, ``middle`` or ``end`` at ``x``."""
    from reportlab.graphics.shapes import String

    face = _FACES[bold, italic]
    return String(x, y, printable(words), fontName=face, fontSize=size, textAnchor=anchor, fillColor=colour(fill))


def with_halo(letters: Any, rim: str) -> Any:
    """Return a text with a rim around its letters, so that lines below do not cross them out.

    It is a group of the same text twice: its outlines in the colour of the rim, and the letters over them.
    """
    from reportlab.graphics.shapes import Group

    halo = letters.copy()
    halo.fillColor, halo.textRenderMode = colour(rim), ONLY_OUTLINES
    return Group(halo, letters)


def is_halo(shape: Any) -> bool:
    """Tell whether a shape is the rim of the text that follows it."""
    return type(shape).__name__ == "String" and getattr(shape, "textRenderMode", 0) == ONLY_OUTLINES
