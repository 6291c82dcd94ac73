"""Households by page, one household, one phone; each read is recorded."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Annotated
from uuid import UUID

from flask import Blueprint, Response, current_app, request

from gis.actions.register import households
from gis.domain.disclosure import MOST_LISTED, USUALLY_LISTED, Sight
from gis.store.register.households import HouseholdRow, own_grid_features
from webmap.shell.access import allowed
from webmap.shell.database import transaction
from webmap.shell.describing import says
from webmap.shell.geojson import MEDIA_TYPE, features
from webmap.shell.paging import AFTER, page_after
from webmap.shell.session import current_scope, current_work

blueprint = Blueprint("households_api", __name__, url_prefix="/api/v1")


@dataclass(frozen=True)
class HouseholdShown:
    """A household as those who may read it are shown it.

    Parameters
    ----------
    name, phone
        Of its head; masked outside one's own grids.
    lon, lat
        Degrees, WGS84.
    clear
        Whether name and phone are in clear.
    entrance
        Address of the entrance it is behind, the same for all there; null where none is known.
    entrance_name, building_name
        What is written on that entrance and its building, such as ``3栋2单元`` and ``3栋``.
    floor, room
        Of its flat, as far as its address tells; the ground floor is 1.
    grid
        Code of the grid in force.
    """

    id: UUID
    number: str
    name: str | None
    phone: str | None
    people: int
    address: str | None
    lon: float | None
    lat: float | None
    clear: bool
    entrance: str | None
    entrance_name: str | None
    building_name: str | None
    floor: int | None
    room: str | None
    grid: str


FIELDS = tuple(field.name for field in fields(HouseholdShown))
"""Columns of a row of the list, in order; rows are arrays to be small on a phone's line."""

HouseholdArray = tuple[
    UUID,
    str,
    str | None,
    str | None,
    int,
    str | None,
    float | None,
    float | None,
    bool,
    str | None,
    str | None,
    str | None,
    int | None,
    str | None,
    str,
]
"""The types of these columns."""


@dataclass(frozen=True)
class HouseholdList:
    """A page of households, grid by grid in walking order.

    Parameters
    ----------
    rows
        Each an array in the order of `fields`.
    after
        Asks for the next page; null at the end.
    """

    fields: tuple[str, ...]
    rows: list[HouseholdArray]
    after: UUID | None


@dataclass(frozen=True)
class HouseholdOpened:
    """One household, and how many residents of each category live there."""

    household: HouseholdShown
    residents: dict[str, int]
    level: str
    synthetic: bool


@dataclass(frozen=True)
class WholePhone:
    """The whole phone number of a household."""

    phone: str | None


@dataclass(frozen=True)
class OwnGrid:
    """What is known of a grid of one's own."""

    code: str


def _shown(row: HouseholdRow) -> HouseholdShown:
    return HouseholdShown(
        id=row.id,
        number=row.number,
        name=row.head_name,
        phone=row.phone,
        people=row.people,
        address=row.address,
        lon=row.lon,
        lat=row.lat,
        clear=row.sight is Sight.CLEAR,
        entrance=row.door.entrance or None,
        entrance_name=row.door.name or None,
        building_name=row.door.building or None,
        floor=row.door.floor,
        room=row.door.room or None,
        grid=row.grid_code,
    )


@blueprint.get("/households")
@allowed("household.view", "household.view_own_grid")
def list_households() -> HouseholdList:
    """Give a page of the households a person may read, grid by grid in walking order."""
    with transaction() as session:
        page = households.read_households(
            current_work(session),
            grid_code=request.args.get("grid"),
            after=page_after(request.args),
            limit=request.args.get("limit", USUALLY_LISTED, type=int),
        )
    return HouseholdList(FIELDS, [tuple(vars(_shown(r)).values()) for r in page.rows], page.after)


@blueprint.get("/households/own-grids")
@allowed("household.view_own_grid")
def own_grids() -> Annotated[Response, features(OwnGrid)]:
    """Give the grids assigned to a worker."""
    with transaction() as session:
        text = own_grid_features(session, current_scope())
    return Response(text, mimetype=MEDIA_TYPE)


@blueprint.get("/households/<uuid:household_id>")
@allowed("household.view", "household.view_own_grid")
def one_household(household_id: UUID) -> HouseholdOpened:
    """Give one household."""
    with transaction() as session:
        detail = households.open_household(current_work(session), household_id)
    return HouseholdOpened(
        household=_shown(detail.row),
        residents=detail.residents,
        level=detail.level,
        synthetic=detail.synthetic,
    )


@blueprint.post("/households/<uuid:household_id>/phone")
@allowed("household.view", "household.view_own_grid")
def reveal_phone(household_id: UUID) -> WholePhone:
    """Give the whole phone number of one household; outside the own grids for a reason."""
    body = request.get_json(silent=True)
    reason = body.get("reason") if isinstance(body, dict) else None
    with transaction() as session:
        phone = households.reveal_phone(
            current_work(session),
            household_id,
            reason=reason if isinstance(reason, str) else None,
            most=current_app.config["NUMBERS_PER_DAY"],
        )
    return WholePhone(phone)


_ID = {
    "name": "household_id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "format": "uuid"},
}
_NOT_FOUND = "No such household among one's own"

OPENAPI = {
    "/api/v1/households": says(
        "get",
        "Households one may read, page by page, grid by grid in walking order; phones in clear in"
        " one's own grids, else masked; recorded",
        {"name": "grid", "in": "query", "schema": {"type": "string"}},
        {
            "name": "limit",
            "in": "query",
            "schema": {
                "type": "integer",
                "minimum": 1,
                "maximum": MOST_LISTED,
                "default": USUALLY_LISTED,
            },
        },
        AFTER,
        refused={409: "The household `after` has moved; begin again"},
    ),
    "/api/v1/households/own-grids": says("get", "Grids assigned to the worker"),
    "/api/v1/households/{household_id}": says(
        "get", "One household; recorded", _ID, refused={404: _NOT_FOUND}
    ),
    "/api/v1/households/{household_id}/phone": says(
        "post",
        "The whole phone number of one household; outside one's own grids for a `reason` that is"
        " recorded, so many a day",
        _ID,
        refused={
            400: "No reason was given",
            404: _NOT_FOUND,
            429: "As many as are allowed were shown today",
        },
        reason="string",
    ),
}
