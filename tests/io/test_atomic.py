"""Files and folders that appear whole or not at all."""

from __future__ import annotations

import pytest

from posada.io.atomic import write_file, write_folder


class BrokenOffError(Exception):
    """What a writer meets half-way, such as a full disk."""


def test_a_file_that_breaks_off_leaves_the_old_one_and_nothing_else(tmp_path):
    target = tmp_path / "a.csv"
    target.write_text("old")

    def half(part):
        part.write_text("half of the n")
        raise BrokenOffError

    with pytest.raises(BrokenOffError):
        write_file(target, half, overwrite=True)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.csv": "old"}


def test_a_folder_that_breaks_off_leaves_the_old_one_and_nothing_else(tmp_path):
    target = tmp_path / "run"
    target.mkdir()
    (target / "a.csv").write_text("old")

    def half(part):
        (part / "a.csv").write_text("half of the n")
        raise BrokenOffError

    with pytest.raises(BrokenOffError):
        write_folder(target, half, replaces=lambda _: None)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    assert (target / "a.csv").read_text() == "old"


def test_what_is_kept_of_an_old_folder_comes_into_the_new_one(tmp_path):
    target = tmp_path / "run"
    target.mkdir()
    (target / "a.csv").write_text("old")
    (target / "mine.txt").write_text("mine")

    def keep(old):
        (old / "mine.txt").rename(target / "mine.txt")

    write_folder(target, lambda part: (part / "a.csv").write_text("new"), replaces=keep)
    assert {path.name: path.read_text() for path in target.iterdir()} == {"a.csv": "new", "mine.txt": "mine"}
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
