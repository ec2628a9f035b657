"""Showing how far a run is: a bar on a terminal, one line about what takes time at a first run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

SAYS = {
    "read": "reading and checking",
    "simulate": "simulating",
    "learn": "learning from reports",
    "disperse": "simulating",
    "mix": "simulating",
    "calibrate": "calibrating",
    "summarise": "summing up",
    "write": "writing files and briefs",
    "roads": "reading roads",
    "routes": "measuring routes",
}
KERNELS = {
    "simulate": "order._whole_days",
    "learn": "order._whole_days",
    "disperse": "simulate._run_block",
    "calibrate": "simulate._run_block",
    "mix": "hand_over.take_back",
}
"""How the name of a compiled function begins that every run of a step needs."""
FIRST_RUN = "Compiling the engine, once on this machine: this takes up to a minute. Later runs start at once."


@contextmanager
def shown_progress() -> Iterator[Callable[[str, int, int], None]]:
    """Give a function that is told step, done and total; it shows them on the error stream, if that is a terminal."""
    if not sys.stderr.isatty():
        yield _announce_first_run
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:24}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def tell(step: str, done: int, total: int) -> None:
            _announce_first_run(step, done, total)
            if step not in tasks:
                tasks[step] = bar.add_task(SAYS[step], total=total)
            bar.update(tasks[step], completed=done, total=total)

        yield tell


def _announce_first_run(step: str, done: int, _total: int) -> None:
    if step in KERNELS and done == 0:
        from posada.engine.compiling import is_compiled

        if not is_compiled(KERNELS[step]):
            typer.echo(FIRST_RUN, err=True)
