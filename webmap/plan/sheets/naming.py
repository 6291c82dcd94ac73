"""Which names a sheet bears: streets, water, compounds; those that matter most first. Pure."""

from __future__ import annotations

from collections.abc import Collection

import geopandas as gpd
import numpy as np
import shapely

from gis.domain.kinds.barrier import BARRIER_KINDS
from webmap.plan.sheets.ground import MapGround
from webmap.plan.sheets.labels import LabelBoard
from webmap.plan.sheets.paper import View

STREET_MM = {"motorway": 2.9, "main_road": 2.8, "minor_road": 2.3, "path": 2.0}
WATER_MM = 2.7
COMPOUND_MM = 2.4
BUILDING_MM = 1.8
LEAST_COMPOUND_MM2 = 60.0
MOST_NAMES = 60


def name_streets(
    board: LabelBoard, ground: MapGround, view: View, focus: shapely.Geometry | None
) -> None:
    """Write the names of streets and rivers along them, those that meet the focus first."""
    lines = ground.seen("barriers", view)
    lines = lines[lines["name"].notna() & ~lines["kind"].isin(["rail", "wall"])]
    if lines.empty:
        return
    rank = {kind: place for place, kind in enumerate(BARRIER_KINDS)}
    found = []
    for (kind, name), rows in lines.groupby(["kind", "name"], sort=True):
        whole = _joined(rows, view, board)
        if whole.length < 8:
            continue
        near = focus is None or whole.distance(focus) < 3
        found.append((not near, rank[kind], -whole.length, name, kind, whole))
    for *_, name, kind, whole in sorted(found, key=lambda row: row[:4])[:MOST_NAMES]:
        look = "water" if kind == "river" else "street"
        board.put_along(whole, name, STREET_MM.get(kind, WATER_MM), look)


def _joined(rows: gpd.GeoDataFrame, view: View, board: LabelBoard) -> shapely.Geometry:
    """Give the lines of one name on paper, joined end to end, smooth, inside the frame."""
    flat = shapely.line_merge(shapely.union_all(view.on_paper(rows.geometry.to_numpy())))
    return shapely.intersection(shapely.simplify(flat, 0.5), board.frame)


def name_areas(
    board: LabelBoard, ground: MapGround, view: View, focus: shapely.Geometry | None
) -> None:
    """Write the names of compounds and waters that have room for them."""
    for layer, size, look in (("compounds", COMPOUND_MM, "compound"), ("land_cover", 2.6, "water")):
        rows = ground.seen(layer, view)
        rows = rows[rows["name"].notna()]
        shapes = view.on_paper(rows.geometry.to_numpy())
        shapes = shapely.intersection(shapes, board.frame)
        order = np.argsort(-shapely.area(shapes), kind="stable")
        for i in order[:MOST_NAMES].tolist():
            inside = focus is None or shapes[i].intersects(focus)
            if inside and shapes[i].area > LEAST_COMPOUND_MM2:
                board.put_inside(shapes[i], rows["name"].iloc[i], size, look)


def name_buildings(
    board: LabelBoard, ground: MapGround, view: View, focus: shapely.Geometry
) -> None:
    """Write what buildings of the focus are called, where the scale leaves room."""
    rows = ground.seen("buildings", view)
    rows = rows[rows["name"].notna()]
    shapes = view.on_paper(rows.geometry.to_numpy())
    compounds = set(ground.seen("compounds", view)["name"].dropna())
    for shape, name in zip(shapes, rows["name"], strict=True):
        if shape.area > 4 and focus.contains(shape.centroid):
            board.put_inside(shape, short_name(name, compounds), BUILDING_MM, "building")


def short_name(name: str, compounds: Collection[str]) -> str:
    """Leave the compound out of the name of a building: the map names it already.

    Examples
    --------
    >>> short_name("苗岭小区3栋", {"苗岭小区", "苗岭"}), short_name("文庙", {"苗岭小区"})
    ('3栋', '文庙')
    """
    begins = [c for c in compounds if name.startswith(c) and name != c]
    return name[max(map(len, begins), default=0) :].strip()
