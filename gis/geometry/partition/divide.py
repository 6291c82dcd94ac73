"""Dividing a community's ground piece by piece, and telling what the division costs.

Pieces that do not touch are divided by themselves; the numbers of grids are shared among them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from gis.geometry.partition.deadline import Deadline
from gis.geometry.partition.graph import take_nodes
from gis.geometry.partition.ground import Ground
from gis.geometry.partition.groups import choose_count
from gis.geometry.partition.objective import build_terms, measure_terms
from gis.geometry.partition.piece import CLEARLY, Piece
from gis.geometry.partition.relax import MOST_TO_RELAX, Changes, Relaxation
from gis.geometry.partition.request import Request
from gis.geometry.partition.search import Progress
from gis.geometry.partition.shares import Shares
from gis.geometry.partition.start import start_parts

History = tuple[tuple[float, float, float], ...]


@dataclass(frozen=True)
class Outcome:
    """The part of each node of the ground, how it was come to, and the unit of the objective.

    ``proven``: rows of the blocks of each ground for which no division inside the band exists, and
    what would help there.
    """

    part: np.ndarray
    history: History
    unit: float
    proven: tuple[tuple[np.ndarray, Changes], ...] = ()


def divide_ground(
    ground: Ground, request: Request, deadline: Deadline, progress: Progress | None
) -> Outcome:
    """Divide every piece: all of them quickly, then all of them well."""
    if not len(ground.rows):
        return Outcome(np.zeros(0, np.int64), (), 1.0)
    pieces = _open_pieces(ground, request, deadline)
    counts = _share_counts(pieces, request)
    free = request.n_grids is None
    for piece, count in zip(pieces, counts, strict=True):
        piece.begin(piece.counts(count, free=free))
    if request.n_grids is not None:
        _take_cheapest_share(pieces, request.n_grids, deadline)
    found = [(piece.search.score, deadline.elapsed_s) for piece in pieces]
    history = [(found[-1][1], sum(s[0] for s, _ in found), sum(s[1] for s, _ in found))]
    if progress:
        progress(0.0, f"objective {history[0][2]:.6g}, {history[0][1]:g} out of band")
    size = np.array([max(len(p.nodes), 1) for p in pieces], float)
    for row, piece in enumerate(pieces):
        done, share = size[:row].sum() / size.sum(), size[row] / size.sum()
        piece.improve(_scaled(progress, done, share), free=free)
    proven = _seek_shares(ground, pieces, request, deadline)
    if request.use_time and not proven:
        for row, piece in enumerate(pieces):
            piece.go_on(deadline.share(size[row] / size[row:].sum()))
    for piece in pieces:
        others = [p.search.score for p in pieces if p is not piece]
        history += [
            (at, outside + sum(s[0] for s in others), cost + sum(s[1] for s in others))
            for at, outside, cost in piece.search.history
            if at > history[0][0]
        ]
    part, first = np.empty(len(ground.rows), np.int64), 0
    for piece in pieces:
        part[piece.nodes] = first + piece.search.best
        first += piece.search.terms.n_parts
    return Outcome(
        np.unique(part, return_inverse=True)[1],
        _only_better(history),
        pieces[0].unit,
        proven,
    )


def _take_cheapest_share(pieces: list[Piece], n_grids: int, deadline: Deadline) -> None:
    """Change to a share of the grids asked for that quick divisions show to be clearly cheaper.

    Each piece may have one grid more or fewer than in the share by weight.
    """
    if len(pieces) == 1:
        return
    first = np.array([piece.search.terms.n_parts for piece in pieces])
    room = np.array([piece.room() for piece in pieces])
    near = np.column_stack([np.maximum(room[:, 0], first - 1), np.minimum(room[:, 1], first + 1)])

    def price(row: int, count: int) -> float:
        if count not in pieces[row].tried and deadline.passed:
            return np.inf
        outside, cost = pieces[row].try_count(count).score
        return cost if outside <= 0 else np.inf

    counts = Shares(n_grids, first, near).cheapest(price)
    if counts is None:
        return
    gain = sum(price(row, count) for row, count in enumerate(first.tolist()))
    gain -= sum(price(row, count) for row, count in enumerate(counts))
    if gain > CLEARLY * pieces[0].unit:
        for piece, count in zip(pieces, counts, strict=True):
            piece.count = count


def _seek_shares(
    ground: Ground, pieces: list[Piece], request: Request, deadline: Deadline
) -> tuple[tuple[np.ndarray, Changes], ...]:
    """Where the band is not met, try other shares of the grids asked for; say what is proven."""
    if all(piece.search.score[0] <= 0 for piece in pieces):
        return ()
    if request.n_grids is not None:
        first = np.array([piece.search.terms.n_parts for piece in pieces])
        shares = Shares(request.n_grids, first, np.array([piece.room() for piece in pieces]))
        counts = shares.seek(lambda row, count: pieces[row].look(count))
        if counts is not None:
            for piece, count in zip(pieces, counts, strict=True):
                piece.count = count
            return ()
        if shares.is_impossible:
            return ((ground.rows, _changes(pieces, request, deadline)),)
    stuck = [p for p in pieces if p.search.score[0] > 0 and p.has_no_division()]
    return tuple((ground.rows[p.nodes], _changes([p], request, deadline)) for p in stuck)


def _changes(pieces: list[Piece], request: Request, deadline: Deadline) -> Changes:
    """Find what would help; nothing is said where locks or blocks above the maximum weigh in."""
    graphs = [piece.graph for piece in pieces]
    bound = request.locked.any() or (request.weight[request.common] > request.band.maximum).any()
    if bound or deadline.passed or sum(g.n_nodes for g in graphs) > MOST_TO_RELAX:
        return Changes()
    whole = sum(len(p.nodes) for p in pieces) == len(request.common)
    asked = request.n_grids if whole else None
    found = Relaxation(graphs, asked, request.band, request.seed, deadline).find_changes()
    low = found.minimum
    return replace(found, minimum=low if low and low.value > 0 else None)


def _scaled(progress: Progress | None, done: float, share: float) -> Progress | None:
    """Let a piece report its progress as a share of the whole."""
    if progress is None:
        return None
    return lambda fraction, message: progress(done + share * fraction, message)


def _only_better(history: list[tuple[float, float, float]]) -> History:
    kept: list[tuple[float, float, float]] = []
    for entry in sorted(history):
        if not kept or entry[1:] < kept[-1][1:]:
            at, outside, cost = (round(float(value), 3) for value in entry)
            kept.append((at, outside, cost))
    return tuple(kept)


def _open_pieces(ground: Ground, request: Request, deadline: Deadline) -> list[Piece]:
    """Set each connected piece up, with the border cost of a usual grid as the common unit."""
    pieces = []
    for number in range(int(ground.piece.max()) + 1):
        nodes = np.flatnonzero(ground.piece == number)
        rows = ground.rows[nodes]
        graph = take_nodes(ground.graph, nodes)
        kept = (request.number[rows], request.locked[rows])
        pieces.append(Piece(graph, nodes, *kept, request, 1.0, deadline))
    unit = _usual_border(ground, pieces, _share_counts(pieces, request), request.seed)
    for piece in pieces:
        piece.unit = unit
    return pieces


def _usual_border(ground: Ground, pieces: list[Piece], counts: list[int], seed: int) -> float:
    """Give the border cost of a usual grid, from a first rough division."""
    cut = 0.0
    for piece, count in zip(pieces, counts, strict=True):
        raw = np.full(len(ground.rows), -1, np.int64)
        raw[piece.nodes] = start_parts(piece.graph, count, seed)
        a, b = raw[ground.graph.source], raw[ground.graph.neighbour]
        cut += 0.5 * ground.border_cost[(a >= 0) & (b >= 0) & (a != b)].sum()
    mean = ground.border_cost.mean() if len(ground.border_cost) else 1.0
    return max(cut / sum(counts), float(mean), 1e-9)


def _share_counts(pieces: list[Piece], request: Request) -> list[int]:
    """Choose the number of grids of each piece, near the target or summing to what was asked."""
    band, target = request.band, request.target
    pairs = [(float(p.graph.weight.sum()), p.graph.n_nodes) for p in pieces]
    if request.n_grids is not None and len(pairs) == 1:
        return [min(request.n_grids, pairs[0][1])]
    least = [piece.n_locked for piece in pieces]
    counts = [
        max(choose_count(h, n, band, target), k) for (h, n), k in zip(pairs, least, strict=True)
    ]
    while request.n_grids is not None and sum(counts) != request.n_grids:
        step = 1 if sum(counts) < request.n_grids else -1
        room = [
            max(k, 1) <= c + step <= n for c, k, (_, n) in zip(counts, least, pairs, strict=True)
        ]
        if not any(room):
            break
        off = [abs(h / max(c + step, 1) - target) for c, (h, _) in zip(counts, pairs, strict=True)]
        counts[int(np.argmin(np.where(room, off, np.inf)))] += step
    return counts


def report_terms(ground: Ground, request: Request, unit: float, number: np.ndarray) -> pd.DataFrame:
    """Report every term of the common grids and their sum.

    Parameters
    ----------
    unit
        Cost that counts 1.
    number
        (n,) grid number of each block.
    """
    if not len(ground.rows):
        return pd.DataFrame({"out_of_band": [0.0]}, index=pd.Index(["total"], name="grid"))
    own = number[ground.rows]
    before = request.number[ground.rows]
    numbers, part = np.unique(own, return_inverse=True)
    terms = build_terms(
        ground.graph,
        request.objective,
        len(numbers),
        request.band,
        unit=1.0,
        mean=request.target,
        measures=request.measures,
    )
    table = measure_terms(
        ground.graph,
        terms,
        part,
        border_cost=ground.border_cost / unit,
        strong_m=ground.strong_m / unit,
        moved=(before >= 0) & (before != own),
        objective=request.objective,
        measures=request.measures,
    )
    table.index = pd.Index(numbers, dtype=object, name="grid")
    table.loc["total"] = table.sum()
    return table
