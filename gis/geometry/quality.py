"""The independent checker of a division: what holds, what does not, and how good it is.

Nothing here is shared with the solver: everything is measured on the polygons themselves.
Pure; frames in any CRS are measured in metres.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.errors import InvalidInput
from gis.geometry.compactness import polsby_popper, reock
from gis.geometry.crs import metric_crs_of, to_metric

BARRIER_REACH_M = 3.0
"""A border this near to a barrier follows it."""

CUT_SHARE, CUT_AREA_M2 = 0.02, 1.0
"""A building is cut when more than this of it lies outside the grid that holds most of it."""

AREA_TOLERANCE = 1e-6
"""Gap and overlap allowed, as a share of the community's area (and never under 1 m²)."""

BAND_RULES = frozenset({"below_minimum", "above_maximum"})


@dataclass(frozen=True)
class Violation:
    """One rule that a division breaks, where, in words."""

    rule: str
    message: str
    grid: int | None = None
    blocks: tuple = ()


@dataclass(frozen=True)
class DivisionQuality:
    """What was measured.

    Parameters
    ----------
    grids
        One row per grid number: weight, people (when the blocks have it), area_m2, deviation (from
        the mean, as a share), compactness, reock, n_blocks, n_parts, border_m (shared with other
        grids), barrier_share (of that border, along barriers; NaN without barriers), in_band.
    borders
        One row per pair of neighbouring grids: grid_a, grid_b, length_m, barrier_m.
    totals
        Sums, means and worst values of the whole division.
    violations
        Everything that breaks a rule.
    """

    grids: pd.DataFrame
    borders: pd.DataFrame
    totals: dict[str, float]
    violations: tuple[Violation, ...] = field(default_factory=tuple)

    @property
    def is_sound(self) -> bool:
        """Tell whether only the band, if anything, is broken."""
        return all(v.rule in BAND_RULES for v in self.violations)

    @property
    def is_valid(self) -> bool:
        """Tell whether no rule at all is broken."""
        return not self.violations


def measure_division(
    blocks: gpd.GeoDataFrame,
    assignment: Mapping | pd.Series,
    *,
    weight: str,
    minimum: float,
    maximum: float,
    barriers: gpd.GeoDataFrame | None = None,
    buildings: gpd.GeoDataFrame | None = None,
    boundary: gpd.GeoDataFrame | shapely.Geometry | None = None,
) -> DivisionQuality:
    """Measure a division of blocks into grids and list every rule it breaks.

    Parameters
    ----------
    blocks
        ``block_id``, the weight column, optionally ``people``, polygons.
    assignment
        Grid number of each block_id.
    weight, minimum, maximum
        Column that the band limits, and the band (inclusive).
    barriers, buildings, boundary
        Lines borders should follow; shapes no grid may cut; what the blocks must cover.

    Raises
    ------
    InvalidInput
        A column is missing or block ids repeat.
    """
    _check_columns(blocks, weight)
    crs = metric_crs_of(blocks)
    blocks, grid, found = _match_blocks(to_metric(blocks, crs), assignment)
    shapes = blocks.geometry.to_numpy()
    numbers, row = np.unique(grid, return_inverse=True)
    ground = np.array([shapely.union_all(shapes[row == g]) for g in range(len(numbers))], object)
    whole = shapely.union_all(shapes)
    borders = _measure_borders(numbers, ground, to_metric_or_none(barriers, crs))
    table = _grid_table(blocks, row, numbers, ground, borders, weight, barriers is not None)
    table["in_band"] = (table["weight"] >= minimum) & (table["weight"] <= maximum)
    outline = whole if boundary is None else _outline(boundary, crs)
    found += _check_cover(shapes, whole, outline)
    found += _check_pieces(numbers, ground, whole)
    found += _check_band(table, minimum, maximum)
    cut = _find_cut_buildings(numbers, ground, to_metric_or_none(buildings, crs))
    found += cut
    totals = _sum_up(table, borders, barriers is not None)
    totals |= _cover_totals(shapes, whole, outline) | {"buildings_cut": len(cut)}
    totals["extra_parts"] = float((table["n_parts"] - 1).sum())
    return DivisionQuality(table, borders, totals, tuple(found))


def to_metric_or_none(frame: gpd.GeoDataFrame | None, crs) -> gpd.GeoDataFrame | None:  # noqa: ANN001
    """Project a frame, if there is one with rows."""
    return None if frame is None or not len(frame) else to_metric(frame, crs)


def _check_columns(blocks: gpd.GeoDataFrame, weight: str) -> None:
    for column in ("block_id", weight):
        if column not in blocks.columns:
            raise InvalidInput(
                f"blocks have no column '{column}'; they have {list(blocks.columns)}"
            )
    twice = blocks["block_id"][blocks["block_id"].duplicated()].tolist()
    if twice:
        raise InvalidInput(f"block_id {twice[0]} stands in more than one row")


def _match_blocks(
    blocks: gpd.GeoDataFrame, assignment: Mapping | pd.Series
) -> tuple[gpd.GeoDataFrame, np.ndarray, list[Violation]]:
    """Pair blocks with grids; report what has no partner and go on with what has."""
    numbers = pd.Series(dict(assignment), dtype=object)
    found = []
    unknown = [b for b in numbers.index if b not in set(blocks["block_id"])]
    if unknown:
        says = f"{len(unknown)} assigned blocks do not exist"
        found.append(Violation("unknown_block", says, blocks=tuple(unknown)))
    grid = blocks["block_id"].map(numbers)
    missing = grid.isna().to_numpy()
    if missing.any():
        ids = tuple(blocks["block_id"][missing])
        found.append(Violation("unassigned", f"{len(ids)} blocks are in no grid", blocks=ids))
    return blocks[~missing], grid[~missing].to_numpy(dtype=np.int64), found


def _outline(boundary: gpd.GeoDataFrame | shapely.Geometry, crs) -> shapely.Geometry:  # noqa: ANN001
    if isinstance(boundary, shapely.Geometry):
        return boundary
    return to_metric(boundary, crs).geometry.union_all()


def _cover_totals(
    shapes: np.ndarray, whole: shapely.Geometry, outline: shapely.Geometry
) -> dict[str, float]:
    return {
        "overlap_m2": max(0.0, float(shapely.area(shapes).sum() - whole.area)),
        "gap_m2": float(outline.difference(whole).area) if outline is not whole else 0.0,
        "outside_m2": float(whole.difference(outline).area) if outline is not whole else 0.0,
    }


def _check_cover(
    shapes: np.ndarray, whole: shapely.Geometry, outline: shapely.Geometry
) -> list[Violation]:
    """Check that the blocks tile the community."""
    found = []
    allowed = max(1.0, AREA_TOLERANCE * outline.area)
    words = {
        "overlap_m2": ("overlap", "blocks overlap"),
        "gap_m2": ("gap", "the community is not covered"),
        "outside_m2": ("outside", "blocks reach beyond the community"),
    }
    for key, area in _cover_totals(shapes, whole, outline).items():
        if area > allowed:
            rule, says = words[key]
            found.append(Violation(rule, f"{says}: {area:.1f} m²"))
    if not shapely.coverage_is_valid(shapes):
        bad = int((~shapely.is_empty(shapely.coverage_invalid_edges(shapes))).sum())
        found.append(Violation("coverage", f"{bad} blocks do not match their neighbours' borders"))
    return found


def _check_pieces(
    numbers: np.ndarray, ground: np.ndarray, whole: shapely.Geometry
) -> list[Violation]:
    """Check that each grid is one piece within each piece of the community.

    A union of polygons that touch in a point only stays two polygons, so pieces are rook pieces.
    """
    found = []
    pieces = shapely.get_parts(whole)
    tree = shapely.STRtree(pieces)
    for number, shape in zip(numbers, ground, strict=True):
        parts = shapely.get_parts(shape)
        spot = shapely.point_on_surface(parts)
        home = tree.query(spot, predicate="intersects")[1]
        if len(np.unique(home)) < len(parts):
            says = f"grid {number} lies in {len(parts)} pieces that do not meet"
            found.append(Violation("not_connected", says, grid=int(number)))
    return found


def _check_band(table: pd.DataFrame, minimum: float, maximum: float) -> list[Violation]:
    found = []
    for number, weight in table["weight"][~table["in_band"]].items():
        rule = "below_minimum" if weight < minimum else "above_maximum"
        limit = minimum if weight < minimum else maximum
        says = f"grid {number} has {weight:g}, {rule.replace('_', ' ')} {limit:g}"
        found.append(Violation(rule, says, grid=int(number)))
    return found


def _find_cut_buildings(
    numbers: np.ndarray, ground: np.ndarray, buildings: gpd.GeoDataFrame | None
) -> list[Violation]:
    """List buildings of which a second grid holds more than a trace."""
    if buildings is None:
        return []
    shapes = buildings.geometry.make_valid().to_numpy()
    row, grid = shapely.STRtree(ground).query(shapes, predicate="intersects")
    several = np.isin(row, np.flatnonzero(np.bincount(row, minlength=len(shapes)) > 1))
    row, grid = row[several], grid[several]
    area = shapely.area(shapely.intersection(shapes[row], ground[grid]))
    most = np.zeros(len(shapes))
    np.maximum.at(most, row, area)
    rest = np.bincount(row, area, len(shapes)) - most
    cut = np.flatnonzero((rest > CUT_AREA_M2) & (rest > CUT_SHARE * shapely.area(shapes)))
    found = []
    for building in cut:
        held = numbers[grid[(row == building) & (area > CUT_AREA_M2)]]
        says = f"building {buildings.index[building]} is cut by grids {', '.join(map(str, held))}"
        found.append(Violation("building_cut", says, grid=int(held[0]) if len(held) else None))
    return found


def _measure_borders(
    numbers: np.ndarray, ground: np.ndarray, barriers: gpd.GeoDataFrame | None
) -> pd.DataFrame:
    """Measure the border of every two neighbouring grids, and how much follows a barrier."""
    a, b = shapely.STRtree(ground).query(ground, predicate="intersects")
    a, b = a[a < b], b[a < b]
    outline = shapely.boundary(ground)
    lines = shapely.intersection(outline[a], outline[b])
    length = shapely.length(lines)
    keep = length > 0
    along = _length_along(lines[keep], barriers)
    return pd.DataFrame(
        {
            "grid_a": numbers[a[keep]],
            "grid_b": numbers[b[keep]],
            "length_m": length[keep],
            "barrier_m": along,
        }
    )


def _length_along(lines: np.ndarray, barriers: gpd.GeoDataFrame | None) -> np.ndarray:
    """Give how many metres of each line lie within reach of a barrier."""
    along = np.zeros(len(lines))
    if barriers is None or not len(lines):
        return along
    near = shapely.buffer(barriers.geometry.to_numpy(), BARRIER_REACH_M)
    line, barrier = shapely.STRtree(near).query(lines, predicate="intersects")
    for number in np.unique(line):
        cover = shapely.union_all(near[barrier[line == number]])
        along[number] = lines[number].intersection(cover).length
    return along


def _grid_table(
    blocks: gpd.GeoDataFrame,
    row: np.ndarray,
    numbers: np.ndarray,
    ground: np.ndarray,
    borders: pd.DataFrame,
    weight: str,
    has_barriers: bool,
) -> pd.DataFrame:
    """Measure each grid."""
    n = len(numbers)
    table = pd.DataFrame(index=pd.Index(numbers, name="grid"))
    table["weight"] = np.bincount(row, blocks[weight].fillna(0).to_numpy(float), n)
    if "people" in blocks.columns and weight != "people":
        table["people"] = np.bincount(row, blocks["people"].fillna(0).to_numpy(float), n)
    table["area_m2"] = shapely.area(ground)
    mean = table["weight"].mean() if n else 0.0
    table["deviation"] = table["weight"] / mean - 1 if mean > 0 else 0.0
    table["compactness"] = polsby_popper(ground)
    table["reock"] = reock(ground)
    table["n_blocks"] = np.bincount(row, minlength=n)
    table["n_parts"] = shapely.get_num_geometries(ground)
    both = pd.concat([borders.set_index("grid_a"), borders.set_index("grid_b")])
    sums = both[["length_m", "barrier_m"]].groupby(level=0).sum().reindex(numbers, fill_value=0.0)
    table["border_m"] = sums["length_m"].to_numpy()
    share = sums["barrier_m"] / sums["length_m"].where(sums["length_m"] > 0)
    table["barrier_share"] = share.to_numpy() if has_barriers else np.nan
    return table


def _sum_up(table: pd.DataFrame, borders: pd.DataFrame, has_barriers: bool) -> dict[str, float]:
    """Give the figures of the whole division."""
    total, length = table["weight"].sum(), borders["length_m"].sum()
    deviation = table["deviation"].abs()
    in_band = table["weight"][table["in_band"]].sum()
    along = borders["barrier_m"].sum() / length if length > 0 and has_barriers else np.nan
    return {
        "n_grids": len(table),
        "weight": float(total),
        "in_band_share": float(in_band / total) if total > 0 else 0.0,
        "grids_in_band_share": float(table["in_band"].mean()) if len(table) else 0.0,
        "max_deviation": float(deviation.max()) if len(table) else 0.0,
        "mean_deviation": float(deviation.mean()) if len(table) else 0.0,
        "mean_compactness": float(table["compactness"].mean()) if len(table) else 0.0,
        "min_compactness": float(table["compactness"].min()) if len(table) else 0.0,
        "internal_border_m": float(length),
        "barrier_share": float(along),
    }
