"""``python -m bench.flee``: Posada and the Flee simulator on the same folders, as whole processes on one machine.

Flee is not part of this project and nothing of it is copied: the benchmark runs the Flee that it is pointed at.
``--flee CHECKOUT`` takes a checkout and ``--python`` a Python with what it needs; without ``--flee`` that Python
is taken to have the ``flee`` of PyPI, whose rules of movement are older, so that only its speed compares.
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from functools import partial
from pathlib import Path

from bench.flee_page import Compared, Growth, Page, compared_text, growth_text, page_text, parts_text
from bench.flee_runs import Flee, Kept, best_posada, parts_of, people_of, run_flee, run_posada

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "benchmarks-flee.md"


def options_of(arguments: list[str] | None) -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.flee", description=__doc__)
    parser.add_argument("conflicts", nargs="*", default=["mali2012"], help="folders of Flee or bundled conflicts")
    parser.add_argument("--flee", type=Path, metavar="CHECKOUT", help="default: the package that PYTHON has")
    parser.add_argument("--python", default=sys.executable, help="the Python that runs Flee, with arguments if any")
    parser.add_argument("--settings", action="append", help="plain (empty), bundled ones or a file; may be repeated")
    parser.add_argument("--hasten", type=int, nargs="+", default=[10, 20], help="Flee simulates one in so many people")
    parser.add_argument("--limit-s", type=float, default=240.0, help="most CPU seconds of one run of Flee")
    parser.add_argument("--members", type=int, default=64)
    parser.add_argument("--many", type=int, default=0, help="members of a further run that writes all tables")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--repeats", type=int, default=3, help="runs of Posada, of which the best counts")
    parser.add_argument("--people", type=float, nargs="*", default=[], help="sizes of the first conflict, as 1e3 1e8")
    parser.add_argument("--kept", type=Path, help="file of what has been measured; it is not measured again")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name} in docs/reference")
    options = parser.parse_args(arguments)
    options.settings = options.settings or ["plain", "modern125"]
    return options


def main(arguments: list[str] | None = None) -> None:
    """Measure what the options ask for, and print or write it."""
    options = options_of(arguments)
    kept = Kept(options.kept)
    flee = Flee(tuple(shlex.split(options.python)), options.flee, options.limit_s)
    compared = [
        _compare(options, kept, flee, conflict, settings)
        for conflict in options.conflicts
        for settings in options.settings
    ]
    growth = [
        _grow(options, kept, flee, settings, people) for settings in options.settings for people in options.people
    ]
    print(compared_text(compared), parts_text(compared), sep="\n\n")
    if growth:
        print(growth_text(growth))
    if options.write:
        page = Page(compared, growth, options.workers, options.repeats, options.flee is not None)
        PAGE.write_text(page_text(page), encoding="utf-8")
        print(f"wrote {PAGE}")


def _compare(options: argparse.Namespace, kept: Kept, flee: Flee, conflict: str, settings: str) -> Compared:
    """Run one folder with one setting in both programs."""
    about = f"{conflict} {settings}"
    workers, members = options.workers, options.members
    parts = kept.get(f"parts {about}", lambda: parts_of(conflict, settings, 16))
    kept.get(f"warm {about}", lambda: run_posada(conflict, settings, 1, workers))  # compiles what is not yet
    runs = {
        hasten: kept.get(f"flee {about} hasten {hasten}", partial(run_flee, flee, conflict, settings, hasten))
        for hasten in sorted(options.hasten)
    }
    return Compared(
        conflict=conflict,
        settings=settings,
        members=members,
        parts=parts,
        flee={hasten: row for hasten, row in runs.items() if "over_limit_s" not in row},
        one=kept.get(f"posada {about} 1", lambda: best_posada(conflict, settings, 1, workers, options.repeats)),
        more=kept.get(
            f"posada {about} {members}", lambda: best_posada(conflict, settings, members, workers, options.repeats)
        ),
        many=(
            options.many,
            kept.get(
                f"posada {about} {options.many} written",
                lambda: run_posada(conflict, settings, options.many, workers, write=True),
            ),
        )
        if options.many
        else None,
    )


def _grow(options: argparse.Namespace, kept: Kept, flee: Flee, settings: str, people: float) -> Growth:
    """Run the first conflict with another number of people; Flee only as long as smaller ones kept the limit."""
    conflict = options.conflicts[0]
    factor = people / people_of(conflict)
    about = f"{conflict} {settings} people {people:.0e}"
    parts = kept.get(f"parts {about}", lambda: parts_of(conflict, settings, 16, factor))
    smaller = [float(size) for size in options.people if size < people]
    over = any("over_limit_s" in kept.rows.get(f"flee {conflict} {settings} people {size:.0e}", {}) for size in smaller)
    if over:
        return Growth(settings, people, parts, None)
    row = kept.get(f"flee {about}", lambda: run_flee(flee, conflict, settings, 1, factor))
    return Growth(settings, people, parts, None if "over_limit_s" in row else row)


if __name__ == "__main__":
    main()
