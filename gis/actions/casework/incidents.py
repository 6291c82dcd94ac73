"""Taking incidents out as a file; that it was done is recorded."""

from __future__ import annotations

import geopandas as gpd

from gis.actions.access.work import Work
from gis.domain.period import Period
from gis.store.casework.incidents import incident_rows


def export_incidents(
    work: Work,
    *,
    topic: str | None = None,
    period: Period | None = None,
) -> gpd.GeoDataFrame:
    """Give the incidents of a topic and period, as `gis.store.casework.incidents` reads them."""
    rows = incident_rows(work.session, work.scope, topic=topic, period=period)
    told = {"rows": len(rows), "topic": topic, "period": str(period) if period else None}
    work.audit("incident.export", object_kind="incident", detail=told)
    return rows
