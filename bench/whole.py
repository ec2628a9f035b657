"""What a whole process costs: wall time, CPU time and peak memory, as the operating system counted them."""

from __future__ import annotations

import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""So that no library computes on a second processor unasked."""


@dataclass(frozen=True)
class Spent:
    """What one process took from its start to its end."""

    wall_s: float
    cpu_s: float
    peak_mib: float
    code: int  # exit status; negative: ended by this signal
    timed_out: bool
    output: str
    errors: str


def run_whole(
    command: Sequence[str],
    *,
    limit_s: float,
    given: str = "",
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Spent:
    """Run a command to its end, or until it has taken ``limit_s`` seconds of wall time, and count.

    Parameters
    ----------
    given : str
        What it reads on standard input.
    environment : mapping or None
        Variables beside those of this process.
    folder : path or None
        Its working directory.
    """
    with (
        tempfile.TemporaryFile("w+") as source,
        tempfile.TemporaryFile("w+") as out,
        tempfile.TemporaryFile("w+") as err,
    ):
        source.write(given)
        source.seek(0)
        begun = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdin=source,
            stdout=out,
            stderr=err,
            cwd=folder,
            env={**os.environ, **ONE_THREAD, **(environment or {})},
        )
        status, usage, timed_out = _wait(process, begun + limit_s)
        wall_s = time.perf_counter() - begun
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read())
    cpu_s = usage.ru_utime + usage.ru_stime
    return Spent(wall_s, cpu_s, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status), timed_out, *texts)


def _wait(process: subprocess.Popen[bytes], until: float) -> tuple[int, resource.struct_rusage, bool]:
    """Wait for a process, and end it when its time is up. Only ``wait4`` says what one child used."""
    timed_out = False
    pause = 0.002
    while True:
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            process.returncode = os.waitstatus_to_exitcode(status)
            return status, usage, timed_out
        if not timed_out and time.perf_counter() > until:
            process.kill()
            timed_out = True
        time.sleep(pause)
        pause = min(pause * 1.2, 0.05)
