r"""Write the tables of ``docs/explanation/validation.md`` from the stored files of ``posada validate``.

``python -m scripts.validation_page`` writes the page anew from ``data/validation``; with ``--check`` it writes nothing
and fails when the page is not what the files say. With folders that ``posada validate --out`` has written, of one name
of settings each, it takes their figures over first::

    for settings in modern125 awareness2; do
      posada validate mali2012 burundi2015 car2013 mali2017_adm1 nigeria2022_adm2 ssudan2013 \
        --settings $settings --members 20 --out build/validation/$settings
    done
    python -m scripts.validation_page build/validation/modern125 build/validation/awareness2
"""

from __future__ import annotations

import csv
import json
import math
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from scripts.made_page import markdown_table, write_or_compare

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data" / "validation"
PAGE = ROOT / "docs" / "explanation" / "validation.md"
SETTINGS = ("modern125", "awareness2")
NAIVE = ("first shares", "shares of day 30", "evenly", "by capacity")
BANDS = ("50 %", "80 %", "95 %")
MADE = re.compile(r"(<!-- made: (?P<name>[a-z0-9 ]+) -->\n).*?(?=<!-- end -->)", flags=re.DOTALL)

Row = Mapping[str, Any]


def take_over(folder: Path) -> None:
    """Keep the figures of a folder of ``posada validate`` under the name of its settings."""
    text = (folder / "validation.json").read_text(encoding="utf-8")
    (settings,) = {found["settings"] for found in json.loads(text)["validations"]}
    if settings not in SETTINGS:
        raise ValueError(f"'{folder}' has settings '{settings}'; the page is about {SETTINGS}")
    (DATA / f"{settings}.json").write_text(text, encoding="utf-8", newline="\n")


def _stored(settings: str) -> tuple[Row, list[Row]]:
    whole = json.loads((DATA / f"{settings}.json").read_text(encoding="utf-8"))
    return whole["posada"], whole["validations"]


def _flee(settings: str) -> dict[str, Row]:
    with (DATA / "flee.csv").open(encoding="utf-8", newline="") as file:
        return {row["scenario"]: row for row in csv.DictReader(file) if row["settings"] == settings}


def _figure(value: float | None, digits: int = 3) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _percent(value: float | None, digits: int = 0) -> str:
    return "–" if value is None else f"{value * 100:.{digits}f} %"


def _mean(values: Iterable[float | None]) -> float | None:
    defined = [value for value in values if value is not None]
    return sum(defined) / len(defined) if defined else None


def _mean_ratio(values: Iterable[float | None]) -> float | None:
    defined = [value for value in values if value is not None]
    return math.exp(sum(map(math.log, defined)) / len(defined)) if defined and min(defined) > 0 else None


def difference_table(settings: str) -> str:
    """Return the averaged relative differences of Posada, and of Flee on the same folders."""
    flee = _flee(settings)
    _, found = _stored(settings)
    rows: list[tuple[str, ...]] = []
    for one in found:
        scores, theirs = one["scores"], flee[one["scenario"]]
        note = "" if theirs["people_per_simulated"] == "1" else " ¹"
        least, greatest = _figure(scores["difference_low"]), _figure(scores["difference_high"])
        gap = scores["flee_difference"] - float(theirs["difference"])
        rows.append(
            (
                one["scenario"],
                f"{_figure(scores['difference'])} ({least}–{greatest})",
                _figure(scores["difference_normal"]),
                _figure(scores["flee_difference"]),
                f"{theirs['difference']}{note}",
                f"{gap:+.3f}",
            )
        )
    means = [_figure(_mean(one["scores"][name] for one in found)) for name in _DIFFERENCES]
    theirs_mean = _mean(float(flee[one["scenario"]]["difference"]) for one in found)
    rows.append(("mean", *means, _figure(theirs_mean), ""))
    header = ("conflict", "rescaled (members)", "normal", "rescaled, Flee's way", "Flee itself", "gap")
    return markdown_table(header, rows)


_DIFFERENCES = ("difference", "difference_normal", "flee_difference")


def band_table(settings: str) -> str:
    """Return coverage and CRPS."""
    _, found = _stored(settings)
    rows = [
        (
            one["scenario"],
            *(_percent(share, 1) for share in one["scores"]["coverage"]),
            f"{one['scores']['crps']:,.0f}",
            _figure(one["scores"]["crps_relative"]),
            f"{one['scores']['interval_score']:,.0f}",
        )
        for one in found
    ]
    shares = [_percent(_mean(one["scores"]["coverage"][at] for one in found), 1) for at in range(len(BANDS))]
    perfect = [_percent(share, 1) for share in found[0]["scores"]["coverage_expected"]]
    rows.append(("mean", *shares, "", _figure(_mean(one["scores"]["crps_relative"] for one in found)), ""))
    rows.append(("a perfect ensemble of this size", *perfect, "", "", ""))
    header = ("conflict", *(f"in the {band} band" for band in BANDS), "CRPS", "CRPS / registered", "interval score")
    return markdown_table(header, rows)


def naive_table(settings: str) -> str:
    """Return the scores over those of naive forecasts."""
    _, found = _stored(settings)
    columns = [(name, measure) for measure in ("difference_ratio", "crps_ratio") for name in NAIVE]
    values = [[_naive(one, name)[measure] for name, measure in columns] for one in found]
    rows = [(one["scenario"], *(_figure(value, 2) for value in row)) for one, row in zip(found, values, strict=True)]
    rows.append(("geometric mean", *(_figure(_mean_ratio(column), 2) for column in zip(*values, strict=True))))
    header = ("conflict", *(f"{'ARD' if measure[0] == 'd' else 'CRPS'} / {name}" for name, measure in columns))
    return markdown_table(header, rows)


def _naive(one: Row, name: str) -> Row:
    return next(row for row in one["scores"]["baselines"] if row["name"] == name)


def data_table(settings: str) -> str:
    """Return what was compared, what was left out, and how long it took."""
    _, found = _stored(settings)
    rows = [
        (
            one["scenario"],
            f"{one['first_day']} to {one['last_day']}",
            str(len(one["scores"]["camps"])),
            str(one["counts"]),
            f"{one['scores']['days_without']} of {one['scores']['days']}",
            f"{one['scores']['camp_days_without']:,} of {one['scores']['camp_days']:,}",
            _percent(one["scores"]["misplaced_share"], 2),
            _percent(one["scores"]["simulated"] / one["scores"]["registered"]),
            f"{one['scores']['capacities_at_peak']} of {len(one['scores']['camps'])}",
            f"{one['seconds'] / one['members']:.2f}",
        )
        for one in found
    ]
    header = ("conflict", "days", "camps", "counts", "days without data", "camp-days without", "simulated there")
    return markdown_table((*header, "simulated / registered", "capacity at the peak", "seconds per member"), rows)


def camp_table(settings: str) -> str:
    """Return the camps, of each conflict those that carry most of the error."""
    _, found = _stored(settings)
    rows = []
    for one in found:
        listed = [camp for camp in one["scores"]["camps"] if camp["days"]]
        worst = sorted(listed, key=lambda camp: -camp["crps"] * camp["days"])[:2]
        rows += [
            (
                one["scenario"],
                camp["name"],
                *(f"{camp[name]:,.0f}" for name in ("registered", "simulated", "crps")),
                *(_percent(share) for share in camp["coverage"]),
            )
            for camp in worst
        ]
    header = ("conflict", "camp", "registered", "simulated", "CRPS", *(f"in {band}" for band in BANDS))
    return markdown_table(header, rows)


def provenance() -> str:
    """Return with what the figures were made."""
    lines = []
    for settings in SETTINGS:
        stamp, found = _stored(settings)
        made = (
            f"{stamp['members']} members, seed {stamp['seed']}, {found[0]['workers']} threads, {stamp['made_at'][:10]}"
        )
        with_ = stamp["computed_with"]
        lines.append(
            f"- `{settings}`: {made}, posada {stamp['version']}, Python {with_['python']}, numba {with_['numba']}, "
            f"numpy {with_['numpy']}\n"
        )
    return "".join(lines)


def page(text: str) -> str:
    """Return the page with its made parts written anew."""
    parts = {"provenance": lambda _settings: provenance(), "differences": difference_table, "bands": band_table}
    parts |= {"naive": naive_table, "data": data_table, "camps": camp_table}

    def made(found: re.Match[str]) -> str:
        name, _, settings = found["name"].partition(" ")
        return f"{found[1]}\n{parts[name](settings)}\n"

    return MADE.sub(made, text)


def main(arguments: list[str]) -> int:
    """Write the page, or say whether it is what the files say."""
    for folder in (Path(word) for word in arguments if word != "--check"):
        take_over(folder)
    fresh = page(PAGE.read_text(encoding="utf-8"))
    return write_or_compare(PAGE, fresh, "python -m scripts.validation_page", check="--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
