"""What a whole process costs: wall time, CPU time and peak memory, as the operating system counted them."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
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
    folder: Path | None = None,
) -> Spent:
    """Run a command to its end, or until it has taken ``limit_s`` seconds of CPU time, and count.

    The limit is on CPU time, because on a machine with other work wall time says little about the command.

    Parameters
    ----------
    given : str
        What it reads on standard input.
    folder : path or None
        Its working directory.
    """
    limited = ["sh", "-c", 'ulimit -t "$0" && exec "$@"', str(max(round(limit_s), 1)), *command]
    with (
        tempfile.TemporaryFile("w+") as source,
        tempfile.TemporaryFile("w+") as out,
        tempfile.TemporaryFile("w+") as err,
    ):
        source.write(given)
        source.seek(0)
        begun = time.perf_counter()
        environment = {**os.environ, **ONE_THREAD}
        process = subprocess.Popen(limited, stdin=source, stdout=out, stderr=err, cwd=folder, env=environment)
        _, status, usage = os.wait4(process.pid, 0)  # only this says what one child used
        wall_s = time.perf_counter() - begun
        code = process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read())
    cpu_s = usage.ru_utime + usage.ru_stime
    return Spent(wall_s, cpu_s, usage.ru_maxrss / 1024, code, code in (-signal.SIGKILL, -signal.SIGXCPU), *texts)
