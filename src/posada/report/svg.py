"""Drawings as SVG text: the same shapes that are put into the PDF, with text that stays text.

Only what the figures of this room use is written: rectangles, circles, lines, polygons and text, in groups.
A shape that is not known here is an error, never left out in silence.
"""

from __future__ import annotations

from functools import cache, lru_cache
from html import escape
from typing import Any

from posada.model.errors import InvalidValueError
from posada.report.shapes import HALO_WIDTH, is_halo, refuse_moved

FONT = "Helvetica,Arial,sans-serif"
_ANCHORS = {"start": "", "middle": ' text-anchor="middle"', "end": ' text-anchor="end"'}


def drawing_to_svg(drawing: Any, title: str, description: str, *, key: str = "figure", standalone: bool = True) -> str:
    """Return a reportlab ``Drawing`` as SVG.

    Parameters
    ----------
    drawing
        A ``reportlab.graphics.shapes.Drawing`` made of the shapes above, in points.
    title, description
        What a screen reader says: the name of the figure, and what it shows in words.
    key
        Start of the identifiers inside; must differ between figures of one page.
    standalone
        Whether the text is a file of its own. Inside HTML no namespace is written, so that the page
        holds no address at all.

    Raises
    ------
    InvalidValueError
        When the drawing holds a shape that cannot be written.
    """
    height = drawing.height
    body: list[str] = []
    for shape in drawing.contents:
        _write(shape, height, body)
    namespace = ' xmlns="http://www.w3.org/2000/svg"' if standalone else ""
    return (
        f'<svg{namespace} role="img" aria-labelledby="{key}-title {key}-desc" '
        f'viewBox="0 0 {_n(drawing.width)} {_n(height)}" font-family="{FONT}">'
        f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-desc">{escape(description)}</desc>'
        f"{''.join(body)}</svg>"
    )


def _n(value: float) -> str:
    """Return a number with one decimal at most."""
    text = f"{value:.1f}"
    return text.removesuffix(".0")


def _colour(colour: Any) -> str:
    return _hexadecimal(colour.red, colour.green, colour.blue)


@cache
def _hexadecimal(red: float, green: float, blue: float) -> str:
    from reportlab.lib.colors import Color

    return f"#{Color(red, green, blue).hexval()[2:]}"


def _paint(shape: Any) -> str:
    """Return fill and stroke of a shape as attributes."""
    fill = getattr(shape, "fillColor", None)
    stroke = getattr(shape, "strokeColor", None)
    text = f' fill="{_colour(fill)}"' if fill is not None else ' fill="none"'
    if stroke is not None and shape.strokeWidth:
        text += f' stroke="{_colour(stroke)}" stroke-width="{shape.strokeWidth:g}"'
        if shape.strokeLineJoin == 1:
            text += ' stroke-linejoin="round"'
    return text


def _points(points: list[float], height: float) -> str:
    pairs = zip(points[::2], points[1::2], strict=True)
    text = " ".join(f"{x:.1f},{height - y:.1f}" for x, y in pairs) + " "
    return text.replace(".0,", ",").replace(".0 ", " ")[:-1]  # as _n writes them, all at once


def _text(shape: Any, height: float, halo: Any = None) -> str:
    weight = ' font-weight="bold"' if "Bold" in shape.fontName else ""
    style = ' font-style="italic"' if "Oblique" in shape.fontName else ""
    rim = ""
    if halo is not None:
        rim = f' stroke="{_colour(halo.fillColor)}" stroke-width="{HALO_WIDTH:g}" stroke-linejoin="round"'
        rim += ' paint-order="stroke"'
    return (
        f'<text x="{_n(shape.x)}" y="{_n(height - shape.y)}" font-size="{_n(shape.fontSize)}"{weight}{style}'
        f'{_ANCHORS[shape.textAnchor]} fill="{_colour(shape.fillColor)}"{rim}>{escape(shape.text)}</text>'
    )


def _write(shape: Any, height: float, body: list[str]) -> None:
    """Append a shape, or the shapes of a group, as SVG; ``y`` grows downwards there."""
    kind = type(shape).__name__
    if kind == "Group":
        refuse_moved(shape)
        if is_halo(shape.contents[0]):
            # SVG can draw the rim under the letters itself, so the text stands in the file once.
            halo, letters = shape.contents
            body.append(_text(letters, height, halo))
            return
        for inner in shape.contents:
            _write(inner, height, body)
    elif kind == "String":
        body.append(_text(shape, height))
    elif kind == "Backdrop":
        body.append(_backdrop(shape, height))
    else:
        body.append(_outline(shape, height))


def _outline(shape: Any, height: float) -> str:
    """Return a shape that is no text and no group."""
    kind = type(shape).__name__
    if kind == "Rect":
        return (
            f'<rect x="{_n(shape.x)}" y="{_n(height - shape.y - shape.height)}" width="{_n(shape.width)}" '
            f'height="{_n(shape.height)}"{_paint(shape)}/>'
        )
    if kind == "Circle":
        centre = f'cx="{_n(shape.cx)}" cy="{_n(height - shape.cy)}"'
        return f'<circle {centre} r="{_n(shape.r)}"{_paint(shape)}/>'
    if kind in ("PolyLine", "Polygon"):
        return f'<{kind.lower()} points="{_points(shape.points, height)}"{_paint(shape)}/>'
    raise InvalidValueError(f"a shape '{kind}' cannot be written as SVG; use those of posada.report.shapes")


@lru_cache(maxsize=4096)
def _backdrop(group: Any, height: float) -> str:
    """Return shapes that many drawings share."""
    refuse_moved(group)
    return "".join(_outline(shape, height) for shape in group.contents)
