"""Running a command as a person does, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest

from posada.cli.main import main


class Result(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys, tmp_path, monkeypatch) -> Callable[..., Result]:
    """Run a command as ``main`` does, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run_it(*words: str) -> Result:
        with pytest.raises(SystemExit) as ended:
            main(words)
        said = capsys.readouterr()
        return Result(ended.value.code, said.out, said.err)

    return run_it
