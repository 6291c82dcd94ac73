"""How long ground takes to become blocks: whole, again after one more road, and by momepy.

Each case is a sequence of communities. Beside the seconds of the wall clock stand those of the
processor, which a busy machine distorts less. momepy cuts enclosures and tessellates buildings in
them, which is the part of our pipeline that it knows; it runs in a child with a time limit.
"""

from __future__ import annotations

import argparse
import multiprocessing
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

import gis
from gis.geometry.blocks import build_blocks
from gis.geometry.coverage import check_coverage
from gis.geometry.crs import metric_crs_of
from gis.geometry.kept_whole import find_kept_whole
from gis.geometry.rebuild import rebuild_blocks
from gis.synthetic.county import make_county

CODES = Path(gis.__file__).parents[1] / "data" / "china_codes"
COUNTY_SIZE = 3.4
"""Towns of 107,000 people; 3.4 of them have about 51,800 buildings."""

BLOCKS_ON_THE_ROAD = 30


@dataclass(frozen=True)
class Ground:
    """What one community is cut from, in metres."""

    boundary: gpd.GeoDataFrame
    barriers: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    compounds: gpd.GeoDataFrame | None = None

    @property
    def layers(self) -> dict[str, gpd.GeoDataFrame | None]:
        """Give the layers as `build_blocks` takes them."""
        return {
            "barriers": self.barriers,
            "buildings": self.buildings,
            "compounds": self.compounds,
        }


@dataclass(frozen=True)
class Timing:
    """One row of the table: what was done, how long it took, what came out."""

    case: str
    method: str
    seconds: float
    cpu_seconds: float
    says: str

    def __str__(self) -> str:
        """Give the row."""
        return (
            f"{self.case:<12} {self.method:<22} {self.seconds:9.1f} {self.cpu_seconds:9.1f}"
            f"  {self.says}"
        )


HEADING = f"{'case':<12} {'what':<22} {'wall s':>9} {'CPU s':>9}  result"


def read_cambridge(data: Path) -> list[Ground]:
    """Read Cambridge, Massachusetts, as one community: the parcels stand for buildings."""
    folder, metric = data / "cambridge_ma", 26986
    kinds = {"street_centerlines": "minor_road", "rail": "rail", "water_bodies": "river"}
    barriers = [
        gpd.read_file(folder / f"{name}.geojson")[["geometry"]].assign(kind=kind)
        for name, kind in kinds.items()
    ]
    return [
        Ground(
            gpd.read_file(folder / "city_boundary.geojson").to_crs(metric),
            pd.concat([b.to_crs(metric) for b in barriers], ignore_index=True),
            gpd.read_file(folder / "parcels.gpkg").to_crs(metric),
        )
    ]


def make_communities(size: float = COUNTY_SIZE) -> list[Ground]:
    """Make the communities of a fictional county."""
    county = make_county(
        pd.read_csv(CODES / "guizhou_villages_12digit.csv.gz", dtype=str),
        towns=pd.read_csv(CODES / "streets_guizhou_9digit.csv", dtype=str),
        counties=pd.read_csv(CODES / "areas.csv", dtype=str),
        size=size,
        n_months=2,
    )
    crs = metric_crs_of(county.communities)
    layers = [
        getattr(county, name).to_crs(crs).reset_index(drop=True)
        for name in ("barriers", "buildings", "compounds")
    ]
    communities = county.communities.to_crs(crs)
    return [
        Ground(communities.iloc[[row]], *(_near(layer, communities, row) for layer in layers))
        for row in range(len(communities))
    ]


def _near(layer: gpd.GeoDataFrame, communities: gpd.GeoDataFrame, row: int) -> gpd.GeoDataFrame:
    west, south, east, north = communities.iloc[[row]].total_bounds
    return layer.cx[west:east, south:north]


def time_blocks(case: str, grounds: list[Ground], *, peer_limit_s: float) -> Iterator[Timing]:
    """Build every community, rebuild the largest with one more road, and let momepy try."""
    wall, cpu, built = 0.0, 0.0, []
    for ground in grounds:
        blocks, wall_s, cpu_s = _timed(lambda g=ground: build_blocks(g.boundary, **g.layers))
        wall, cpu, built = wall + wall_s, cpu + cpu_s, [*built, blocks]
    n_buildings = sum(int(b["n_buildings"].sum()) for b in built)
    says = (
        f"{n_buildings:,} buildings, {sum(map(len, built)):,} blocks in {len(grounds)} communities"
    )
    yield Timing(case, "full build", wall, cpu, says)
    yield _time_kept_whole(case, grounds, cpu)
    largest = int(np.argmax([len(b) for b in built]))
    yield from _time_rebuild(case, grounds[largest], built[largest])
    yield _time_momepy(case, grounds, peer_limit_s)


def _time_kept_whole(case: str, grounds: list[Ground], build_cpu_s: float) -> Timing:
    """Time what telling the buildings kept whole adds to a full build of the same ground."""
    wall, cpu, found = 0.0, 0.0, 0
    for ground in grounds:
        layers = (ground.buildings, ground.barriers, ground.compounds)
        shapes = [
            np.array([] if f is None else f.geometry, dtype=object)  # a town without compounds
            for f in layers
        ]
        rows, wall_s, cpu_s = _timed(lambda s=shapes: find_kept_whole(*s))
        wall, cpu, found = wall + wall_s, cpu + cpu_s, found + len(rows)
    share = cpu / build_cpu_s
    says = f"{found:,} buildings kept whole; the build with it costs {1 + share:.3f} times as much"
    return Timing(case, "kept whole", wall, cpu, says)


def _timed(work) -> tuple:  # noqa: ANN001  (any function)
    wall, cpu = perf_counter(), process_time()
    result = work()
    return result, perf_counter() - wall, process_time() - cpu


def _time_rebuild(case: str, ground: Ground, blocks: gpd.GeoDataFrame) -> Iterator[Timing]:
    """Time the largest community alone: built whole, and after one road was added."""
    more = with_road(ground, blocks)
    full, wall, cpu = _timed(lambda: build_blocks(more.boundary, **more.layers))
    name = f"largest: {len(full):,} blocks"
    yield Timing(case, "full, road added", wall, cpu, name)
    after, wall, cpu = _timed(lambda: rebuild_blocks(blocks, more.boundary, **more.layers))
    digests = after.groupby("enclosure_id")["enclosure_digest"].first()
    n_cut = int((~digests.isin(set(blocks["enclosure_digest"]))).sum())
    says = (
        f"{n_cut} of {len(digests):,} enclosures cut, {after['kept'].sum():,} blocks kept, "
        f"{(~after['kept']).sum()} new; {judge(after, more)}"
    )
    yield Timing(case, "rebuild, road added", wall, cpu, says)


def with_road(ground: Ground, blocks: gpd.GeoDataFrame) -> Ground:
    """Add a road from side to side through an enclosure of about `BLOCKS_ON_THE_ROAD` blocks."""
    sizes = blocks.groupby("enclosure_id").size()
    chosen = blocks[blocks["enclosure_id"] == (sizes - BLOCKS_ON_THE_ROAD).abs().idxmin()]
    west, south, east, north = chosen.total_bounds
    y, beyond = (south + north) / 2, 20.0
    line = shapely.LineString([(west - beyond, y), (east + beyond, y)])
    road = gpd.GeoDataFrame({"kind": ["minor_road"]}, geometry=[line], crs=ground.barriers.crs)
    barriers = pd.concat([ground.barriers, road], ignore_index=True)
    return Ground(ground.boundary, barriers, ground.buildings, ground.compounds)


def judge(blocks: gpd.GeoDataFrame, ground: Ground) -> str:
    """Say in words what the check of the coverage found."""
    found = check_coverage(blocks, boundary=ground.boundary, buildings=ground.buildings)
    valid = "valid" if found.is_valid else "not a valid coverage"
    cut = f"{len(found.cut_buildings):,} buildings cut"
    return f"{valid}, {found.uncovered_m2:,.1f} m² uncovered, {cut}"


# The peer


def _time_momepy(case: str, grounds: list[Ground], limit_s: float) -> Timing:
    """Let momepy cut the communities one after the other until its time is over."""
    try:
        import momepy  # noqa: F401, PLC0415
    except ImportError:
        return Timing(case, "momepy", np.nan, np.nan, "not installed: pip install '.[peers]'")
    line, end = multiprocessing.Pipe()
    child = multiprocessing.Process(target=_run_momepy, args=(grounds, end), daemon=True)
    child.start()
    end.close()
    wall, cpu, n_cells, done, says = 0.0, 0.0, 0, 0, []
    while done < len(grounds) and line.poll(max(limit_s - wall, 0.0)):
        seconds, cpu_s, cells, found = line.recv()
        wall, cpu, n_cells, done = wall + seconds, cpu + cpu_s, n_cells + cells, done + 1
        says.append(found)
    child.kill()
    child.join()
    finished = "" if done == len(grounds) else f"stopped at {limit_s:g} s; "
    worst = max(set(says), key=says.count) if says else "nothing done"
    text = f"{finished}{done} of {len(grounds)} communities, {n_cells:,} cells; most: {worst}"
    return Timing(case, "momepy, both steps", wall, cpu, text)


def _run_momepy(grounds: list[Ground], line) -> None:  # noqa: ANN001  (a connection)
    for ground in grounds:
        try:
            cells, wall, cpu = _timed(lambda g=ground: tessellate_by_momepy(g))
            line.send((wall, cpu, len(cells), judge(cells, ground)))
        except Exception as problem:  # a peer may fail in any way
            line.send((0.0, 0.0, 0, f"{type(problem).__name__}: {str(problem)[:80]}"))


def tessellate_by_momepy(ground: Ground) -> gpd.GeoDataFrame:
    """Cut the ground by momepy: its enclosures, and the tessellation of buildings in them.

    Its simplification refuses cells that are collections; they are then left unsimplified.
    """
    import momepy  # noqa: PLC0415

    limit = ground.boundary.geometry.iloc[0]
    lines = ground.barriers.geometry
    lines = lines.where(lines.geom_type.isin(["LineString", "MultiLineString"]), lines.boundary)
    lines = lines.clip(limit).explode(ignore_index=True)
    lines = lines[lines.geom_type == "LineString"]
    enclosures = momepy.enclosures(
        gpd.GeoDataFrame(geometry=lines), limit=ground.boundary.geometry, clip=True
    )
    inner = ground.buildings.geometry.representative_point()
    buildings = ground.buildings[inner.within(limit)]
    buildings = buildings.geometry.explode(ignore_index=True).make_valid()
    buildings = buildings[buildings.geom_type == "Polygon"].reset_index(drop=True)
    given = {"geometry": buildings, "enclosures": enclosures.geometry, "n_jobs": 1}
    with warnings.catch_warnings(action="ignore"):
        try:
            return momepy.enclosed_tessellation(**given)
        except TypeError:
            return momepy.enclosed_tessellation(**given, simplify=False)


CASES = ("cambridge", "county")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--case", action="append", choices=CASES, help="default: every case")
    parser.add_argument("--size", type=float, default=COUNTY_SIZE, help="of the county")
    parser.add_argument("--peer-limit", type=float, default=600, help="seconds for momepy")


def run(options: argparse.Namespace) -> Iterator[Timing | str]:
    """Give the rows of the table."""
    for case in options.case or CASES:
        if case == "county":
            grounds = make_communities(options.size)
        elif (options.data / "cambridge_ma").is_dir():
            grounds = read_cambridge(options.data)
        else:
            yield f"{case}: left out, there is no {options.data}/cambridge_ma"
            continue
        yield from time_blocks(case, grounds, peer_limit_s=options.peer_limit)
