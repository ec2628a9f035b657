"""Compile an engine, for the tests that come after: ``python -m tests.compile_engine journeys`` or ``conflicts``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from posada.engine.dispersal.simulate import simulate_dispersal
from posada.engine.simulate import simulate_ensemble
from tests.displaced import read_displaced
from tests.engine.worlds import line


def compile_engine(engine: str) -> None:
    """Run one member by an engine; its kernels are compiled for one set of types, whatever the scenario."""
    if engine == "journeys":
        simulate_ensemble(line(25, days=2), members=1, workers=1)
    else:
        with tempfile.TemporaryDirectory() as folder:
            simulate_dispersal(read_displaced(Path(folder)), members=1, workers=1)


if __name__ == "__main__":
    compile_engine(sys.argv[1])
