"""Briefs as one HTML file each: style and figures inside, no script, and no address that a browser would open."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from posada.report.brief import CorridorBrief, Figure, TownBrief
from posada.report.phrases import Phrases
from posada.report.plan_page import PlanPage
from posada.report.svg import drawing_to_svg

_FIGURES = ("fan", "bars", "map")


@dataclass(frozen=True, slots=True)
class _Inline:
    """A figure as it stands in the page: its drawing as markup, and its caption."""

    svg: Any
    caption: str


def brief_to_html(brief: TownBrief | CorridorBrief) -> str:
    """Return a brief as a page that needs nothing but itself."""
    name = "town.html" if isinstance(brief, TownBrief) else "corridor.html"
    figures = {key: _inline(getattr(brief, key)) for key in _FIGURES if hasattr(brief, key)}
    page = _templates().get_template(name)
    html: str = page.render(brief=brief, figures=figures, say=Phrases(brief.language).say)
    return html


def plan_to_html(page: PlanPage) -> str:
    """Return a page of a plan as one that needs nothing but itself."""
    figures = {section.heading: _inline(section.figure) for section in page.sections if section.figure is not None}
    template = _templates().get_template("plan.html")
    html: str = template.render(brief=page, figures=figures, say=Phrases(page.language).say)
    return html


def load_templates() -> None:
    """Compile the templates of briefs, which is done once in a process."""
    for name in ("town.html", "corridor.html"):
        _templates().get_template(name)


def _inline(figure: Figure) -> _Inline:
    from markupsafe import Markup

    svg = drawing_to_svg(figure.drawing, figure.title, figure.description, key=figure.key, standalone=False)
    return _Inline(Markup(svg), figure.caption)


@cache
def _templates() -> Any:
    """Return the compiled templates; a name that a template uses and nobody gives is an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("posada.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
