"""Labels on maps never cover one another, a circle, or the edge."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from posada.report.labels import Box, LabelRequest, place_labels

REQUESTS = st.lists(
    st.builds(
        LabelRequest,
        x=st.floats(0, 360),
        y=st.floats(0, 270),
        radius=st.floats(1, 11),
        width=st.floats(5, 140),
        height=st.floats(8, 20),
    ),
    max_size=25,
)


@given(REQUESTS)
def test_no_label_covers_anything(requests):
    inset = Box(5, 5, 95, 73)
    boxes = place_labels(requests, [inset], 360, 270)
    shown = [box for box in boxes if box is not None]
    circles = [Box(r.x - r.radius, r.y - r.radius, r.x + r.radius, r.y + r.radius) for r in requests]
    assert len(boxes) == len(requests)
    assert not any(one.meets(other) for one, other in combinations(shown, 2))
    assert not any(box.meets(other) for box in shown for other in (inset, *circles))
    assert all(box.lies_in(360, 270) for box in shown)


def test_a_lone_point_is_labelled_on_its_right():
    """By hand: radius 5 and a gap of 2 put the left edge of the label at 100 + 7."""
    (box,) = place_labels([LabelRequest(100, 100, 5, 40, 10)], [], 360, 270)
    assert box == Box(107, 95, 147, 105)


def test_the_first_label_goes_first():
    """Two labels want one spot in a corner where only one has room."""
    here = LabelRequest(20, 5, 2, 20, 8)
    boxes = place_labels([here, here], [], 46, 12)
    assert boxes[0] is not None
    assert boxes[1] is None


def test_touching_edges_do_not_meet():
    assert not Box(0, 0, 10, 10).meets(Box(10, 0, 20, 10))
    assert Box(0, 0, 10, 10).meets(Box(9.9, 0, 20, 10))
