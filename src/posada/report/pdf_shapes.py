"""Drawings as operators of PDF: the counterpart of :mod:`posada.report.svg`, for the same few shapes.

reportlab's own renderer does the same at ten times the cost, which a corridor of forty towns in two languages
would feel.
"""

from __future__ import annotations

from typing import Any

from posada.model.errors import InvalidValueError
from posada.report.shapes import HALO_WIDTH, ONLY_OUTLINES, is_halo, refuse_moved

_ONLY_FILLED = 0
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
    elif kind in _OUTLINES:
        canvas.addLiteral(f"{_paint(shape)}{_OUTLINES[kind](shape)} {_operator(shape)}")
    else:
        raise InvalidValueError(f"a shape '{kind}' cannot be drawn; use those of posada.report.shapes")


def _write(canvas: Any, shape: Any) -> None:
    canvas.setFont(shape.fontName, shape.fontSize)
    draw = {"start": canvas.drawString, "end": canvas.drawRightString, "middle": canvas.drawCentredString}
    if is_halo(shape):
        canvas.addLiteral(f"{_colour(shape.fillColor)} RG {HALO_WIDTH:g} w 1 j")
        draw[shape.textAnchor](shape.x, shape.y, shape.text, mode=ONLY_OUTLINES)
    else:
        canvas.setFillColor(shape.fillColor)
        draw[shape.textAnchor](shape.x, shape.y, shape.text, mode=_ONLY_FILLED)


def _colour(colour: Any) -> str:
    return f"{colour.red:.3f} {colour.green:.3f} {colour.blue:.3f}"


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
