"""The borders between the grids of a plan, by what they follow, for maps."""

from __future__ import annotations

import json

import geopandas as gpd
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.database.bulk import read_geoframe
from gis.domain.access import Scope
from gis.geometry.quality import trace_borders
from gis.store.ground.blocks import barriers_near
from gis.store.plan.plans import GEOJSON_DIGITS, get_plan
from gis.store.tables import Grid


def border_features(session: Session, scope: Scope, plan_id: int) -> str:
    """Give the borders of a plan as GeoJSON text: ``a, b`` (grid codes), ``kind``, ``length_m``.

    ``kind`` is empty over open ground. Borders with other communities are not among them.
    """
    plan = get_plan(session, scope, plan_id)
    query = select(Grid.code.label("grid"), func.ST_AsBinary(Grid.geom).label("geometry"))
    grids = read_geoframe(session, query.where(Grid.plan_id == plan.id).order_by(Grid.code))
    barriers = barriers_near(session, plan.community_id)
    traced = trace_borders(grids, barriers=barriers) if len(grids) > 1 else None
    features = [] if traced is None else [_feature(row) for _, row in traced.iterrows()]
    return json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))


def _feature(row: gpd.GeoSeries) -> dict:
    line = shapely.set_precision(row.geometry, 10.0**-GEOJSON_DIGITS)
    return {
        "type": "Feature",
        "properties": {
            "a": row["grid_a"],
            "b": row["grid_b"],
            "kind": row["kind"],
            "length_m": round(float(row["length_m"]), 1),
        },
        "geometry": shapely.geometry.mapping(line),
    }
