"""Cut the ground of a community into blocks again, but only where it has changed. Pure.

The enclosures are cut afresh, which is quick, and told from the former ones by their digests.
Blocks of unchanged enclosures stay as they are; the ground of the others is cut anew, and every
new block knows the former blocks it was made of. Computed in metres.
"""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from gis.geometry.borders import lone_segments, move_vertices
from gis.geometry.clean import PRECISION_M, metric_frame
from gis.geometry.enclosed import EnclosedGround, by_place, enclose
from gis.geometry.healing import heal_coverage
from gis.geometry.seam import meets_everywhere

SMALLEST_SHARE = 0.001
"""A former block that holds less of a new block than this is not its parent."""

CORNER_M = 2e-3
"""A corner of a former block this near to one of its enclosure, on the outline, is the same."""

LOST_GROUND_M2 = 0.1
"""Former blocks stand for an enclosure if they cover all of it but this."""


def rebuild_blocks(
    previous: gpd.GeoDataFrame,
    boundary: gpd.GeoDataFrame | gpd.GeoSeries | shapely.Geometry,
    *,
    barriers: gpd.GeoDataFrame | None,
    buildings: gpd.GeoDataFrame | None,
    compounds: gpd.GeoDataFrame | None = None,
    settle: Callable[[np.ndarray], np.ndarray] | None = None,
) -> gpd.GeoDataFrame:
    """Bring the blocks of a community up to date with its ground.

    Parameters
    ----------
    previous
        The blocks as `build_blocks` or this function gave them: `block_id, enclosure_digest,
        n_buildings` and geometry. Blocks without digests (from elsewhere) are all cut anew.
    boundary, barriers, buildings, compounds
        The ground as it is now, as `build_blocks` takes it.
    settle
        Lays all blocks on the outline as it is kept, in the reference system of ``previous``
        (`gis.geometry.seam.settle`); former blocks lie on it already.

    Returns
    -------
    Frame in the reference system of ``previous``, from north to south and west to east, with
    `block_id` (new ones count on from the largest), `enclosure_id, enclosure_digest, n_buildings`,
    `kept` (True: geometry and id are those of before, byte for byte), `parents` (pairs of a
    former block and its share of this block's area, the largest first) and geometry.

    Examples
    --------
    >>> from gis.geometry.blocks import build_blocks
    >>> houses = gpd.GeoDataFrame(geometry=[shapely.box(10, 10, 20, 20), shapely.box(70, 9, 80, 19),
    ...     shapely.box(70, 40, 80, 50)])
    >>> road = gpd.GeoDataFrame({"kind": ["main_road"]},
    ...     geometry=[shapely.LineString([(50, 0), (50, 60)])])
    >>> ground = shapely.box(0, 0, 100, 60)
    >>> before = build_blocks(ground, barriers=road, buildings=houses)
    >>> after = rebuild_blocks(before, ground, barriers=road, buildings=houses[:2])
    >>> after["block_id"].tolist(), after["kept"].tolist()
    ([1, 4], [True, False])
    >>> sorted(parent for parent, share in after["parents"].iloc[1])
    [2, 3]
    """
    ground = enclose(boundary, barriers=barriers, buildings=buildings, compounds=compounds)
    former = _on_raster(metric_frame(previous, ground.crs).geometry.array)
    home = _unchanged_enclosures(previous, former, ground)
    stays = np.flatnonzero(home >= 0)
    former = _with_fresh_corners(former, stays, ground.enclosures[np.unique(home[stays])])
    pieces, enclosure, n_buildings = ground.cut(
        np.setdiff1d(np.arange(len(ground.enclosures)), home)
    )
    given = np.concatenate([former[stays], pieces])
    shapes = heal_coverage(given, ground.boundary, rows=np.arange(len(stays), len(given)))
    was = np.append(stays, np.full(len(pieces), -1))
    was[~shapely.equals_exact(shapes, given, 0)] = -1
    order = by_place(shapes)
    enclosure = np.append(home[stays], enclosure)[order]
    n_buildings = np.append(previous["n_buildings"].to_numpy()[stays], n_buildings)[order]
    shapes, was = shapely.normalize(shapes[order]), was[order]
    drawn, was = _as_before(shapes, was, previous, ground, settle or (lambda blocks: blocks))
    columns = {
        "block_id": _block_ids(was, previous),
        "enclosure_id": enclosure + 1,
        "enclosure_digest": ground.digests[enclosure],
        "n_buildings": n_buildings.astype(int),
        "kept": was >= 0,
        "parents": _parents(shapes, was, former, previous["block_id"].to_numpy()),
    }
    return gpd.GeoDataFrame(columns, geometry=drawn, crs=previous.crs)


def _on_raster(shapes: np.ndarray) -> np.ndarray:
    """Bring polygons that were projected and back exactly to the raster they came from."""
    per_metre = round(1 / PRECISION_M)
    shapes = _without_shell(np.asarray(shapes, dtype=object))
    return shapely.transform(shapes, lambda xy: np.round(xy * per_metre) / per_metre)


def _with_fresh_corners(former: np.ndarray, rows: np.ndarray, enclosures: np.ndarray) -> np.ndarray:
    """Put the corners of unchanged enclosures, as they are cut now, in place of former ones.

    On the outline former blocks lie where it runs as it is kept, a little beside its chords.
    """
    rim = np.unique(lone_segments(former)[0].reshape(-1, 2), axis=0)
    corners = np.unique(shapely.get_coordinates(enclosures), axis=0)
    if not len(rim) or not len(corners):
        return former
    gap_m, corner = cKDTree(corners).query(rim, distance_upper_bound=CORNER_M)
    near = np.isfinite(gap_m)
    fresh = former.copy()
    fresh[rows] = move_vertices(former[rows], rim[near], corners[corner[near]])
    return fresh


def _without_shell(shapes: np.ndarray) -> np.ndarray:
    """Take single polygons out of the multipolygons that a database keeps them in."""
    single = shapely.get_num_geometries(shapes) == 1
    return np.where(single, shapely.get_geometry(shapes, 0), shapes)


def _unchanged_enclosures(
    previous: gpd.GeoDataFrame, former: np.ndarray, ground: EnclosedGround
) -> np.ndarray:
    """Give the row of the unchanged enclosure that each former block lies in, -1 for others."""
    if "enclosure_digest" not in previous:
        return np.full(len(previous), -1)
    row_of = {digest: row for row, digest in enumerate(ground.digests)}
    home = np.array([row_of.get(d, -1) for d in previous["enclosure_digest"]], dtype=int)
    inside = home >= 0
    covered_m2 = np.bincount(
        home[inside], weights=shapely.area(former[inside]), minlength=len(row_of)
    )
    whole = np.abs(covered_m2 - shapely.area(ground.enclosures)) < LOST_GROUND_M2
    return np.where(inside & np.append(whole, False)[home], home, -1)


def _as_before(
    shapes: np.ndarray,
    was: np.ndarray,
    previous: gpd.GeoDataFrame,
    ground: EnclosedGround,
    settle: Callable[[np.ndarray], np.ndarray],
) -> tuple[np.ndarray, np.ndarray]:
    """Give the blocks in the reference system of the former ones, those being the same.

    Parameters
    ----------
    shapes
        (n,) blocks in metres.
    was
        (n,) row of the former block that each is, -1 where that is not known yet.

    Returns
    -------
    drawn, was
        (n,) blocks, and (n,) rows of the former blocks, -1 for blocks that are new.
    """
    former = _without_shell(np.asarray(previous.geometry.array, dtype=object))
    projected = _projected(shapes, ground.crs, previous.crs)
    drawn = settle(np.where(was >= 0, former[was], projected) if len(former) else projected)
    row_of = dict(zip(shapely.to_wkb(shapely.normalize(former)), range(len(former)), strict=True))
    unknown = np.flatnonzero(was < 0)
    drawn[unknown] = shapely.normalize(drawn[unknown])
    was = was.copy()
    was[unknown] = [row_of.get(s, -1) for s in shapely.to_wkb(drawn[unknown])]
    joined = np.where(was >= 0, former[was], drawn) if len(former) else drawn
    if meets_everywhere(joined):
        return joined, was
    drawn = settle(projected)
    prints = shapely.to_wkb(shapely.normalize(drawn))
    return drawn, np.array([row_of.get(p, -1) for p in prints], dtype=int)


def _projected(shapes: np.ndarray, source: object, target: object) -> np.ndarray:
    series = gpd.GeoSeries(shapes, crs=source)
    return np.array(series if source is None or target is None else series.to_crs(target))


def _block_ids(was: np.ndarray, previous: gpd.GeoDataFrame) -> np.ndarray:
    """Give former blocks their numbers, and new ones the next."""
    former = previous["block_id"].to_numpy()
    ids = int(former.max(initial=0)) + np.cumsum(was < 0)
    ids[was >= 0] = former[was[was >= 0]]
    return ids


def _parents(
    shapes: np.ndarray, was: np.ndarray, former: np.ndarray, former_id: np.ndarray
) -> list[tuple[tuple[int, float], ...]]:
    """Say of each block which former blocks it was made of; kept ones of themselves."""
    new = was < 0
    found = iter(parents_of(shapes[new], former, former_id))
    return [((int(former_id[w]), 1.0),) if w >= 0 else next(found) for w in was]


def parents_of(
    shapes: np.ndarray, former: np.ndarray, former_id: np.ndarray
) -> list[tuple[tuple[int, float], ...]]:
    """Say on which former polygons each polygon lies, and with what share of its area.

    Examples
    --------
    >>> parents_of(np.array([shapely.box(0, 0, 4, 1)]),
    ...     np.array([shapely.box(0, 0, 1, 9), shapely.box(1, 0, 9, 9)]), np.array([7, 8]))
    [((8, 0.75), (7, 0.25))]
    """
    row, parent = shapely.STRtree(former).query(shapes, predicate="intersects")
    area = shapely.area(shapely.intersection(shapes[row], former[parent]))
    share = area / shapely.area(shapes)[row]
    found = pd.DataFrame({"row": row, "parent": former_id[parent], "share": share})
    found = found[share > SMALLEST_SHARE].sort_values(
        ["row", "share", "parent"], ascending=[True, False, True]
    )
    parents: list[tuple[tuple[int, float], ...]] = [()] * len(shapes)
    for block, rows in found.groupby("row"):
        pairs = zip(rows["parent"], rows["share"], strict=True)
        parents[block] = tuple((int(p), float(s)) for p, s in pairs)
    return parents
