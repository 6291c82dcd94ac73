"""Cut the ground of a community into blocks, the pieces that no grid ever divides. Pure.

Enclosures come from the barriers, sites from buildings and compounds; each site takes the ground
around it within its enclosure. Blocks cover the boundary, do not overlap, meet in equal vertices,
and hold every building whole: where a building stands across a barrier, the barrier loses there.
Computed in metres; the result is given in the reference system of the boundary.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.errors import InvalidInput
from gis.geometry.borders import shared_lengths
from gis.geometry.clean import boundary_polygon, metric_frame
from gis.geometry.crs import metric_crs_of
from gis.geometry.enclosures import build_enclosures, faces_within, merge_artefacts, node
from gis.geometry.healing import heal_coverage, smallest_match
from gis.geometry.merging import connected_labels, dissolve
from gis.geometry.sites import Sites, build_sites
from gis.geometry.tessellation import tessellate

BARRIER_KINDS = ("river", "rail", "motorway", "main_road", "wall", "minor_road", "path")
CROSSING_SHARE = 0.001
"""A site stands across a barrier when more than this share of it lies on the other side."""


def build_blocks(
    boundary: gpd.GeoDataFrame | gpd.GeoSeries | shapely.Geometry,
    *,
    barriers: gpd.GeoDataFrame | None,
    buildings: gpd.GeoDataFrame | None,
    compounds: gpd.GeoDataFrame | None = None,
) -> gpd.GeoDataFrame:
    """Cut a community into blocks.

    Parameters
    ----------
    boundary
        The community: polygon or multipolygon (exclaves and holes are kept). A bare geometry is
        taken to be in the reference system of the buildings or barriers.
    barriers
        Lines (polygons count as their outline) with a `kind` of `BARRIER_KINDS`; missing ones
        count as minor_road.
    buildings, compounds
        Polygons; parcels that fill the ground work as buildings. Each building belongs to the
        community that holds its inner point.

    Returns
    -------
    Frame with `block_id` and `enclosure_id` (from 1, north to south and west to east),
    `n_buildings`, and `geometry`: polygons in the reference system of the boundary.

    Raises
    ------
    InvalidInput
        The boundary has no area, or a barrier has an unknown kind.

    Examples
    --------
    >>> road = gpd.GeoDataFrame({"kind": ["main_road"]},
    ...     geometry=[shapely.LineString([(50, 0), (50, 60)])])
    >>> houses = gpd.GeoDataFrame(geometry=[shapely.box(10, 10, 20, 20), shapely.box(70, 9, 80, 19),
    ...     shapely.box(70, 40, 80, 50)])
    >>> blocks = build_blocks(shapely.box(0, 0, 100, 60), barriers=road, buildings=houses)
    >>> blocks[["block_id", "enclosure_id", "n_buildings"]].values.tolist()
    [[1, 1, 1], [2, 2, 1], [3, 2, 1]]
    """
    frame = _boundary_frame(boundary, (buildings, barriers, compounds))
    crs = metric_crs_of(frame)
    check_barrier_kinds(barriers)
    ground = boundary_polygon(metric_frame(frame, crs))
    sites = build_sites(ground, metric_frame(buildings, crs), metric_frame(compounds, crs))
    lines = metric_frame(barriers, crs).geometry.array
    enclosures = occupied_enclosures(ground, np.asarray(lines), sites)
    pieces, enclosure, site = _tessellate_all(enclosures, sites.shapes)
    pieces = heal_coverage(pieces, ground)
    blocks = _block_frame(pieces, enclosure, _count_buildings(site, sites), crs)
    return blocks if crs is None else blocks.to_crs(frame.crs)


def _boundary_frame(boundary: object, others: Iterable) -> gpd.GeoDataFrame:
    if isinstance(boundary, gpd.GeoDataFrame):
        return boundary
    if isinstance(boundary, gpd.GeoSeries):
        return gpd.GeoDataFrame(geometry=boundary)
    systems = [o.crs for o in others if getattr(o, "crs", None) is not None]
    return gpd.GeoDataFrame(geometry=[boundary], crs=systems[0] if systems else None)


def check_barrier_kinds(barriers: gpd.GeoDataFrame | None) -> None:
    """Refuse barriers of a kind nobody knows.

    Raises
    ------
    InvalidInput
        Names the unknown kinds and the known ones.
    """
    if barriers is None or "kind" not in getattr(barriers, "columns", ()):
        return
    unknown = sorted(set(barriers["kind"].dropna().astype(str)) - {*BARRIER_KINDS, ""})
    if unknown:
        raise InvalidInput(
            f"barriers have unknown kinds {', '.join(map(repr, unknown))}: expected "
            f"{', '.join(BARRIER_KINDS)}, or nothing (minor_road); map them to one of these"
        )


def occupied_enclosures(ground: shapely.Geometry, barriers: np.ndarray, sites: Sites) -> np.ndarray:
    """Build the enclosures and bend them around every site, so that each site lies in one."""
    occupied = _holds_any(sites.shapes)
    enclosures = build_enclosures(ground, barriers, occupied=occupied).polygons
    enclosures = bend_around(ground, enclosures, sites.shapes, occupied)
    bounds = shapely.bounds(enclosures)
    return enclosures[np.lexsort((bounds[:, 1], bounds[:, 0], -bounds[:, 3]))]


def _holds_any(sites: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Give the test whether polygons hold the inner point of any site."""
    tree = shapely.STRtree(shapely.point_on_surface(sites))

    def holds_any(polygons: np.ndarray) -> np.ndarray:
        found = np.zeros(len(polygons), dtype=bool)
        found[tree.query(polygons, predicate="intersects")[0]] = True
        return found

    return holds_any


def bend_around(
    ground: shapely.Geometry,
    enclosures: np.ndarray,
    sites: np.ndarray,
    occupied: Callable[[np.ndarray], np.ndarray],
) -> np.ndarray:
    """Give each site that stands across a border wholly to the enclosure that holds most of it.

    Parts of an enclosure that are cut off by this become enclosures of their own.
    """
    crossing, home = crossing_sites(enclosures, sites)
    if not len(crossing):
        return enclosures
    network = node([*shapely.boundary(enclosures), *shapely.boundary(sites[crossing])])
    faces = faces_within(network, ground)
    inner = shapely.point_on_surface(faces)
    labels = smallest_match(inner, enclosures)
    within = smallest_match(inner, sites[crossing])
    labels = np.where(within >= 0, home[within], labels)
    shapes, _ = dissolve(faces, connected_labels(labels, shared_lengths(faces)[0]))
    return merge_artefacts(shapes, occupied)


def crossing_sites(enclosures: np.ndarray, sites: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find the sites that stand across the border of enclosures.

    Returns
    -------
    crossing, home
        (c,) rows of the sites, and (c,) rows of the enclosure that holds most of each.
    """
    site, enclosure = shapely.STRtree(enclosures).query(sites, predicate="intersects")
    several = np.bincount(site, minlength=len(sites))[site] > 1
    site, enclosure = site[several], enclosure[several]
    area = shapely.area(shapely.intersection(sites[site], enclosures[enclosure]))
    real = area > CROSSING_SHARE * shapely.area(sites[site])
    site, enclosure, area = site[real], enclosure[real], area[real]
    several = np.bincount(site, minlength=len(sites))[site] > 1
    site, enclosure, area = site[several], enclosure[several], area[several]
    order = np.lexsort((enclosure, -area, site))
    crossing, first = np.unique(site[order], return_index=True)
    return crossing, enclosure[order][first]


def _tessellate_all(
    enclosures: np.ndarray, sites: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Tessellate each enclosure: all pieces, their enclosure's row, and their site (-1 = none)."""
    home = _home_of_sites(enclosures, sites)
    order = np.argsort(home, kind="stable")
    starts = np.searchsorted(home[order], np.arange(len(enclosures) + 1))
    pieces, enclosure, site = [], [], []
    for row, polygon in enumerate(enclosures):
        own = order[starts[row] : starts[row + 1]]
        found = tessellate(polygon, sites[own])
        pieces.append(found.pieces)
        enclosure.append(np.full(len(found.pieces), row))
        site.append(np.where(found.site >= 0, np.append(own, -1)[found.site], -1))
    return np.concatenate(pieces), np.concatenate(enclosure), np.concatenate(site)


def _home_of_sites(enclosures: np.ndarray, sites: np.ndarray) -> np.ndarray:
    """Give the row of the enclosure each site lies in."""
    home = smallest_match(shapely.point_on_surface(sites), enclosures)
    lost = home < 0
    if lost.any():
        home[lost] = shapely.STRtree(enclosures).nearest(sites[lost])
    return home


def _count_buildings(site: np.ndarray, sites: Sites) -> np.ndarray:
    return np.where(site >= 0, np.append(sites.n_buildings, 0)[site], 0)


def _block_frame(
    pieces: np.ndarray, enclosure: np.ndarray, n_buildings: np.ndarray, crs: object
) -> gpd.GeoDataFrame:
    """Give the blocks numbers by place and lay them out as a frame."""
    bounds = shapely.bounds(pieces)
    order = np.lexsort((bounds[:, 1], bounds[:, 0], -bounds[:, 3]))
    columns = pd.DataFrame(
        {
            "block_id": np.arange(1, len(pieces) + 1),
            "enclosure_id": enclosure[order] + 1,
            "n_buildings": n_buildings[order],
        }
    )
    return gpd.GeoDataFrame(columns, geometry=pieces[order], crs=crs)
