"""Numbers that are drawn once for each member as normal scores, which can be moved a little when members are chosen.

Members that are copies of one another would keep equal numbers for ever. On the scale of normal scores every law is
the same, and moving a number keeps it inside the bounds of its own.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from posada.engine.chunks import run_chunks
from posada.engine.compiling import kernel
from posada.engine.draws import DECISION
from posada.engine.luck import Luck, LuckMaker, by_member, named_uniforms
from posada.engine.world import Floats, Ints

CHUNK_MEMBERS = 512
"""Members that a thread takes at a time: with one day at a time, more than in a simulation, to make calls cheap."""

SHRINK = 0.98
"""How much of its distance from the mean a score keeps; see :meth:`Scores.settle`."""

PRIOR_COUNTS = 5.0
"""The law of a number counts as so many members beside the effective ones, whenever members are chosen.

Each choice among *n* effective members moves the mean of a number at random by 1/sqrt(*n*) of its spread, even when
nothing was said of it. Drawn back by *k* in *n* + *k*, such drift stays within 1/sqrt(2 *k*) of it, here a third."""

_LIMIT = 6.0
_GRID = np.linspace(-_LIMIT, _LIMIT, 2401)


class Scores:
    """The normal scores of all members.

    Parameters
    ----------
    values : (members, numbers)
        As of :meth:`posada.engine.luck.LuckMaker.scores`.

    Attributes
    ----------
    values : (members, numbers)
    times : int
        How often they were moved; it names the draws.
    """

    def __init__(self, maker: LuckMaker, values: Floats, seed: int) -> None:
        self.values = values
        self._seed = seed
        self._keys = maker.score_keys()
        self._tables = np.array([law.quantile(ndtr(_GRID)) for law in maker.score_laws()])
        self.times = 0
        self._mean = self._centre = np.zeros(values.shape[1])
        self._spread = np.zeros((values.shape[1], values.shape[1]))

    def settle(self, weights: Floats) -> None:
        """Look at all scores before members are chosen, so that :meth:`move` can move those of the chosen ones.

        A score *z* moves to ``c + a (z - m) + e``, with *m* and *V* the weighted means and covariance of all, *a* =
        :data:`SHRINK`, *c* and *W* the means of *m* and *V* and of those of the law, 0 and 1, with the weights of the
        effective members and of :data:`PRIOR_COUNTS`, and *e* normal with covariance ``W - a² V``. Mean and covariance
        are *c* and *W* then, and with many members *m* and *V* (J. Liu and M. West, "Combined parameter and state
        estimation in simulation-based filtering", 2001). With fewer members than five for each number, *e* has the
        variances only.

        Parameters
        ----------
        weights : (members,)
            They add up to one.
        """
        self.times += 1
        effective = 1.0 / np.sum(weights**2)
        share = effective / (effective + PRIOR_COUNTS)
        self._mean = weights @ self.values
        self._centre = share * self._mean
        apart = (self.values - self._mean) * np.sqrt(weights)[:, None]
        if effective >= 5 * self._mean.size:
            spread = (share - SHRINK**2) * (apart.T @ apart)
            values, vectors = np.linalg.eigh(spread + (1.0 - share) * np.eye(self._mean.size))
            self._spread = vectors * np.sqrt(np.maximum(values, 0.0))
        else:
            variances = (share - SHRINK**2) * np.sum(apart**2, axis=0) + (1.0 - share)
            self._spread = np.diag(np.sqrt(np.maximum(variances, 0.0)))

    def move(self, luck: Luck, begin: int, end: int) -> None:
        """Move the scores of members ``begin`` to ``end - 1``, who have been chosen, and write what they make.

        Parameters
        ----------
        luck : Luck
            Of all members; rates, values of transitions and strengths of signals are written.
        """
        own, count = self.values[begin:end], end - begin
        # Of the position, not of the member who is there: that is what makes copies differ.
        u = named_uniforms(self._seed, begin, count, DECISION.rejuvenate, self._keys, day=self.times - 1)
        own -= self._mean
        own *= SHRINK
        own += ndtri(u) @ self._spread.T
        own += self._centre
        np.clip(own, -_LIMIT, _LIMIT, out=own)
        at = 0
        for made in (luck.rate, luck.move_value, luck.signal):
            next_at = at + made.shape[1]
            _between_known(own[:, at:next_at], self._tables[at:next_at], made[begin:end])
            at = next_at

    def redraw(self, luck: Luck, rows: Ints, columns: Ints, day: int) -> None:
        """Draw some rates of some members anew after a day, from their laws, whatever was learned of them.

        Parameters
        ----------
        rows, columns : ints
            Members, and rates by their position.
        """
        u = named_uniforms(self._seed, 0, self.values.shape[0], DECISION.regime, self._keys[columns], day=day)[rows]
        drawn = np.clip(ndtri(u), -_LIMIT, _LIMIT)
        made = np.empty(drawn.shape)
        _between_known(drawn, self._tables[columns], made)
        self.values[np.ix_(rows, columns)] = drawn
        luck.rate[np.ix_(rows, columns)] = made


def draw_all(maker: LuckMaker, members: int, workers: int) -> tuple[Luck, Floats]:
    """Return the luck and the scores of all members, drawn on threads."""
    parts: dict[int, tuple[Luck, Floats]] = {}

    def draw(begin: int, end: int) -> None:
        parts[begin] = maker.draw(begin, end - begin), maker.scores(begin, end - begin)

    run_chunks(draw, members, CHUNK_MEMBERS, workers=workers)
    rows = [parts[begin] for begin in sorted(parts)]
    joined = {name: np.concatenate([getattr(luck, name) for luck, _ in rows]) for name in by_member(rows[0][0])}
    return Luck(**joined, goal_weight=rows[0][0].goal_weight), np.concatenate([scores for _, scores in rows])


@kernel
def _between_known(scores: Floats, tables: Floats, out: Floats) -> None:
    """Write what the scores make, ``(members, numbers)``, linear between the known points of ``(numbers, points)``."""
    last = tables.shape[1] - 1
    for m in range(scores.shape[0]):
        for k in range(scores.shape[1]):
            point = (scores[m, k] + _LIMIT) * (last / (2.0 * _LIMIT))
            below = min(int(point), last - 1)
            share = point - below
            out[m, k] = tables[k, below] * (1.0 - share) + tables[k, below + 1] * share
