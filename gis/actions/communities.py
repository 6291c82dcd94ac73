"""Communities into the division tree: towns and counties, metric CRS, outlines that fit."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from gis.domain.access import SYSTEM
from gis.domain.codes import county_code_of, town_code_of
from gis.errors import CommandHint, Defect, Message
from gis.geometry.crs import metric_crs
from gis.geometry.outline_repair import OutlineMove, repair_outlines
from gis.geometry.seam import node_outlines
from gis.store import divisions
from gis.store.bulk import as_multi

SILENTLY_MENDED_M2 = 10.0
"""Outlines drawn one by one overlap by slivers; this much is mended unasked, and said."""

REPAIR_WIDTH_M = 2.0
"""Overlaps and gaps up to this width may be mended; what is wider is somebody's ground."""


def store_communities(session: Session, frame: gpd.GeoDataFrame) -> int:
    """Store communities with the towns and counties their codes name.

    All communities of a county share one metric CRS, so that their blocks fit together. Where
    outlines touch, both get every corner of the other; those stored before do not move.
    """
    epsg = _metric_epsg_by_county(frame)
    shapes = as_multi(_noded(session, frame))
    for row, shape in zip(frame.itertuples(), shapes, strict=True):
        county_code, town_code = county_code_of(row.code), town_code_of(row.code)
        county = divisions.put_unit(session, code=county_code, name=_text(row.county_name))
        town = divisions.put_unit(session, code=town_code, name=_text(row.town_name), parent=county)
        divisions.put_unit(
            session,
            code=row.code,
            name=row.name,
            parent=town,
            shape=shape,
            name_en=_text(row.name_en),
            metric_epsg=epsg[county_code],
            **{c: _whole(getattr(row, c)) for c in ("minimum", "target", "maximum")},
        )
    divisions.outline_parents(session)
    return len(frame)


def _noded(session: Session, frame: gpd.GeoDataFrame) -> np.ndarray:
    """Give outlines that meet one another, and stored ones, in equal corners; store those."""
    stored = divisions.community_shapes(session, SYSTEM)
    stored = stored[~stored["code"].isin(frame["code"])]
    before = np.asarray(stored.geometry.array, dtype=object)
    noded = node_outlines(np.asarray(frame.geometry.array, dtype=object), before)
    new, after = (_mended(shapes) for shapes in noded)
    changed = ~shapely.equals_exact(before, after, 0)
    for unit, shape in zip(stored["id"][changed], as_multi(after[changed]), strict=True):
        divisions.put_outline(session, int(unit), shape)
    return new


def _mended(shapes: np.ndarray) -> np.ndarray:
    """Mend outlines that touch themselves where a corner of a neighbour came to them."""
    broken = ~shapely.is_valid(shapes)
    mended = shapes.copy()
    mended[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    return mended


def _metric_epsg_by_county(frame: gpd.GeoDataFrame) -> dict[str, int]:
    epsg = {}
    for county, rows in frame.groupby(frame["code"].map(county_code_of)):
        west, south, east, north = rows.total_bounds
        epsg[county] = int(metric_crs((west + east) / 2, (south + north) / 2).to_epsg())
    return epsg


def _text(value: object) -> str | None:
    return None if pd.isna(value) else str(value)


def _whole(value: object) -> int | None:
    return None if pd.isna(value) else int(value)


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
        What was mended.
    """

    frame: gpd.GeoDataFrame
    defects: list[Defect]
    notes: tuple[Message, ...]


def fit_outlines(
    session: Session, frame: gpd.GeoDataFrame, file: str, *, accept_repairs: bool
) -> FittedOutlines:
    """Mend small overlaps and gaps of new outlines with one another and with stored ones.

    Stored outlines never move: ground in two outlines is left to the stored one, or to the one
    that stands first in the file.
    """
    if frame.empty:
        return FittedOutlines(frame, [], ())
    stored = divisions.community_shapes(session, SYSTEM)
    stored = stored[~stored["code"].isin(frame["code"])]
    epsg = max(_metric_epsg_by_county(frame).values(), default=3857)
    given, kept = (np.asarray(f.geometry.array, dtype=object) for f in (frame, stored))
    repaired, moves = repair_outlines(given, kept, crs=epsg, width_m=REPAIR_WIDTH_M)
    names = [*stored["name"], *frame["name"]]
    shapes, defects, notes = given.copy(), [], []
    refused = {m.row for m in moves if not _may_mend(m, accept_repairs)}
    for move in moves:
        said = _told(move, names, len(stored), asked=move.row in refused)
        if move.row not in refused:
            shapes[move.row] = repaired[move.row]
            notes.append(said)
        elif move.other >= 0:
            row = int(frame.index[move.row])
            defects.append(Defect(said, file, None, row, "geometry", "communities_overlap"))
    rows = [n for n in range(len(frame)) if n not in {m.row for m in moves if m.row in refused}]
    fitted = frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))
    return FittedOutlines(fitted.iloc[rows], defects, tuple(notes))


def _may_mend(move: OutlineMove, accept_repairs: bool) -> bool:
    """Tell whether a piece of ground may change hands; gaps stand in nobody's way."""
    if not move.is_narrow:
        return False
    return accept_repairs or move.other < 0 or move.area_m2 <= SILENTLY_MENDED_M2


def _told(move: OutlineMove, names: list[str], n_stored: int, *, asked: bool) -> Message:
    """Say what lies in two outlines or in none, and what becomes of it."""
    figures = {"area_m2": move.area_m2, "width_m": move.width_m}
    community = names[n_stored + move.row]
    if move.other < 0:
        return Message(
            "a gap of {area_m2:,.1f} m², up to {width_m:.2f} m wide, was closed: it goes to "
            "{community}; repairs reach overlaps and gaps up to {most_m:g} m wide",
            community=community,
            most_m=REPAIR_WIDTH_M,
            **figures,
        )
    figures |= {"community": community, "other": names[move.other]}
    if not move.is_narrow:
        return Message(
            "{community} overlaps {other} by {area_m2:,.0f} m², up to {width_m:.1f} m wide; only "
            "overlaps up to {most_m:g} m wide can be mended here: mend the outlines so that "
            "communities only touch",
            most_m=REPAIR_WIDTH_M,
            **figures,
        )
    if asked:
        return Message(
            "{community} overlaps {other} by {area_m2:,.0f} m², up to {width_m:.2f} m wide; the "
            "repair leaves this ground to {other}: accept the proposed repairs{hint}, which reach "
            "overlaps and gaps up to {most_m:g} m wide, or mend the outlines",
            most_m=REPAIR_WIDTH_M,
            hint=CommandHint("--accept-repairs"),
            **figures,
        )
    return Message(
        "{community} overlapped {other} by {area_m2:,.1f} m², up to {width_m:.2f} m wide: this "
        "ground was left to {other}; repairs reach overlaps and gaps up to {most_m:g} m wide",
        most_m=REPAIR_WIDTH_M,
        **figures,
    )
