"""What reports did, as a table: the columns of its record, and nothing about places marked sensitive."""

import datetime as dt

import numpy as np

from posada.forecast.learning_table import reports_table
from posada.model.fields import fields_of
from posada.model.learning import Learning, ReportEffect

DAY = dt.date(2030, 5, 2)
ROWS = (
    ReportEffect(
        "a", "headcount", DAY, DAY, "municipality", True, "heard", "walkers", "birch",
        "birch", -12.34567, -0.0, 1.5, 0.9, 0.4,
    ),
    ReportEffect("b", "lodging", DAY, DAY, "church", False, "heard", "walkers", "mission"),
    ReportEffect("c", "transport", DAY, DAY, "police", True, "not_in_model"),
)  # fmt: skip


def test_columns_are_the_fields_of_the_record_and_missing_is_not_zero():
    (table,) = reports_table(Learning(ROWS, 10, 5.0, -2.0), hidden={"mission"})
    assert list(table) == [field.header for field in fields_of(ReportEffect)]
    assert list(table["report"]) == ["a", "c"]
    assert list(table["place"]) == ["birch", None]
    assert table["event_date"].dtype == np.dtype("datetime64[D]")
    assert table["on_record"].dtype == bool
    assert table["people_moved"].tolist() == [-12.3457, None]
    assert str(table["group_people_moved"][0]) == "0.0"


def test_what_is_least_likely_of_a_report_is_what_is_believed_of_it():
    assert [row.believed for row in ROWS] == [0.4, 1.0, 1.0]
    assert [row.report for row in Learning(ROWS, 10, 5.0, -2.0).heard] == ["a", "b"]
