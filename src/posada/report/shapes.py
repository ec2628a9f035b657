"""The few shapes that figures are made of, with colours as text; reportlab is loaded when one is made."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
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


@lru_cache(maxsize=16384)
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


@cache
def _defaults(kind: str) -> tuple[Any, dict[str, Any]]:
    """Return a class of shapes of reportlab, and the attributes of a new one."""
    from reportlab.graphics import shapes

    made = {
        "Group": shapes.Group,
        "Rect": lambda: shapes.Rect(0, 0, 0, 0),
        "Circle": lambda: shapes.Circle(0, 0, 0),
        "Polygon": lambda: shapes.Polygon([0, 0]),
        "PolyLine": lambda: shapes.PolyLine([0, 0]),
        "String": lambda: shapes.String(0, 0, ""),
    }[kind]()
    return type(made), vars(made)


def _made(kind: str, **attributes: Any) -> Any:
    """Return a shape with these attributes, set all at once: reportlab checks each, which takes longer than drawing."""
    shape_class, defaults = _defaults(kind)
    shape = shape_class.__new__(shape_class)
    vars(shape).update(defaults, **attributes)
    return shape


def _outlined(kind: str, stroke: str | None, stroke_width: float, **attributes: Any) -> Any:
    ink = colour(stroke) if stroke else None
    return _made(kind, strokeColor=ink, strokeWidth=stroke_width, strokeLineJoin=1, **attributes)


def rectangle(
    x: float, y: float, width: float, height: float, *, fill: str | None = None, stroke: str | None = None
) -> Any:
    """Return a rectangle from its lower left corner."""
    inside = colour(fill) if fill else None
    return _outlined("Rect", stroke, 0.7, x=x, y=y, width=width, height=height, fillColor=inside)


def circle(
    x: float, y: float, radius: float, *, fill: str, stroke: str | None = None, stroke_width: float = 0.7
) -> Any:
    """Return a circle around its centre."""
    return _outlined("Circle", stroke, stroke_width, cx=x, cy=y, r=radius, fillColor=colour(fill))


def polygon(points: list[float], *, fill: str, stroke: str | None = None, stroke_width: float = 0.7) -> Any:
    """Return a closed shape from ``x, y, x, y, …``."""
    return _outlined("Polygon", stroke, stroke_width, points=points, fillColor=colour(fill))


def line(points: list[float], *, stroke: str, stroke_width: float = 0.7) -> Any:
    """Return an open line from ``x, y, x, y, …``."""
    return _outlined("PolyLine", stroke, stroke_width, points=points)


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
    face, letters, ink = _FACES[bold, italic], printable(words), colour(fill)
    return _made("String", x=x, y=y, text=letters, fontName=face, fontSize=size, textAnchor=anchor, fillColor=ink)


def with_halo(letters: Any, rim: str) -> Any:
    """Return a text with a rim around its letters, so that lines below do not cross them out.

    It is a group of the same text twice: its outlines in the colour of the rim, and the letters over them.
    """
    halo = _made("String", **{**vars(letters), "fillColor": colour(rim), "textRenderMode": ONLY_OUTLINES})
    return _made("Group", contents=[halo, letters])


def put(drawing: Any, *made: Any) -> None:
    """Put shapes on a drawing; reportlab looks at each of them again first."""
    drawing.contents.extend(made)


def backdrop(*outlines: Any) -> Any:
    """Return shapes without text as one that many drawings share: the writers write it once and remember how."""
    return _backdrop_class()(*outlines)


@cache
def _backdrop_class() -> Any:
    from reportlab.graphics.shapes import Group

    class Backdrop(Group):  # type: ignore[misc]
        """A group that is drawn again and again as it is."""

    return Backdrop


def is_halo(shape: Any) -> bool:
    """Tell whether a shape is the rim of the text that follows it."""
    return type(shape).__name__ == "String" and getattr(shape, "textRenderMode", 0) == ONLY_OUTLINES
