"""Sequential Monte Carlo: members move day by day, and are weighted and chosen by what was reported.

The hidden state is anything that can move and be chosen from (:class:`Hidden`), a statement anything that says how
likely it is in each member (:class:`Statement`). Neither knows the other, and this file knows neither: it is the
algorithm (N. J. Gordon, D. J. Salmond and A. F. M. Smith, "Novel approach to nonlinear/non-Gaussian Bayesian state
estimation", 1993; N. Chopin and O. Papaspiliopoulos, "An introduction to sequential Monte Carlo", 2020, chapter 10).

Members are chosen systematically, when fewer than :data:`LEAST_EFFECTIVE` of them carry the weight. It is looked at
after each statement and not once a day, so that what a choice makes different can already answer to the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from posada.engine.draws import DECISION, uniform

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_EFFECTIVE = 0.5
"""Share of the members below which the effective number leads to a choice."""


class Hidden(Protocol):
    """The state of all members, which is not seen."""

    members: int

    def advance(self) -> None:
        """Move all members by one day."""

    def select(self, ancestors: Ints, weights: Floats) -> None:
        """Go on with the members at ``ancestors``; ``weights``, which add up to one, are those before the choice."""


@dataclass(frozen=True, slots=True, eq=False)
class Likelihood:
    """How likely a statement is in each member.

    Attributes
    ----------
    log : (members,)
        Logarithm of the likelihood.
    believed : (members,)
        Chance, in each member, that the statement is no mistake.
    """

    log: Floats
    believed: Floats


class Statement(Protocol):
    """Something that was reported about today."""

    @property
    def id(self) -> str:
        """Its identifier."""

    def weigh(self) -> Likelihood:
        """Hold it against the members as they are now; it may tell of people whom they have not, or have elsewhere."""


@dataclass(frozen=True, slots=True)
class Assimilated:
    """What a statement did.

    Attributes
    ----------
    log_evidence : float
        Logarithm of its mean likelihood over the members, as they were weighted before it.
    believed : float
        Chance that it is no mistake, seen with all others until then; with later ones: :meth:`Filter.believed`.
    effective : float
        Effective number of members with it.
    effect : (numbers,)
        By how much it moved the weighted mean of each number that is watched, weights and people together.
    """

    id: str
    log_evidence: float
    believed: float
    effective: float
    effect: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A day of the filter: what was assimilated, the effective number at its end, and how often members were chosen."""

    day: int
    assimilated: tuple[Assimilated, ...]
    effective: float
    choices: int

    @property
    def log_evidence(self) -> float:
        """Logarithm of the evidence of all that was reported about the day."""
        return sum(row.log_evidence for row in self.assimilated)


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """How far a filter is: enough to go on, beside the hidden state itself.

    Attributes
    ----------
    days, choices : int
        Days that are done, and how often members were chosen.
    log_weights : (members,)
    believed : (members, statements)
        Chance, in each member, that each statement until now is no mistake.
    """

    days: int
    choices: int
    log_weights: Floats
    believed: Floats


class Filter:
    """An iterator over days: ``next(filter)`` moves the members by a day and assimilates what was said of it.

    Parameters
    ----------
    hidden : Hidden
        The members, before the first day.
    statements : callable
        Given the number of a day from 0, the statements about it in the order in which they are to be heard.
    days : int
        How many days there are.
    seed : int
        Names the draws, with the number of the choice.
    watch : callable or None
        Gives numbers of each member now, ``(members, numbers)``, whose means are followed.
    guide : callable or None
        Moves members, after a day, towards what is said of it, and returns the logarithm of how likely each move is
        over how likely it was tried, ``(members,)``.
    reached : Reached or None
        From where to go on, the hidden state being that of then; ``None`` to begin on the first day.

    Attributes
    ----------
    weights : (members,)
        They add up to one.
    """

    def __init__(
        self,
        hidden: Hidden,
        statements: Callable[[int], Iterable[Statement]],
        *,
        days: int,
        seed: int,
        watch: Callable[[], Floats] | None = None,
        guide: Callable[[], Floats] | None = None,
        reached: Reached | None = None,
    ) -> None:
        self.hidden = hidden
        self._statements = statements
        self._days = days
        self._seed = seed
        self._watch = watch
        self._guide = guide
        begin = reached or Reached(
            0, 0, np.full(hidden.members, -np.log(hidden.members)), np.empty((hidden.members, 0))
        )
        self._day = begin.days - 1
        self._choices = begin.choices
        self._log_weights = begin.log_weights.copy()
        self._believed = [column.copy() for column in begin.believed.T]  # beside each other, sums round as before

    def __iter__(self) -> Iterator[Step]:
        return self

    def __next__(self) -> Step:
        if self._day + 1 >= self._days:
            raise StopIteration
        self._day += 1
        before = self._choices
        self.hidden.advance()
        if self._guide:
            joint = self._log_weights + self._guide()
            self._log_weights = joint - logsumexp(joint)
        done = [self.assimilate(statement) for statement in self._statements(self._day)]
        return Step(self._day, tuple(done), self.effective, self._choices - before)

    @property
    def weights(self) -> Floats:
        """Weights of the members, ``(members,)``."""
        weights: Floats = np.exp(self._log_weights)
        return weights

    @property
    def effective(self) -> float:
        """Effective number of members: how many of equal weight would say as much (A. Kong, 1992)."""
        return float(np.exp(-logsumexp(2 * self._log_weights)))

    @property
    def reached(self) -> Reached:
        """How far it is; with the hidden state of now another filter goes on as this one would."""
        believed = np.column_stack([np.empty((self.hidden.members, 0)), *self._believed])
        return Reached(self._day + 1, self._choices, self._log_weights.copy(), believed)

    def believed(self) -> tuple[float, ...]:
        """Return for each statement, as they were heard, the chance that it is no mistake, seen with all until now."""
        return tuple(float(self.weights @ chance) for chance in self._believed)

    def assimilate(self, statement: Statement) -> Assimilated:
        """Weigh the members by a statement about today, and choose anew if too few carry the weight."""
        before, watched_before = self.weights, self._look()
        likelihood = statement.weigh()
        watched = self._look()
        joint = self._log_weights + likelihood.log
        log_evidence = float(logsumexp(joint))
        self._log_weights = joint - log_evidence
        after = self.weights
        effect = (after - before) @ watched
        if watched is not watched_before:  # it told of people whom the members did not have there
            effect += before @ (watched - watched_before)
        done = Assimilated(
            statement.id,
            log_evidence,
            float(after @ likelihood.believed),
            self.effective,
            tuple(float(number) for number in effect),
        )
        self._believed.append(likelihood.believed)
        if self.effective < LEAST_EFFECTIVE * self.hidden.members:
            self.choose()
        return done

    def _look(self) -> Floats:
        return self._watch() if self._watch else np.empty((self.hidden.members, 0))

    def choose(self) -> None:
        """Choose members anew by their weights, after which these are equal."""
        weights = self.weights
        ancestors = in_place(self.chosen(weights.size))
        self.hidden.select(ancestors, weights)
        self._believed = [chance[ancestors] for chance in self._believed]
        self._choices += 1
        self._log_weights[:] = -np.log(weights.size)

    def chosen(self, count: int) -> Ints:
        """Return members drawn by their weights, ``(count,)``, for whom these then say all; nothing is changed."""
        return systematic(self.weights, uniform(self._seed, 0, DECISION.resample, self._choices, 0, 0), count)


def systematic(weights: Floats, offset: float, count: int) -> Ints:
    """Return a member for each of ``count`` positions: each has ``count * weight`` of them, up to less than one.

    Parameters
    ----------
    weights : (members,)
        They add up to one.
    offset : float
        In (0, 1).
    """
    points = (np.arange(count) + offset) / count
    return np.minimum(np.searchsorted(np.cumsum(weights), points), weights.size - 1).astype(np.int64)


def in_place(ancestors: Ints) -> Ints:
    """Return the same members, ``(members,)``, arranged so that each of them keeps its own position once.

    Then only the positions of members who are not chosen change hands.
    """
    times = np.bincount(ancestors, minlength=ancestors.size)
    everybody = np.arange(ancestors.size)
    arranged = everybody.copy()
    arranged[times == 0] = np.repeat(everybody, np.maximum(times - 1, 0))
    return arranged
