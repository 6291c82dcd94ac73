"""How one rule stands in a plan, and a plan as the rules look at it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from gis.geometry.band import Band
from gis.geometry.quality.barriers import BarrierPieces
from gis.geometry.quality.straddling import measure_straddling

Box = tuple[float, float, float, float]

CHECK_RULES = (
    "cover",
    "empty",
    "connected",
    "building_cut",
    "compound_cut",
    "band",
    "locks",
    "exclusive",
    "unreachable",
    "straddled",
    "enclave",
    "neck",
)
"""The rules in the order in which they are told, the hard ones first."""

ADVICE = frozenset({"band", "unreachable", "straddled", "enclave", "neck"})
"""Rules that ground or people may make it impossible to keep; the others hold in every plan."""

MARGIN_M = 15.0
"""Ground shown around a place."""


@dataclass(frozen=True)
class Check:
    """How one rule stands, in one grid or in the whole plan.

    Parameters
    ----------
    rule
        One of `CHECK_RULES`.
    grid
        Grid number; None for the whole plan.
    figure
        What was measured; None where it could not be, because the ground to judge by is missing.
    least, most
        What is allowed; None for no limit.
    unit
        Of the figures: ``m2, m, parts, share, blocks, grids, groups`` or the measure of the band.
    place
        Box to look at where it is broken, EPSG:4326: (west, south, east, north).
    where
        The same place as the rule found it: shapes in the metric CRS of the plan.
    """

    rule: str
    grid: int | None
    figure: float | None
    least: float | None = None
    most: float | None = None
    unit: str = ""
    place: Box | None = None
    where: object = field(default=None, repr=False, compare=False)

    @property
    def holds(self) -> bool | None:
        """Tell whether the rule is kept; None where it could not be judged."""
        if self.figure is None:
            return None
        low = self.least is None or self.figure >= self.least - 1e-9
        return low and (self.most is None or self.figure <= self.most + 1e-9)

    @property
    def must_hold(self) -> bool:
        """Tell whether no plan may break it."""
        return self.rule not in ADVICE


@dataclass(frozen=True)
class Sight:
    """A plan as the rules look at it, all shapes in one metric CRS.

    ``row`` (n,) is the place of each block's grid in ``numbers`` (g,) and ``ground`` (g,).
    """

    crs: CRS | None
    blocks: gpd.GeoDataFrame
    row: np.ndarray
    numbers: np.ndarray
    ground: np.ndarray
    load: np.ndarray
    measure: str
    band: Band
    outline: shapely.Geometry
    unassigned: np.ndarray
    barriers: BarrierPieces | None
    buildings: gpd.GeoDataFrame | None
    compounds: gpd.GeoDataFrame | None
    locked: dict
    labels: np.ndarray
    wanted: frozenset[int]

    def placed(self, check: Check) -> Check:
        """Give a check with its place in lon, lat, and some ground around it."""
        shapes = np.atleast_1d(np.asarray(check.where, dtype=object))
        shapes = shapes[~shapely.is_missing(shapes)]
        if not len(shapes):
            return check
        wide = shapely.box(*shapely.total_bounds(shapes)).buffer(MARGIN_M, join_style="mitre")
        found = gpd.GeoSeries([wide], crs=self.crs)
        found = found if found.crs is None else found.to_crs(4326)
        west, south, east, north = (round(float(v), 6) for v in found.total_bounds)
        return replace(check, place=(west, south, east, north))

    def label_of(self, grid: int) -> object:
        """Give the label of a grid that is exclusive ground only, else None."""
        held = set(self.labels[self.row == grid])
        return held.pop() if len(held) == 1 else None

    @cached_property
    def special(self) -> np.ndarray:
        """(g,) whether a grid is exclusive ground only."""
        return np.array([self.label_of(g) is not None for g in range(len(self.numbers))], bool)

    @cached_property
    def straddling(self) -> pd.DataFrame:
        """Measure what of the strong barriers runs inside each grid, and whom it cuts off."""
        spots = shapely.point_on_surface(self.blocks.geometry.to_numpy())
        return measure_straddling(self.ground, self.barriers, spots, self.row, self.load)

    def blocks_in(self, mask: np.ndarray) -> np.ndarray:
        """Give the shapes of some blocks."""
        return self.blocks.geometry.to_numpy()[mask]
