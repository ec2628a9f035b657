"""Make the pictures of the pages: the bundled journey as it was expected on 3 April 2018, and the camps of Mali 2012.

``python -m scripts.make_picture`` writes ``docs/images/caravan-2018.svg`` and ``docs/images/mali2012.svg``.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import posada as ps
from posada.ops.simulation import simulate_dispersed, simulate_journey
from posada.ops.summary import summarise_dispersed, summarise_journey
from posada.report.dispersal_map import dispersal_map_svg
from posada.report.edition import Edition
from posada.report.figures import corridor_map_figure
from posada.report.svg import drawing_to_svg

IMAGES = Path(__file__).parent.parent / "docs" / "images"
MEMBERS, SEED = 1000, 1
DISPERSED_MEMBERS = 100


def main() -> None:
    """Run both, and write their maps."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    for name, draw in (("caravan-2018", draw_journey), ("mali2012", draw_camps)):
        (IMAGES / f"{name}.svg").write_text(draw(name), encoding="utf-8")
        print(f"wrote {name}.svg")


def draw_journey(name: str) -> str:
    """Return the map of a journey."""
    run = simulate_journey(ps.read_scenario(name), members=MEMBERS, seed=SEED)
    figure = corridor_map_figure(Edition.of(summarise_journey(run), "en"))
    return drawing_to_svg(figure.drawing, figure.title, figure.description)


def draw_camps(name: str) -> str:
    """Return the map of the camps of a conflict; it is long past, so that it may be shown to everybody."""
    run = simulate_dispersed(ps.read_scenario(name), members=DISPERSED_MEMBERS, seed=SEED)
    outlook = summarise_dispersed(run)
    return dispersal_map_svg(replace(outlook, stamp=replace(outlook.stamp, classification="public")))


if __name__ == "__main__":
    main()
