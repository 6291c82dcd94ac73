"""The ground below a sheet: cover, water, buildings, walls, roads, rails, in quiet tints. Pure.

Everything is given in metres and drawn to scale, but never finer than an eye can see on paper.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import shapely

from gis.domain.kinds.barrier import ROAD_KINDS
from webmap.plan.sheets.ink import clip_to, path
from webmap.plan.sheets.paper import View
from webmap.shell.tokens import token

COVER = {
    "built_up": token("ground-built-up"),
    "farmland": token("ground-farmland"),
    "green": token("ground-green"),
    "water": token("map-water"),
}
LAND = token("map-land")
ROAD_FILL = {
    "motorway": token("road-motorway"),
    "main_road": token("road-main"),
    "minor_road": token("road-minor"),
}
CASING = token("road-casing")
RIVER = token("ground-water-line")
WIDTH_M = {"motorway": 24, "main_road": 15, "minor_road": 6.5, "river": 8}
LEAST_MM = {"motorway": 1.1, "main_road": 0.85, "minor_road": 0.5, "river": 0.5}
MOST_MM = {"motorway": 4.0, "main_road": 3.4, "minor_road": 2.2, "river": 2.2}
PATH = {
    "fill": "none",
    "stroke": token("road-path"),
    "stroke_width": 0.25,
    "stroke_dasharray": "1 0.7",
}
WALL = {
    "fill": "none",
    "stroke": token("ground-wall"),
    "stroke_width": 0.25,
    "stroke_dasharray": "1.6 0.5",
}
RAIL = {"fill": "none", "stroke": token("ground-rail"), "stroke_width": 0.7}
SLEEPERS = {
    "fill": "none",
    "stroke": token("road-minor"),
    "stroke_width": 0.4,
    "stroke_dasharray": "1.5 1.5",
}
BUILDING = {
    "fill": token("ground-building"),
    "stroke": token("ground-building-line"),
    "stroke_width": 0.08,
    "fill_rule": "evenodd",
}


@dataclass(frozen=True)
class MapGround:
    """The ground in metres: frames with ``kind`` and ``name`` where they have them."""

    land_cover: gpd.GeoDataFrame
    barriers: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    compounds: gpd.GeoDataFrame

    @cached_property
    def _trees(self) -> dict[str, shapely.STRtree]:
        names = ("land_cover", "barriers", "buildings", "compounds")
        return {n: shapely.STRtree(getattr(self, n).geometry.to_numpy()) for n in names}

    def seen(self, layer: str, view: View) -> gpd.GeoDataFrame:
        """Give the rows of a layer that a view shows."""
        rows = self._trees[layer].query(shapely.box(*view.ground))
        return getattr(self, layer).iloc[np.sort(rows)]


def draw_ground(ground: MapGround, view: View) -> str:
    """Draw everything below the grids as SVG."""
    return "".join(_parts(ground, view))


def kinds_seen(ground: MapGround, view: View) -> set[str]:
    """Tell which kinds of barriers and cover a view shows, for its legend."""
    found = set(ground.seen("barriers", view)["kind"])
    found |= set(ground.seen("land_cover", view)["kind"]) & {"water", "green"}
    return found | ({"building"} if len(ground.seen("buildings", view)) else set())


def line_width(kind: str, view: View) -> float:
    """Give the width of a road or river on paper, in millimetres."""
    wide = WIDTH_M[kind] * view.mm_per_m
    return round(min(max(wide, LEAST_MM[kind]), MOST_MM[kind]), 2)


def _parts(ground: MapGround, view: View) -> Iterator[str]:
    def on_paper(frame: gpd.GeoDataFrame, kind: str | None = None) -> np.ndarray:
        rows = frame if kind is None else frame[frame["kind"] == kind]
        return clip_to(view.on_paper(rows.geometry.to_numpy()), view.width, view.height)

    cover, lines = ground.seen("land_cover", view), ground.seen("barriers", view)
    for kind, tint in COVER.items():
        yield path(on_paper(cover, kind), fill=tint, fill_rule="evenodd")
    yield path(on_paper(lines, "river"), **_round(RIVER, line_width("river", view)))
    yield path(on_paper(ground.seen("buildings", view)), **BUILDING)
    yield path(on_paper(lines, "wall"), **WALL)
    yield path(on_paper(lines, "path"), **PATH)
    roads = {k: on_paper(lines, k) for k in reversed(ROAD_KINDS) if k != "path"}
    for kind, shapes in roads.items():
        yield path(shapes, **_round(CASING, line_width(kind, view) + 0.22))
    for kind, shapes in roads.items():
        yield path(shapes, **_round(ROAD_FILL[kind], line_width(kind, view)))
    rails = on_paper(lines, "rail")
    yield path(rails, **RAIL) + path(rails, **SLEEPERS)


def _round(colour: str, width: float) -> dict[str, object]:
    ends = {"stroke_linecap": "round", "stroke_linejoin": "round"}
    return {"fill": "none", "stroke": colour, "stroke_width": f"{width:g}", **ends}
