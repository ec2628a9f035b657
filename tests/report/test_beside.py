"""Briefs of a process of their own are those of this one, and stand even when that process does not."""

from __future__ import annotations

import subprocess

import pytest

from posada.report.beside import briefs_at_the_end, briefs_beside
from posada.report.briefs import write_briefs
from tests.report.made_up import outlook

LANGUAGES = ("es", "en")


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    folder = tmp_path_factory.mktemp("here")
    write_briefs(outlook(), folder, LANGUAGES)
    return contents(folder)


def test_another_process_writes_the_same_bytes(tmp_path, here, monkeypatch):
    monkeypatch.chdir(tmp_path)  # a relative folder is that of this process
    monkeypatch.setattr("posada.report.beside._write", None)  # so it is the other process that writes
    with briefs_beside() as begin:
        begin(outlook(), tmp_path / "there", LANGUAGES)()
    assert contents(tmp_path / "there") == here


def test_where_no_other_process_can_work_this_one_writes(tmp_path, here, monkeypatch):
    popen = subprocess.Popen
    monkeypatch.setattr(
        subprocess, "Popen", lambda command, **how: popen([command[0], "-c", "raise SystemExit(3)"], **how)
    )
    with briefs_beside() as begin:
        begin(outlook(), tmp_path / "here", LANGUAGES)()
    assert contents(tmp_path / "here") == here


def test_nothing_is_written_when_nothing_was_begun(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with briefs_beside():
        pass
    with pytest.raises(ZeroDivisionError), briefs_beside():
        raise ZeroDivisionError
    assert not list(tmp_path.iterdir())


def test_at_the_end_is_when_it_is_waited_for(tmp_path, here):
    end = briefs_at_the_end(outlook(), tmp_path / "out", LANGUAGES)
    assert not (tmp_path / "out").exists()
    end()
    assert contents(tmp_path / "out") == here
