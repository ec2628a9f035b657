"""Parameters are drawn by the quantile functions of their distributions, which equal those of SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

from posada.engine.draws import (
    DECISION,
    entity_key,
    normal,
    normal_share_below,
)
from posada.engine.luck import named_uniforms
from posada.model.rates import RATES, Parameter
from tests.engine.worlds import SAYS, constants, line


@given(st.floats(1e-300, 1 - 1e-16))
@example(0.02425)
@example(0.97575)
@example(0.5)
def test_the_normal_quantile_equals_scipys(u):
    assert normal(u) == pytest.approx(stats.norm.ppf(u), rel=1e-8, abs=1e-12)


@given(st.floats(-8, 8))
def test_the_normal_distribution_function_equals_scipys(z):
    assert normal_share_below(z) == pytest.approx(stats.norm.cdf(z), rel=1e-9)


LAWS = [
    ("walk_km_per_day", "constant", (33.0,), None),
    ("walk_km_per_day", "uniform", (20.0, 40.0), stats.uniform(20, 20)),
    ("walk_km_per_day", "triangular", (20.0, 25.0, 40.0), stats.triang(0.25, 20, 20)),
    ("walk_km_per_day", "triangular", (20.0, 20.0, 40.0), stats.triang(0, 20, 20)),
    ("walk_km_per_day", "triangular", (20.0, 40.0, 40.0), stats.triang(1, 20, 20)),
    ("walk_km_per_day", "normal", (30.0, 4.0), stats.norm(30, 4)),
    ("walk_km_per_day", "lognormal", (30.0, 0.3), stats.lognorm(0.3, scale=30)),
    ("rest_probability_per_day", "beta", (2.0, 5.0), stats.beta(2, 5)),
]


@pytest.mark.parametrize(("name", "distribution", "values", "law"), LAWS)
def test_parameters_are_drawn_by_the_quantile_functions_of_their_distributions(play, name, distribution, values, law):
    text = ";".join(repr(value) for value in values)
    others = tuple(row for row in constants({}) if row.name != name)
    row = Parameter(name, distribution, text, RATES[name].unit, SAYS)
    run = play(line(25, days=1).replace(parameters=(*others, row)), members=200, seed=5)
    u = named_uniforms(5, 0, 200, DECISION.rate, np.array([entity_key(name)]))
    expected = np.full(200, values[0]) if law is None else law.ppf(u[:, 0])
    expected = np.clip(expected, RATES[name].minimum, RATES[name].maximum)
    np.testing.assert_allclose(run.drawn[:, run.drawn_names.index(name)], expected, rtol=1e-9)


def test_parameters_stay_inside_their_bounds(play):
    row = Parameter("rest_probability_per_day", "normal", "0.5;2", "share", SAYS)
    others = tuple(r for r in constants({}) if r.name != row.name)
    run = play(line(25, days=1).replace(parameters=(*others, row)), members=200)
    drawn = run.drawn[:, run.drawn_names.index(row.name)]
    assert drawn.min() == 0
    assert drawn.max() == 1


def test_the_defaults_of_the_catalogue_are_drawn_without_rows(play):
    run = play(line(25, days=1).replace(parameters=()), members=200)
    for name, rate in RATES.items():
        drawn = run.drawn[:, run.drawn_names.index(name)]
        assert np.isfinite(drawn).all(), name
        assert ((drawn >= rate.minimum) & (drawn <= rate.maximum)).all(), name
        assert rate.distribution == "constant" or np.unique(drawn).size > 100, name
