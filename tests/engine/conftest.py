"""Every run of an engine test goes through ``play``, which checks that nobody is lost in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from posada.engine.simulate import simulate_ensemble
from posada.model.run import Run
from posada.model.scenario import Scenario
from tests.engine.worlds import assert_nobody_is_lost

Play = Callable[..., Run]


def play_checked(scenario: Scenario, *, members: int = 8, seed: int = 1, **options: Any) -> Run:
    """Run a scenario and check its books anew."""
    run = simulate_ensemble(scenario, members=members, seed=seed, **options)
    assert_nobody_is_lost(run)
    return run


@pytest.fixture(scope="session")
def play() -> Play:
    """Return the function by which engine tests run a scenario."""
    return play_checked
