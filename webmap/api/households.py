"""The worker's interface: own households, one household, one phone; each read is recorded."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, jsonify, request

from gis.actions import households
from gis.store.households import HouseholdRow, own_grid_features
from webmap.access import allowed
from webmap.database import transaction
from webmap.session import current_scope, now

blueprint = Blueprint("households_api", __name__, url_prefix="/api/v1")

FIELDS = ("id", "number", "name", "phone", "people", "address", "lon", "lat", "grid")
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
        row.grid_code,
    ]


@blueprint.get("/households")
@allowed("household.view", "household.view_own_grid")
def list_households() -> Response:
    """Give the households a person looks after, in walking order."""
    code = request.args.get("grid")
    with transaction() as session:
        rows = households.read_households(session, current_scope(), grid_code=code, now=now())
    return jsonify(fields=FIELDS, rows=[_row(r) for r in rows])


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
    """Give the whole phone number of one household."""
    with transaction() as session:
        phone = households.reveal_phone(session, current_scope(), household_id, now=now())
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
            "summary": "Households one looks after, in walking order, phones masked; recorded",
            "parameters": [{"name": "grid", "in": "query", "schema": {"type": "string"}}],
            "responses": {"200": {"description": "fields, and rows as arrays in their order"}},
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
            "summary": "The whole phone number of one household; recorded",
            "parameters": [_ID],
            "responses": {"200": {"description": "phone"}} | _NOT_FOUND,
        }
    },
}
