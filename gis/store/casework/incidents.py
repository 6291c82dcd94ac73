"""Incidents as rows: what was imported, with where it was found to be."""

from __future__ import annotations

import geopandas as gpd
from sqlalchemy import Date, func, literal_column, select
from sqlalchemy.orm import Session

from gis.database.bulk import read_geoframe
from gis.database.calendar import month_of
from gis.domain.access import Scope, require
from gis.domain.period import Period
from gis.store.area.visible import visible
from gis.store.tables import DivisionUnit, Incident


def incident_rows(
    session: Session, scope: Scope, *, topic: str | None = None, period: Period | None = None
) -> gpd.GeoDataFrame:
    """Read incidents in order of time, with the columns that importing knows.

    Returns
    -------
    GeoDataFrame
        ``number, topic, occurred_at, closed_at, description, address_text, lon, lat`` as they came
        in, so that importing them again changes nothing; ``status, found_lon, found_lat,
        community_code`` and points (EPSG:4326) where it was found to be, None where it was not.
        Times are on the clocks of the platform.
    """
    require(scope, "import")
    query = (
        select(
            Incident.number,
            Incident.topic,
            Incident.occurred_at,
            Incident.closed_at,
            Incident.description,
            Incident.address_text,
            Incident.given_lon.label("lon"),
            Incident.given_lat.label("lat"),
            Incident.status,
            func.ST_X(Incident.geom).label("found_lon"),
            func.ST_Y(Incident.geom).label("found_lat"),
            DivisionUnit.code.label("community_code"),
            func.ST_AsBinary(Incident.geom).label("geometry"),
        )
        .outerjoin(DivisionUnit, DivisionUnit.id == Incident.community_id)
        .where(visible(scope, Incident.community_id))
        .order_by(Incident.occurred_at, Incident.number)
    )
    if topic is not None:
        query = query.where(Incident.topic == topic)
    if period is not None:
        month = literal_column(month_of("incident.occurred_at"), Date)
        query = query.where(month >= period.first, month < period.end)
    return read_geoframe(session, query)
