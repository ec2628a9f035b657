"""Ranges of members: split at the borders of blocks, and told what is left of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posada.model.member_block import MemberBlock, MemberRange, join_blocks, split_range, without

RANGES = st.tuples(st.integers(0, 60), st.integers(1, 30)).map(lambda pair: MemberRange(pair[0], sum(pair)))


def block(first: int, end: int) -> MemberBlock:
    """Return a block in which everybody's number of people is their own."""
    numbers = np.arange(first, end, dtype=np.int32)
    people = np.broadcast_to(numbers[:, None, None], (end - first, 3, 2)).copy()
    return MemberBlock(first, {"place_ids": ("alder", "birch")}, {"people": people, "total": numbers}, {})


def test_blocks_begin_at_multiples_of_their_size():
    """5 to 20 in blocks of 8: 5-7, 8-15, 16-20."""
    assert list(split_range(MemberRange(5, 21), 8)) == [(5, 8), (8, 16), (16, 21)]


def test_what_is_held_is_left_out():
    held = [MemberRange(8, 12), MemberRange(0, 3), MemberRange(20, 30)]
    assert without(MemberRange(2, 16), held) == [(3, 8), (12, 16)]
    assert without(MemberRange(9, 12), held) == []


@given(RANGES, st.lists(RANGES, max_size=5), st.integers(1, 16))
def test_every_missing_member_is_in_one_part(wanted, held, size):
    there = {member for first, end in held for member in range(first, end)}
    parts = [part for gap in without(wanted, held) for part in split_range(gap, size)]
    assert [member for part in parts for member in range(*part)] == [
        member for member in range(*wanted) if member not in there
    ]
    assert all(first // size == (end - 1) // size for first, end in parts)


@given(st.lists(RANGES, min_size=1, max_size=6), RANGES)
def test_blocks_in_any_order_are_joined_member_by_member(ranges, wanted):
    blocks = [block(*members) for members in ranges if members.first < wanted.end and members.end > wanted.first]
    there = {member for first, end in ranges for member in range(first, end)}
    if not set(range(*wanted)) <= there:
        with pytest.raises(ValueError, match="in no block"):
            join_blocks(blocks, wanted)
        return
    whole = join_blocks(blocks, wanted)
    assert whole.range == wanted
    assert (whole.arrays["total"] == np.arange(*wanted)).all()
    assert (whole.arrays["people"] == np.arange(*wanted)[:, None, None]).all()


def test_counts_of_a_place_lie_together_in_memory():
    """So that one place of a run that lies in a file can be looked at alone."""
    people = join_blocks([block(0, 4)], MemberRange(0, 4)).arrays["people"]
    assert people.shape == (4, 3, 2)
    assert people[:, :, 1].flags.c_contiguous


@pytest.mark.parametrize(("members", "said"), [((4, 5), "4"), ((4, 9), "4 to 8")])
def test_a_range_is_said_with_its_last_member(members, said):
    assert str(MemberRange(*members)) == said
