"""Rows that are replaced in place are those that indexing would have given, whoever goes on as whom."""

from __future__ import annotations

import numpy as np
import pytest

from posada.engine.rows import replace_rows

MEMBERS = 1300  # more than two chunks of rows


def arrays():
    rng = np.random.default_rng(1)
    return [
        rng.integers(0, 99, (MEMBERS, 3, 5)).astype(np.int32),
        rng.random(MEMBERS),
        rng.random((MEMBERS, 4)) < 0.5,
        rng.random((MEMBERS, 2, 2))[:, :, 0],  # rows that do not lie together in memory
        np.empty((MEMBERS, 0)),
    ]


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(
    "ancestors",
    [
        np.where(np.arange(MEMBERS) % 3 == 0, np.arange(MEMBERS) // 3 * 3 + 1, np.arange(MEMBERS)) % MEMBERS,
        np.arange(MEMBERS)[::-1],  # everybody whose row is wanted goes on as somebody else
        np.zeros(MEMBERS, np.int64),
        np.arange(MEMBERS),
    ],
    ids=["some stay", "all change places", "all as one", "nobody changes"],
)
def test_rows_are_those_of_the_ancestors(ancestors, workers):
    given, wanted = arrays(), [array[ancestors] for array in arrays()]
    replace_rows(given, ancestors, workers=workers)
    for array, expected in zip(given, wanted, strict=True):
        np.testing.assert_array_equal(array, expected)
