"""What the benchmark against Flee found, as text and as a page."""

from __future__ import annotations

import datetime as dt
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import posada
from bench.flee_runs import Record


@dataclass(frozen=True)
class Compared:
    """One folder with one setting in both programs."""

    conflict: str
    settings: str
    members: int
    parts: Record  # of Posada, from bench.dispersal_parts
    flee: dict[int, Record]  # by hasten; those that kept the limit
    one: Record  # posada run --members 1
    more: Record  # posada run --members M
    many: tuple[int, Record] | None  # members, and a run that writes all tables

    def flee_of_all(self, clock: str) -> tuple[float, float] | None:
        """Return the seconds of a whole process of Flee and of its loop for all people.

        Measured where everybody was simulated; else in proportion to person-days from two runs with fewer people,
        or, from one alone, as if nothing but people took time.
        """
        if not self.flee:
            return None
        sizes = sorted(self.flee)
        base = self.flee[sizes[0]]
        loop = float(base[f"loop_{clock}_s"])
        rest = float(base[f"{clock}_s"]) - loop
        if sizes[0] == 1:
            return loop + rest, loop
        all_days = float(self.parts["person_days"])
        slope = loop / float(base["person_days"])
        if len(sizes) > 1:
            other = self.flee[sizes[1]]
            slope = (loop - float(other[f"loop_{clock}_s"])) / (
                float(base["person_days"]) - float(other["person_days"])
            )
        loop += slope * (all_days - float(base["person_days"]))
        return loop + rest, loop

    def marginal(self, clock: str) -> float:
        """Return the seconds that one more member takes."""
        return (float(self.more[f"{clock}_s"]) - float(self.one[f"{clock}_s"])) / (self.members - 1)


@dataclass(frozen=True)
class Growth:
    """One number of people."""

    settings: str
    people: float
    parts: Record
    flee: Record | None

    @property
    def member_ms(self) -> float:
        """CPU milliseconds of the engine for one member."""
        return float(self.parts["run_s"]) / float(self.parts["members"]) * 1e3


@dataclass(frozen=True)
class Page:
    """Everything that the page shows."""

    compared: Sequence[Compared]
    growth: Sequence[Growth]
    workers: int
    repeats: int
    of_checkout: bool


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows))


def compared_text(compared: Sequence[Compared]) -> str:
    """Return the comparison: whole processes, then one more member."""
    whole, more = [], []
    for row in compared:
        name = [row.conflict, row.settings]
        shown = ", ".join(
            f"{hasten}: {value['wall_s']:.0f} / {value['cpu_s']:.1f}" for hasten, value in row.flee.items()
        )
        peaks = max((float(value["peak_mib"]) for value in row.flee.values()), default=float("nan"))
        own = f"{row.one['wall_s']:.2f} / {row.one['cpu_s']:.2f}"
        wall, cpu = row.flee_of_all("wall"), row.flee_of_all("cpu")
        if wall is None or cpu is None:
            whole.append([*name, "over the limit", "", own, "", f"– / {row.one['peak_mib']:.0f}"])
            continue
        ratio = f"{wall[0] / row.one['wall_s']:,.0f} / {cpu[0] / row.one['cpu_s']:,.0f}"
        whole.append(
            [*name, shown, f"{wall[0]:.0f} / {cpu[0]:.0f}", own, ratio, f"{peaks:.0f} / {row.one['peak_mib']:.0f}"]
        )
        days = float(row.parts["person_days"])
        marginal = {clock: row.marginal(clock) for clock in ("wall", "cpu")}
        more.append(
            [
                *name,
                f"{days:,.0f}",
                f"{wall[1]:.0f} / {cpu[1]:.0f}",
                f"{marginal['wall'] * 1e3:.1f} / {marginal['cpu'] * 1e3:.1f}",
                f"{wall[1] / marginal['wall']:,.0f} / {cpu[1] / marginal['cpu']:,.0f}",
                f"{cpu[1] / days * 1e9:,.0f} / {marginal['cpu'] / days * 1e9:.2f}",
                f"{1 / marginal['wall']:,.0f}",
                ""
                if row.many is None
                else f"{row.many[0]:,}: {row.many[1]['wall_s']:.1f} / {row.many[1]['cpu_s']:.1f}",
            ]
        )
    first = table(
        [
            "conflict", "settings", "Flee, hasten: s", "Flee, all people: s", "Posada, one member: s", "times faster",
            "MiB, Flee / Posada",
        ],
        whole,
    )  # fmt: skip
    second = table(
        [
            "conflict", "settings", "person-days", "Flee, its loop: s", "Posada, one more member: ms", "times faster",
            "ns CPU per person-day, Flee / Posada", "members per s of wall", "written with all tables: s",
        ],
        more,
    )  # fmt: skip
    return f"{first}\n\n{second}"


def parts_text(compared: Sequence[Compared]) -> str:
    """Return where the time of Posada goes, and the least that it could be."""
    steps, floors = [], []
    for row in compared:
        parts = {name: float(value) for name, value in row.parts.items()}
        members, days = parts["members"], parts["days"]
        each = [parts[f"{name}_s"] / members * 1e3 for name in ("weights", "spawn", "turn", "leave", "travel", "run")]
        begin = f"{parts['import_s']:.2f} + {parts['read_s']:.2f} + {parts['world_s']:.2f}"
        rest = max(each[5] - sum(each[:5]), 0.0)  # of two runs, so that it can come out below nothing
        steps.append([row.conflict, row.settings, begin, *(f"{value:.2f}" for value in (*each[:5], rest, each[5]))])
        held = parts["rows_held"] + parts["rides_held"]
        moved = held * 4 * 4 + 3 * parts["count_bytes"]
        bare = (parts["uniforms"] * parts["uniform_ns"] + parts["sequences"] * parts["begin_ns"]) / 1e3
        copying = moved / parts["copy_gb_per_s"] / 1e3
        own = each[5] / days * 1e3
        floors.append(
            [
                row.conflict,
                row.settings,
                f"{parts['rows_held']:.0f} + {parts['rides_held']:.0f}",
                f"{parts['uniforms']:.0f}",
                f"{parts['sequences']:.1f}",
                f"{bare:.2f}",
                f"{moved / 1024:.0f}",
                f"{copying:.2f}",
                f"{own:.1f}",
                f"{own / (bare + copying):.1f}",
            ]
        )
    first = table(
        [
            "conflict", "settings", "import + read + world: s", "weights", "setting out", "turning back", "first pass",
            "second pass", "books, rest", "one member: ms",
        ],
        steps,
    )  # fmt: skip
    second = table(
        [
            "conflict", "settings", "stops + rides that hold people", "numbers drawn", "sequences begun", "draws: µs",
            "KiB moved", "moving: µs", "measured: µs", "times the floor",
        ],
        floors,
    )  # fmt: skip
    return f"{first}\n\n{second}\n\n{_draws_text(compared)}"


def _draws_text(compared: Sequence[Compared]) -> str:
    if not compared:
        return ""
    parts = compared[0].parts
    return (
        f"A number costs {parts['uniform_ns']:.1f} ns, the beginning of a sequence {parts['begin_ns']:.0f} ns; a "
        f"binomial number {parts['few_ns']:.0f} ns for 6 people, {parts['inversion_ns']:.0f} ns for 40 with a mean of "
        f"4, {parts['rejection_ns']:.0f} ns for 1,000 with a mean of 300, {parts['normal_ns']:.0f} ns for a million "
        "with a mean of 300,000."
    )


def growth_text(growth: Sequence[Growth]) -> str:
    """Return what more people cost."""
    rows = []
    for row in growth:
        base = min(
            (other for other in growth if other.settings == row.settings), key=lambda other: abs(other.people - 1e4)
        )
        parts = row.parts
        rows.append(
            [
                row.settings,
                f"{row.people:,.0f}",
                f"{row.member_ms:.1f}",
                f"{row.member_ms / base.member_ms:.2f}",
                f"{parts['leave_s'] / parts['members'] * 1e3:.1f} + {parts['travel_s'] / parts['members'] * 1e3:.1f}",
                f"{parts['rows_held']:.0f} + {parts['rides_held']:.0f}",
                f"{parts['uniforms']:.0f}",
                f"{row.flee['loop_cpu_s']:.1f}" if row.flee else "–",
                f"{row.flee['loop_cpu_s'] / row.member_ms * 1e3:,.0f}" if row.flee else "–",
            ]
        )
    return table(
        [
            "settings", "people", "Posada, a member: ms CPU", f"against {1e4:,.0f}", "first + second pass: ms",
            "stops + rides that hold people", "numbers drawn", "Flee, its loop: s CPU", "times faster, CPU",
        ],
        rows,
    )  # fmt: skip


def _processor() -> str:
    source = Path("/proc/cpuinfo")
    if source.exists():
        for line in source.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def page_text(page: Page) -> str:
    """Return the whole page."""
    versions = sorted(
        {(str(row["version"]), str(row["commit"])[:7]) for case in page.compared for row in case.flee.values()}
    )
    flees = ", ".join(f"Flee {version} ({commit})" for version, commit in versions) or "no run of Flee"
    rules = "" if page.of_checkout else " Flee of PyPI moves people by older rules: only its speed compares.\n"
    machine = (
        f"Machine: {_processor()}, {os.cpu_count()} processors, Python {platform.python_version()}. Posada "
        f"{posada.__version__}, {page.workers} threads; {flees}, one process. "
        f"{dt.datetime.now(dt.UTC).date()}.\n{rules}"
    )
    sections = [
        "# Posada and Flee: what a run costs\n",
        "Made by `python -m bench.flee --write`; nothing here is a promise, and no test depends on it.\n",
        machine,
        _HOW.format(repeats=page.repeats) + _load_text(page),
        "## The same conflict\n",
        compared_text(page.compared) + "\n",
        "## Where the time goes, and the floor\n",
        _FLOOR,
        parts_text(page.compared) + "\n",
    ]
    if page.growth:
        sections += ["## More people\n", _GROWTH, growth_text(page.growth) + "\n"]
    return "\n".join(sections) + _COMMANDS


def _load_text(page: Page) -> str:
    """Say how much other work the machine had: Flee has one thread, which alone would take as long as it computes."""
    shares = [
        float(row["loop_wall_s"]) / float(row["loop_cpu_s"]) for case in page.compared for row in case.flee.values()
    ]
    if not shares or max(shares) < 1.1:
        return ""
    return (
        f"The machine had other work: loops of Flee took {min(shares):.1f} to {max(shares):.1f} times their CPU time.\n"
    )


_HOW = """Whole processes, from start to end, with compiled code in place. Two figures `a / b` are wall and CPU seconds;
where the machine had other work, CPU seconds are the ones to compare, and Posada spreads its members over all
processors, so that on an idle machine its wall time is less than its CPU time. Posada simulates all people;
Flee one in so many where it says `hasten`, and its time for all people is extended in proportion to person-days,
from the two largest such runs, or from one where there is no other. Of Posada the best of {repeats} runs counts. One
more member is what M members take beyond one, each; of Flee, which has to begin anew for every run, only its daily
loop is counted, without start and reading.
"""

_FLOOR = """CPU milliseconds of one member in one thread, by step of the day; tables of weights are made once for all
members of a chunk. The floor, for one member and day: numbers drawn times the cost of one, and bytes moved at the
speed of a copy within the cache (the number of people of each stop and ride that holds some read, emptied and written
twice; each number read thrice). It is a bound from below: what a binomial number costs beyond its uniform numbers, what
people remember, and what decides between ways, is not in it.
"""

_GROWTH = """The first conflict with its residents, capacities and registered people multiplied. With more people more
stops and rides are held by somebody, each with draws of its own, and more of its draws are binomial numbers.
Flee was run only where it stayed within the limit of CPU time.
"""

_COMMANDS = """
## To measure it again

```sh
python -m bench.flee --flee CHECKOUT --python PYTHON mali2012 burundi2015 --settings plain --settings modern125 \\
    --hasten 10 20 --members 64 --many 1000 --people 1e3 1e4 1e5 1e6 1e7 1e8 --kept FILE --write
```

`CHECKOUT` is a checkout of Flee and `PYTHON` one that has numpy, pandas, pyyaml and beartype. Without `--flee`,
`PYTHON` is one in which `pip install flee` was done: it moves people by older rules, so that only its speed compares.
What is in `FILE` is not measured again.
"""
