"""Drawings as operators of PDF: the counterpart of :mod:`posada.report.svg`, for the same few shapes.

reportlab's own renderer does the same at ten times the cost, which a corridor of forty towns in two languages
would feel.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from posada.model.errors import InvalidValueError
from posada.report.shapes import HALO_WIDTH, colour, is_halo, printable, refuse_moved, text_width

_KAPPA = 0.5523
"""Length of the handles with which four Bézier curves look like a circle of radius one."""


def draw_shapes(canvas: Any, drawing: Any) -> None:
    """Draw a reportlab ``Drawing`` on a canvas at its origin.

    Raises
    ------
    InvalidValueError
        When the drawing holds a shape that is not known here.
    """
    for shape in drawing.contents:
        _draw(canvas, shape)


def _draw(canvas: Any, shape: Any) -> None:
    kind = type(shape).__name__
    if kind == "Group":
        refuse_moved(shape)
        for inner in shape.contents:
            _draw(canvas, inner)
    elif kind == "String":
        _write(canvas, shape)
    elif kind == "Backdrop":
        canvas.addLiteral(_backdrop(shape))
    else:
        canvas.addLiteral(_outline(shape))


def _outline(shape: Any) -> str:
    """Return the operators of a shape that is no text and no group."""
    kind = type(shape).__name__
    if kind not in _OUTLINES:
        raise InvalidValueError(f"a shape '{kind}' cannot be drawn; use those of posada.report.shapes")
    return f"{_paint(shape)}{_OUTLINES[kind](shape)} {_operator(shape)}"


@lru_cache(maxsize=4096)
def _backdrop(group: Any) -> str:
    """Return the operators of shapes that many drawings share, a line for each."""
    refuse_moved(group)
    return "\n".join(_outline(shape) for shape in group.contents)


def _write(canvas: Any, shape: Any) -> None:
    canvas.setFont(shape.fontName, shape.fontSize)
    x = shape.x
    if shape.textAnchor != "start":
        wide = text_width(shape.text, shape.fontSize, bold="Bold" in shape.fontName)
        x -= wide * (1.0 if shape.textAnchor == "end" else 0.5)
    halo = is_halo(shape)
    how = f"{HALO_WIDTH:g} w 1 j {_colour(shape.fillColor)} RG 1 Tr" if halo else f"{_colour(shape.fillColor)} rg"
    after = " 0 Tr" if halo else ""
    canvas.addLiteral(f"BT {how} 1 0 0 1 {x:.2f} {shape.y:.2f} Tm ({in_brackets(shape.text)}) Tj{after} ET")


@lru_cache(maxsize=16384)
def in_brackets(words: str) -> str:
    """Return a text as it stands between the brackets of PDF, in the letters of Western Europe."""
    escaped = printable(words).replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    if escaped.isascii():
        return escaped
    return "".join(letter if letter.isascii() else f"\\{letter.encode('cp1252')[0]:03o}" for letter in escaped)


@cache
def ink(name: str) -> str:
    """Return a colour such as ``#0072b2`` as the three numbers of PDF."""
    return _colour(colour(name))


def _colour(mixed: Any) -> str:
    return _numbers(mixed.red, mixed.green, mixed.blue)


@cache
def _numbers(red: float, green: float, blue: float) -> str:
    return f"{red:.3f} {green:.3f} {blue:.3f}"


def _is_stroked(shape: Any) -> bool:
    return shape.strokeColor is not None and bool(shape.strokeWidth)


def _is_filled(shape: Any) -> bool:
    return getattr(shape, "fillColor", None) is not None


def _paint(shape: Any) -> str:
    text = f"{_colour(shape.fillColor)} rg " if _is_filled(shape) else ""
    if _is_stroked(shape):
        text += f"{_colour(shape.strokeColor)} RG {shape.strokeWidth:g} w {shape.strokeLineJoin or 0} j "
    return text


def _operator(shape: Any) -> str:
    """Return fill, stroke, both, or neither."""
    return {(True, True): "B", (True, False): "f", (False, True): "S", (False, False): "n"}[
        _is_filled(shape), _is_stroked(shape)
    ]


def _polyline(shape: Any) -> str:
    points = shape.points
    pairs = [f"{x:.1f} {y:.1f}" for x, y in zip(points[::2], points[1::2], strict=True)]
    return f"{pairs[0]} m " + " ".join(f"{pair} l" for pair in pairs[1:])


def _polygon(shape: Any) -> str:
    return f"{_polyline(shape)} h"


def _rectangle(shape: Any) -> str:
    return f"{shape.x:.2f} {shape.y:.2f} {shape.width:.2f} {shape.height:.2f} re"


def _circle(shape: Any) -> str:
    x, y, r = shape.cx, shape.cy, shape.r
    k = r * _KAPPA
    curves = (
        (x + r, y + k, x + k, y + r, x, y + r),
        (x - k, y + r, x - r, y + k, x - r, y),
        (x - r, y - k, x - k, y - r, x, y - r),
        (x + k, y - r, x + r, y - k, x + r, y),
    )
    return (
        f"{x + r:.2f} {y:.2f} m "
        + " ".join(" ".join(f"{value:.2f}" for value in curve) + " c" for curve in curves)
        + " h"
    )


_OUTLINES = {"Rect": _rectangle, "Circle": _circle, "PolyLine": _polyline, "Polygon": _polygon}
