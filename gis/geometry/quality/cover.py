"""Whether blocks tile the community: no gap, no overlap, nothing beyond."""

from __future__ import annotations

import numpy as np
import shapely

from gis.errors import Message
from gis.geometry.quality.report import Violation

AREA_TOLERANCE = 1e-6
"""Gap and overlap allowed, as a share of the community's area (and never under 1 m²)."""

_WORDS = {
    "overlap_m2": ("overlap", "blocks overlap"),
    "gap_m2": ("gap", "the community is not covered"),
    "outside_m2": ("outside", "blocks reach beyond the community"),
}


def cover_totals(
    shapes: np.ndarray, whole: shapely.Geometry, outline: shapely.Geometry
) -> dict[str, float]:
    """Measure overlap, gap and overhang of blocks, in m²."""
    return {
        "overlap_m2": max(0.0, float(shapely.area(shapes).sum() - whole.area)),
        "gap_m2": float(outline.difference(whole).area) if outline is not whole else 0.0,
        "outside_m2": float(whole.difference(outline).area) if outline is not whole else 0.0,
    }


def check_cover(
    shapes: np.ndarray, outline: shapely.Geometry, totals: dict[str, float], *, matching: bool
) -> list[Violation]:
    """List what of the cover is broken.

    Parameters
    ----------
    totals
        As `cover_totals` measured them.
    matching
        Whether neighbours meet in equal vertices (`shapely.coverage_is_valid`).
    """
    found = []
    allowed = max(1.0, AREA_TOLERANCE * outline.area)
    for key, (rule, says) in _WORDS.items():
        if totals[key] > allowed:
            found.append(Violation(rule, f"{says}: {totals[key]:.1f} m²"))
    if not matching:
        bad = int((~shapely.is_empty(shapely.coverage_invalid_edges(shapes))).sum())
        says = Message("{n} blocks do not match their neighbours' borders", n=bad)
        found.append(Violation("coverage", says))
    return found


def check_pieces(
    numbers: np.ndarray, ground: np.ndarray, whole: shapely.Geometry
) -> list[Violation]:
    """Check that each grid is one piece within each piece of the ground it may take.

    Common grids may take what exclusive ones leave.

    A union of polygons that touch in a point only stays two polygons, so pieces are rook pieces.
    """
    found = []
    tree = shapely.STRtree(shapely.get_parts(whole))
    for number, shape in zip(numbers, ground, strict=True):
        parts = shapely.get_parts(shape)
        spot = shapely.point_on_surface(parts)
        home = tree.query(spot, predicate="intersects")[1]
        if len(np.unique(home)) < len(parts):
            says = Message(
                "grid {grid} lies in {n} pieces that do not meet", grid=number, n=len(parts)
            )
            found.append(Violation("not_connected", says, grid=int(number)))
    return found
