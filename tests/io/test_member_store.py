"""The store of members: what is written is read back, damage is noticed, and another run's members are refused."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from posada.io.member_store import ABOUT_FILE, MemberStore, open_store
from posada.io.results import check_target
from posada.model.errors import InputFileError, OutputExistsError, UnknownNameError
from posada.model.member_block import EnsembleKey, MemberBlock, MemberRange, join_blocks

KEY = EnsembleKey("made-up", "ab12", 7, {"posada": "0.1.0 f00"}, {"starts": "first day"}, 8)
PLACES = ("alder", "birch")


def block(first: int, end: int) -> MemberBlock:
    luck = np.random.Generator(np.random.Philox(key=first))
    return MemberBlock(
        first,
        {"place_ids": PLACES, "dates": ("2030-03-01", "2030-03-02", "2030-03-03")},
        {
            "people": luck.integers(0, 9, (end - first, 3, 2)).astype(np.int32),
            "under_way": luck.integers(0, 9, (end - first, 3)).astype(np.int32),
            "arrival_hour": luck.uniform(0, 24, (end - first, 2)).astype(np.float32),
        },
        {"registered": np.arange(6).reshape(3, 2)},
    )


@pytest.fixture
def store(tmp_path) -> MemberStore:
    made = open_store(tmp_path / "store", KEY)
    made.write(block(0, 8))
    made.write(block(8, 12))
    return made


def test_what_is_written_is_read_back(store):
    again = open_store(store.folder, KEY)
    assert again.verify().sound == ((0, 8), (8, 12))
    read, written = (join_blocks(blocks, MemberRange(2, 11)) for blocks in (
        again.blocks(MemberRange(2, 11)), (block(0, 8), block(8, 12))
    ))  # fmt: skip
    assert read.labels == written.labels
    for name, array in {**written.arrays, **written.shared}.items():
        found = {**read.arrays, **read.shared}[name]
        assert found.dtype == array.dtype, name
        assert np.array_equal(found, array), name


def test_some_places_are_read_alone(store):
    people = np.concatenate([block(0, 8).arrays["people"], block(8, 12).arrays["people"]])
    assert np.array_equal(store.of_places("people", ["birch"], MemberRange(3, 10))[0], people[3:10, :, 1])
    both = store.of_places("people", ["birch", "alder"], MemberRange(9, 12))
    assert np.array_equal(both, people[9:12, :, ::-1].transpose(2, 0, 1))


@pytest.mark.parametrize(("name", "place"), [("people", "brich"), ("peopel", "birch"), ("under_way", "birch")])
def test_an_unknown_place_or_array_is_refused(store, name, place):
    with pytest.raises(UnknownNameError):
        store.of_places(name, [place], MemberRange(0, 4))


def test_missing_members_are_named(store):
    with pytest.raises(InputFileError, match="does not hold members 12 to 19"):
        store.of_places("people", ["birch"], MemberRange(3, 20))


def test_the_same_members_are_the_same_bytes(store, tmp_path):
    other = open_store(tmp_path / "other", KEY)
    path = other.write(block(0, 8))
    assert path.read_bytes() == (store.folder / path.name).read_bytes()


@pytest.mark.parametrize("at", [0, 40, -1])
def test_a_damaged_block_is_taken_out_and_named(store, at):
    """One bit anywhere; an untouched block stays."""
    path = next(store.folder.glob("members-00000008-*.npz"))
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)
    held = open_store(store.folder, KEY).verify()
    assert (held.sound, held.damaged) == (((0, 8),), ((8, 12),))
    assert not path.exists()


def test_a_block_that_was_cut_off_is_damaged(store):
    path = next(store.folder.glob("members-00000000-*.npz"))
    path.write_bytes(path.read_bytes()[:100])
    assert open_store(store.folder, KEY).verify().damaged == ((0, 8),)


def test_what_a_crash_left_half_written_is_no_block(store):
    (store.folder / ".members-00000016-00000023.npz.17-0.part").write_bytes(b"half")
    (store.folder / ".members-00000016-00000023.npz").write_bytes(b"not named yet")
    assert open_store(store.folder, KEY).verify().sound == ((0, 8), (8, 12))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"seed": 8}, "seed is 7 there, 8 here"),
        ({"scenario_hash": "cd34"}, "scenario_hash is ab12 there, cd34 here"),
        ({"made_with": {"posada": "0.2.0 f00"}}, "posada is 0.1.0 f00 there, 0.2.0 f00 here"),
        ({"options": {"starts": "2030-03-02"}}, "starts is first day there, 2030-03-02 here"),
        ({"options": {"starts": "first day", "days": "9"}}, "days is None there, 9 here"),
        ({"block_members": 16}, "block_members is 8 there, 16 here"),
    ],
)
def test_members_of_another_run_are_refused(store, change, said):
    before = sorted(store.folder.iterdir())
    with pytest.raises(InputFileError, match=said):
        open_store(store.folder, dataclasses.replace(KEY, **change))
    assert sorted(store.folder.iterdir()) == before


def test_a_folder_of_somebody_else_is_refused(tmp_path):
    (tmp_path / "list.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputExistsError, match="no members are kept in it"):
        open_store(tmp_path, KEY)
    with pytest.raises(OutputExistsError, match="is a file"):
        open_store(tmp_path / "list.txt", KEY)
    (tmp_path / "empty").mkdir()
    assert open_store(tmp_path / "empty", KEY).verify().sound == ()


@pytest.mark.parametrize("text", ["{", "[]", json.dumps({"seed": 7})])
def test_a_changed_description_is_refused(store, text):
    (store.folder / ABOUT_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(InputFileError, match="not written by Posada"):
        open_store(store.folder, KEY)


def test_results_never_take_the_place_of_a_store(store):
    with pytest.raises(OutputExistsError):
        check_target(store.folder)


def test_a_scratch_array_leaves_no_file(store):
    before = sorted(store.folder.iterdir())
    array = store.scratch((3, 4), np.dtype(np.int32))
    array[:] = 5
    assert array.sum() == 60
    assert sorted(store.folder.iterdir()) == before
