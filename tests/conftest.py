"""Settings that hold for every test."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, settings

# Compiled kernels take their time on first use, so no example may be failed for being slow. In CI the
# examples are the same in every run: a red run is then about the change, not about luck.
settings.register_profile("dev", deadline=None, max_examples=30)
settings.register_profile("ci", deadline=None, max_examples=60, derandomize=True, database=None, print_blob=True)
settings.register_profile("thorough", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))


def pytest_configure(config: pytest.Config) -> None:
    """Compile both engines side by side before the workers of the whole suite begin: each would compile both."""
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not config.option.collectonly
    if whole and getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        command = [sys.executable, "-m", "tests.compile_engine"]
        compilers = [subprocess.Popen([*command, engine], cwd=config.rootpath) for engine in ("journeys", "conflicts")]
        for compiler in compilers:
            compiler.wait()  # what one of them has to complain about, the tests will find too
