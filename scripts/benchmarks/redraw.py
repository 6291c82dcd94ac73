"""How long the effect of an edit takes to tell, and how long the machine takes to help.

Three lattices of 500, 5,000 and 50,000 blocks in grids of 16, and the largest community of the
fictional town. An edit moves a block across a border and measures the two grids; a save looks for
every fault; a rebalance follows a grid painted over by a part of its neighbour.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.geometry.blocks import build_blocks
from gis.geometry.crs import project_points
from gis.geometry.locate import PolygonLocator
from gis.geometry.partition import draw_grids
from gis.geometry.redraw import WorkingGround, find_faults, make_working_ground, measure_grids
from gis.geometry.redraw.payload import to_payload
from gis.geometry.redraw.rebalance import Proposal, rebalance_around
from gis.synthetic.county import make_county
from scripts.benchmarks.blocks import CODES, Ground

SIDES = (22, 71, 224)
"""Blocks along the side of the lattices."""

GRID_SIDE = 4
BLOCK_M = 30.0
BAND = {"minimum": 300, "maximum": 500}
N_EDITS = 300
N_REBALANCES = 8
HEADING = f"{'case':<16} {'what':<22} {'p50':>9} {'p95':>9} {'most':>9}  result"


@dataclass(frozen=True)
class Spread:
    """One row of the table: how long something took, over many tries, in milliseconds."""

    case: str
    what: str
    milliseconds: np.ndarray
    says: str = ""

    def __str__(self) -> str:
        """Give the row."""
        p50, p95 = np.percentile(self.milliseconds, [50, 95])
        most = self.milliseconds.max()
        return (
            f"{self.case:<16} {self.what:<22} {p50:7.1f}ms {p95:7.1f}ms {most:7.1f}ms  {self.says}"
        )


def make_lattice(side: int, *, seed: int = 0) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Make square blocks with about 25 households each, and a road round every fourth."""
    x, y = (v.ravel() * BLOCK_M for v in np.meshgrid(np.arange(side), np.arange(side)[::-1]))
    households = np.random.default_rng(seed).integers(10, 41, side * side)
    blocks = gpd.GeoDataFrame(
        {"block_id": np.arange(1, len(x) + 1), "households": households, "people": households * 3},
        geometry=shapely.box(x, y, x + BLOCK_M, y + BLOCK_M),
        crs=32632,
    )
    far = side * BLOCK_M
    at = np.arange(0, side, GRID_SIDE) * BLOCK_M
    roads = [shapely.LineString([(v, 0), (v, far)]) for v in at]
    return blocks, gpd.GeoDataFrame(
        {"kind": ["minor_road"] * len(roads)}, geometry=roads, crs=32632
    )


def lattice_code(side: int) -> np.ndarray:
    """Give the codes of the square grids of a lattice."""
    row, column = np.divmod(np.arange(side * side), side)
    number = row // GRID_SIDE * (side // GRID_SIDE + 1) + column // GRID_SIDE
    return np.array([f"522632100{n // 900:03d}{n % 900 + 1:03d}" for n in number])


def make_town_case() -> tuple[Ground, gpd.GeoDataFrame, np.ndarray]:
    """Build and draw the community of the fictional town with most buildings."""
    town = make_county(
        pd.read_csv(CODES / "guizhou_villages_12digit.csv.gz", dtype=str),
        towns=pd.read_csv(CODES / "streets_guizhou_9digit.csv", dtype=str),
        counties=pd.read_csv(CODES / "areas.csv", dtype=str),
        size=1.0,
        n_months=2,
    )
    crs = town.communities.estimate_utm_crs()
    layers = {n: getattr(town, n).to_crs(crs) for n in ("barriers", "buildings", "compounds")}
    communities = town.communities.to_crs(crs)
    spots = layers["buildings"].representative_point()
    inside = [int(spots.within(shape).sum()) for shape in communities.geometry]
    boundary = communities.iloc[[int(np.argmax(inside))]]
    west, south, east, north = boundary.total_bounds
    near = {n: f.cx[west:east, south:north] for n, f in layers.items()}
    blocks = build_blocks(boundary, **near)
    homes = town.truth.households
    x, y = project_points(homes["lon"], homes["lat"], source="EPSG:4326", target=crs)
    row = PolygonLocator(blocks.geometry).locate(x, y)
    counts = np.bincount(row[row >= 0], minlength=len(blocks))
    blocks = blocks.assign(households=counts, people=counts * 3)
    drawn = draw_grids(blocks, weight="households", barriers=near["barriers"], effort=0.02, **BAND)
    code = np.array([f"522632100001{n:03d}" for n in drawn.assignment.loc[blocks["block_id"]]])
    return Ground(boundary, **near), blocks, code


def time_redraw(
    case: str,
    blocks: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame,
    code: np.ndarray,
    *,
    n_edits: int = N_EDITS,
    n_rebalances: int = N_REBALANCES,
) -> Iterator[Spread]:
    """Time the laying out of a ground, edits on it, looking for faults, and rebalancing."""
    made: list[WorkingGround] = []
    took = [_milliseconds(lambda: made.append(make_working_ground(blocks, barriers, **BAND)))]
    ground = made[0]
    measure_grids(ground, code), find_faults(ground, code)
    sent = gzip.compress(json.dumps(to_payload(ground)).encode())
    says = f"{len(blocks):,} blocks, {len(set(code)):,} grids; {len(sent) / 1024:,.0f} KB to send"
    yield Spread(case, "lay out", np.array(took), says)
    yield Spread(case, "effect of an edit", _time_edits(ground, code, n_edits))
    faults = [_milliseconds(lambda: find_faults(ground, code)) for _ in range(20)]
    yield Spread(case, "all faults", np.array(faults))
    if n_rebalances:
        yield _time_rebalances(case, ground, code, n_rebalances)


def _milliseconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return 1000 * (perf_counter() - start)


def _time_edits(ground: WorkingGround, code: np.ndarray, n_edits: int) -> np.ndarray:
    """Move blocks across borders one after another, measuring the two grids each time."""
    code, rng = code.copy(), np.random.default_rng(1)
    took = []
    while len(took) < n_edits:
        a, b = ground.edges[rng.integers(len(ground.edges))]
        was, now = str(code[a]), str(code[b])
        if was != now:
            code[a] = now
            took.append(_milliseconds(lambda w=was, n=now: measure_grids(ground, code, [w, n])))
    return np.array(took)


def _time_rebalances(case: str, ground: WorkingGround, code: np.ndarray, n: int) -> Spread:
    """Paint a quarter of one grid into its neighbour, and let the machine mend it."""
    rng = np.random.default_rng(2)
    cut = ground.edges[code[ground.edges[:, 0]] != code[ground.edges[:, 1]]]
    rebalance_around(ground, code, [str(code[0])])
    took, before, after = [], 0.0, 0.0
    for a, b in cut[rng.permutation(len(cut))][:200].tolist():
        patch = _patch(ground, code, a)
        if not patch or len(took) == n:
            continue
        painted, made = code.copy(), []
        painted[patch] = code[b]
        took.append(_milliseconds(lambda p=painted, m=made: m.append(_follow(ground, p, code))))
        before += made[0].terms_before["out_of_band"]["total"]
        after += made[0].terms_after["out_of_band"]["total"]
    says = f"{len(took)} edits: {before:,.0f} households out of band before, {after:,.0f} after"
    return Spread(case, "rebalance around it", np.array(took), says)


def _follow(ground: WorkingGround, painted: np.ndarray, before: np.ndarray) -> Proposal:
    return rebalance_around(ground, painted, previous_code=before)


def _patch(ground: WorkingGround, code: np.ndarray, row: int) -> list[int]:
    """Give a quarter of a grid's blocks, grown from one of them, less where that would tear it."""
    graph, patch = ground.graph, [row]
    for v in patch:
        beside = graph.neighbour[graph.indptr[v] : graph.indptr[v + 1]].tolist()
        patch += [u for u in beside if code[u] == code[row] and u not in patch]
    size = max(4, len(patch) // 4)
    while size > 1:
        rest = code.copy()
        rest[patch[:size]] = ""
        if measure_grids(ground, rest, [str(code[row])])["n_parts"].iloc[0] == 1:
            break
        size //= 2
    return patch[:size] if size > 1 else []


def time_cases() -> Iterator[Spread]:
    """Time every case."""
    for side in SIDES:
        blocks, roads = make_lattice(side)
        yield from time_redraw(f"lattice {side * side:,}", blocks, roads, lattice_code(side))
    ground, blocks, code = make_town_case()
    yield from time_redraw("town's largest", blocks, ground.barriers, code)


def run(_options: argparse.Namespace) -> Iterator[Spread]:
    """Give the rows of the table."""
    yield from time_cases()
