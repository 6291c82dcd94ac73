"""The best division there can be, or a bound on it, by an exact solver (HiGHS).

Every block is in one part, every part in the band; the cost of the cut edges is minimised. Parts
are connected by a flow: each part has one root, from which every other block of the part draws one
unit along edges that are not cut. Symmetry is broken by the heaviest block lying in the first part.
Half of the time goes into a lower bound by spreading metrics first (see `spreading`), which is
strong where the program alone is weak; two parts of a planar graph are bounded by rings before.

Sources: the single-commodity flow of Shirabe (2009), doi:10.1068/b34104; the solver of Huangfu and
Hall (2018), doi:10.1007/s12532-017-0130-5.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

import highspy
import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order

from gis.geometry.band import Band
from gis.geometry.partition.deadline import Deadline
from gis.geometry.partition.graph import build_graph
from gis.geometry.partition.ring import bound_cost
from gis.geometry.partition.score import plain_terms
from scripts.evaluation.drawing.instance import Instance
from scripts.evaluation.drawing.score import border_cost
from scripts.evaluation.drawing.spreading import Spreading

SHORTEST_S = 0.1
"""The solver takes a limit that is over already for none."""


@dataclass(frozen=True)
class Proof:
    """What the solver could prove within its time.

    ``state``: optimal (cost = bound), bounded (the best lies between them), infeasible, or open
    (nothing known). ``cost``: of the best division found; ``bound``: no division costs less.
    """

    state: str
    cost: float | None
    bound: float | None
    seconds: float
    part: list[int] | None = None


def solve_exactly(
    instance: Instance,
    count: int,
    *,
    limit_s: float,
    start: np.ndarray | None = None,
    any_will_do: bool = False,
) -> Proof:
    """Find the cheapest division into `count` parts, or with `any_will_do` whether there is one.

    Parameters
    ----------
    start
        A valid division to begin with; it only helps to cut the search short.
    """
    if count == 1:
        return _whole(instance)
    begun = perf_counter()
    known = 0.0 if any_will_do else _ring_bound(instance, count, start, limit_s / 2)
    if not any_will_do and start is not None and known >= border_cost(instance, start):
        return _proven(instance, start, perf_counter() - begun)
    model = _Model(instance, count, any_will_do)
    if not any_will_do:
        spreading = Spreading(instance)
        spread = spreading.tighten(limit_s / 2, enough=_just_below(instance, start))
        known = max(known, _round_up(instance, spread))
        if start is not None and known >= border_cost(instance, start):
            return _proven(instance, start, perf_counter() - begun)
        model.add_rows_on_cuts(spreading.tight_rows(), known)
    highs = model.load(limit_s - (perf_counter() - begun))
    if start is not None:
        model.give_start(highs, start)
    highs.run()
    return model.read(highs, perf_counter() - begun, known)


def _ring_bound(instance: Instance, count: int, start: np.ndarray | None, limit_s: float) -> float:
    """Bound the border between two parts by the shortest ring of faces; 0: nothing is known."""
    if start is None:
        return 0.0
    graph = build_graph(instance.weights, instance.edges, instance.cost)
    terms = plain_terms(count, Band(instance.minimum, instance.maximum))
    return bound_cost(graph, terms, start, Deadline(limit_s))


def _proven(instance: Instance, start: np.ndarray, seconds: float) -> Proof:
    cost = border_cost(instance, start)
    return Proof("optimal", cost, cost, seconds, start.tolist())


def _round_up(instance: Instance, bound: float) -> float:
    """Round a bound up where every cost is whole."""
    if (instance.cost == np.round(instance.cost)).all():
        return float(np.ceil(bound - 1e-6))
    return bound


def _just_below(instance: Instance, start: np.ndarray | None) -> float:
    """Give the bound that proves a division to be the best, after rounding up."""
    if start is None:
        return np.inf
    cost = border_cost(instance, start)
    return cost - 1 + 1e-5 if _round_up(instance, cost - 0.5) == cost else cost


def _whole(instance: Instance) -> Proof:
    fits = instance.minimum <= instance.weights.sum() <= instance.maximum
    if not fits:
        return Proof("infeasible", None, None, 0.0)
    return Proof("optimal", 0.0, 0.0, 0.0, [0] * instance.n_blocks)


class _Model:
    """The integer program: columns x (block in part), r (block is root), y (edge cut), f (flow)."""

    def __init__(self, instance: Instance, count: int, any_will_do: bool) -> None:
        self.instance, self.count, self.any_will_do = instance, count, any_will_do
        self.n, self.m = instance.n_blocks, len(instance.edges)
        n, m, k = self.n, self.m, count
        self.x = np.arange(n * k).reshape(n, k)
        self.r = n * k + np.arange(n * k).reshape(n, k)
        self.y = 2 * n * k + np.arange(m)
        self.f = 2 * n * k + m + np.arange(2 * m).reshape(2, m)
        self.n_columns = 2 * n * k + 3 * m
        self.rows: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        self.lower: list[np.ndarray] = []
        self.upper: list[np.ndarray] = []
        self.n_rows = 0
        self._add_parts()
        self._add_cuts()
        self._add_flow()

    def _add(
        self, terms: list[tuple[np.ndarray, object]], lower: object, upper: object, size: int
    ) -> None:
        """Add `size` rows; each term is (column of each row, coefficient)."""
        row = self.n_rows + np.arange(size)
        for columns, value in terms:
            columns = np.asarray(columns)
            at = np.broadcast_to(row if columns.ndim < 2 else row[:, None], columns.shape)
            values = np.broadcast_to(np.asarray(value, float), columns.shape)
            self.rows.append((at.ravel(), columns.ravel(), values.ravel()))
        self.lower.append(np.broadcast_to(np.asarray(lower, float), size))
        self.upper.append(np.broadcast_to(np.asarray(upper, float), size))
        self.n_rows += size

    def _add_parts(self) -> None:
        """Put every block into one part, every part into the band, one root into every part."""
        one = self.instance
        self._add([(self.x, 1)], 1, 1, self.n)
        weights = np.broadcast_to(one.weights, (self.count, self.n))
        self._add([(self.x.T, weights)], one.minimum, one.maximum, self.count)
        self._add([(self.r.T, 1)], 1, 1, self.count)
        self._add([(self.r.ravel(), 1), (self.x.ravel(), -1)], -np.inf, 0, self.x.size)

    def _add_cuts(self) -> None:
        """Count an edge as cut when its ends lie in different parts."""
        a, b = self.instance.edges.T
        for part in range(self.count):
            for u, v in ((a, b), (b, a)):
                terms = [(self.x[u, part], 1), (self.x[v, part], -1), (self.y, -1)]
                self._add(terms, -np.inf, 0, self.m)

    def _add_flow(self) -> None:
        """Give every block but the roots one unit of flow, along edges that are not cut."""
        a, b = self.instance.edges.T
        most = self.n - self.count
        for way in (0, 1):
            self._add([(self.f[way], 1), (self.y, most)], -np.inf, most, self.m)
        first = self.n_rows
        self._add([(self.r, most + 1)], 1, np.inf, self.n)
        for way, (tail, head) in enumerate(((a, b), (b, a))):
            ones = np.ones(self.m)
            self.rows.append((first + head, self.f[way], ones))
            self.rows.append((first + tail, self.f[way], -ones))

    def load(self, limit_s: float) -> highspy.Highs:
        """Hand the program to the solver."""
        row, column, value = (np.concatenate(part) for part in zip(*self.rows, strict=True))
        matrix = csr_array(coo_array((value, (row, column)), shape=(self.n_rows, self.n_columns)))
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.n_columns, self.n_rows
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = self._columns()
        lp.row_lower_, lp.row_upper_ = np.concatenate(self.lower), np.concatenate(self.upper)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_ = matrix.indptr, matrix.indices
        lp.a_matrix_.value_ = matrix.data
        whole = np.arange(self.n_columns) < self.y[0]
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(w)] for w in whole]
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        highs.setOptionValue("threads", 1)
        highs.setOptionValue("time_limit", max(float(limit_s), SHORTEST_S))
        highs.setOptionValue("mip_rel_gap", 0.0)
        if self.any_will_do:
            highs.setOptionValue("mip_max_improving_sols", 1)
        highs.passModel(lp)
        return highs

    def _columns(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        cost, upper = np.zeros(self.n_columns), np.ones(self.n_columns)
        if not self.any_will_do:
            cost[self.y] = self.instance.cost
        upper[self.f] = self.n - self.count
        lower = np.zeros(self.n_columns)
        lower[self.x[np.argmax(self.instance.weights), 0]] = 1
        return cost, lower, upper

    def add_rows_on_cuts(self, rows: list[tuple[np.ndarray, np.ndarray]], bound: float) -> None:
        """Add rows of the form coefficients · y >= 1, and what is known of the cost."""
        for edges, values in rows:
            row = np.full(len(edges), self.n_rows)
            self.rows.append((row, self.y[edges], values))
            self._bound_row(1.0)
        self.rows.append((np.full(self.m, self.n_rows), self.y, self.instance.cost))
        self._bound_row(bound)

    def _bound_row(self, lower: float) -> None:
        self.lower.append(np.array([lower]))
        self.upper.append(np.array([np.inf]))
        self.n_rows += 1

    def give_start(self, highs: highspy.Highs, part: np.ndarray) -> None:
        """Tell the solver a division, roots and flow included."""
        part = np.unique(part, return_inverse=True)[1]
        first = part[np.argmax(self.instance.weights)]
        part = np.where(part == first, 0, np.where(part == 0, first, part))
        value = np.zeros(self.n_columns)
        value[self.x[np.arange(self.n), part]] = 1
        a, b = self.instance.edges.T
        value[self.y] = part[a] != part[b]
        for number in range(self.count):
            self._send_flow(value, np.flatnonzero(part == number), number)
        highs.setSolution(self.n_columns, np.arange(self.n_columns, dtype=np.int32), value)

    def _send_flow(self, value: np.ndarray, nodes: np.ndarray, number: int) -> None:
        """Send one unit to every block of a part along a tree from its first block."""
        a, b = self.instance.edges.T
        inside = np.flatnonzero(np.isin(a, nodes) & np.isin(b, nodes))
        ones = np.ones(len(inside))
        links = coo_array((ones, (a[inside], b[inside])), shape=(self.n, self.n)).tocsr()
        order, parent = breadth_first_order(links, nodes[0], directed=False)
        value[self.r[nodes[0], number]] = 1
        edge = {(int(a[e]), int(b[e])): e for e in inside}
        below = np.ones(self.n)
        for node in order[:0:-1].tolist():
            up = int(parent[node])
            below[up] += below[node]
            way = 0 if (up, node) in edge else 1
            value[self.f[way, edge[(up, node) if way == 0 else (node, up)]]] = below[node]

    def read(self, highs: highspy.Highs, seconds: float, known: float) -> Proof:
        """Read off what was found and what was proven."""
        status, info = highs.getModelStatus(), highs.getInfo()
        if status == highspy.HighsModelStatus.kInfeasible:
            return Proof("infeasible", None, None, seconds)
        bound = float(info.mip_dual_bound)
        bound = None if self.any_will_do else _tighter(self.instance, bound, known)
        if info.primal_solution_status != 2:
            return Proof("open", None, bound, seconds)
        values = np.asarray(highs.getSolution().col_value)
        part = values[self.x].argmax(axis=1)
        a, b = self.instance.edges.T
        cost = float(self.instance.cost[part[a] != part[b]].sum())
        done = status == highspy.HighsModelStatus.kOptimal and not self.any_will_do
        state = "optimal" if done else "bounded"
        return Proof(state, cost, cost if done else bound, seconds, part.tolist())


def _tighter(instance: Instance, bound: float, known: float) -> float:
    return max(known, _round_up(instance, bound)) if np.isfinite(bound) else known


def cached_proof(folder: Path, instance: Instance, count: int, **options: object) -> Proof:
    """Solve exactly, or read what a former run with at least as much time found."""
    kind = "any" if options.get("any_will_do") else "best"
    path = folder / "oracle" / f"{instance.digest()}_{count}_{kind}.json"
    if path.exists():
        kept = json.loads(path.read_text())
        if kept["limit_s"] >= options["limit_s"] or kept["state"] in ("optimal", "infeasible"):
            return Proof(**{name: kept[name] for name in Proof.__dataclass_fields__})
    proof = solve_exactly(instance, count, **options)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(proof) | {"limit_s": options["limit_s"]}))
    return proof
