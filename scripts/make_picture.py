"""Make the picture of the README: the map of the bundled journey, as it was expected on 3 April 2018.

``python -m scripts.make_picture`` writes ``docs/images/caravan-2018.svg``.
"""

from __future__ import annotations

from pathlib import Path

import posada as ps
from posada.ops.simulation import simulate_journey
from posada.ops.summary import summarise_journey
from posada.report.figures import corridor_map_figure
from posada.report.phrases import Phrases
from posada.report.svg import drawing_to_svg

PICTURE = Path(__file__).parent.parent / "docs" / "images" / "caravan-2018.svg"
MEMBERS, SEED = 1000, 1


def main() -> None:
    """Run the journey and write its map."""
    run = simulate_journey(ps.read_scenario("caravan-2018"), members=MEMBERS, seed=SEED)
    figure = corridor_map_figure(summarise_journey(run), Phrases("en"))
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(drawing_to_svg(figure.drawing, figure.title, figure.description), encoding="utf-8")
    print(f"wrote {PICTURE.name}")


if __name__ == "__main__":
    main()
