"""What maps load: outlines, names and counted incidents, as GeoJSON and rows; nothing personal."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from gis.domain.period import parse_period
from gis.errors import NotFound
from gis.store.statistics import maps
from webmap.shell.access import allowed, signed_in
from webmap.shell.caching import kept_json, scope_token, unchanged
from webmap.shell.database import snapshot
from webmap.shell.session import current_scope

blueprint = Blueprint("maps_api", __name__, url_prefix="/api/v1/maps")

SHAPES = {
    "grid": maps.grid_shapes,
    "community": maps.community_shapes,
    "town": maps.town_shapes,
    "county": maps.county_shapes,
}


@blueprint.get("/shapes/<level>")
@signed_in
def shapes(level: str) -> Response:
    """Give the outlines of one level as GeoJSON."""
    if level not in SHAPES:
        raise NotFound(
            "there are no shapes of “{level}”; ask for {shapes}",
            level=level,
            shapes=", ".join(SHAPES),
        )
    scope = current_scope()
    with snapshot() as session:
        parts = ("shapes", level, maps.divisions_version(session), scope_token(scope))
        if kept := unchanged(*parts):
            return kept
        return kept_json(parts, lambda: SHAPES[level](session, scope))


@blueprint.get("/names")
@signed_in
def names() -> Response:
    """Give the names of communities and grids with where to write them."""
    scope = current_scope()
    with snapshot() as session:
        parts = ("names", maps.divisions_version(session), scope_token(scope))
        if kept := unchanged(*parts):
            return kept
        return kept_json(
            parts, lambda: {"names": [vars(n) for n in maps.list_names(session, scope)]}
        )


@blueprint.get("/incidents")
@allowed("statistics.view")
def incidents() -> Response:
    """Give incidents counted at their blocks, for a topic and period."""
    topic, period = request.args.get("topic", "all"), parse_period(request.args.get("period", ""))
    with snapshot() as session:
        rows = maps.incident_points(session, current_scope(), topic=topic, period=period)
    return jsonify(topic=topic, period=str(period), rows=rows)


_LEVEL = {
    "name": "level",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "enum": list(SHAPES)},
}

OPENAPI = {
    "/api/v1/maps/shapes/{level}": {
        "get": {
            "summary": "Outlines of grids in force, communities, towns or counties",
            "parameters": [_LEVEL],
            "responses": {"200": {"description": "GeoJSON FeatureCollection"}},
        }
    },
    "/api/v1/maps/names": {
        "get": {
            "summary": "Names of communities and grids with a point inside each",
            "responses": {"200": {"description": "names: kind, code, name, name_en, lon, lat"}},
        }
    },
    "/api/v1/maps/incidents": {
        "get": {
            "summary": "Incidents counted at a point inside their block",
            "parameters": [
                {"name": "topic", "in": "query", "schema": {"type": "string", "default": "all"}},
                {
                    "name": "period",
                    "in": "query",
                    "required": True,
                    "schema": {"type": "string", "examples": ["2025", "2025-Q1", "2025-03"]},
                },
            ],
            "responses": {
                "200": {"description": "rows of [lon, lat, incidents]"},
                "403": {"description": "a sensitive topic is never shown as points"},
            },
        }
    },
}
