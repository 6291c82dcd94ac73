"""Rows with a shape as GeoJSON text, written as they come from the database."""

from __future__ import annotations

import json
from decimal import Decimal

from sqlalchemy import Select
from sqlalchemy.orm import Session


def feature_collection(session: Session, query: Select) -> str:
    """Give the rows of a query as GeoJSON text.

    Parameters
    ----------
    query
        Selects ``id``, ``shape`` (the text of ``ST_AsGeoJSON``) and properties.
    """
    features = []
    for row in session.execute(query).mappings():
        properties = {k: _plain(v) for k, v in row.items() if k not in ("id", "shape")}
        features.append(
            f'{{"type":"Feature","id":{json.dumps(row["id"])},"properties":'
            f"{json.dumps(properties, separators=(',', ':'), ensure_ascii=False)},"
            f'"geometry":{row["shape"]}}}'
        )
    return '{"type":"FeatureCollection","features":[' + ",".join(features) + "]}"


def _plain(value: object) -> object:
    return round(float(value), 6) if isinstance(value, (Decimal, float)) else value
