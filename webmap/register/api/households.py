"""Households by page, one household, one phone; each read is recorded."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, current_app, jsonify, request

from gis.actions.register import households
from gis.domain.disclosure import MOST_LISTED, USUALLY_LISTED, Sight
from gis.store.register.households import HouseholdRow, own_grid_features
from webmap.shell.access import allowed
from webmap.shell.database import transaction
from webmap.shell.paging import AFTER, page_after
from webmap.shell.session import current_scope, now

blueprint = Blueprint("households_api", __name__, url_prefix="/api/v1")

FIELDS = ("id", "number", "name", "phone", "people", "address", "lon", "lat", "clear", "grid")
"""Columns of a row of the list, in order; rows are arrays to be small on a phone's line."""


def _row(row: HouseholdRow) -> list:
    return [
        str(row.id),
        row.number,
        row.head_name,
        row.phone,
        row.people,
        row.address,
        row.lon,
        row.lat,
        row.sight is Sight.CLEAR,
        row.grid_code,
    ]


@blueprint.get("/households")
@allowed("household.view", "household.view_own_grid")
def list_households() -> Response:
    """Give a page of the households a person may read, grid by grid in walking order."""
    with transaction() as session:
        page = households.read_households(
            session,
            current_scope(),
            grid_code=request.args.get("grid"),
            after=page_after(request.args),
            limit=request.args.get("limit", USUALLY_LISTED, type=int),
            now=now(),
        )
    after = None if page.after is None else str(page.after)
    return jsonify(fields=FIELDS, rows=[_row(r) for r in page.rows], after=after)


@blueprint.get("/households/own-grids")
@allowed("household.view_own_grid")
def own_grids() -> Response:
    """Give the grids assigned to a worker."""
    with transaction() as session:
        text = own_grid_features(session, current_scope())
    return Response(text, mimetype="application/geo+json")


@blueprint.get("/households/<uuid:household_id>")
@allowed("household.view", "household.view_own_grid")
def one_household(household_id: UUID) -> Response:
    """Give one household."""
    with transaction() as session:
        detail = households.open_household(session, current_scope(), household_id, now=now())
    return jsonify(
        household=dict(zip(FIELDS, _row(detail.row), strict=True)),
        residents=detail.residents,
        level=detail.level,
        synthetic=detail.synthetic,
    )


@blueprint.post("/households/<uuid:household_id>/phone")
@allowed("household.view", "household.view_own_grid")
def reveal_phone(household_id: UUID) -> Response:
    """Give the whole phone number of one household; outside the own grids for a reason."""
    body = request.get_json(silent=True)
    reason = body.get("reason") if isinstance(body, dict) else None
    with transaction() as session:
        phone = households.reveal_phone(
            session,
            current_scope(),
            household_id,
            reason=reason if isinstance(reason, str) else None,
            most=current_app.config["NUMBERS_PER_DAY"],
            now=now(),
        )
    return jsonify(phone=phone)


_ID = {
    "name": "household_id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "format": "uuid"},
}
_NOT_FOUND = {"404": {"description": "No such household among one's own"}}

OPENAPI = {
    "/api/v1/households": {
        "get": {
            "summary": "Households one may read, page by page, grid by grid in walking order;"
            " phones in clear in one's own grids, else masked; recorded",
            "parameters": [
                {"name": "grid", "in": "query", "schema": {"type": "string"}},
                {"name": "limit", "in": "query",
                 "schema": {"type": "integer", "minimum": 1, "maximum": MOST_LISTED,
                            "default": USUALLY_LISTED}},
                AFTER,
            ],
            "responses": {
                "200": {"description": "fields; rows as arrays in their order; after: the id that"
                        " asks for the next page, or null"},
                "409": {"description": "The household `after` has moved; begin again"},
            },
        }
    },
    "/api/v1/households/own-grids": {
        "get": {
            "summary": "Grids assigned to the worker",
            "responses": {"200": {"description": "GeoJSON FeatureCollection"}},
        }
    },
    "/api/v1/households/{household_id}": {
        "get": {
            "summary": "One household; recorded",
            "parameters": [_ID],
            "responses": {"200": {"description": "household, residents by category"}} | _NOT_FOUND,
        }
    },
    "/api/v1/households/{household_id}/phone": {
        "post": {
            "summary": "The whole phone number of one household; outside one's own grids for a"
            " `reason` that is recorded, so many a day",
            "parameters": [_ID],
            "requestBody": {"content": {"application/json": {"schema": {
                "type": "object", "properties": {"reason": {"type": "string"}}}}}},
            "responses": {
                "200": {"description": "phone"},
                "400": {"description": "No reason was given"},
                "429": {"description": "As many as are allowed were shown today"},
            } | _NOT_FOUND,
        }
    },
}  # fmt: skip
