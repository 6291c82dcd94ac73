"""Whether new things lie where they can: near what is stored, and in China if their codes say so.

A wrong zone puts a community 289 km off, metres taken for degrees into the Arctic. Nothing of that
kind is stored before a person has said that it is right.
"""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS
from sqlalchemy.orm import Session

from gis.errors import CommandHint, Defect, Message
from gis.exchange.records import ReadResult
from gis.geometry.neighbourhood import FAR_M, Neighbourhood, bounds_of, find_strays
from gis.geometry.zones import Zone, north_first
from gis.store.area.known_ground import known_ground

MAINLAND = (11, 65)
"""First two digits of the division codes of China's mainland, first and last."""

CGCS2000_GROUND = (73.62, 16.7, 134.77, 53.56)
"""West, south, east, north of the ground that EPSG:4490 is made for, in degrees."""

ACCEPT = CommandHint("--crs, or --accept-far where it is right")
AsGiven = tuple[float, float] | None


def neighbourhood(session: Session) -> Neighbourhood | None:
    """Give the ground that is stored; None while there is none."""
    known = known_ground(session)
    return Neighbourhood([box for _, box in known], [name for name, _ in known]) if known else None


def refuse_strays(
    session: Session,
    kind: str,
    frame: pd.DataFrame,
    file: str,
    *,
    as_given: AsGiven = None,
) -> tuple[pd.DataFrame, list[Defect]]:
    """Refuse what lies far from everything stored, or outside China with a code of China.

    Parameters
    ----------
    kind
        Of record; communities may also be far from one another.
    frame
        Rows with ``geometry`` or ``lon``, ``lat``.
    as_given
        Middle of the coordinates as they stand in the file, to propose a system.

    Returns
    -------
    The rows that lie where they can, and a defect for each other one.
    """
    boxes = _boxes(frame)
    if not np.isfinite(boxes).any():
        return frame, []
    known = neighbourhood(session)
    words = _far(kind, boxes, known, as_given) | _abroad(frame, boxes)
    defects = [
        Defect(said, file, None, int(frame.index[i]), "geometry", code)
        for i, (said, code) in sorted(words.items())
    ]
    kept = ~np.isin(np.arange(len(frame)), list(words))
    return frame[kept], defects


def hold_against_ground(session: Session, kind: str, read: ReadResult, *, file: str) -> ReadResult:
    """Refuse the rows of a file that lie far from everything stored; propose systems in a note."""
    read = with_proposal(session, read)
    frame, strays = refuse_strays(session, kind, read.frame, file, as_given=read.middle)
    return replace(read, frame=frame, defects=(*read.defects, *strays))


def with_proposal(session: Session, read: ReadResult) -> ReadResult:
    """Note, where numbers were refused as metres, as what they would lie near what is stored."""
    if not any(d.code in ("not_degrees", "wrong_zone") for d in read.defects):
        return read
    proposal = propose_systems(neighbourhood(session), read.middle)
    if proposal is None:
        return read
    return replace(read, notes=(*read.notes, Defect(proposal, code="note")))


def propose_systems(known: Neighbourhood | None, as_given: AsGiven) -> Message | None:
    """Say in which systems numbers would lie near what is stored; None when in none."""
    zones = known.landing_zones(*as_given) if known is not None and as_given is not None else []
    if not zones:
        return None
    said = _system(zones[0])
    for zone in zones[1:]:
        said = Message("{first} or {other}", first=said, other=_system(zone))
    return Message("read as {systems} these numbers lie near what is stored", systems=said)


def _system(zone: Zone) -> Message:
    system = CRS.from_epsg(zone.epsg).name
    return Message(
        "EPSG:{epsg} ({system}){order}", epsg=zone.epsg, system=system, order=north_first(zone)
    )


def _boxes(frame: pd.DataFrame) -> np.ndarray:
    """Give the (n, 4) boxes of shapes, else of the columns of coordinates."""
    has_shapes = isinstance(frame, gpd.GeoDataFrame) and "geometry" in frame
    boxes = bounds_of(frame.geometry) if has_shapes else np.full((len(frame), 4), np.nan)
    if "lon" in frame and "lat" in frame:
        lon, lat = (pd.to_numeric(frame[c]).to_numpy(dtype=float) for c in ("lon", "lat"))
        points = np.column_stack([lon, lat, lon, lat])
        boxes = np.where(np.isfinite(boxes), boxes, points)
    return boxes


def _far(
    kind: str, boxes: np.ndarray, known: Neighbourhood | None, as_given: AsGiven
) -> dict[int, tuple[Message, str]]:
    """Word what lies far from everything stored, by position."""
    if kind == "communities":
        away_m = find_strays(boxes, known)
    elif known is not None:
        away_m = known.distance_m(boxes)
    else:
        return {}
    found = {}
    rest = Message("check the coordinate system{hint}", hint=ACCEPT)
    proposal = propose_systems(known, as_given) if (away_m > FAR_M).any() else None
    if proposal is not None:
        rest = Message("{proposal}; {rest}", proposal=proposal, rest=rest)
    for i in np.flatnonzero(away_m > FAR_M):
        km = float(away_m[i]) / 1000
        name = known.nearest_name(boxes[i]) if known is not None else None
        if name is None:
            said = Message(
                "lies {km:,.0f} km from the other communities of the file; {rest}", km=km, rest=rest
            )
        else:
            said = Message(
                "lies {km:,.0f} km away from everything stored ({name} is nearest); {rest}",
                km=km,
                name=name,
                rest=rest,
            )
        found[int(i)] = (said, "far_away")
    return found


def _abroad(frame: pd.DataFrame, boxes: np.ndarray) -> dict[int, tuple[Message, str]]:
    """Word what has a code of China's mainland and lies outside China, by position."""
    if "code" not in frame:
        return {}
    west, south, east, north = CGCS2000_GROUND
    with np.errstate(invalid="ignore"):
        outside = (boxes[:, 0] < west) | (boxes[:, 2] > east)
        outside |= (boxes[:, 1] < south) | (boxes[:, 3] > north)
    found = {}
    for i in np.flatnonzero(outside):
        code = str(frame["code"].iloc[i])
        if code[:2].isdigit() and MAINLAND[0] <= int(code[:2]) <= MAINLAND[1]:
            said = Message(
                "code {code} is of China, but it lies at {lon:.3f}, {lat:.3f}, outside the ground "
                "of EPSG:4490; check the coordinate system{hint}",
                code=code,
                lon=float(boxes[i, 0] + boxes[i, 2]) / 2,
                lat=float(boxes[i, 1] + boxes[i, 3]) / 2,
                hint=ACCEPT,
            )
            found[int(i)] = (said, "outside_china")
    return found
