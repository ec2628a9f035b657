"""Truth files: what is written is read again, and every fault is named with its line."""

from __future__ import annotations

import pytest

from posada.io.truth_file import read_truth_file, write_truth_file
from posada.model.errors import InputFileError, OutputExistsError, ScenarioError

GOOD = """\
target,location,target_end_date,value,value_low,value_high,source,published
people_tonight,a,2030-03-02,150,100,,r1;r2,2030-03-03
arrived_by,a,2030-03-02,1,,,r1,
still_together,_journey,2030-03-02,900,,950,,
"""


def read(tmp_path, text, **options):
    (tmp_path / "truth.csv").write_text(text, encoding="utf-8")
    return read_truth_file(tmp_path / "truth.csv", **options)


def test_what_is_written_is_read_again(tmp_path):
    found = read(tmp_path, GOOD, locations=("a",))
    assert found.targets == ("arrived_by", "people_tonight", "still_together")
    assert (found.values.tolist(), found.sources[1]) == ([1, 150, 900], "r1;r2")
    write_truth_file(found, tmp_path / "again.csv")
    again = read_truth_file(tmp_path / "again.csv")
    assert repr(list(again.rows())) == repr(list(found.rows()))
    assert repr(list(read_truth_file(tmp_path).rows())) == repr(list(found.rows()))  # the folder that it is in
    with pytest.raises(OutputExistsError):
        write_truth_file(found, tmp_path / "again.csv")


def test_columns_that_may_be_absent(tmp_path):
    found = read(tmp_path, "location,target,target_end_date,value\nx,registered,2030-03-01,5\n")
    assert [(row.location, row.value, row.source, row.published) for row in found.rows()] == [("x", 5, "", None)]


@pytest.mark.parametrize(
    ("old", "new", "kind", "line", "said"),
    [
        ("published\n", "publisched\n", "unknown-column", 1, "Did you mean 'published'?"),
        ("value,value_low", "values,value_low", "unknown-column", 1, "Did you mean 'value'?"),
        ("people_tonight", "people_tonigt", "unknown-target", 2, "Did you mean 'people_tonight'?"),
        ("tonight,a", "tonight,aa", "unknown-place", 2, "unknown location 'aa'"),
        ("a,2030-03-02,150", "a,2030-3-2,150", "bad-date", 2, "'2030-3-2'"),
        ("r2,2030-03-03", "r2,3 March", "bad-date", 2, "'3 March' in published"),
        ("150,100", "many,100", "bad-number", 2, "'many'"),
        ("150,100", ",100", "bad-number", 2, "''"),
        ("150,100", "-1,", "out-of-bounds", 2, "below 0"),
        ("150,100", "150,151", "range-order", 2, "not in order"),
        ("02,1,", "02,0.5,", "out-of-bounds", 3, "1 on the day of arrival"),
        ("_journey", "a", "unknown-place", 4, "cannot be at 'a'"),
        ("still_together,_journey", "people_tonight,a", "duplicate-row", 4, "told twice"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path, old, new, kind, line, said):
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, GOOD.replace(old, new, 1), locations=("a",))
    rows = [row for row in caught.value.findings if (row.id, row.where) == (kind, f"truth.csv:{line}")]
    assert any(said in str(row) for row in rows), str(caught.value)


def test_no_file(tmp_path):
    with pytest.raises(InputFileError, match=r"truth\.csv"):
        read_truth_file(tmp_path)
