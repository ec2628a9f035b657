"""Small runs give the numbers that they gave before; `python -m tests.golden.update` renews them."""

from __future__ import annotations

import pytest

from tests.golden.measure import KEPT, describe_difference, read_kept


@pytest.mark.parametrize("file", KEPT, ids=lambda file: file.stem)
def test_the_numbers_are_those_that_are_kept(file):
    changed = describe_difference(read_kept(file), KEPT[file]())
    assert not changed, f"results changed:\n{changed}\nIf they should: python -m tests.golden.update"


def test_a_difference_is_shown_in_one_line_each():
    kept = {"same": 10.0, "near": 1000.0, "moved": 4.0, "none": 0.0, "gone": 3.0}
    now = {"same": 10.0, "near": 1000.9, "moved": 5.0, "none": 0.5, "new": 2.0}
    assert describe_difference(kept, now).splitlines() == [
        "moved: 4 -> 5 (+25.0%)",
        "none: 0 -> 0.5",
        "gone: gone (3)",
        "new: new (2)",
    ]
    assert describe_difference(kept, kept) == ""
