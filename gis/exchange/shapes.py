"""Check the shapes of a file against what a kind of record allows; EPSG:4326 afterwards.

Every check is over all rows at once. A shape that cannot be stored becomes a defect of its row;
outlines of buildings and the like are repaired and noted, those of communities and blocks only
when the person accepts the proposal, because their ground would change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from pyproj import CRS

from gis.domain.kinds import RecordKind
from gis.errors import CommandHint, Defect, Message
from gis.exchange.coordinates import hint_for_metres, is_lon_lat, lon_lat_from
from gis.exchange.limits import MAX_VERTICES
from gis.geometry.datum_shift import DatumShift, find_shift, ground_of
from gis.geometry.rounding import Rounding, find_rounding
from gis.geometry.zones import find_zone_mistake

Bounds = tuple[float, float, float, float]
ASK_BEFORE_REPAIR = frozenset({"communities", "blocks", "grids"})
METRES_PER_DEGREE = 111_320.0
MIN_AREA_M2 = 1e-4
SURE_RATIO = 1.5
"""An outline that crosses itself has a signed area: one far from the repaired says nothing."""

_TYPES = {"point": (0,), "line": (1, 2, 5), "polygon": (3, 6)}
_WORDS = {0: "a point", 1: "a line", 3: "a polygon", 4: "points", 5: "lines", 6: "polygons"}


@dataclass
class ShapeCheck:
    """Shapes of a file on their way through the checks.

    Parameters
    ----------
    kind
        What the rows are to become.
    numbers
        (n,) row number in the file.
    shapes
        (n,) shapes or None; a row with a defect has None and `is_bad`.
    file
        Name for messages.
    middle
        Median of the coordinates as given; None without any.
    rounding
        What the coordinates as given are rounded to; its rows are row numbers in the file.
    """

    kind: RecordKind
    numbers: Sequence[int]
    shapes: np.ndarray
    file: str
    defects: list[Defect] = field(default_factory=list)
    notes: list[Defect] = field(default_factory=list)

    middle: tuple[float, float] | None = None
    rounding: Rounding | None = None

    def __post_init__(self) -> None:
        """Begin with no bad rows."""
        self.is_bad = np.zeros(len(self.shapes), dtype=bool)

    def refuse_file(self, message: Message, code: str) -> None:
        """Make one defect of the whole file; none of its shapes is good."""
        self.defects.append(Defect(message, self.file, field="geometry", code=code))
        where = ~shapely.is_missing(self.shapes)
        self.is_bad |= where
        self.shapes[where] = None

    def refuse(self, where: np.ndarray, message: str | Sequence[str], code: str) -> None:
        """Make defects of the rows in the mask; they take no part in later checks."""
        for i in np.flatnonzero(where & ~self.is_bad).tolist():
            text = message if isinstance(message, str) else message[i]
            self.defects.append(Defect(text, self.file, None, self.numbers[i], "geometry", code))
            self.is_bad[i] = True
        self.shapes[where] = None

    def note(self, where: np.ndarray, message: Sequence[str] | str, code: str) -> None:
        """Say something about the rows in the mask."""
        for i in np.flatnonzero(where).tolist():
            text = message if isinstance(message, str) else message[i]
            self.notes.append(Defect(text, self.file, None, self.numbers[i], "geometry", code))


def check_shapes(
    check: ShapeCheck,
    *,
    crs: CRS,
    datum: str = "wgs84",
    within: Bounds | None = None,
    swap_axes: bool = False,
    accept_repairs: bool = False,
    accept_far: bool = False,
    accept_shift: bool = False,
) -> None:
    """Run all checks in order; shapes end in EPSG:4326, two-dimensional, valid, oriented.

    Parameters
    ----------
    check
        The shapes as read, in `crs`; changed in place.
    crs, datum
        See `gis.exchange.coordinates.lon_lat_from`.
    within
        West, south, east, north that every shape must lie in, such as the county with a margin.
    swap_axes
        Exchange the two coordinates first, because the person says so.
    accept_repairs
        Take the proposed repair of communities and blocks.
    accept_far
        Take what lies outside the ground that `crs` is made for.
    accept_shift
        Take a change of datum that is not exact, see `gis.geometry.datum_shift`.
    """
    check.shapes = shapely.force_2d(check.shapes)
    _refuse_numbers(check)
    _fit_types(check)
    _refuse_sizes(check)
    if swap_axes:
        check.shapes = shapely.transform(check.shapes, lambda xy: xy[:, ::-1])
    _look_for_rounding(check, crs)
    shift = _to_lon_lat(check, crs, datum)
    _refuse_places(check, within)
    if not accept_far:
        _refuse_outside(check, crs)
    _tell_shift(check, shift, accept_shift)
    _repair(check, accept_repairs)
    _refuse_nothing_left(check)
    check.shapes = shapely.orient_polygons(check.shapes)


def _refuse_numbers(check: ShapeCheck) -> None:
    xy, index = shapely.get_coordinates(check.shapes, return_index=True)
    bad = np.zeros(len(check.shapes), dtype=bool)
    bad[index[~np.isfinite(xy).all(axis=1)]] = True
    check.refuse(bad, "a coordinate is not a finite number", "not_finite")
    check.shapes[shapely.is_empty(check.shapes)] = None


def _fit_types(check: ShapeCheck) -> None:
    """Keep allowed types; take single parts out of multi shapes, polygons out of collections."""
    allowed = {t for shape in check.kind.geometry for t in _TYPES[shape]}
    types = shapely.get_type_id(check.shapes)
    collections = np.zeros(len(types), dtype=bool)
    for i in np.flatnonzero((types == 7) | ((types == 4) & (0 in allowed))):
        taken = _taken_apart(check.shapes[i], allowed)
        collections[i] = types[i] == 7 and taken is not None
        check.shapes[i] = taken if taken is not None else check.shapes[i]
    message = "a collection: only the parts of the expected kind were taken"
    check.note(collections, message, "collection")
    types = shapely.get_type_id(check.shapes)
    expected = " or ".join(check.kind.geometry)
    of_type = {int(t): _wrong_type(int(t), expected) for t in np.unique(types)}
    words = [of_type[t] for t in types.tolist()]
    check.refuse((types >= 0) & ~np.isin(types, list(allowed)), words, "wrong_shape")


def _wrong_type(type_id: int, expected: str) -> Message:
    kind = Message(_WORDS.get(type_id, "a collection"))
    return Message("is {kind}; expected {expected}", kind=kind, expected=expected)


def _taken_apart(shape: shapely.Geometry, allowed: set[int]) -> shapely.Geometry | None:
    parts = [p for p in shapely.get_parts([shape]) if shapely.get_type_id(p) in allowed]
    flat = list(shapely.get_parts(parts)) if parts else []
    if not flat or 3 not in allowed:
        return flat[0] if len(flat) == 1 else None
    return flat[0] if len(flat) == 1 else shapely.union_all(flat)


def _refuse_sizes(check: ShapeCheck) -> None:
    n_points = shapely.get_num_coordinates(check.shapes)
    message = Message("has more than {most:,} points; simplify it", most=MAX_VERTICES)
    check.refuse(n_points > MAX_VERTICES, message, "too_many_points")


def _look_for_rounding(check: ShapeCheck, crs: CRS) -> None:
    """Look whether points are rounded as they are written, in the system of the file."""
    found = find_rounding(
        shapely.get_x(check.shapes), shapely.get_y(check.shapes), in_metres=crs.is_projected
    )
    if found is not None:
        check.rounding = replace(found, rows=np.asarray(check.numbers)[found.rows])


def _to_lon_lat(check: ShapeCheck, crs: CRS, datum: str) -> DatumShift | None:
    """Turn the shapes to degrees, or refuse them; gives the change of datum that was made."""
    before = shapely.get_coordinates(check.shapes)
    if not len(before):
        return None
    check.middle = tuple(np.median(before, axis=0).tolist())
    everything = ~shapely.is_missing(check.shapes)
    if crs.is_geographic and np.median(np.abs(before[:, 0])) > 360:
        hint = Message(hint_for_metres(before))
        message = Message(
            "coordinates {found}; state the right coordinate system{hint}",
            found=hint,
            hint=CommandHint("--crs"),
        )
        check.refuse(everything, message, "not_degrees")
        return None
    if crs.is_projected and (np.abs(before) <= 180).all():
        message = Message(
            "coordinates look like degrees, not metres of {system}; state the right coordinate "
            "system{hint}",
            system=crs.name,
            hint=CommandHint("--crs"),
        )
        check.refuse(everything, message, "not_metres")
        return None
    mistake = find_zone_mistake(crs, before[:, 0], before[:, 1])
    if mistake is not None:
        check.refuse(everything, Message("coordinates {found}", found=mistake), "wrong_zone")
        return None
    shift = None if is_lon_lat(crs) else find_shift(crs, x=before[:, 0], y=before[:, 1])
    check.shapes = shapely.transform(check.shapes, lon_lat_from(crs, datum=datum, shift=shift))
    _refuse_numbers(check)
    return shift


def _refuse_outside(check: ShapeCheck, crs: CRS) -> None:
    """Refuse what lies outside the ground that the system of the file is made for."""
    ground = ground_of(crs)
    if ground is None:
        return
    west, south, east, north = ground
    boxes = shapely.bounds(check.shapes)
    with np.errstate(invalid="ignore"):
        outside = (boxes[:, 0] < west) | (boxes[:, 2] > east)
        outside |= (boxes[:, 1] < south) | (boxes[:, 3] > north)
    words = [""] * len(check.shapes)
    for i in np.flatnonzero(outside):
        words[i] = Message(
            "lies at {lon:.3f}, {lat:.3f}, outside the ground that {system} is made for "
            "({west:.1f} to {east:.1f}° east, {south:.1f} to {north:.1f}° north); check the "
            "coordinate system{hint}",
            lon=float(boxes[i, 0] + boxes[i, 2]) / 2,
            lat=float(boxes[i, 1] + boxes[i, 3]) / 2,
            system=f"EPSG:{crs.to_epsg()}" if crs.to_epsg() else crs.name,
            west=west,
            east=east,
            south=south,
            north=north,
            hint=CommandHint("--crs, or --accept-far where it is right"),
        )
    check.refuse(outside, words, "outside_ground")


def _tell_shift(check: ShapeCheck, shift: DatumShift | None, accept: bool) -> None:
    """Say how the datum was changed; one that is not exact needs a person's yes."""
    if shift is None or (said := shift.sentence) is None or shapely.is_missing(check.shapes).all():
        return
    if shift.is_doubtful and not accept:
        message = Message(
            "{shift}; accept that, or ask for the coordinates in CGCS2000{hint}",
            shift=said,
            hint=CommandHint("--accept-shift"),
        )
        check.refuse_file(message, "inexact_shift")
        return
    check.notes.append(Defect(said, check.file, field="geometry", code="shift"))


def _refuse_places(check: ShapeCheck, within: Bounds | None) -> None:
    west, south, east, north = shapely.bounds(check.shapes).T
    with np.errstate(invalid="ignore"):
        zero = (west == 0) & (east == 0) & (south == 0) & (north == 0)
        check.refuse(zero, "lies at 0, 0: it was never located", "not_located")
        swapped = ((south < -90) | (north > 90)) & (west >= -90) & (east <= 90)
        check.refuse(swapped, _SWAPPED, "swapped")
        beyond = (west < -180) | (east > 180) | (south < -90) | (north > 90)
        check.refuse(beyond, _BEYOND, "out_of_range")
        message = "spans more than half the earth; does it cross the date line?"
        check.refuse(east - west > 180, message, "date_line")
        if within is None:
            return
        w, s, e, n = within
        outside = (west < w) | (east > e) | (south < s) | (north > n)
        turned = (south >= w) & (north <= e) & (west >= s) & (east <= n)
    check.refuse(outside & turned, _SWAPPED, "swapped")
    check.refuse(outside, _OUTSIDE, "outside_county")


_BEYOND = Message(
    "lies beyond ±180° and ±90°; check the coordinate system{hint}", hint=CommandHint("--crs")
)
_OUTSIDE = Message(
    "lies outside the county; check coordinate system and datum{hint}",
    hint=CommandHint("--crs, --datum"),
)
_SWAPPED = Message(
    "longitude and latitude look exchanged; if they are, say so and import again{hint} "
    "(nothing is exchanged unasked)",
    hint=CommandHint("--swap-axes"),
)


def _repair(check: ShapeCheck, accept: bool) -> None:
    broken = ~shapely.is_missing(check.shapes) & ~shapely.is_valid(check.shapes)
    if not broken.any():
        return
    rows = np.flatnonzero(broken)
    repaired = shapely.make_valid(check.shapes[rows], method="structure", keep_collapsed=False)
    words = [""] * len(check.shapes)
    for i, shape in zip(rows, repaired, strict=True):
        words[i] = _describe_repair(check.shapes[i], shape)
    if check.kind.name in ASK_BEFORE_REPAIR and not accept:
        proposals = [
            Message(
                "{found}; accept the repair{hint}, or mend the outline",
                found=w,
                hint=CommandHint("--accept-repairs"),
            )
            for w in words
        ]
        check.refuse(broken, proposals, "invalid_outline")
        return
    check.note(broken, words, "repaired")
    check.shapes[rows] = repaired


def _describe_repair(before: shapely.Geometry, after: shapely.Geometry) -> Message:
    reason = Message(shapely.is_valid_reason(before).split("[")[0].lower())
    area, new = float(area_m2(before)), float(area_m2(after))
    if not 0 < new / SURE_RATIO <= area <= new * SURE_RATIO:
        return Message(
            "invalid outline ({reason}); the repair gives {new_m2:,.0f} m²; what it was before"
            " cannot be told, as its parts count against one another",
            reason=reason,
            new_m2=new,
        )
    return Message(
        "invalid outline ({reason}); the repair gives {new_m2:,.0f} m², "
        "before {old_m2:,.0f}{share}",
        reason=reason,
        new_m2=new,
        old_m2=area,
        share=f" ({(new - area) / area:+.1%})",
    )


def area_m2(shapes: shapely.Geometry | np.ndarray) -> np.ndarray:
    """Estimate areas of shapes given in degrees, good to a per cent for a town.

    Examples
    --------
    >>> round(float(area_m2(shapely.box(9.5, 47, 9.51, 47.01))) / 1e6, 2)
    0.85
    """
    _, south, _, north = np.moveaxis(shapely.bounds(shapes), -1, 0)
    narrowing = np.cos(np.radians((south + north) / 2))
    return np.nan_to_num(shapely.area(shapes) * METRES_PER_DEGREE**2 * narrowing)


def _refuse_nothing_left(check: ShapeCheck) -> None:
    """Drop repeated points; refuse outlines without area and lines without length."""
    types = shapely.get_type_id(check.shapes)
    lines, areas = np.isin(types, (1, 5)), np.isin(types, (3, 6, 7))
    flat = areas & (area_m2(check.shapes) < MIN_AREA_M2)
    check.refuse(flat, "has no area", "no_area")
    with np.errstate(invalid="ignore"):
        check.refuse(lines & (shapely.length(check.shapes) == 0), "has no length", "no_length")
    check.shapes = shapely.remove_repeated_points(check.shapes)
