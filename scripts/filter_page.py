"""Write the page of the ranks of truths among the members of the filter, from stored ranks.

``python -m scripts.filter_page --keep`` ranks 100 truths among 20,000 members, which takes half an hour of processor
time, stores the ranks in ``data/filter/ranks.json``, and writes ``docs/reference/filter-check.md`` from them. Without
``--keep`` the page is written from what is stored, and with ``--check`` held to it. Two numbers, of truths and of
members, try it on a smaller scale and print what comes out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from scripts.filter_check import LAST_HEARD, SCHEDULE, in_bins, ranks_of_truth, uneven, uniformity
from scripts.made_page import markdown_table, write_or_compare

TRUTHS, MEMBERS, SEED = 100, 20_000, 1
ROOT = Path(__file__).resolve().parents[1]
STORED = ROOT / "data" / "filter" / "ranks.json"
PAGE = ROOT / "docs" / "reference" / "filter-check.md"

_PAGE = """\
# Ranks of the truth

Are the ranges of a forecast that [learned from reports](../explanation/learning.md) as wide as they should be? On real
journeys a wrong model and a wrong filter look alike. So here the truth is made by the model itself: {count} journeys
through `valley`, drawn from the prior, and {reports} reports about the first {days} days of each, drawn from the model
of reports (places named or mistaken, counts with the ratio and the spread of their speaker, totals). The filter
hears the reports with {members} members, and the rank of the truth among its members is looked up. If the filter is
right, the rank is as likely to be any other: in each tenth of the members one truth in ten
(simulation-based calibration; Talts and others, 2018, arXiv:1804.06788).

{table}
*Chi-square* and *Kolmogorov* are the chances of ranks at least as uneven if all is right. A *spread* of 1 is right;
above it, truths lie too often among extreme members: ranges are too narrow. With {count} truths it is known to about
{error:.2f}. Quantities are called uneven when a test is below 0.01 over the number of all tests. {verdict}

Written by `python -m scripts.filter_page --keep`. A cheaper version, with the reports of two days, runs with the
tests, which also see that ranks become uneven when speakers count more than the filter knows.

What it does not test: whether real speakers err as the model says, and several reports that rest on one person's words,
which count for less than they say. A group is moved otherwise than the engine knows only to where a report says that it
is; what is moved elsewhere while a report is mistaken is missed, which is one case in some hundred.
"""


def made_page(stored: Mapping[str, Any]) -> str:
    """Return the page of stored ranks."""
    ranks = {name: np.array(of_one) for name, of_one in stored["ranks"].items()}
    rows = []
    for name, of_one in ranks.items():
        found = uniformity(of_one)
        tests = f"{found.chance_by_bins:.2f}", f"{found.chance_by_distance:.2f}"
        rows.append((name, *tests, f"{found.mean:.2f}", f"{found.spread:.2f}", " ".join(map(str, in_bins(of_one)))))
    header = ("quantity", "chi-square", "Kolmogorov", "mean", "spread", "truths in each tenth")
    named = uneven(ranks)
    verdict = f"Uneven are: {', '.join(named)}." if named else "None is uneven."
    return _PAGE.format(
        count=stored["truths"], error=0.5 / np.sqrt(stored["truths"]), members=f"{stored['members']:,}",
        reports=len(SCHEDULE), days=LAST_HEARD + 1,
        table=markdown_table(header, rows), verdict=verdict,
    )  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Store ranks, write the page from them or hold it to them, or try a smaller scale; return an exit status."""
    given = list(arguments)
    if len(given) == 2 and all(word.isdecimal() for word in given):
        for name, of_one in ranks_of_truth(int(given[0]), int(given[1]), SEED).items():
            print(f"{name:40s} spread {uniformity(of_one).spread:.2f} {in_bins(of_one)}")
        return 0
    if given not in ([], ["--keep"], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    if given == ["--keep"]:
        ranks = {name: of_one.tolist() for name, of_one in ranks_of_truth(TRUTHS, MEMBERS, SEED).items()}
        STORED.parent.mkdir(parents=True, exist_ok=True)
        record = {"truths": TRUTHS, "members": MEMBERS, "seed": SEED, "ranks": ranks}
        STORED.write_text(json.dumps(record) + "\n", encoding="utf-8")
    fresh = made_page(json.loads(STORED.read_text(encoding="utf-8")))
    return write_or_compare(PAGE, fresh, "python -m scripts.filter_page", check=given == ["--check"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
