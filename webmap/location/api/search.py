"""The search box: names, addresses and grids by what is typed, within one's own area."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, request

from gis.store.location.search import MOST, search
from gis.store.location.search_hits import Hit
from webmap.location.words.found import found_name
from webmap.shell.access import allowed
from webmap.shell.bodies import whole_number
from webmap.shell.database import transaction
from webmap.shell.describing import says
from webmap.shell.language import current_language
from webmap.shell.session import current_scope

blueprint = Blueprint("search_api", __name__, url_prefix="/api/v1")

WHO = ("plan.view", "statistics.view", "review.decide", "household.view_own_grid")


@dataclass(frozen=True)
class Suggestion:
    """Something that fits what was typed, and where to fly to.

    Parameters
    ----------
    kind_name
        The kind in the reader's language.
    community, town
        Where it lies; null when in several or none.
    grid
        Code of the grid in force at the point; null when it is in none.
    code
        Of a division or grid.
    lon, lat
        A point of it, degrees, WGS84.
    bounds
        West, south, east, north.
    """

    kind: str
    kind_name: str
    name: str
    community: str | None
    town: str | None
    grid: str | None
    code: str | None
    lon: float
    lat: float
    bounds: tuple[float, float, float, float]


@dataclass(frozen=True)
class Suggestions:
    """What fits the letters typed so far, the likeliest first."""

    results: list[Suggestion]


@blueprint.get("/search")
@allowed(*WHO)
def suggestions() -> Suggestions:
    """Give what fits the letters typed so far, the likeliest first."""
    typed = request.args.get("q", "")
    limit = whole_number(request.args, "limit") or 8
    with transaction() as session:
        hits = search(session, current_scope(), typed, limit=limit)
    return Suggestions([_suggestion(hit) for hit in hits])


def _suggestion(hit: Hit) -> Suggestion:
    english = current_language() == "en"
    return Suggestion(
        kind=hit.kind,
        kind_name=found_name(hit.kind),
        name=(hit.name_en if english else None) or hit.name,
        community=(hit.community_en if english else None) or hit.community,
        town=(hit.town_en if english else None) or hit.town,
        grid=hit.grid_code,
        code=hit.code,
        lon=hit.lon,
        lat=hit.lat,
        bounds=hit.bounds,
    )


OPENAPI = {
    "/api/v1/search": says(
        "get",
        "Streets, estates, addresses, places, communities, towns and grids of one's area by the"
        " letters typed so far: Chinese, Latin, pinyin or initials, a number after (or before) the"
        " name; never a person or household",
        {"name": "q", "in": "query", "required": True, "schema": {"type": "string"}},
        {
            "name": "limit",
            "in": "query",
            "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": 8},
        },
    )
}
