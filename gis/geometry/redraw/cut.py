"""Cutting through a block by a drawn line: child blocks that fit their neighbours exactly.

Pure. Lengths are judged in metres; coordinates stay in the reference system of the blocks, so that
all but the new vertices are kept byte for byte. Where the line meets the edge of the block, the
neighbours there get the same new vertex.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from gis.errors import InvalidInput
from gis.geometry.clean import PRECISION_M
from gis.geometry.crs import metric_crs_of, to_metric
from gis.geometry.redraw.rings import Place, insert_vertices, ring_segments
from gis.geometry.redraw.sides import check_line

ON_EDGE_M = 1e-3
"""An end of the line this near to the edge lies on it."""

TO_CORNER_M = 0.1
"""A line that meets the edge this near to a corner meets it there."""

INSIDE_BUILDING_M = 0.05
"""A line may run this far inside the outline of a building: walls are drawn no better."""

SMALLEST_CHILD_M2 = 20.0


@dataclass(frozen=True)
class BlockCut:
    """A block cut into children.

    Parameters
    ----------
    children
        Polygons that tile the block exactly, the largest first, in its reference system.
    area_m2
        Their areas.
    neighbours
        Other blocks that got a new vertex on their border with it: row and polygon after.
    """

    children: list[shapely.Polygon]
    area_m2: list[float]
    neighbours: dict[int, shapely.Geometry]


def cut_block(
    blocks: gpd.GeoDataFrame,
    row: int,
    line: shapely.LineString,
    *,
    buildings: gpd.GeoDataFrame | None = None,
    smallest_m2: float = SMALLEST_CHILD_M2,
) -> BlockCut:
    """Cut one block of a coverage along a line.

    Parameters
    ----------
    blocks
        Polygons of a clean coverage.
    row
        Position of the block to cut.
    line
        From edge to edge or further, in the reference system of ``blocks``.
    buildings
        Shapes that must stay whole; named by ``id`` where there is one, else by index.
    smallest_m2
        Smallest child allowed.

    Raises
    ------
    InvalidInput
        The line misses the block, ends inside it, crosses itself, runs through a building, or
        leaves a child too small.

    Examples
    --------
    >>> blocks = gpd.GeoDataFrame(geometry=shapely.box([0, 50], 0, [50, 90], 40), crs=32632)
    >>> cut = cut_block(blocks, 0, shapely.LineString([(-5, 10), (60, 10)]))
    >>> cut.area_m2, {row: len(n.exterior.coords) for row, n in cut.neighbours.items()}
    ([1500.0, 500.0], {1: 6})
    """
    check_line(line)
    ground = _Ground(blocks, row)
    drawn = ground.metric(line)
    block = ground.metric(ground.block)
    pieces = _pieces_inside(block, drawn)
    _check_buildings(pieces, buildings, ground.crs)
    meetings = _Meetings(ground, block)
    cuts = [meetings.join(piece) for piece in pieces]
    whole = insert_vertices(ground.block, meetings.insertions)
    children = _faces(whole, cuts)
    area = np.array([ground.metric(child).area for child in children])
    _check_children(whole, children, area, smallest_m2)
    order = np.argsort(-area, kind="stable")
    neighbours = ground.neighbours(meetings.insertions)
    fitted = np.array([*children, *neighbours.values()], dtype=object)
    if not shapely.coverage_is_valid(fitted):
        raise InvalidInput(
            "the block and its neighbours do not meet in equal corners where the line comes to the"
            " edge; move the line, or build the blocks anew"
        )
    return BlockCut([children[i] for i in order], area[order].round(3).tolist(), neighbours)


class _Ground:
    """The block to cut and the blocks around it, in their own system and in metres."""

    def __init__(self, blocks: gpd.GeoDataFrame, row: int) -> None:
        self.row = row
        self.shapes = np.asarray(blocks.geometry.array, dtype=object)
        self.block = self.shapes[row]
        self.source = blocks.crs
        self.crs = metric_crs_of(blocks)

    def metric(self, shape: shapely.Geometry) -> shapely.Geometry:
        """Give a shape in metres."""
        series = gpd.GeoSeries([shape], crs=self.source)
        return to_metric(series, self.crs).iloc[0]

    def place(self, xy: np.ndarray) -> Place:
        """Give a point in metres on the common raster, in the system of the blocks."""
        per_metre = round(1 / PRECISION_M)
        point = shapely.Point(np.round(xy * per_metre) / per_metre)
        series = gpd.GeoSeries([point], crs=self.crs)
        found = series if self.source is None else series.to_crs(self.source)
        return (float(found.x.iloc[0]), float(found.y.iloc[0]))

    def on_segment(self, ends: np.ndarray, along: float) -> Place:
        """Give a point of a segment in the system of the blocks, on the raster if in metres.

        A straight line in degrees is not one in metres: taken off it, long borders would bend.
        """
        xy = ends[0] + along * (ends[1] - ends[0])
        if self.source is not None and self.source.is_geographic:
            return (float(xy[0]), float(xy[1]))
        return self.place(xy)

    def neighbours(self, insertions: dict) -> dict[int, shapely.Geometry]:
        """Give the other blocks that share a segment with a new vertex, with the vertex."""
        near = shapely.STRtree(self.shapes).query(self.block, predicate="intersects")
        found = {}
        for row in sorted(set(near.tolist()) - {self.row}):
            shape = insert_vertices(self.shapes[row], insertions)
            if shapely.get_num_coordinates(shape) > shapely.get_num_coordinates(self.shapes[row]):
                found[row] = shape
        return found


def _pieces_inside(block: shapely.Geometry, line: shapely.LineString) -> list[shapely.LineString]:
    """Give the stretches of a line that lead through a block from edge to edge."""
    edge = shapely.boundary(block)
    within = shapely.difference(shapely.intersection(line, block), edge)
    inner = shapely.get_parts(within)
    inner = inner[shapely.length(inner) > TO_CORNER_M]
    if not len(inner):
        raise InvalidInput("the line does not cross the block; draw it from edge to edge")
    for piece in inner:
        ends = shapely.points(shapely.get_coordinates(piece)[[0, -1]])
        short_m = float(shapely.distance(ends, edge).max())
        if short_m > ON_EDGE_M:
            raise InvalidInput(
                "the line ends inside the block, {short_m:.1f} m from its edge; extend "
                "it over the edge",
                short_m=short_m,
            )
    return list(inner)


def _check_buildings(
    pieces: list[shapely.LineString], buildings: gpd.GeoDataFrame | None, crs: CRS | None
) -> None:
    """Refuse a cut through a building."""
    if buildings is None or not len(buildings):
        return
    shapes = np.asarray(to_metric(buildings.geometry, crs).array, dtype=object)
    cores = shapely.buffer(shapes, -INSIDE_BUILDING_M)
    met = np.flatnonzero(shapely.intersects(cores, shapely.union_all(pieces)))
    if len(met):
        names = buildings["id"] if "id" in buildings else buildings.index.to_series()
        told = ", ".join(str(name) for name in names.iloc[met[:3]])
        raise InvalidInput(
            "the line runs through building {buildings}; draw it round the building: a "
            "building is never cut",
            buildings=told,
        )


class _Meetings:
    """Where the line meets the edge of the block: at a corner, or in a new vertex."""

    def __init__(self, ground: _Ground, block: shapely.Geometry) -> None:
        self.ground = ground
        self.metric = ring_segments(block)
        self.own = ring_segments(ground.block)
        self.lines = shapely.linestrings(self.metric)
        self.found: dict[int, list[tuple[float, Place]]] = {}

    @property
    def insertions(self) -> dict[tuple[Place, Place], list[Place]]:
        """Give the new vertices by segment, in order along it."""
        return {
            (tuple(self.own[s, 0].tolist()), tuple(self.own[s, 1].tolist())): [
                place for _, place in sorted(set(new))
            ]
            for s, new in self.found.items()
        }

    def join(self, piece: shapely.LineString) -> shapely.LineString:
        """Give a stretch of the line in the blocks' system, its ends on the edge."""
        xy = shapely.get_coordinates(piece)
        inner = [self.ground.place(point) for point in xy[1:-1]]
        return shapely.LineString([self.meet(xy[0]), *inner, self.meet(xy[-1])])

    def meet(self, point: np.ndarray) -> Place:
        """Give the corner or the new vertex at which an end lies on the edge."""
        segment = int(np.argmin(shapely.distance(self.lines, shapely.Point(point))))
        start, end = self.metric[segment]
        gaps = [np.hypot(*(point - start)), np.hypot(*(point - end))]
        nearest = int(np.argmin(gaps))
        if gaps[nearest] <= TO_CORNER_M:
            return tuple(self.own[segment, nearest].tolist())
        along = gaps[0] / (gaps[0] + gaps[1])
        place = self.ground.on_segment(self.own[segment], along)
        self.found.setdefault(segment, []).append((float(gaps[0]), place))
        return place


def _faces(whole: shapely.Geometry, cuts: list[shapely.LineString]) -> list[shapely.Polygon]:
    """Give the faces into which stretches from corner to corner part a block."""
    edges = shapely.linestrings(ring_segments(whole))
    faces = shapely.get_parts(shapely.polygonize([*edges, *cuts]))
    inside = shapely.intersects(whole, shapely.point_on_surface(faces))
    return list(faces[inside])


def _check_children(
    whole: shapely.Geometry,
    children: list[shapely.Polygon],
    area_m2: np.ndarray,
    smallest_m2: float,
) -> None:
    """Refuse a cut that does not part the block cleanly or leaves a child too small."""
    total = float(sum(child.area for child in children))
    clean = shapely.is_valid(children).all() and abs(total - whole.area) <= 1e-9 * whole.area
    if len(children) < 2 or not clean:
        raise InvalidInput(
            "the line does not part the block cleanly, it runs along or touches its edge; draw it"
            " across the inside from edge to edge"
        )
    if area_m2.min() < smallest_m2:
        raise InvalidInput(
            "the cut leaves a piece of {area_m2:.1f} m², the smallest block "
            "allowed has {smallest_m2:g} m²; draw the line further inside",
            area_m2=area_m2.min(),
            smallest_m2=smallest_m2,
        )
