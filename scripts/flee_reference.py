"""Make the figures that the tests of agreement with Flee compare with, from runs of serial Flee.

Flee is not part of this project. Point this script at a checkout of it, and at a Python that has numpy, pandas,
pyyaml and beartype::

    python -m scripts.flee_reference worlds --flee PATH --python PYTHON [--seeds N] [WORLD ...]
    python -m scripts.flee_reference conflict --flee PATH --python PYTHON --settings FILE --hasten N FOLDER

``worlds`` runs the small folders of ``tests/flee/worlds`` and writes for each ``tests/flee/figures/NAME.csv``:
for every place and day the mean and standard deviation (of one run, divisor n - 1) over the seeds. A second place
of one name is ``NAME#2``. ``*under_way`` are people on links, ``*people`` everybody so far, ``*debt`` the debt.
``conflict`` writes every seed's camps by day to ``tests/flee/figures/conflicts/NAME-SETTINGS.csv.gz``. Both count
at the end of the day, where ``run.py`` writes its row. A file of the same name with ``.json`` says how the figures
came about. Where Flee stops with an error, the world has no figures but an entry in ``figures/crashes.toml``.

Flee's random numbers (``random`` and ``numpy.random``) are seeded before set-up; a seed gives the same counts
whatever ``--jobs`` is. The working directory of Flee is the folder, so ``location_changes.csv`` lies beside
``simsetting.yml``. ``wall_s`` and ``cpu_s`` are of set-up and all days, without the import of Flee; the machine may
have had other work, so ``cpu_s`` is the one to compare.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import gzip
import io
import json
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import tomli_w

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests" / "flee"
FIGURES = TESTS / "figures"
CRASHES = FIGURES / "crashes.toml"
SEEDS_FILE = TESTS / "worlds" / "seeds.toml"
"""How many seeds each world has, where it is not ``DEFAULT_SEEDS``."""

DEFAULT_SEEDS = 300
Answer = dict[str, Any]


def flee_commit(flee: Path) -> str:
    """Return the commit of a checkout: of git, or as an exported archive has it in ``_version.py``."""
    found = re.search(r'git_full = "([0-9a-f]{40})"', (flee / "flee" / "_version.py").read_text(encoding="utf-8"))
    if found:
        return found[1]
    asked = subprocess.run(["git", "-C", str(flee), "rev-parse", "HEAD"], capture_output=True, check=True)
    return asked.stdout.decode().strip()


def _ask(python: str, job: dict[str, Any]) -> list[Answer]:
    """Have one process run the seeds of a job, one after the other."""
    process = subprocess.run(
        [python, str(Path(__file__).with_name("flee_serial.py"))],
        input=json.dumps(job),
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )
    return [json.loads(line) for line in process.stdout.splitlines()]


def run_seeds(args: argparse.Namespace, folder: Path, settings: Path, seeds: Sequence[int]) -> list[Answer]:
    """Run a folder for some seeds, at most ``args.jobs`` at a time."""
    job = {
        "flee": str(args.flee.resolve()),
        "folder": str(folder.resolve()),
        "settings": str(settings.resolve()),
        "hasten": getattr(args, "hasten", None),
        "days": args.days,
    }
    shares = [list(seeds[first :: args.jobs]) for first in range(args.jobs)]
    with ThreadPoolExecutor(args.jobs) as pool:
        answers = pool.map(lambda share: _ask(args.python, {**job, "seeds": share}), filter(None, shares))
        return sorted((answer for part in answers for answer in part), key=lambda answer: int(answer["seed"]))


def unique(names: Iterable[str]) -> list[str]:
    """Return names with ``#2`` behind the second of a kind, and so on."""
    seen: Counter[str] = Counter()
    out = []
    for name in names:
        seen[name] += 1
        out.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return out


def provenance(args: argparse.Namespace, folder: Path, settings: Path, answers: Sequence[Answer]) -> dict[str, Any]:
    """Say how figures came about: of which Flee, with which settings and seeds, and how long it took."""
    used = answers[0]["settings"]
    return {
        "flee_commit": flee_commit(args.flee),
        "folder": folder.name,
        "settings_file": settings.name,
        "settings": used,
        "hasten": (used.get("optimisations") or {}).get("hasten", 1),
        "days": len(answers[0]["people"]),
        "seeds": [answer["seed"] for answer in answers],
        "wall_s_per_run": [round(answer["wall_s"], 3) for answer in answers],
        "cpu_s_per_run": [round(answer["cpu_s"], 3) for answer in answers],
        "machine_cores": os.cpu_count(),
        "jobs_at_a_time": args.jobs,
        "made": dt.datetime.now(dt.UTC).date().isoformat(),
    }


def _write_json(path: Path, content: dict[str, Any]) -> None:
    """Write JSON with one key a line, lists on one line."""
    lines = [f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in content.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _rows_of_means(answers: Sequence[Answer]) -> Iterator[tuple[object, ...]]:
    """Yield place, day, mean, standard deviation and number of seeds; days inside places."""
    names = [*unique(answers[0]["names"]), "*under_way", "*people", "*debt"]
    counted = np.array(
        [
            [[*here, *rest] for here, *rest in zip(a["counts"], a["under_way"], a["people"], a["debt"], strict=True)]
            for a in answers
        ],
        dtype=np.float64,
    )
    means = counted.mean(axis=0)
    spread = counted.std(axis=0, ddof=1) if len(answers) > 1 else np.zeros_like(means)
    for place, name in enumerate(names):
        for day in range(means.shape[0]):
            yield name, day, f"{means[day, place]:.6g}", f"{spread[day, place]:.4g}", len(answers)


def note_crash(name: str, crash: dict[str, Any] | None) -> None:
    """Set or take away the entry of a world in ``crashes.toml``."""
    crashes = tomllib.loads(CRASHES.read_text(encoding="utf-8")) if CRASHES.exists() else {}
    crashes.pop(name, None)
    if crash is not None:
        crashes[name] = crash
    CRASHES.write_text(tomli_w.dumps(dict(sorted(crashes.items()))), encoding="utf-8")


def make_world(args: argparse.Namespace, folder: Path, seeds: int) -> None:
    """Run one small world and write its figures, or its crash."""
    settings = args.settings or folder / "simsetting.yml"
    answers = run_seeds(args, folder, settings, range(1, seeds + 1))
    table = FIGURES / f"{folder.name}.csv"
    stopped = [answer for answer in answers if answer["crash"]]
    note_crash(folder.name, {**stopped[0]["crash"], "seeds": f"{len(stopped)} of {seeds}"} if stopped else None)
    if stopped:
        table.unlink(missing_ok=True)
        table.with_suffix(".json").unlink(missing_ok=True)
        print(f"{folder.name}: Flee stops: {stopped[0]['crash']}")
        return
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("location", "day", "mean", "sd", "seeds"))
        writer.writerows(_rows_of_means(answers))
    about = provenance(args, folder, settings, answers)
    about["seeds"] = f"1-{seeds}"
    for clock in ("wall_s", "cpu_s"):
        about[f"{clock}_per_run"] = round(float(np.mean([answer[clock] for answer in answers])), 4)
    _write_json(table.with_suffix(".json"), about)
    print(f"{folder.name}: {seeds} seeds, {about['wall_s_per_run'] * seeds:.1f} s", flush=True)


def make_worlds(args: argparse.Namespace) -> None:
    """Make the figures of the named worlds, or of all."""
    FIGURES.mkdir(parents=True, exist_ok=True)
    wanted = tomllib.loads(SEEDS_FILE.read_text(encoding="utf-8")) if SEEDS_FILE.exists() else {}
    folders = args.world or sorted(path.parent for path in (TESTS / "worlds").glob("*/simsetting.yml"))
    for folder in folders:
        make_world(args, folder, args.seeds or wanted.get(folder.name, DEFAULT_SEEDS))


def make_conflict(args: argparse.Namespace) -> None:
    """Run a conflict for each seed and write every seed's camps by day."""
    answers = run_seeds(args, args.folder, args.settings, range(1, (args.seeds or 4) + 1))
    stopped = [answer["crash"] for answer in answers if answer["crash"]]
    if stopped:
        sys.exit(f"{args.folder.name}: Flee stops: {stopped[0]}")
    out = args.out or FIGURES / "conflicts"
    out.mkdir(parents=True, exist_ok=True)
    table = out / f"{args.folder.name}-{args.settings.stem}.csv.gz"
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    camps = answers[0]["camps"]
    places = [answers[0]["names"].index(camp) for camp in camps]
    writer.writerow(("seed", "day", *camps, "*under_way", "*people", "*debt"))
    for answer in answers:
        for day, here in enumerate(answer["counts"]):
            totals = (answer["under_way"][day], answer["people"][day], answer["debt"][day])
            writer.writerow((answer["seed"], day, *(here[place] for place in places), *totals))
    table.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))
    _write_json(
        table.with_name(table.name.removesuffix(".csv.gz") + ".json"),
        about := provenance(args, args.folder, args.settings, answers),
    )
    print(f"{table.name}: wall seconds {about['wall_s_per_run']}", flush=True)


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    top = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = top.add_subparsers(required=True)
    for name, work in (("worlds", make_worlds), ("conflict", make_conflict)):
        command = commands.add_parser(name, help=(work.__doc__ or "").splitlines()[0])
        command.set_defaults(work=work)
        command.add_argument("--flee", type=Path, required=True, help="folder that holds Flee's package `flee`")
        command.add_argument("--python", default=sys.executable, help="a Python that has what Flee needs")
        command.add_argument("--jobs", type=int, default=1, help="runs at a time (default 1)")
        command.add_argument("--seeds", type=int, help="seeds 1 to this number")
        command.add_argument("--days", type=int, default=0, help="days to run (default: as the folder says)")
        command.add_argument("--settings", type=Path, required=name == "conflict", help="settings file")
        if name == "worlds":
            command.add_argument("world", type=Path, nargs="*", help="folders (default: all of tests/flee/worlds)")
        else:
            command.add_argument("--hasten", type=int, help="simulate one in so many people")
            command.add_argument("--out", type=Path, help="folder to write to")
            command.add_argument("folder", type=Path, help="folder of the conflict")
    return top


def main() -> None:
    """Run the command line."""
    args = parser().parse_args()
    args.work(args)


if __name__ == "__main__":
    main()
