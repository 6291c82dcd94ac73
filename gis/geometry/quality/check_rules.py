"""The rules of the list of checks: each yields how it stands in grids, places or the whole plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import shapely

from gis.geometry.quality.check import Check, Sight
from gis.geometry.quality.cover import AREA_TOLERANCE
from gis.geometry.quality.cuts import CUT_AREA_M2, CUT_SHARE, largest_shares
from gis.geometry.quality.necks import NECK_M, find_neck


def _cover(sight: Sight) -> Iterator[Check]:
    """Ground in no grid, in two, or beyond the community."""
    whole = shapely.union_all(sight.ground)
    off = shapely.symmetric_difference(whole, sight.outline)
    twice = max(0.0, float(shapely.area(sight.ground).sum() - whole.area))
    allowed = max(1.0, AREA_TOLERANCE * sight.outline.area)
    figure = float(off.area) + twice
    parts = shapely.get_parts(off)
    worst = parts[np.argmax(shapely.area(parts))] if len(parts) else None
    if len(sight.unassigned):
        worst = sight.unassigned
    elif twice > allowed:
        worst = _overlap(sight.ground)
    yield Check("cover", None, round(figure, 2), None, round(allowed, 2), "m2", where=worst)


def _overlap(ground: np.ndarray) -> shapely.Geometry:
    """Give the largest piece of ground that two grids both hold."""
    a, b = shapely.STRtree(ground).query(ground, predicate="intersects")
    both = shapely.intersection(ground[a[a < b]], ground[b[a < b]])
    return both[np.argmax(shapely.area(both))]


def _empty(sight: Sight) -> Iterator[Check]:
    held = dict(zip(sight.numbers.tolist(), np.bincount(sight.row).tolist(), strict=True))
    for number in sorted(sight.wanted | set(held)):
        yield Check("empty", number, float(held.get(number, 0)), 1.0, None, "blocks")
    if not held and not sight.wanted:
        yield Check("empty", None, 0.0, 1.0, None, "blocks")


def _connected(sight: Sight) -> Iterator[Check]:
    """Parts of a grid that do not meet, beyond one in each piece of ground it may take."""
    special = sight.special
    whole = shapely.union_all(sight.ground)
    taken = shapely.union_all(sight.ground[special]) if special.any() else shapely.Point()
    for mask, free in ((special, whole), (~special, whole.difference(taken))):
        pieces = shapely.STRtree(shapely.get_parts(free))
        for grid in np.flatnonzero(mask):
            parts = shapely.get_parts(sight.ground[grid])
            home = pieces.query(shapely.point_on_surface(parts), predicate="intersects")[1]
            stray = max(0, len(parts) - len(np.unique(home)))
            smallest = parts[np.argmin(shapely.area(parts))]
            number = int(sight.numbers[grid])
            yield Check("connected", number, float(stray), None, 0.0, "parts", where=smallest)
    if not len(sight.numbers):
        yield Check("connected", None, 0.0, None, 0.0, "parts")


def _cuts(rule: str) -> Callable[[Sight], Iterator[Check]]:
    def judge(sight: Sight) -> Iterator[Check]:
        shapes = sight.buildings if rule == "building_cut" else sight.compounds
        if shapes is None:
            yield Check(rule, None, None, None, CUT_SHARE, "share")
            return
        polygons = np.asarray(shapes.geometry.make_valid(), dtype=object)
        grid, most, whole = largest_shares(sight.ground, polygons)
        beyond = np.where(whole - most > CUT_AREA_M2, (whole - most) / np.maximum(whole, 1e-9), 0)
        for shape in np.flatnonzero(beyond > CUT_SHARE):
            number, share = int(sight.numbers[grid[shape]]), round(float(beyond[shape]), 3)
            yield Check(rule, number, share, None, CUT_SHARE, "share", where=polygons[shape])
        rest = beyond[beyond <= CUT_SHARE]
        yield Check(rule, None, round(float(rest.max(initial=0.0)), 3), None, CUT_SHARE, "share")

    return judge


def _band(sight: Sight) -> Iterator[Check]:
    total = np.bincount(sight.row, sight.load, len(sight.numbers))
    for grid, number in enumerate(sight.numbers.tolist()):
        if not sight.special[grid]:
            figure, where = round(float(total[grid]), 3), sight.ground[grid]
            band = sight.band
            yield Check("band", number, figure, *band, sight.measure, where=where)
    if sight.special.all():
        yield Check("band", None, sight.band.minimum, *sight.band, sight.measure)


def _locks(sight: Sight) -> Iterator[Check]:
    ids = sight.blocks["block_id"]
    wanted = ids.map(sight.locked)
    held = sight.numbers[sight.row] if len(sight.numbers) else np.zeros(0, np.int64)
    moved = (wanted.notna() & (wanted != held)).to_numpy(bool)
    gone = len(set(sight.locked) - set(ids))
    for number in sorted(set(wanted[moved].astype(int))):
        mine = moved & (wanted == number).to_numpy(bool)
        where = sight.blocks_in(mine)
        yield Check("locks", number, float(mine.sum()), None, 0.0, "blocks", where=where)
    yield Check("locks", None, float(gone), None, 0.0, "blocks", where=sight.unassigned)


def _exclusive(sight: Sight) -> Iterator[Check]:
    """Grids among which the exclusive ground of a label lies, beyond one of its own."""
    special = np.array([label is not None for label in sight.labels], bool)
    for label in dict.fromkeys(sight.labels[special]):
        mine = sight.labels == label
        held = np.unique(sight.row[mine])
        figure = float(len(held) - 1 + (~sight.special[held]).sum())
        number, where = int(sight.numbers[held[0]]), sight.blocks_in(mine)
        yield Check("exclusive", number, figure, None, 0.0, "grids", where=where)
    yield Check("exclusive", None, 0.0, None, 0.0, "grids")


def _straddled(sight: Sight) -> Iterator[Check]:
    if sight.barriers is None:
        yield Check("straddled", None, None, None, 0.0, "m")
        return
    metres = sight.straddling["straddled_m"].round(1).tolist()
    for number, where, figure in zip(sight.numbers.tolist(), sight.ground, metres, strict=True):
        yield Check("straddled", number, figure, None, 0.0, "m", where=where)
    yield Check("straddled", None, 0.0, None, 0.0, "m")


def _unreachable(sight: Sight) -> Iterator[Check]:
    """Judge what lies behind a river, rail or motorway that no way of the grid crosses."""
    if sight.barriers is None:
        yield Check("unreachable", None, None, None, 0.0, sight.measure)
        return
    behind = sight.straddling["cut_off"].round(3).tolist()
    for number, where, figure in zip(sight.numbers.tolist(), sight.ground, behind, strict=True):
        yield Check("unreachable", number, figure, None, 0.0, sight.measure, where=where)
    yield Check("unreachable", None, 0.0, None, 0.0, sight.measure)


def _enclaves(sight: Sight) -> Iterator[Check]:
    """Ground of other grids that a grid shuts in; exclusive ground alone is none."""
    rest = sight.ground[~sight.special]
    tree = shapely.STRtree(rest)
    for grid, number in enumerate(sight.numbers.tolist()):
        holes = _holes(sight.ground[grid])
        hole, other = tree.query(holes, predicate="intersects")
        inside = shapely.area(shapely.intersection(holes[hole], rest[other])) > 1.0
        shut = holes[np.unique(hole[inside])]
        yield Check("enclave", number, float(len(shut)), None, 0.0, "groups", where=shut)
    yield Check("enclave", None, 0.0, None, 0.0, "groups")


def _holes(ground: shapely.Geometry) -> np.ndarray:
    rings = [ring for part in shapely.get_parts(ground) for ring in part.interiors]
    return shapely.polygons(rings) if rings else np.zeros(0, dtype=object)


def _necks(sight: Sight) -> Iterator[Check]:
    for grid, number in enumerate(sight.numbers.tolist()):
        width, where = find_neck(sight.ground[grid])
        yield Check("neck", number, width, NECK_M, None, "m", where=where)
    if not len(sight.numbers):
        yield Check("neck", None, NECK_M, NECK_M, None, "m")


JUDGES: dict[str, Callable[[Sight], Iterator[Check]]] = {
    "cover": _cover,
    "empty": _empty,
    "connected": _connected,
    "building_cut": _cuts("building_cut"),
    "compound_cut": _cuts("compound_cut"),
    "band": _band,
    "locks": _locks,
    "exclusive": _exclusive,
    "unreachable": _unreachable,
    "straddled": _straddled,
    "enclave": _enclaves,
    "neck": _necks,
}
