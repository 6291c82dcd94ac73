"""Taking incidents out as a file; that it was done is recorded."""

from __future__ import annotations

from datetime import datetime

import geopandas as gpd
from sqlalchemy.orm import Session

from gis.domain.access import Scope
from gis.domain.period import Period
from gis.store.access.audit import write_audit
from gis.store.casework.incidents import incident_rows


def export_incidents(
    session: Session,
    scope: Scope,
    *,
    topic: str | None = None,
    period: Period | None = None,
    now: datetime,
) -> gpd.GeoDataFrame:
    """Give the incidents of a topic and period, as `gis.store.casework.incidents` reads them."""
    rows = incident_rows(session, scope, topic=topic, period=period)
    told = {"rows": len(rows), "topic": topic, "period": str(period) if period else None}
    write_audit(session, scope, "incident.export", now=now, object_kind="incident", detail=told)
    return rows
