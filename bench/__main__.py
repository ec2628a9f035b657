"""``python -m bench``: run the benchmarks and write the page with the figures and the machine."""

from __future__ import annotations

import argparse
import os
import platform
from pathlib import Path

from bench.measure import Measured, measure_apart, measure_start
from bench.registry import CASES

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "benchmarks.md"


def main() -> None:
    """Measure what the options ask for, and print or write it."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", help="run the cases of one sweep, such as 'people factor'")
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name} in docs/reference")
    options = parser.parse_args()
    cases = [case for case in CASES if options.only in (None, case.sweep)]
    if not cases:
        parser.error(f"no sweep '{options.only}'; known: {', '.join(dict.fromkeys(case.sweep for case in CASES))}")
    rows = []
    for case in cases:
        rows.append(measure_apart(case.name, options.workers, options.repeats))
        print(_line(rows[-1]), flush=True)
    if options.write:
        starts = {name: measure_start((name,), 5) for name in ("--help", "--version")}
        PAGE.write_text(_page(rows, starts, options.workers, options.repeats), encoding="utf-8")
        print(f"wrote {PAGE}")


def _line(row: Measured) -> str:
    microseconds = row.cpu_seconds / row.members / row.days * 1e6
    return (
        f"| {row.name} | {row.members:,} | {row.days} | {row.places} | {row.seconds:.2f} | "
        f"{row.member_days_per_second:,.0f} | {microseconds:.1f} | {row.peak_mib:.0f} |"
    )


def _page(rows: list[Measured], starts: dict[str, float], workers: int, repeats: int) -> str:
    head = (
        "# Benchmarks\n\n"
        "Made by `python -m bench --write`; nothing here is a promise, and no test depends on it.\n\n"
        f"Machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; "
        f"{workers} threads; best of {repeats} runs after one that compiles. Each case has a process of its own.\n\n"
        "The engine alone (no reading, no briefs); `members` and `people factor` are the bundled journey "
        "`caravan-2018` from its first day, `large conflict` a made-up one with 3,000 routes and 50 million people, "
        "with the making of its ways; the others a made-up corridor. The last columns are CPU time per member and "
        "day, and peak memory of the process.\n\n"
        "| case | members | days | places | seconds | member-days per second | µs per member-day | MiB |\n"
        "|---|---|---|---|---|---|---|---|\n"
    )
    begin = "\n".join(f"- `posada {name}`: {seconds:.2f} s" for name, seconds in starts.items())
    return head + "\n".join(_line(row) for row in rows) + f"\n\nStart-up, whole process, median of five:\n\n{begin}\n"


if __name__ == "__main__":
    main()
