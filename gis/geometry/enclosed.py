"""The ground of a community cut into enclosures around its sites, ready to be cut into blocks.

Enclosures come from the barriers, sites from buildings and compounds; where a site stands across
a barrier, the barrier bends around it. Pure; computed in metres.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from gis.errors import InvalidInput
from gis.geometry.borders import shared_lengths
from gis.geometry.clean import boundary_polygon, metric_frame
from gis.geometry.crs import metric_crs_of
from gis.geometry.enclosures import build_enclosures, faces_within, merge_artefacts, node
from gis.geometry.healing import smallest_match
from gis.geometry.merging import connected_labels, dissolve
from gis.geometry.sites import Sites, build_sites
from gis.geometry.tessellation import tessellate

BARRIER_KINDS = ("river", "rail", "motorway", "main_road", "wall", "minor_road", "path")
CUTTING = b"1"
"""Part of the fingerprints of enclosures: a release that cuts them differently changes it."""

CROSSING_SHARE = 0.001
"""A site stands across a barrier when more than this share of it lies on the other side."""


@dataclass(frozen=True)
class EnclosedGround:
    """The ground of a community cut into enclosures, ready to be cut into blocks.

    Parameters
    ----------
    boundary
        Polygon or multipolygon in metres.
    sites
        What blocks are built around.
    enclosures
        (n,) polygons, from north to south and west to east; each site lies in one.
    home
        (s,) row of the enclosure of each site.
    crs, source_crs
        The metric reference system, and the one the boundary came in.
    """

    boundary: shapely.Geometry
    sites: Sites
    enclosures: np.ndarray
    home: np.ndarray
    crs: CRS | None
    source_crs: CRS | None

    def sites_of(self, row: int) -> np.ndarray:
        """Give the rows of the sites in an enclosure."""
        return self._order[self._starts[row] : self._starts[row + 1]]

    @cached_property
    def _order(self) -> np.ndarray:
        return np.argsort(self.home, kind="stable")

    @cached_property
    def _starts(self) -> np.ndarray:
        return np.searchsorted(self.home[self._order], np.arange(len(self.enclosures) + 1))

    @cached_property
    def digests(self) -> np.ndarray:
        """(n,) fingerprints of all that decides how each enclosure is cut into blocks."""
        outlines = shapely.to_wkb(self.enclosures)
        sites = shapely.to_wkb(shapely.normalize(self.sites.shapes))
        counts = self.sites.n_buildings.tolist()
        found = []
        for row, outline in enumerate(outlines):
            digest = hashlib.sha256(CUTTING)
            digest.update(outline)
            for site in self.sites_of(row).tolist():
                digest.update(sites[site] + b"%d" % counts[site])
            found.append(digest.hexdigest())
        return np.array(found, dtype=object)

    def cut(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Cut enclosures into pieces.

        Returns
        -------
        pieces, enclosure, n_buildings
            (p,) polygons in metres, row of the enclosure and number of buildings of each.
        """
        pieces, enclosure, n_buildings = [_NO_SHAPES], [_NO_ROWS], [_NO_ROWS]
        for row in rows.tolist():
            own = self.sites_of(row)
            found = tessellate(self.enclosures[row], self.sites.shapes[own])
            pieces.append(found.pieces)
            enclosure.append(np.full(len(found.pieces), row))
            counts = np.append(self.sites.n_buildings[own], 0)
            n_buildings.append(counts[found.site])
        return np.concatenate(pieces), np.concatenate(enclosure), np.concatenate(n_buildings)

    def block_frame(
        self, pieces: np.ndarray, enclosure: np.ndarray, n_buildings: np.ndarray
    ) -> gpd.GeoDataFrame:
        """Lay pieces out as blocks with numbers by place, in the boundary's reference system."""
        order = by_place(pieces)
        columns = {
            "block_id": np.arange(1, len(pieces) + 1),
            "enclosure_id": enclosure[order] + 1,
            "enclosure_digest": self.digests[enclosure[order]],
            "n_buildings": n_buildings[order],
        }
        shapes = shapely.normalize(pieces[order])
        blocks = gpd.GeoDataFrame(columns, geometry=shapes, crs=self.crs)
        return blocks if self.crs is None else blocks.to_crs(self.source_crs)


_NO_SHAPES, _NO_ROWS = np.array([], dtype=object), np.array([], dtype=int)


def enclose(
    boundary: gpd.GeoDataFrame | gpd.GeoSeries | shapely.Geometry,
    *,
    barriers: gpd.GeoDataFrame | None,
    buildings: gpd.GeoDataFrame | None,
    compounds: gpd.GeoDataFrame | None = None,
) -> EnclosedGround:
    """Cut a community into enclosures and find the sites in each; takes what `build_blocks` takes.

    This is the quick part of a build: it costs a tenth of cutting the enclosures into blocks.
    """
    frame = _boundary_frame(boundary, (buildings, barriers, compounds))
    crs = metric_crs_of(frame)
    check_barrier_kinds(barriers)
    ground = boundary_polygon(metric_frame(frame, crs))
    sites = build_sites(ground, metric_frame(buildings, crs), metric_frame(compounds, crs))
    lines = metric_frame(barriers, crs).geometry.array
    enclosures = occupied_enclosures(ground, np.asarray(lines), sites)
    home = _home_of_sites(enclosures, sites.shapes)
    return EnclosedGround(ground, sites, enclosures, home, crs, frame.crs)


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
    return shapely.normalize(enclosures[by_place(enclosures)])


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


def _home_of_sites(enclosures: np.ndarray, sites: np.ndarray) -> np.ndarray:
    """Give the row of the enclosure each site lies in."""
    home = smallest_match(shapely.point_on_surface(sites), enclosures)
    lost = home < 0
    if lost.any():
        home[lost] = shapely.STRtree(enclosures).nearest(sites[lost])
    return home


def by_place(shapes: np.ndarray) -> np.ndarray:
    """Order shapes from north to south and west to east: (n,) rows."""
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    return np.lexsort((bounds[:, 1], bounds[:, 0], -bounds[:, 3]))
