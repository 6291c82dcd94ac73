"""Why the border between two grids runs where it does: figures and codes, no words. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from gis.errors import InvalidInput
from gis.geometry.band import Band
from gis.geometry.partition.graph import Graph, take_nodes
from gis.geometry.partition.objective import Objective, build_terms
from gis.geometry.partition.score import Terms, score_parts
from gis.geometry.redraw.figures import number_codes
from gis.geometry.redraw.ground import KINDS, WorkingGround
from gis.geometry.redraw.locks import Locks, as_codes, no_locks
from gis.geometry.redraw.rebalance import usual_border
from gis.geometry.redraw.topology import label_parts

REASONS = ("locked", "exclusive", "empty", "not_connected", "out_of_band", "cost", "better")
"""Why a block of a border is where it is: the first that holds; ``better``: nothing speaks for it.
"""


@dataclass(frozen=True)
class BorderReason:
    """What speaks for a border between two grids.

    Parameters
    ----------
    length_m, barrier_share
        Its length, and the share of it along any barrier.
    follows
        One row per kind ('' open ground) that most of a stretch follows: ``kind, length_m, share``,
        the longest first.
    blocks
        One row per block beside it: ``row, block_id, was`` (its grid), ``now`` (the other),
        ``households``; what moving it alone would do: ``off_band`` (change of what lies outside the
        band), ``border_m`` (change of length), ``cost`` (change of the objective in borders of a
        usual grid), ``tears`` (its grid falls apart); ``reason``, one of `REASONS`.
    """

    length_m: float
    barrier_share: float
    follows: pd.DataFrame
    blocks: pd.DataFrame


def explain_border(
    ground: WorkingGround,
    code: np.ndarray,
    a: str,
    b: str,
    *,
    locks: Locks | None = None,
    objective: Objective | None = None,
) -> BorderReason:
    """Explain why the border between two grids runs where it does.

    Raises
    ------
    InvalidInput
        The grids do not touch.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from gis.geometry.redraw.ground import make_working_ground
    >>> frame = gpd.GeoDataFrame({"block_id": [1, 2, 3, 4], "households": 100},
    ...     geometry=shapely.box([0, 9, 18, 27], 0, [9, 18, 27, 36], 9), crs=32632)
    >>> ground = make_working_ground(frame, minimum=150, maximum=250)
    >>> found = explain_border(ground, np.array(list("aabb")), "a", "b")
    >>> found.blocks[["row", "off_band", "reason"]].values.tolist()
    [[1, 100.0, 'out_of_band'], [2, 100.0, 'out_of_band']]
    """
    code = as_codes(code)
    left, right = code[ground.edges[:, 0]], code[ground.edges[:, 1]]
    between = ((left == a) & (right == b)) | ((left == b) & (right == a))
    if not between.any():
        raise InvalidInput("grids {a} and {b} have no common border; choose neighbours", a=a, b=b)
    length_m = ground.shared_m[between]
    rows = np.unique(ground.edges[between])
    return BorderReason(
        length_m=float(length_m.sum()),
        barrier_share=float(ground.along_m[between].sum() / length_m.sum()),
        follows=_follows(ground.kind[between], length_m),
        blocks=_weigh(ground, code, (a, b), rows, locks, objective or Objective()),
    )


def _follows(kind: np.ndarray, length_m: np.ndarray) -> pd.DataFrame:
    sums = np.bincount(kind, length_m, len(KINDS))
    table = pd.DataFrame({"kind": KINDS, "length_m": sums, "share": sums / sums.sum()})
    table = table[table["length_m"] > 0]
    return table.sort_values("length_m", ascending=False, kind="stable").reset_index(drop=True)


@dataclass(frozen=True)
class _Pair:
    """Two grids by themselves: their blocks, graph, and what they are judged by."""

    codes: tuple[str, str]
    members: np.ndarray
    graph: Graph
    terms: Terms
    unit: float
    part: np.ndarray

    def weigh(self, node: int) -> dict:
        """Tell what moving one block across would do; nothing else changes."""
        own = int(self.part[node])
        moved = self.part.copy()
        moved[node] = 1 - own
        alone = bool((self.part == own).sum() == 1)
        now = score_parts(self.graph, self.terms, self.part)
        after = now if alone else score_parts(self.graph, self.terms, moved)
        beside = slice(self.graph.indptr[node], self.graph.indptr[node + 1])
        same = self.part[self.graph.neighbour[beside]] == own
        length_m = self.graph.length_m[beside]
        return {
            "row": int(self.members[node]),
            "was": self.codes[own],
            "now": self.codes[1 - own],
            "alone": alone,
            "off_band": round(float(after[0] - now[0]), 6),
            "border_m": float(length_m[same].sum() - length_m[~same].sum()),
            "cost": round(float(after[1] - now[1]) / self.unit, 6),
            "tears": _tears(self.graph, self.part, moved, own),
        }


def _take_pair(
    ground: WorkingGround, code: np.ndarray, codes: tuple[str, str], objective: Objective
) -> _Pair:
    """Cut two grids out of a division."""
    members = np.flatnonzero(np.isin(code, codes))
    graph = take_nodes(ground.graph, members)
    unit = usual_border(ground, code)
    names, grid = number_codes(code)
    terms = build_terms(
        graph,
        objective,
        2,
        Band(ground.minimum, ground.maximum),
        unit=unit,
        mean=float(ground.weight[grid >= 0].sum()) / len(names),
        measures=ground.other_measures,
    )
    part = (code[members] == codes[1]).astype(np.int64)
    return _Pair(codes, members, graph, terms, unit, part)


def _weigh(
    ground: WorkingGround,
    code: np.ndarray,
    codes: tuple[str, str],
    rows: np.ndarray,
    locks: Locks | None,
    objective: Objective,
) -> pd.DataFrame:
    """Tell of each block beside a border what moving it across would do."""
    locks = no_locks(len(code)) if locks is None else locks
    pair = _take_pair(ground, code, codes, objective)
    table = pd.DataFrame([pair.weigh(n) for n in np.searchsorted(pair.members, rows).tolist()])
    table["reason"] = [_reason(ground, locks, entry) for entry in table.to_dict("records")]
    table.insert(1, "block_id", ground.block_id[rows])
    table["households"] = ground.households[rows]
    return table.drop(columns="alone")


def _tears(graph: Graph, part: np.ndarray, moved: np.ndarray, own: int) -> bool:
    """Tell whether a grid has more connected parts without a block."""

    def count(parts: np.ndarray) -> int:
        rows = np.flatnonzero(parts == own)
        return int(label_parts(graph.indptr, graph.neighbour, parts, rows).max(initial=-1)) + 1

    return count(moved) > count(part)


def _reason(ground: WorkingGround, locks: Locks, entry: dict) -> str:
    if locks.held[entry["row"]] or {entry["was"], entry["now"]} & locks.closed:
        return "locked"
    if not ground.is_common[entry["row"]]:
        return "exclusive"
    if entry["alone"]:
        return "empty"
    if entry["tears"]:
        return "not_connected"
    if entry["off_band"] > 0:
        return "out_of_band"
    return "cost" if entry["cost"] >= 0 and entry["off_band"] == 0 else "better"
