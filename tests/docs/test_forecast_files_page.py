"""The page of forecast files names what the code has."""

from __future__ import annotations

import pytest

from posada.io.hub import HUB_COLUMNS
from posada.io.truth_file import TRUTH_COLUMNS, TRUTH_OPTIONAL
from posada.model.forecast_file import JOURNEY_LOCATION, OF_JOURNEY, TARGETS
from tests.architecture.source_tree import ROOT

PAGE = (ROOT / "docs" / "reference" / "forecast-files.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("target", TARGETS.values(), ids=lambda target: target.id)
def test_each_target_has_its_row(target):
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{target.id}` |"))
    assert f"| {target.unit} |" in row
    assert (f"`{JOURNEY_LOCATION}`" in row) is (target.scope == OF_JOURNEY)


@pytest.mark.parametrize("column", [*HUB_COLUMNS, *TRUTH_COLUMNS, *TRUTH_OPTIONAL])
def test_each_column_is_named(column):
    assert f"`{column}`" in PAGE
