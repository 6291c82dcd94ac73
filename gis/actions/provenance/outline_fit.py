"""Outlines of a file that fit: what overlaps or parts by a little is mended when a person says so.

Only what is going to be stored counts: outlines are fitted to one another and to stored ones anew
whenever a row is refused, for ground must not be left to an outline that does not come.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from pyproj import CRS
from sqlalchemy.orm import Session

from gis.actions.provenance.communities import metric_epsg_by_county
from gis.errors import CommandHint, Defect, Message
from gis.geometry.outline_repair import OutlineMove, repair_outlines
from gis.store.area import divisions

SILENTLY_MENDED_M2 = 10.0
"""Outlines drawn one by one overlap by slivers; this much is mended unasked, and said."""

REPAIR_WIDTH_M = 2.0
"""Overlaps and gaps up to this width may be mended; what is wider is somebody's ground."""


@dataclass(frozen=True)
class OutlineRepair:
    """Ground that a repair of outlines moves, or would move.

    Parameters
    ----------
    row
        Row of the file.
    community
        The community that gives the ground up, or gets it.
    other
        The community that the ground is left to; None: a gap.
    area_m2, width_m
        How much ground it is, and how wide at its widest.
    state
        ``mended``; ``asked``: nobody has accepted it yet; ``too_wide``.
    """

    row: int
    community: str
    other: str | None
    area_m2: float
    width_m: float
    state: str


@dataclass(frozen=True)
class FittedOutlines:
    """Communities of a file whose outlines fit, and what was found about them.

    Parameters
    ----------
    frame
        The rows that can be stored, with outlines as mended.
    defects
        Overlaps that are too wide to mend, or larger than is mended unasked.
    notes
        What was mended, and gaps that were not.
    repairs
        All of it, by row.
    """

    frame: gpd.GeoDataFrame
    defects: list[Defect]
    notes: tuple[Message, ...]
    repairs: tuple[OutlineRepair, ...]


def fit_outlines(
    session: Session,
    frame: gpd.GeoDataFrame,
    file: str,
    *,
    accept_repairs: bool,
    left_out: Collection[int] = (),
) -> FittedOutlines:
    """Mend small overlaps and gaps of new outlines with one another and with stored ones.

    Stored outlines never move: ground in two outlines is left to the stored one, or to the one
    that stands first in the file. A stored one gives way only to a row of its code that is stored.

    Parameters
    ----------
    accept_repairs
        False leaves gaps open and refuses overlaps of more than `SILENTLY_MENDED_M2`.
    left_out
        Rows that are refused for another reason; what else they lack is told all the same.
    """
    rest = frame[~frame.index.isin(list(left_out))]
    fitted = _fit(session, rest, file, accept_repairs)
    if len(rest) == len(frame):
        return fitted
    whole = _fit(session, frame, file, accept_repairs)
    defects = [d for d in whole.defects if d.row in left_out]
    asked = [r for r in whole.repairs if r.row in left_out and r.state != "mended"]
    return FittedOutlines(
        fitted.frame,
        sorted([*fitted.defects, *defects], key=lambda d: d.row or 0),
        fitted.notes,
        tuple(sorted([*fitted.repairs, *asked], key=lambda r: r.row)),
    )


def _fit(
    session: Session, frame: gpd.GeoDataFrame, file: str, accept_repairs: bool
) -> FittedOutlines:
    """Fit outlines, and fit the others again without those that are refused."""
    communities = divisions.every_outline(session)
    defects: list[Defect] = []
    refused: list[OutlineRepair] = []
    while len(frame):
        stored = communities[~communities["code"].isin(frame["code"])]
        shapes, moves = _repaired(frame, stored, accept_repairs)
        names = [*stored["name"], *frame["name"]]
        found = [_repair(m, frame, names, len(stored), accept_repairs) for m in moves]
        bad = _first_refused(moves, found, len(stored))
        if not bad:
            fitted = frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))
            notes = tuple(_told(r) for r in found)
            every = tuple(sorted([*refused, *found], key=lambda r: r.row))
            return FittedOutlines(fitted, defects, notes, every)
        defects += [
            Defect(_told(r), file, None, r.row, "geometry", "communities_overlap") for r in bad
        ]
        refused += bad
        frame = frame[~frame.index.isin([r.row for r in bad])]
    return FittedOutlines(frame, defects, (), tuple(refused))


def _first_refused(
    moves: list[OutlineMove], found: list[OutlineRepair], n_stored: int
) -> list[OutlineRepair]:
    """Give the overlaps that refuse their row; not those with a row that is refused itself."""
    pairs = [
        (move, repair)
        for move, repair in zip(moves, found, strict=True)
        if repair.other is not None and repair.state != "mended"
    ]
    rows = {move.row for move, _ in pairs}
    return [repair for move, repair in pairs if move.other - n_stored not in rows]


def _repaired(
    frame: gpd.GeoDataFrame, stored: gpd.GeoDataFrame, accept_repairs: bool
) -> tuple[np.ndarray, list[OutlineMove]]:
    crs = CRS.from_epsg(max(metric_epsg_by_county(frame).values(), default=3857))
    given, kept = (np.asarray(f.geometry.array, dtype=object) for f in (frame, stored))
    return repair_outlines(given, kept, crs=crs, width_m=REPAIR_WIDTH_M, close_gaps=accept_repairs)


def _repair(
    move: OutlineMove,
    frame: gpd.GeoDataFrame,
    names: list[str],
    n_stored: int,
    accept_repairs: bool,
) -> OutlineRepair:
    is_small = move.other >= 0 and move.area_m2 <= SILENTLY_MENDED_M2
    state = "mended" if accept_repairs or is_small else "asked"
    return OutlineRepair(
        int(frame.index[move.row]),
        names[n_stored + move.row],
        None if move.other < 0 else names[move.other],
        move.area_m2,
        move.width_m,
        state if move.is_narrow else "too_wide",
    )


def _told(repair: OutlineRepair) -> Message:
    """Say what lies in two outlines or in none, and what becomes of it."""
    values = {
        "area_m2": repair.area_m2,
        "width_m": repair.width_m,
        "community": repair.community,
        "most_m": REPAIR_WIDTH_M,
    }
    hint = CommandHint("--accept-repairs")
    if repair.other is None and repair.state == "asked":
        return Message(
            "a gap of {area_m2:,.1f} m², up to {width_m:.2f} m wide, is left open beside "
            "{community}: accept the proposed repairs{hint}, and it goes to {community}, or mend "
            "the outlines",
            hint=hint,
            **values,
        )
    if repair.other is None:
        return Message(
            "a gap of {area_m2:,.1f} m², up to {width_m:.2f} m wide, was closed: it goes to "
            "{community}; repairs reach overlaps and gaps up to {most_m:g} m wide",
            **values,
        )
    values["other"] = repair.other
    if repair.state == "too_wide":
        return Message(
            "{community} overlaps {other} by {area_m2:,.0f} m², up to {width_m:.1f} m wide; only "
            "overlaps up to {most_m:g} m wide can be mended here: mend the outlines so that "
            "communities only touch",
            **values,
        )
    if repair.state == "asked":
        return Message(
            "{community} overlaps {other} by {area_m2:,.0f} m², up to {width_m:.2f} m wide; the "
            "repair leaves this ground to {other}: accept the proposed repairs{hint}, which reach "
            "overlaps and gaps up to {most_m:g} m wide, or mend the outlines",
            hint=hint,
            **values,
        )
    return Message(
        "{community} overlapped {other} by {area_m2:,.1f} m², up to {width_m:.2f} m wide: this "
        "ground was left to {other}; repairs reach overlaps and gaps up to {most_m:g} m wide",
        **values,
    )
