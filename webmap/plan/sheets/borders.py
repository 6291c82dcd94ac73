"""Borders on a sheet: of the grid it is about, of its neighbours, of communities. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from webmap.plan.sheets.ink import clip_to, path
from webmap.plan.sheets.labels import LabelBoard
from webmap.plan.sheets.paper import View
from webmap.shell.tokens import token

OWN = token("map-selected-strong")
GRID_LINE = token("map-grid-line")
VEIL = {"fill": token("paper"), "fill_opacity": 0.5, "fill_rule": "evenodd"}
OWN_LINE = {"fill": "none", "stroke": OWN, "stroke_width": 0.9, "stroke_linejoin": "round"}
OWN_GLOW = {**OWN_LINE, "stroke_width": 2.6, "stroke_opacity": 0.22}
NEIGHBOUR = {"fill": "none", "stroke": GRID_LINE, "stroke_width": 0.3, "stroke_dasharray": "2 1"}
INNER = {"fill": "none", "stroke": OWN, "stroke_width": 0.55, "stroke_linejoin": "round"}
COMMUNITY = {
    "fill": "none",
    "stroke": GRID_LINE,
    "stroke_width": 0.55,
    "stroke_dasharray": "4 1 0.6 1",
}
OWN_COMMUNITY = {**COMMUNITY, "stroke_width": 0.9}
WHITE_EDGE = {"fill": "none", "stroke": token("paper"), "stroke_width": 1.8, "stroke_opacity": 0.85}
BESIDE_M = 0.5
"""Lines so near to one another are one."""

CODE_MM = 4.2
LEAST_AREA_MM2 = 40.0


def draw_lines(
    shapes: Sequence[shapely.Geometry],
    view: View,
    style: dict,
    *,
    but: Sequence[shapely.Geometry] = (),
) -> str:
    """Draw the outlines of areas given in metres, a border that two of them share once.

    What runs along the outline of one of the areas in ``but`` is left out.
    """
    if not len(shapes):
        return ""
    lines = shapely.union_all(shapely.boundary(np.asarray(shapes, dtype=object)))
    if len(but):
        other = shapely.union_all(shapely.boundary(np.asarray(but, dtype=object)))
        lines = shapely.difference(lines, shapely.buffer(other, BESIDE_M, quad_segs=2))
    joined = view.on_paper(shapely.get_parts(shapely.line_merge(lines)))
    return path(clip_to(joined, view.width, view.height), **style)


def draw_border_between(shapes: Sequence[shapely.Geometry], view: View, style: dict) -> str:
    """Draw the borders that areas given in metres share, not the outline of them all."""
    areas = np.asarray(shapes, dtype=object)
    lines = shapely.union_all(shapely.boundary(areas))
    outline = shapely.boundary(shapely.union_all(areas))
    inner = shapely.get_parts(shapely.line_merge(shapely.difference(lines, outline)))
    return path(clip_to(view.on_paper(inner), view.width, view.height), **style)


def draw_veil(own: shapely.Geometry, view: View) -> str:
    """Pale everything that lies outside the ground a sheet is about."""
    whole = shapely.box(-5, -5, view.width + 5, view.height + 5)
    return path(shapely.difference(whole, view.on_paper(own)), **VEIL)


def name_around(
    board: LabelBoard, shapes: Sequence[shapely.Geometry], names: Sequence[str], view: View
) -> None:
    """Write the codes of grids where they have room, the largest first."""
    frame = shapely.box(0, 0, view.width, view.height)
    seen = shapely.intersection(view.on_paper(np.asarray(shapes, dtype=object)), frame)
    for i in np.argsort(-shapely.area(seen), kind="stable").tolist():
        if shapely.area(seen[i]) > LEAST_AREA_MM2:
            board.put_inside(seen[i], names[i], CODE_MM, "code")
