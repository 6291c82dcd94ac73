"""Paper: sizes, the room for the map on it, and the view that puts ground on paper to scale.

Pure. Paper is measured in millimetres from the upper left corner, ground in metres.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import shapely

from gis.errors import InvalidInput

PAPERS = {"A4": (210.0, 297.0), "A3": (297.0, 420.0)}
"""Width and height upright, in millimetres."""

MARGIN_MM = 10.0
TITLE_MM = 17.0
FOOT_MM = 12.0
STRIP_MM = 44.0
COLUMN_MM = 62.0
"""Edge of the sheet, title above, line below; facts below the map, or beside it lying down."""

RATIOS = (
    500, 1_000, 1_500, 2_000, 2_500, 3_000, 4_000, 5_000, 6_000, 7_500, 10_000, 12_500, 15_000,
    20_000, 25_000, 30_000, 40_000, 50_000, 75_000, 100_000, 150_000, 200_000,
)  # fmt: skip
"""Ratios that a sheet may have: 1 to so many."""

EDGE_MM = 7.0
"""Room between what a sheet is about and the frame."""

Shapes = TypeVar("Shapes")
"""An array of shapes, or one shape."""


@dataclass(frozen=True)
class Layout:
    """One way to lay a sheet out: its size, and the size of its map, in millimetres."""

    paper: str
    lying: bool
    width: float
    height: float
    map_width: float
    map_height: float


@dataclass(frozen=True)
class View:
    """A piece of ground on a piece of paper.

    Parameters
    ----------
    x_m, y_m
        Ground in the middle of the map.
    ratio
        Metres on the ground to a metre on paper.
    width, height
        Of the map, in millimetres.
    """

    x_m: float
    y_m: float
    ratio: int
    width: float
    height: float

    @property
    def mm_per_m(self) -> float:
        """Millimetres on paper that a metre of ground takes."""
        return 1000.0 / self.ratio

    @property
    def ground(self) -> tuple[float, float, float, float]:
        """West, south, east, north of what the map shows, in metres."""
        half_x, half_y = self.width / 2 / self.mm_per_m, self.height / 2 / self.mm_per_m
        return self.x_m - half_x, self.y_m - half_y, self.x_m + half_x, self.y_m + half_y

    def on_paper(self, shapes: Shapes) -> Shapes:
        """Put an array of shapes, or one shape, on paper."""
        shift = np.array([self.width / 2, self.height / 2])

        def place(xy: np.ndarray) -> np.ndarray:
            return (xy - (self.x_m, self.y_m)) * (self.mm_per_m, -self.mm_per_m) + shift

        return shapely.transform(shapes, place)


def layouts_of(paper: str) -> tuple[Layout, Layout]:
    """Give the two ways to lay out a sheet: standing, facts below; lying, facts beside.

    Raises
    ------
    InvalidInput
        No such paper.

    Examples
    --------
    >>> [(sheet.map_width, sheet.map_height) for sheet in layouts_of("A4")]
    [(190.0, 204.0), (213.0, 161.0)]
    """
    if paper not in PAPERS:
        raise InvalidInput(
            "paper “{paper}”: expected one of {papers}", paper=paper, papers=", ".join(PAPERS)
        )
    short, long = PAPERS[paper]
    used = 2 * MARGIN_MM + TITLE_MM + FOOT_MM
    standing = (short - 2 * MARGIN_MM, long - used - STRIP_MM)
    lying = (long - 2 * MARGIN_MM - COLUMN_MM - 2, short - used)
    return (
        Layout(paper, False, short, long, *standing),
        Layout(paper, True, long, short, *lying),
    )


def fit_view(bounds: tuple[float, float, float, float], layout: Layout) -> View:
    """Show ground as large as an even ratio allows, in the middle of the map.

    Examples
    --------
    >>> fit_view((0, 0, 400, 300), layouts_of("A4")[1]).ratio
    2500
    """
    west, south, east, north = bounds
    need = max(
        (east - west) / (layout.map_width - 2 * EDGE_MM),
        (north - south) / (layout.map_height - 2 * EDGE_MM),
    )
    ratio = next((r for r in RATIOS if r >= 1000 * need), None)
    if ratio is None:
        raise InvalidInput("{scale:,.0f} to 1 is too small a scale for a sheet", scale=1000 * need)
    middle = ((west + east) / 2, (south + north) / 2)
    return View(*middle, ratio, layout.map_width, layout.map_height)


def best_layout(bounds: tuple[float, float, float, float], paper: str) -> tuple[Layout, View]:
    """Choose the way that shows ground larger; standing when both show it alike."""
    return min(
        ((layout, fit_view(bounds, layout)) for layout in layouts_of(paper)),
        key=lambda pair: pair[1].ratio,
    )


def bar_length_m(view: View, *, longest_mm: float = 48.0) -> int:
    """Give the ground that the scale bar shows: 1, 2 or 5 with noughts.

    Examples
    --------
    >>> bar_length_m(View(0, 0, 2500, 190, 204))
    100
    """
    most = longest_mm / view.mm_per_m
    power = 10 ** int(np.floor(np.log10(most)))
    return int(max(n * power for n in (1, 2, 5) if n * power <= most))
