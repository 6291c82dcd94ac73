"""The search for a good division of a connected graph: annealed starts, then regions drawn anew.

Pure. The work is a fixed number of proposals, so that the same input and seed give the same
division on every machine; a deadline only cuts it short.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from gis.geometry.partition.anneal import Cooling, cool_down
from gis.geometry.partition.deadline import Deadline
from gis.geometry.partition.graph import Graph, find_components
from gis.geometry.partition.regions import grow_region, region_sizes, take_region
from gis.geometry.partition.repair import repair_parts
from gis.geometry.partition.score import Terms, score_parts
from gis.geometry.partition.start import start_parts

Progress = Callable[[float, str], None]
Score = tuple[float, float]

CHUNK = 15
"""Steps of cooling between two looks at the clock."""

EXTRA = 6
"""Further tries where the band is not met."""

SWAP_EVERY = 3
"""In narrow bands one of so many proposals is a swap."""

NARROW = 0.8
NARROW_STRICT = 20.0
"""A band narrower than so many mean nodes needs swaps, and a higher price of leaving it."""

HEAT, PRICE = 1.4, 60.0
TIGHT = 2.0
TIGHT_HEAT, TIGHT_PRICE = 0.7, 10.0
"""First heat, and first price of leaving the band. Where it is narrower than `TIGHT` mean nodes
most moves leave it: parts must be let out at first, and more heat than that undoes the start.
"""

MOST_TO_REPAIR = 2000
"""Nodes of graphs whose weights are evened out by swaps: each looks at all pairs at a border."""

MOST_PROPOSALS = 5.0e9
"""Proposals of a whole search at the usual effort where a part has `USUAL_SIZE` nodes: minutes."""

USUAL_SIZE = 16
"""With larger parts a proposal costs more, because connections are longer to follow."""


PROPOSALS_PER_S = 2.0e7
START_SHARE = 0.4
LARGE_PART = 40
"""Proposals of one core in a second, about, and the share of a limit for the first starts: several
where parts are large, because there a start decides more than the regions drawn anew after it.
"""


@dataclass(frozen=True)
class Work:
    """How much is tried: starts with proposals per node and steps of heat, and regions.

    ``patience``: regions without a better division after which no more are drawn.
    """

    n_starts: int
    moves_per_node: int
    n_steps: int = 150
    n_regions: int = 0
    region_moves: int = 10_000
    limited: bool = True
    patience: int = 64

    @classmethod
    def for_size(cls, n_nodes: int, n_parts: int, effort: float) -> Work:
        """Choose the work for a graph: seconds for a thousand nodes, minutes for fifty thousand.

        Examples
        --------
        >>> work = Work.for_size(1000, 30, 1.0)
        >>> work.n_starts, work.moves_per_node, work.n_regions, work.region_moves
        (4, 5000, 128, 10000)
        """
        usual = 4 if n_nodes <= 2000 else 8 if n_nodes <= 10_000 else 2
        n_starts = max(1, min(round(usual * effort), usual))
        sizes = region_sizes(n_parts)
        share = min(sum(sizes) / len(sizes) / n_parts, 1.0)
        most = MOST_PROPOSALS * min(1.0, USUAL_SIZE * n_parts / n_nodes)
        proposals = effort * min(3e5 * n_nodes, most)
        moves = int(np.clip(10_000 * effort**0.5, 2_000, 40_000))
        n_regions = int(proposals / max(share * n_nodes * moves, 1))
        starts = max(50, int(5000 * min(1.0, effort)))
        return cls(
            n_starts,
            starts,
            n_regions=min(n_regions, 50 * n_parts),
            region_moves=moves,
            patience=max(64, 3 * n_parts),
        )

    @classmethod
    def within(cls, n_nodes: int, n_parts: int, limit_s: float) -> Work:
        """Choose the work of one of many rounds under a limit: few starts, many quick regions.

        Where regions are as large as the graph they are further starts, and get as much.

        Examples
        --------
        >>> Work.within(1000, 30, 3.0).moves_per_node, Work.within(50_000, 900, 3.0).moves_per_node
        (5000, 480)
        """
        proposals = START_SHARE * limit_s * PROPOSALS_PER_S
        moves = int(np.clip(proposals / n_nodes, 300, 5000))
        large = n_nodes >= LARGE_PART * n_parts
        whole = n_parts <= max(region_sizes(n_parts))
        return cls(
            int(np.clip(proposals / (5000 * n_nodes), 1, 4)) if large else 1,
            moves,
            n_regions=50 * n_parts,
            region_moves=1000 if not large else 6000 if whole else 2000,
            patience=max(24, n_parts),
        )

    @classmethod
    def quick(cls) -> Work:
        """Give the work of a first division, which no time limit cuts short."""
        return cls(1, 300, 60, limited=False)


@dataclass
class Search:
    """One search; `best` is the best division so far, by weight outside the band, then cost."""

    graph: Graph
    terms: Terms
    seed: int = 0
    deadline: Deadline = field(default_factory=lambda: Deadline(None))
    progress: Progress | None = None
    score: Score = (np.inf, np.inf)
    history: list[tuple[float, float, float]] = field(default_factory=list)
    _best: np.ndarray | None = None

    @property
    def best(self) -> np.ndarray:
        """Give the best division; there is one once a division was run, offered or kept."""
        if self._best is None:
            raise LookupError("no division was looked for yet")
        return self._best

    def run(
        self, work: Work, start: np.ndarray | None = None, *, only_start: bool = False
    ) -> np.ndarray:
        """Anneal from several starts, draw regions of the best anew, and give the best."""
        n_jobs = work.n_starts + work.n_regions
        for number in range(work.n_starts):
            if self._best is not None and self.deadline.passed:
                break
            if start is not None and (only_start or number == 0):
                part = start.copy()
            else:
                part = start_parts(self.graph, self.terms.n_parts, self.seed + number)
            self.keep(*self.cool(part, work, number))
            self.report((number + 1) / n_jobs)
        self.seek_band(work, fresh=not only_start)
        self.redraw_regions(work, n_jobs)
        if work.n_regions:
            self.seek_band(work, fresh=not only_start)
            self.repair_band(work, n_jobs)
        return self.best

    def repair_band(self, work: Work, n_jobs: int) -> None:
        """Where the search did not meet the band, even weights out and go on from there."""
        if self.score[0] <= 0 or not self.may_repair or self.deadline.passed:
            return
        self.offer(repair_parts(self.graph, self.terms, self.best))
        if self.score[0] <= 0:
            self.redraw_regions(work, n_jobs)

    def seek_band(self, work: Work, *, fresh: bool) -> None:
        """Try harder while the band is not met: stricter from the best, and from other starts."""
        hard = replace(work, moves_per_node=max(work.moves_per_node, 5000), limited=True)
        for extra in range(EXTRA if work.limited else 1):
            if self.score[0] <= 0 or self.terms.n_parts == 1 or self.deadline.passed:
                break
            again = fresh and extra % 2 == 1
            seed = self.seed + 100 + extra
            part = start_parts(self.graph, self.terms.n_parts, seed) if again else self.best.copy()
            self.keep(*self.cool(part, hard, 1000 + extra, strict=1.0 if again else 10.0))

    def redraw_regions(self, work: Work, n_jobs: int) -> None:
        """Draw regions of a few parts anew, one after another, and keep what is better."""
        rng = np.random.default_rng(self.seed)
        n_parts = self.terms.n_parts
        if n_parts == 1:
            return
        rounds = range(-(-work.n_regions // n_parts))
        centres = [centre for _ in rounds for centre in rng.permutation(n_parts).tolist()]
        sizes = region_sizes(n_parts)
        last_gain = 0
        for number, centre in enumerate(centres[: work.n_regions]):
            if self.deadline.passed or number - last_gain > work.patience:
                break
            before = self.score
            size = sizes[number % len(sizes)]
            self.redraw_region(grow_region(self.graph, self.best, centre, size, rng), work, number)
            last_gain = number if self.score < before else last_gain
            self.report((work.n_starts + number + 1) / n_jobs)

    def redraw_region(self, parts: np.ndarray, work: Work, number: int) -> None:
        """Draw the blocks of some parts anew, from where they are or from nothing."""
        nodes, inside, part = take_region(self.graph, self.best, parts, self.terms.n_parts)
        if np.bincount(part, minlength=len(parts)).min() == 0:
            return
        terms = self.terms._replace(n_parts=len(parts))
        before = _rounded(score_parts(inside, terms, part))
        fresh = number % 8 < 4 and (inside.home < 0).all() and find_components(inside).max() == 0
        start = start_parts(inside, len(parts), self.seed + number) if fresh else part
        region = Search(inside, terms, self.seed, self.deadline)
        again = replace(work, moves_per_node=work.region_moves)
        after, found = region.cool(start.copy(), again, 5000 + number)
        if after < before:
            whole = self.best.copy()
            whole[nodes] = parts[found]
            self.offer(whole)

    def cool(
        self, part: np.ndarray, work: Work, run: int, *, strict: float = 1.0
    ) -> tuple[Score, np.ndarray]:
        """Anneal a division, in place; give the best state passed."""
        best = part.copy()
        score = score_parts(self.graph, self.terms, part)
        if self.terms.n_parts > 1:
            state = np.uint64(0x9E3779B97F4A7C15 ^ (1000003 * (self.seed + 1) + 7919 * run))
            cooling = self.cooling(work, strict)
            for first in range(0, work.n_steps, CHUNK):
                last = min(first + CHUNK, work.n_steps)
                outside, cost, state = cool_down(
                    self.graph, self.terms, part, cooling, first, last, best, np.uint64(state)
                )
                score = outside, cost
                if work.limited and self.deadline.passed:
                    break
        if score[0] > 0 and self.is_tight and self.may_repair:
            best = repair_parts(self.graph, self.terms, best)
            score = score_parts(self.graph, self.terms, best)
        return _rounded(score), best

    def cooling(self, work: Work, strict: float) -> Cooling:
        """Fit a schedule to the graph."""
        dear = self.graph.cost[self.graph.cost > 0]
        return Cooling(
            n_steps=work.n_steps,
            n_moves=max(200, work.moves_per_node * self.graph.n_nodes // work.n_steps),
            unit=float(dear.mean()) if len(dear) else 1.0,
            weight=max(float(self.graph.weight.sum()) / self.terms.n_parts, 1e-9),
            heat=TIGHT_HEAT if self.is_tight else HEAT,
            price=TIGHT_PRICE if self.is_tight else PRICE,
            strict=strict,
            late_strict=NARROW_STRICT if self.is_narrow else 1.0,
            swap_every=SWAP_EVERY if self.is_narrow else 0,
        )

    @property
    def is_narrow(self) -> bool:
        """Tell whether single nodes are too heavy to bring a part into the band."""
        return self._width < NARROW

    @property
    def is_tight(self) -> bool:
        """Tell whether most single nodes that change parts bring a part out of the band."""
        return self._width < TIGHT

    @property
    def _width(self) -> float:
        """Give the width of the band in mean nodes."""
        band = self.terms.maximum - self.terms.minimum
        return band / max(float(self.graph.weight.mean()), 1e-9)

    @property
    def may_repair(self) -> bool:
        """Tell whether weights may be evened out by swaps, which know of no homes."""
        return self.graph.n_nodes <= MOST_TO_REPAIR and not (self.graph.home >= 0).any()

    def offer(self, part: np.ndarray) -> None:
        """Take a division found elsewhere, if it is better."""
        self.keep(_rounded(score_parts(self.graph, self.terms, part)), part)

    def keep(self, score: Score, part: np.ndarray) -> None:
        """Remember a division if it is the best so far."""
        if score < self.score:
            self.score, self._best = score, part
            self.history.append((round(self.deadline.elapsed_s, 3), *score))

    def report(self, fraction: float) -> None:
        """Tell the caller how far the search has come."""
        if self.progress:
            self.progress(fraction, f"objective {self.score[1]:.6g}, {self.score[0]:g} out of band")


def _rounded(score: tuple[float, float]) -> Score:
    return round(float(score[0]), 6), round(float(score[1]), 6)
