"""What maps load: outlines, names and counted incidents, as GeoJSON and rows; nothing personal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from flask import Blueprint, Response, request
from msgspec import UNSET, UnsetType

from gis.domain.period import parse_period
from gis.errors import NotFound
from gis.store.statistics import maps
from webmap.shell.access import allowed, signed_in
from webmap.shell.answers import Media
from webmap.shell.caching import kept_json, scope_token, unchanged
from webmap.shell.database import snapshot
from webmap.shell.describing import says
from webmap.shell.geojson import FeatureCollection
from webmap.shell.session import current_scope
from webmap.statistics.official_view import PERIOD

blueprint = Blueprint("maps_api", __name__, url_prefix="/api/v1/maps")

SHAPES = {
    "grid": maps.grid_shapes,
    "community": maps.community_shapes,
    "town": maps.town_shapes,
    "county": maps.county_shapes,
}


@dataclass(frozen=True)
class AreaLabel:
    """What a map writes on an area; what it does not have is left out.

    Parameters
    ----------
    community, community_en
        Of a grid.
    lon, lat
        A point in its most peopled part, in degrees, WGS84.
    """

    code: str
    name: str | UnsetType = UNSET
    name_en: str | UnsetType = UNSET
    community: str | UnsetType = UNSET
    community_en: str | UnsetType = UNSET
    lon: float | UnsetType = UNSET
    lat: float | UnsetType = UNSET


@dataclass(frozen=True)
class Names:
    """Names and where to write them: lon, lat in degrees, WGS84."""

    names: list[maps.Name]


@dataclass(frozen=True)
class IncidentPoints:
    """Incidents of a period counted at their blocks: lon, lat, how many."""

    topic: str
    period: str
    rows: list[tuple[float, float, int]]


@blueprint.get("/shapes/<level>")
@signed_in
def shapes(level: str) -> Annotated[Response, Media(body=FeatureCollection[AreaLabel])]:
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
def names() -> Annotated[Response, Media(body=Names)]:
    """Give the names of communities and grids with where to write them."""
    scope = current_scope()
    with snapshot() as session:
        parts = ("names", maps.divisions_version(session), scope_token(scope))
        if kept := unchanged(*parts):
            return kept
        return kept_json(parts, lambda: Names(maps.list_names(session, scope)))


@blueprint.get("/incidents")
@allowed("statistics.view")
def incidents() -> IncidentPoints:
    """Give incidents counted at their blocks, for a topic and period."""
    topic, period = request.args.get("topic", "all"), parse_period(request.args.get("period", ""))
    with snapshot() as session:
        rows = maps.incident_points(session, current_scope(), topic=topic, period=period)
    return IncidentPoints(topic, str(period), rows)


OPENAPI = {
    "/api/v1/maps/shapes/{level}": says(
        "get",
        "Outlines of grids in force, communities, towns or counties",
        {
            "name": "level",
            "in": "path",
            "required": True,
            "schema": {"type": "string", "enum": list(SHAPES)},
        },
    ),
    "/api/v1/maps/names": says("get", "Names of communities and grids with a point inside each"),
    "/api/v1/maps/incidents": says(
        "get",
        "Incidents counted at a point inside their block",
        {"name": "topic", "in": "query", "schema": {"type": "string", "default": "all"}},
        PERIOD,
        refused={403: "a sensitive topic is never shown as points"},
    ),
}
