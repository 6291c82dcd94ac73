"""Coordinates of a file that are doubtful together: one point for many, rounded, of two datums.

Said with counts and rows, like a shift of the whole file; nothing is changed.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from gis.actions.location.given_points import house_keys
from gis.address.parse import read_addresses
from gis.errors import Message
from gis.geometry.mixture import AS_GIVEN, IsRight, find_mixture
from gis.geometry.repeated_points import FEWEST_ROWS, RepeatedPoint, find_repeated_points
from gis.geometry.rounding import Rounding, find_rounding
from gis.store.location.misplacements import dwellings_at

MOST_POINTS = 3
"""Points of many rows that are told; a file with more has them all alike."""

MOST_ROWS = 8

_DATUMS = {"gcj02": "GCJ-02", "bd09": "BD-09"}
Rows = Callable[[np.ndarray], str]


def doubts_about_points(
    session: Session,
    lon: np.ndarray,
    lat: np.ndarray,
    texts: pd.Series,
    *,
    numbers: np.ndarray | None = None,
    rounding: Rounding | None = None,
) -> list[Message]:
    """Say which points stand for too many rows, and whether all are rounded.

    Parameters
    ----------
    lon, lat
        (n,) coordinates, nan where not.
    texts
        (n,) addresses.
    numbers
        (n,) row numbers in the file, where they are known.
    rounding
        What the points are rounded to as they were written, where that is known; else the given
        ones are looked at.
    """
    said = [_about_point(p, len(lon), numbers) for p in _repeated(session, lon, lat, texts)]
    rounded = rounding or find_rounding(lon, lat)
    if rounded is not None:
        what = (
            Message("to {n} decimals of a degree", n=rounded.decimals)
            if rounded.decimals is not None
            else Message("to the corners of a raster")
        )
        said.append(
            Message(
                "{n:,} of {total:,} rows have coordinates rounded {what}, about {step_m:,.0f} m: "
                "they may lie in another grid than their houses; ask for the exact ones",
                n=len(rounded.rows),
                total=len(lon),
                what=what,
                step_m=rounded.step_m,
            )
        )
    return said


def _repeated(
    session: Session, lon: np.ndarray, lat: np.ndarray, texts: pd.Series
) -> list[RepeatedPoint]:
    """List the points of too many rows; only the texts of such rows are read."""
    points = pd.DataFrame({"lon": np.round(lon, 7), "lat": np.round(lat, 7)})
    n_there = points.groupby(["lon", "lat"])["lon"].transform("size").fillna(0)
    many = np.flatnonzero((n_there >= FEWEST_ROWS).to_numpy())
    houses = np.full(len(lon), "", dtype=object)
    if len(many):
        houses[many] = house_keys(read_addresses(texts.iloc[many]))
    found = find_repeated_points(lon, lat, houses)[: 2 * MOST_POINTS]
    silent = [p for p in found if not p.n_houses]
    room = dict(
        zip(map(id, silent), dwellings_at(session, [(p.lon, p.lat) for p in silent]), strict=True)
    )
    return [p for p in found if 2 * room.get(id(p), 0) < len(p.rows)][:MOST_POINTS]


def _about_point(point: RepeatedPoint, total: int, numbers: np.ndarray | None) -> Message:
    why = (
        Message("though their addresses name {n:,} houses", n=point.n_houses)
        if point.n_houses
        else Message("and no address says that they live in one house")
    )
    return Message(
        "{n:,} of {total:,} rows{rows} share one point ({lon:.5f}, {lat:.5f}), {why}: it looks "
        "like a default or an office, not like where they are",
        n=len(point.rows),
        total=total,
        rows=_rows(point.rows, numbers),
        lon=point.lon,
        lat=point.lat,
        why=why,
    )


def doubt_about_datum(
    lon: np.ndarray, lat: np.ndarray, is_right: IsRight, *, numbers: np.ndarray | None = None
) -> list[Message]:
    """Say whether rows of one file are in two datums."""
    found = find_mixture(lon, lat, is_right)
    if found is None:
        return []
    first, second = (
        Message("as they should") if k == AS_GIVEN else Message("as {datum} does", datum=_DATUMS[k])
        for k in found.kinds
    )
    return [
        Message(
            "two datums in one file: of {total:,} rows that could be compared {n_first:,} lie "
            "{first} and {n:,}{rows} {second}; part them, and import each part with its own datum",
            total=found.n_compared,
            n_first=found.n_first,
            first=first,
            n=len(found.rows),
            rows=_rows(found.rows, numbers),
            second=second,
        )
    ]


def _rows(rows: np.ndarray, numbers: np.ndarray | None) -> str:
    """List the first rows in brackets, where rows have numbers."""
    if numbers is None:
        return ""
    listed = ", ".join(str(n) for n in np.sort(numbers[rows])[:MOST_ROWS])
    return Message(
        " (rows {listed}{more})", listed=listed, more=", …" if len(rows) > MOST_ROWS else ""
    )
