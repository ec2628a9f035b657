"""Nights that are kept: what is written is what is read, and nothing of somebody else is touched."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as of_numpy

from posada.io.night_store import ABOUT_FILE, KeptNight, open_night_store
from posada.model.errors import OutputExistsError

DAY = dt.date(2030, 5, 4)
KEY, OTHER = "0123456789abcdef", "fedcba9876543210"
NIGHT = KeptNight({"x": np.arange(6.0).reshape(2, 3), "none": np.empty((2, 0))}, {"choices": 3})


@pytest.fixture
def store(tmp_path):
    return open_night_store(tmp_path / "kept")


@given(
    st.dictionaries(
        st.text(min_size=1),
        of_numpy.arrays(
            st.sampled_from([np.float64, np.int64, np.int32, np.int16, np.bool_]), of_numpy.array_shapes(min_side=0)
        ),
    ),
    st.dictionaries(st.text(), st.integers() | st.floats(allow_nan=False)),
)
def test_writing_and_reading_give_the_same(tmp_path_factory, arrays, record):
    store = open_night_store(tmp_path_factory.mktemp("nights") / "kept")
    store.write(DAY, KEY, KeptNight(arrays, record))
    found = store.read(DAY, KEY)
    assert found.record == record
    assert list(found.arrays) == list(arrays)
    for name, array in arrays.items():
        assert found.arrays[name].dtype == array.dtype
        assert found.arrays[name].flags.writeable
        np.testing.assert_array_equal(found.arrays[name], array)


def test_a_night_of_another_day_or_key_is_not_found(store):
    store.write(DAY, KEY, NIGHT)
    assert store.read(DAY, OTHER) is None
    assert store.read(DAY + dt.timedelta(days=1), KEY) is None


def test_a_damaged_night_is_taken_out(store):
    store.write(DAY, KEY, NIGHT)
    (path,) = store.folder.glob("night-*")
    path.write_bytes(path.read_bytes()[:-1])
    assert store.read(DAY, KEY) is None
    assert not path.exists()


def test_only_nights_are_removed(store):
    for key in (KEY, OTHER):
        store.write(DAY, key, NIGHT)
    (store.folder / "night-notes.zst").write_text("mine", encoding="utf-8")
    assert store.keep_only([(DAY, OTHER)]) == [DAY]
    assert store.read(DAY, KEY) is None
    assert store.read(DAY, OTHER) is not None
    assert {path.name for path in store.folder.iterdir()} >= {ABOUT_FILE, "night-notes.zst"}


@pytest.mark.parametrize("about", [None, "{}", "no json", '{"made_by": "posada", "format": 0}', "[]"])
def test_a_folder_of_something_else_is_refused(tmp_path, about):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "list.txt").write_text("mine", encoding="utf-8")
    if about is not None:
        (tmp_path / "theirs" / ABOUT_FILE).write_text(about, encoding="utf-8")
    with pytest.raises(OutputExistsError, match="Name another folder"):
        open_night_store(tmp_path / "theirs")


def test_a_store_is_opened_again(store):
    store.write(DAY, KEY, NIGHT)
    assert open_night_store(store.folder).read(DAY, KEY) is not None
