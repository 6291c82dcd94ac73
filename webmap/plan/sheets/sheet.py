"""One sheet: the map of a grid, or of the whole plan, with what stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import shapely
from markupsafe import Markup

from webmap.plan.sheets import borders
from webmap.plan.sheets.ground import LAND, MapGround, draw_ground, kinds_seen
from webmap.plan.sheets.labels import LabelBoard
from webmap.plan.sheets.legend import Entry, legend_of
from webmap.plan.sheets.naming import name_areas, name_buildings, name_streets
from webmap.plan.sheets.paper import Layout, View, bar_length_m, best_layout

BUILDINGS_NAMED_TO = 3_000
"""Buildings are named on sheets of this ratio and larger."""


@dataclass(frozen=True)
class Surroundings:
    """Everything in metres that sheets of one plan share.

    ``grids`` of the plan: code, worker and figures; ``around``: code and community of grids in
    other communities; ``communities`` with the name to show, ``own`` the id of the plan's.
    """

    ground: MapGround
    grids: gpd.GeoDataFrame
    around: gpd.GeoDataFrame
    communities: gpd.GeoDataFrame
    own: int

    @property
    def community(self) -> shapely.Geometry:
        """Give the shape of the plan's community; of its grids where it has none."""
        rows = self.communities[self.communities["id"] == self.own]
        return shapely.union_all((rows if len(rows) else self.grids).geometry.to_numpy())


@dataclass(frozen=True)
class Sheet:
    """A map ready to be laid out: the row it is of (None: the whole plan), drawing and legend."""

    row: Any
    layout: Layout
    view: View
    drawing: Markup
    legend: list[Entry]

    @property
    def bar_m(self) -> int:
        """Metres that the scale bar shows."""
        return bar_length_m(self.view)

    @property
    def bar_mm(self) -> float:
        """Length of the scale bar on paper."""
        return round(self.bar_m * self.view.mm_per_m, 3)


def grid_sheet(around: Surroundings, place: int, *, paper: str) -> Sheet:
    """Draw the sheet of the grid in a place of the plan's list."""
    row = list(around.grids.itertuples())[place]
    layout, view = best_layout(row.geometry.bounds, paper)
    board = _board(view)
    own = view.on_paper(row.geometry)
    others = around.grids.drop(index=around.grids.index[place])
    others = _seen(others, view)
    abroad = _seen(around.around, view)
    borders.name_around(
        board,
        [*others.geometry, *shapely.difference(abroad.geometry.to_numpy(), around.community)],
        [*(c[-3:] for c in others["code"]), *(f"{r.shown} {r.code[-3:]}" for r in _rows(abroad))],
        view,
    )
    if view.ratio <= BUILDINGS_NAMED_TO:
        name_buildings(board, around.ground, view, own)
    name_areas(board, around.ground, view, own)
    name_streets(board, around.ground, view, own)
    neighbours = [*others.geometry, *abroad.geometry]
    communities = [*_seen(around.communities, view).geometry]
    drawing = [
        draw_ground(around.ground, view),
        borders.draw_veil(row.geometry, view),
        borders.draw_lines(neighbours, view, borders.NEIGHBOUR, but=communities),
        borders.draw_lines(communities, view, borders.COMMUNITY),
        borders.draw_lines([row.geometry], view, borders.OWN_GLOW),
        borders.draw_lines([row.geometry], view, borders.OWN_LINE),
    ]
    return _finish(row, layout, view, drawing, board, kinds_seen(around.ground, view))


def overview_sheet(around: Surroundings, *, paper: str) -> Sheet:
    """Draw the sheet of the whole community with all grids of the plan."""
    layout, view = best_layout(around.community.bounds, paper)
    board = _board(view)
    grids = around.grids
    borders.name_around(board, [*grids.geometry], [code[-3:] for code in grids["code"]], view)
    others = _seen(around.communities[around.communities["id"] != around.own], view)
    borders.name_around(board, [*others.geometry], [*others["shown"]], view)
    name_streets(board, around.ground, view, view.on_paper(around.community))
    drawing = [
        draw_ground(around.ground, view),
        borders.draw_veil(around.community, view),
        borders.draw_lines([*_seen(around.communities, view).geometry], view, borders.COMMUNITY),
        borders.draw_border_between([*grids.geometry], view, borders.INNER),
        borders.draw_lines([around.community], view, borders.WHITE_EDGE),
        borders.draw_lines([around.community], view, borders.OWN_COMMUNITY),
    ]
    return _finish(None, layout, view, drawing, board, kinds_seen(around.ground, view), whole=True)


def _finish(
    row: Any,  # noqa: ANN401  (a row of a frame)
    layout: Layout,
    view: View,
    drawing: Sequence[str],
    board: LabelBoard,
    seen: set[str],
    *,
    whole: bool = False,
) -> Sheet:
    labels = "".join(label.svg() for label in board.labels)
    paper = f'<rect width="{view.width:g}" height="{view.height:g}" fill="{LAND}"/>'
    content = Markup(paper + "".join(drawing) + labels)  # noqa: S704  (texts are escaped)
    return Sheet(row, layout, view, content, legend_of(seen, whole=whole))


def _board(view: View) -> LabelBoard:
    """Give an empty board that keeps the corner of the north arrow free."""
    board = LabelBoard(view.width, view.height)
    board.block(shapely.box(view.width - 14, 0, view.width, 19))
    return board


def _seen(frame: gpd.GeoDataFrame, view: View) -> gpd.GeoDataFrame:
    box = shapely.box(*view.ground)
    return frame[shapely.intersects(frame.geometry.to_numpy(), box)]


def _rows(frame: gpd.GeoDataFrame) -> list[Any]:
    return list(frame.drop(columns="geometry").itertuples())
