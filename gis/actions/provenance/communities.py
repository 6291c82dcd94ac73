"""Communities into the division tree: towns and counties, metric CRS, corners that meet."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from gis.database.bulk import as_multi
from gis.domain.codes import county_code_of, town_code_of
from gis.geometry.crs import metric_epsg
from gis.geometry.seam import node_outlines
from gis.store.area import divisions


def store_communities(session: Session, frame: gpd.GeoDataFrame) -> int:
    """Store communities with the towns and counties their codes name.

    All communities of a county share one metric CRS, so that their blocks fit together. Where
    outlines touch, both get every corner of the other; those stored before do not move.
    """
    epsg = metric_epsg_by_county(frame)
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
    stored = divisions.every_outline(session)
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


def metric_epsg_by_county(frame: gpd.GeoDataFrame) -> dict[str, int]:
    """Give the metric CRS that the communities of each county share, by its six digits."""
    epsg = {}
    for county, rows in frame.groupby(frame["code"].map(county_code_of)):
        west, south, east, north = rows.total_bounds
        epsg[county] = metric_epsg((west + east) / 2, (south + north) / 2)
    return epsg


def _text(value: object) -> str | None:
    return None if pd.isna(value) else str(value)


def _whole(value: float | None) -> int | None:
    return None if value is None or pd.isna(value) else int(value)
