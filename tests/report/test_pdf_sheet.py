"""Text on the PDF sheet: broken into lines that fit, and nothing lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posada.report.pdf_sheet import Face, fitted, wrap
from posada.report.shapes import text_width
from tests.report.strategies import TEXTS

WIDTHS = st.floats(12, 300)


@given(TEXTS, WIDTHS, st.sampled_from([Face(6.6), Face(9, bold=True)]))
def test_lines_fit_and_nothing_is_lost(words, width, face):
    lines = wrap(words, face, width)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    assert all(text_width(line, face.size, bold=face.bold) <= width + 1e-6 for line in lines)


def test_lines_by_hand():
    """Helvetica at 10 points: every digit is 5.56 wide, a space 2.78; two fours and a space are 47.26."""
    assert wrap("1111 2222 3333", Face(10), 48) == ("1111 2222", "3333")
    assert wrap("1111 2222", Face(10), 47) == ("1111", "2222")
    assert wrap("11111111", Face(10), 23) == ("1111", "1111")


@given(TEXTS, WIDTHS)
def test_a_cell_always_fits(words, width):
    short, face = fitted(words, Face(6.8), width)
    assert text_width(short, face.size) <= width + 0.02
    assert short == words or short.endswith("…")


@pytest.mark.parametrize(("width", "shown"), [(60, "1234567890"), (50, "1234567890"), (40, "123456…")])
def test_a_cell_shrinks_before_it_is_cut(width, shown):
    """Ten digits at 10 points are 55.6 wide; shrunk to 84 % they are 46.7, so 50 is enough and 40 is not.

    At 8.4 points six digits are 28.0 wide and the dots 8.4: 36.4 fit in 40, one digit more would be 41.1.
    """
    assert fitted("1234567890", Face(10), width)[0] == shown
