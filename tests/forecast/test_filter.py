"""The particle filter against exact partners: a Kalman filter and a filter over a finite number of states."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from posada.forecast.filter import Filter, Likelihood, in_place, systematic

MEMBERS = 20_000
PERSISTENCE, MOVE_SD, SEEN_SD = 0.9, 1.0, 0.7
SEEN = (0.4, 1.9, None, -1.2, 0.3, 2.6)  # nothing is reported on the third day
TURN = np.array([[0.8, 0.2, 0.0], [0.1, 0.7, 0.2], [0.0, 0.3, 0.7]])
SAYS = np.array([[0.7, 0.2, 0.1], [0.2, 0.6, 0.2], [0.1, 0.2, 0.7]])  # by state, what is reported


class _Seen:
    def __init__(self, name, weigh):
        self.id, self._weigh = name, weigh

    def weigh(self):
        log = self._weigh()
        return Likelihood(log, np.ones(log.size))


class _Line:
    """x' = 0.9 x + a normal step, from a standard normal start."""

    def __init__(self, members, seed):
        self.members = members
        self.luck = np.random.default_rng(seed)
        self.x = self.luck.normal(size=members)

    def advance(self):
        self.x = PERSISTENCE * self.x + MOVE_SD * self.luck.normal(size=self.members)

    def select(self, ancestors, weights):
        assert weights.sum() == pytest.approx(1)
        self.x = self.x[ancestors]


def _kalman():
    mean, variance, evidence, means, variances = 0.0, 1.0, 0.0, [], []
    for seen in SEEN:
        mean, variance = PERSISTENCE * mean, PERSISTENCE**2 * variance + MOVE_SD**2
        if seen is not None:
            total = variance + SEEN_SD**2
            evidence += norm.logpdf(seen, mean, np.sqrt(total))
            mean, variance = mean + variance / total * (seen - mean), variance * SEEN_SD**2 / total
        means.append(mean)
        variances.append(variance)
    return means, variances, evidence


@pytest.mark.parametrize("seed", [0, 1])
def test_it_agrees_with_a_kalman_filter(seed):
    """Means within 4 standard errors of 20,000 members; evidence within 0.05."""
    line = _Line(MEMBERS, seed)

    def statements(day):
        seen = SEEN[day]
        return [] if seen is None else [_Seen(f"day {day}", lambda: norm.logpdf(seen, line.x, SEEN_SD))]

    filtered = Filter(line, statements, days=len(SEEN), seed=seed, watch=lambda: line.x[:, None])
    means, variances, evidence = _kalman()
    found = 0.0
    for step, mean, variance in zip(filtered, means, variances, strict=True):
        weights = filtered.weights
        assert weights.sum() == pytest.approx(1)
        assert weights @ line.x == pytest.approx(mean, abs=4 * np.sqrt(variance / (0.4 * MEMBERS)))
        assert weights @ line.x**2 - (weights @ line.x) ** 2 == pytest.approx(variance, rel=0.06)
        found += step.log_evidence
    assert found == pytest.approx(evidence, abs=0.05)


def test_it_agrees_with_the_exact_filter_over_three_states():
    reported = (0, 2, 2, 1)

    class Chain:
        members = MEMBERS

        def __init__(self):
            self.luck = np.random.default_rng(3)
            self.state = self.luck.integers(0, 3, MEMBERS)

        def advance(self):
            self.state = (self.luck.random(MEMBERS)[:, None] > np.cumsum(TURN, axis=1)[self.state]).sum(axis=1)

        def select(self, ancestors, weights):
            assert weights.shape == ancestors.shape
            self.state = self.state[ancestors]

    chain = Chain()
    filtered = Filter(
        chain, lambda day: [_Seen(str(day), lambda: np.log(SAYS[chain.state, reported[day]]))], days=4, seed=0
    )
    belief, evidence, found = np.full(3, 1 / 3), 0.0, 0.0
    for step, word in zip(filtered, reported, strict=True):
        belief = belief @ TURN * SAYS[:, word]
        evidence += np.log(belief.sum())
        belief /= belief.sum()
        found += step.log_evidence
        chances = np.bincount(chain.state, filtered.weights, minlength=3)
        np.testing.assert_allclose(chances, belief, atol=4 * 0.5 / np.sqrt(0.4 * MEMBERS))
    assert found == pytest.approx(evidence, abs=0.05)


def test_the_effect_of_a_statement_is_the_move_of_the_weighted_mean():
    """Members at 0 and 4; one says 4 three times as likely: the mean moves from 2 to 3."""
    line = _Line(2, 0)
    line.advance = lambda: setattr(line, "x", np.array([0.0, 4.0]))
    said = _Seen("a", lambda: np.log(np.array([0.25, 0.75])))
    (step,) = Filter(line, lambda _: [said], days=1, seed=0, watch=lambda: line.x[:, None])
    (done,) = step.assimilated
    assert done.effect == pytest.approx((1.0,))
    assert done.log_evidence == pytest.approx(np.log(0.5))
    assert done.effective == pytest.approx(1 / (0.25**2 + 0.75**2))


@pytest.mark.parametrize("offset", [1e-9, 0.3, 1 - 1e-9])
def test_each_member_is_chosen_as_often_as_its_weight_says(offset):
    weights = np.array([0.5, 0.0, 0.05, 0.45])
    weights = np.concatenate([weights, np.zeros(16)])
    for count in (20, 7):
        times = np.bincount(systematic(weights, offset, count), minlength=20)
        assert times.sum() == count
        assert (np.abs(times - count * weights) < 1 + 1e-6).all()
        assert times[1] == 0


@given(st.lists(st.integers(0, 7), min_size=8, max_size=8))
def test_a_choice_in_place_is_the_same_choice_and_moves_nobody_who_is_chosen(chosen):
    ancestors = np.array(chosen)
    arranged = in_place(ancestors)
    assert sorted(arranged) == sorted(ancestors)
    assert all(arranged[member] == member for member in set(chosen))


def test_a_filter_goes_on_from_where_another_was():
    """After two days of the line, with the numbers of then: the same weights, choices and beliefs at the end."""

    def made(line, reached=None):
        # Half of the chance of what was seen is that of a mistake, which may be anything.
        def weigh(seen):
            right = norm.logpdf(seen, line.x, SEEN_SD)
            log = np.logaddexp(right, -2.0)
            return Likelihood(log, np.exp(right - log))

        def statements(day):
            seen = SEEN[day]
            if seen is None:
                return []
            said = _Seen(f"day {day}", None)
            said.weigh = lambda: weigh(seen)
            return [said]

        return Filter(line, statements, days=len(SEEN), seed=4, reached=reached)

    line = _Line(500, 4)
    whole = made(line)
    next(whole), next(whole)
    other = _Line(500, 4)
    other.x = line.x.copy()
    other.luck.bit_generator.state = line.luck.bit_generator.state
    resumed = made(other, whole.reached)
    steps, others = list(whole), list(resumed)
    assert [row.day for row in others] == [row.day for row in steps] == [2, 3, 4, 5]
    assert others == steps
    assert resumed.believed() == whole.believed()
    assert len(whole.believed()) == 5


def test_what_is_believed_of_a_statement_changes_with_later_ones():
    """A member at 0 and one at 4: 'at 4' is believed there; then 'at 0' is heard, nine times as likely."""
    line = _Line(2, 0)
    line.advance = lambda: setattr(line, "x", np.array([0.0, 4.0]))
    first = _Seen("a", None)
    first.weigh = lambda: Likelihood(np.zeros(2), np.array([0.0, 1.0]))
    second = _Seen("b", None)
    second.weigh = lambda: Likelihood(np.log([0.9, 0.1]), np.array([1.0, 0.0]))
    filtered = Filter(line, lambda _: [first, second], days=1, seed=0)
    (step,) = filtered
    assert step.assimilated[0].believed == pytest.approx(0.5)
    assert filtered.believed()[1] == step.assimilated[1].believed == pytest.approx(0.9)
