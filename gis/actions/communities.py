"""Communities into the division tree: their towns and counties, their metric CRS, no overlaps."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from gis.domain.access import SYSTEM, Scope
from gis.domain.codes import county_code_of, town_code_of
from gis.errors import Defect, Message
from gis.geometry.crs import metric_crs
from gis.geometry.seam import node_outlines
from gis.store import divisions
from gis.store.bulk import as_multi

OVERLAP_ALLOWED_M2 = 10.0
"""Outlines drawn one by one overlap by slivers; more than this is a mistake."""


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
    new, after = node_outlines(np.asarray(frame.geometry.array, dtype=object), before)
    changed = ~shapely.equals_exact(before, after, 0)
    for unit, shape in zip(stored["id"][changed], as_multi(after[changed]), strict=True):
        divisions.put_outline(session, int(unit), shape)
    return new


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


def overlapping_communities(
    session: Session, scope: Scope, frame: gpd.GeoDataFrame, file: str
) -> list[Defect]:
    """Find new communities that overlap one another, or stored ones with another code."""
    stored = divisions.community_shapes(session, scope)
    stored = stored[~stored["code"].isin(frame["code"])]
    epsg = max(_metric_epsg_by_county(frame).values(), default=3857)
    new = frame.to_crs(epsg)
    shapes = np.concatenate([np.array(new.geometry), np.array(stored.to_crs(epsg).geometry)])
    names = [*new["name"], *stored["name"]]
    left, right = shapely.STRtree(shapes).query(shapes[: len(new)], predicate="intersects")
    defects = []
    for i, j in zip(left, right, strict=True):
        area_m2 = shapely.area(shapely.intersection(shapes[i], shapes[j])) if i < j else 0.0
        if area_m2 > OVERLAP_ALLOWED_M2:
            defects.append(
                Defect(
                    Message(
                        "{community} overlaps {other} by {area_m2:,.0f} m²; mend the outlines so "
                        "that communities only touch",
                        community=names[i],
                        other=names[j],
                        area_m2=area_m2,
                    ),
                    file=file,
                    row=int(frame.index[i]),
                    field="geometry",
                    code="communities_overlap",
                )
            )
    return defects
