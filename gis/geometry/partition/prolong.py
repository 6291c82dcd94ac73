"""Using the time that is given: a search goes on in rounds until the deadline or a proof.

Pure but for the deadline, which can only cut the rounds off: what a round does depends on the seed
and on the rounds before it alone. Rounds in turn start again from nothing and draw regions of the
best division anew with more proposals; what they find is combined with the best ones so far.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from gis.geometry.partition.combine import combine_parts
from gis.geometry.partition.exact import solve_exactly
from gis.geometry.partition.ring import bound_cost
from gis.geometry.partition.search import Search, Work

POOL = 6
"""Divisions kept to combine new ones with."""

MOST_ROUNDS = 100_000
PROOF_SETS = 20_000

MOST_DOUBLINGS = 4
"""How often the proposals for a region are doubled from round to round."""


@dataclass
class Prolongation:
    """The rounds of one search; `work` is that of a round from nothing.

    ``fresh`` tells whether rounds may start from nothing: not where blocks should stay.
    """

    search: Search
    work: Work
    fresh: bool = True
    pool: list[np.ndarray] = field(default_factory=list)
    bound: float | None = None

    def run(self, *, only_to_band: bool = False) -> None:
        """Go on until the deadline, a proof of optimality, or the first division in the band."""
        search = self.search
        if not search.deadline.is_limited or search.terms.n_parts == 1 or self._prove():
            return
        self.pool.append(search.best)
        for number in range(1, MOST_ROUNDS):
            done = only_to_band and search.score[0] <= 0
            if search.deadline.passed or done or self._meets_bound():
                return
            self._round(number)

    def _prove(self) -> bool:
        """Tell whether the best division is known, which small graphs allow."""
        if not self.fresh:
            return False
        known = solve_exactly(
            self.search.graph,
            self.search.terms,
            most_sets=PROOF_SETS,
            deadline=self.search.deadline,
        )
        if known.part is not None:
            self.search.offer(known.part)
        return known.status != "open"

    def _meets_bound(self) -> bool:
        """Tell whether no division can be better, as far as a bound is known."""
        search = self.search
        if self.bound is None and self.fresh and search.score[0] <= 0:
            self.bound = bound_cost(search.graph, search.terms, search.best, search.deadline)
        return search.score[0] <= 0 and self.bound is not None and search.score[1] <= self.bound

    def _round(self, number: int) -> None:
        """Do one round and combine what it found."""
        search = self.search
        other = Search(
            search.graph, search.terms, search.seed + 1009 * number, search.deadline,
        )  # fmt: skip
        if self.fresh and number % 2 == 0:
            other.run(self.work)
        else:
            other.keep(search.score, search.best)
            harder = 2 ** min((number + 1) // 2, MOST_DOUBLINGS)
            other.redraw_regions(
                replace(self.work, region_moves=harder * self.work.region_moves), 1
            )
        search.keep(other.score, other.best)
        if self.fresh:
            self._combine(other.best, other.seed)

    def _combine(self, found: np.ndarray, seed: int) -> None:
        """Mix what a round found with the divisions kept, and keep it too."""
        for kept in self.pool:
            if self.search.deadline.passed:
                return
            combine_parts(self.search, found, kept, seed)
        self.pool = [self.search.best, found, *self.pool[1:]][:POOL]
