"""Small graphs solved exactly: the best division, or the proof that there is none.

Pure. Every connected set of nodes inside the band is listed; a division is a choice of sets that
covers each node once, found by an integer programme. As every term of the objective is a sum over
parts, a set's cost is known by itself.

Source: set partitioning for districting, Garfinkel, Nemhauser (1970), doi:10.1287/mnsc.16.8.B495;
sets are listed once each by growing from their smallest node, as in Wernicke (2006),
doi:10.1109/TCBB.2006.51.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numba import njit
from scipy.sparse import csc_array

from gis.geometry.band import Band
from gis.geometry.partition.deadline import Deadline
from gis.geometry.partition.graph import Graph
from gis.geometry.partition.score import Terms, roundness

MOST_NODES = 63
MOST_SETS = 60_000
FEW_SETS = 2_000
MOST_STEPS = 20_000_000
"""Beyond these a graph is not small: nodes, sets inside the band, steps of listing them.

Up to `FEW_SETS` an exact solution is quicker than a search.
"""

MOST_BRANCHES = 500
"""Nodes of the integer programme's search tree: a count, so that every machine stops alike."""

BAND_SLACK = 1e-9

INFEASIBLE = (
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kUnboundedOrInfeasible,  # and every choice is bounded
)


@dataclass(frozen=True)
class Exact:
    """What is known of a graph: ``optimal`` with its `part`, ``infeasible``, or ``open``."""

    status: str
    part: np.ndarray | None = None

    @property
    def division(self) -> np.ndarray:
        """Give the part of each node of a graph that is known to have a division."""
        if self.part is None:
            raise LookupError(f"no division is known of a graph that is {self.status}")
        return self.part


def solve_exactly(
    graph: Graph,
    terms: Terms,
    *,
    any_number: bool = False,
    most_sets: int = MOST_SETS,
    deadline: Deadline | None = None,
) -> Exact:
    """Find the best division inside the band, or prove that there is none.

    Parameters
    ----------
    graph, terms
        As for annealing; homes are not looked at.
    any_number
        Whether any number of parts will do instead of ``terms.n_parts``.
    most_sets
        With more sets inside the band the answer is ``open``.
    deadline
        When it passes the answer is ``open``.

    Examples
    --------
    >>> from gis.geometry.band import Band
    >>> from gis.geometry.partition.score import plain_terms
    >>> from gis.geometry.partition.graph import build_graph
    >>> path = build_graph(np.array([1.0, 3, 1]), np.array([[0, 1], [1, 2]]), np.array([1.0, 2]))
    >>> solve_exactly(path, plain_terms(2, Band(1, 4))).part
    array([0, 1, 1])
    >>> solve_exactly(path, plain_terms(2, Band(2, 3))).status
    'infeasible'
    """
    deadline = deadline or Deadline(None)
    if graph.n_nodes > MOST_NODES or deadline.passed:
        return Exact("open")
    sets = list_sets(graph, Band(terms.minimum, terms.maximum))
    if sets is None or len(sets) > most_sets:
        return Exact("open")
    holds = (sets[:, None] >> np.arange(graph.n_nodes, dtype=np.uint64)) & np.uint64(1)
    if not len(sets) or not holds.any(axis=0).all():
        return Exact("infeasible")
    cost = _set_costs(graph, terms, holds.astype(bool))
    chosen, status = _cover(holds, cost, None if any_number else terms.n_parts, deadline)
    if chosen is None:
        return Exact(status)
    part = np.empty(graph.n_nodes, np.int64)
    for number, row in enumerate(chosen):
        part[holds[row].astype(bool)] = number
    return Exact("optimal", part)


def list_sets(graph: Graph, band: Band) -> np.ndarray | None:
    """List all connected sets of nodes inside a band as bit masks; None when there are too many.

    Examples
    --------
    >>> from gis.geometry.partition.graph import build_graph
    >>> path = build_graph(np.ones(3), np.array([[0, 1], [1, 2]]), np.ones(2))
    >>> list_sets(path, Band(2, 3)).tolist()
    [3, 7, 6]
    """
    around = np.zeros(graph.n_nodes, np.uint64)
    np.bitwise_or.at(around, graph.source, np.uint64(1) << graph.neighbour.astype(np.uint64))
    found = np.empty(MOST_SETS, np.uint64)
    n = _grow_sets(
        around, graph.weight, band.minimum - BAND_SLACK, band.maximum + BAND_SLACK, found
    )
    return None if n < 0 else found[:n]


@njit(cache=True)
def _grow_sets(
    around: np.ndarray, weight: np.ndarray, minimum: float, maximum: float, found: np.ndarray
) -> int:
    """Fill `found` with the sets; gives their number, or -1 when there is no room or time."""
    one = np.uint64(1)
    zero = np.uint64(0)
    n = around.size
    count = 0
    steps = 0
    depth = 4 * n + 4
    stack_set = np.empty(depth, np.uint64)
    stack_open = np.empty(depth, np.uint64)
    stack_shut = np.empty(depth, np.uint64)
    stack_load = np.empty(depth)
    for first in range(n):
        if weight[first] > maximum:
            continue
        bit = one << np.uint64(first)
        below = (bit << one) - one
        top = 0
        stack_set[0] = bit
        stack_shut[0] = below
        stack_open[0] = around[first] & ~below
        stack_load[0] = weight[first]
        if weight[first] >= minimum:
            if count == found.size:
                return -1
            found[count] = bit
            count += 1
        while top >= 0:
            steps += 1
            if steps > MOST_STEPS:
                return -1
            if stack_open[top] == zero:
                top -= 1
                continue
            node = 0
            while (stack_open[top] >> np.uint64(node)) & one == zero:
                node += 1
            taken = one << np.uint64(node)
            stack_open[top] &= ~taken
            stack_shut[top] |= taken
            load = stack_load[top] + weight[node]
            if load > maximum:
                continue
            stack_set[top + 1] = stack_set[top] | taken
            stack_shut[top + 1] = stack_shut[top]
            stack_open[top + 1] = (stack_open[top] | around[node]) & ~stack_shut[top]
            stack_load[top + 1] = load
            top += 1
            if load >= minimum:
                if count == found.size:
                    return -1
                found[count] = stack_set[top]
                count += 1
    return count


def _set_costs(graph: Graph, terms: Terms, holds: np.ndarray) -> np.ndarray:
    """Give the share of each set (s, n) in the objective of a division that contains it."""
    held = holds.astype(float)
    cost = terms.balance * (held @ graph.weight - terms.mean) ** 2
    for k in range(graph.others.shape[1]):
        off = held @ graph.others[:, k] - terms.other_mean[k]
        cost += terms.other_balance[k] * off**2
    once = graph.source < graph.neighbour
    perimeter = held @ graph.perimeter_m
    for a, b, price, length in zip(
        graph.source[once],
        graph.neighbour[once],
        graph.cost[once],
        graph.length_m[once],
        strict=True,
    ):
        both = holds[:, a] & holds[:, b]
        cost += 0.5 * price * (holds[:, a] ^ holds[:, b])
        perimeter -= 2.0 * length * both
    if terms.compactness > 0:
        area = held @ graph.area_m2
        cost += terms.compactness * (
            1 - np.array([roundness(a, p) for a, p in zip(area, perimeter, strict=True)])
        )
    return cost


def _cover(
    holds: np.ndarray, cost: np.ndarray, n_parts: int | None, deadline: Deadline
) -> tuple[np.ndarray | None, str]:
    """Choose sets that cover every node once at the least cost."""
    n_sets, n_nodes = holds.shape
    rows = np.column_stack([holds, np.ones(n_sets)]) if n_parts else holds
    matrix = csc_array(rows.astype(float).T)
    wanted = np.ones(n_nodes + bool(n_parts))
    if n_parts:
        wanted[-1] = n_parts
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = n_sets, len(wanted)
    model.col_cost_ = cost
    model.col_lower_, model.col_upper_ = np.zeros(n_sets), np.ones(n_sets)
    model.row_lower_, model.row_upper_ = wanted, wanted
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = matrix.indptr
    model.a_matrix_.index_ = matrix.indices
    model.a_matrix_.value_ = matrix.data
    model.integrality_ = [highspy.HighsVarType.kInteger] * n_sets
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("mip_max_nodes", MOST_BRANCHES)
    solver.setOptionValue("mip_rel_gap", 0.0)
    if deadline.is_limited:
        solver.setOptionValue("time_limit", deadline.left_s)
    solver.passModel(model)
    solver.run()
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kOptimal:
        return np.flatnonzero(np.array(solver.getSolution().col_value) > 0.5), "optimal"
    return None, "infeasible" if status in INFEASIBLE else "open"
