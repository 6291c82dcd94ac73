"""Scenarios and history: branching, renaming, going back, what happened, whom a plan concerns."""

from __future__ import annotations

import math
from dataclasses import asdict
from datetime import date

from flask import Blueprint, Response, jsonify, request

from gis.actions.plan import branching, editions, impact
from gis.actions.plan.impact import PlanImpact
from gis.actions.register import movers
from gis.actions.register.movers import Movers
from gis.errors import InvalidInput
from gis.store.plan.place_grids import PlaceInGrid, list_grids_of_place, worker_on
from gis.store.plan.plan_history import EditionEvent, StepEvent, read_history
from webmap.shell.access import allowed
from webmap.shell.bodies import day_of, json_body, text_of, whole_number
from webmap.shell.database import snapshot, transaction
from webmap.shell.describing import in_path, says
from webmap.shell.paging import AFTER, page_after
from webmap.shell.session import current_scope, now

blueprint = Blueprint("scenarios_api", __name__, url_prefix="/api/v1")


@blueprint.post("/plans/<int:plan_id>/branch")
@allowed("plan.edit")
def branch(plan_id: int) -> Response:
    """Make a new draft from a plan or one of its editions."""
    body = json_body()
    with transaction() as session:
        made = branching.branch_plan(
            session,
            current_scope(),
            plan_id,
            name=text_of(body, "name") or "",
            edition=whole_number(body, "edition"),
            purpose=text_of(body, "purpose") or "",
            now=now(),
        )
    return jsonify(plan_id=made.plan_id, unassigned=made.unassigned, needs_repair=made.needs_repair)


@blueprint.patch("/plans/<int:plan_id>")
@allowed("plan.edit")
def describe(plan_id: int) -> Response:
    """Rename a scenario, or say anew what it is for."""
    body = json_body()
    purpose = text_of(body, "purpose")
    if purpose is None and "purpose" in body:
        purpose = ""
    with transaction() as session:
        plan = branching.describe_plan(
            session,
            current_scope(),
            plan_id,
            name=text_of(body, "name"),
            purpose=purpose,
            now=now(),
        )
        return jsonify(plan_id=plan_id, name=plan.name)


@blueprint.post("/plans/<int:plan_id>/revert")
@allowed("plan.edit")
def revert(plan_id: int) -> Response:
    """Save an earlier edition of a draft again, as its newest."""
    body = json_body()
    edition = whole_number(body, "edition")
    if edition is None:
        raise InvalidInput("edition: expected the number of an earlier edition")
    with transaction() as session:
        saved = editions.revert_plan(
            session,
            current_scope(),
            plan_id,
            edition,
            note=text_of(body, "note") or "",
            now=now(),
        )
    return jsonify(edition=saved.edition, blocks=saved.blocks, households=saved.households)


@blueprint.get("/plans/<int:plan_id>/history")
@allowed("plan.view")
def history(plan_id: int) -> Response:
    """Tell the editions and the steps of a plan, newest first."""
    with snapshot() as session:
        found = read_history(session, current_scope(), plan_id)
    return jsonify(
        editions=[_plain(e) for e in found.editions], steps=[_plain(s) for s in found.steps]
    )


def _plain(event: EditionEvent | StepEvent) -> dict:
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in vars(event).items()}


@blueprint.get("/plans/<int:plan_id>/impact")
@allowed("plan.view", "household.view_own_grid")
def show_impact(plan_id: int) -> Response:
    """Tell whom a saved plan concerns; with ``from`` and ``to`` which households change grid."""
    pair = _pair()
    if pair is None and not current_scope().may("plan.view"):
        raise InvalidInput("say between which grids: ?from=CODE&to=CODE")
    with transaction() as session:
        if pair is not None:
            after = page_after(request.args)
            found = movers.read_movers(
                session, current_scope(), plan_id, *pair, after=after, now=now()
            )
            return _movers(found)
        return jsonify(
            _impact(impact.read_impact(session, current_scope(), plan_id, today=now().date()))
        )


@blueprint.get("/plans/<int:plan_id>/workspace/impact")
@allowed("plan.edit")
def working_impact(plan_id: int) -> Response:
    """Tell which households one's working copy brings from one grid to another."""
    pair = _pair()
    if pair is None:
        raise InvalidInput("say between which grids: ?from=CODE&to=CODE")
    with transaction() as session:
        return _movers(
            movers.read_working_movers(
                session,
                current_scope(),
                plan_id,
                *pair,
                after=page_after(request.args),
                now=now(),
            )
        )


def _pair() -> tuple[str, str] | None:
    if "from" not in request.args and "to" not in request.args:
        return None
    return request.args.get("from", ""), request.args.get("to", "")


def _movers(found: Movers) -> Response:
    rows = None if found.households is None else [_household(m) for m in found.households]
    after = None if found.after is None else str(found.after)
    response = jsonify(count=found.count, households=rows, after=after)
    response.headers["Cache-Control"] = "no-store"
    return response


def _household(mover: impact.Mover) -> dict:
    return asdict(mover) | {"id": str(mover.id)}


def _impact(found: PlanImpact) -> dict:
    moves = found.impact.moves.to_dict("records")
    for move in moves:
        move["from_worker"] = found.workers.get(move["from_code"])
        move["to_worker"] = found.workers.get(move["to_code"])
    return {
        **found.impact.totals,
        "base_plan": found.base_plan,
        "changing_worker": found.changing_worker,
        "moves": moves,
        "workers": [asdict(h) for h in found.hand_overs],
    }


@blueprint.get("/grids/at")
@allowed("plan.view")
def grid_at() -> Response:
    """Tell which grid a place was in on a day, and all it ever was in."""
    lon, lat = _degrees("lon"), _degrees("lat")
    on = day_of(request.args, "on") if request.args.get("on") else now().date()
    with snapshot() as session:
        found = list_grids_of_place(session, current_scope(), lon, lat)
        then = next((place for place in found if place.holds_on(on)), None)
        worker = worker_on(session, then.grid_code, on) if then else None
    told = None if then is None else _place(then) | {"worker": worker}
    return jsonify(on=on.isoformat(), grid=told, history=[_place(place) for place in found])


def _degrees(name: str) -> float:
    try:
        degrees = float(request.args.get(name, ""))
    except ValueError:
        degrees = math.nan
    if not abs(degrees) <= (180 if name == "lon" else 90):
        raise InvalidInput("{name}: expected degrees, such as ?lon=108.52&lat=25.93", name=name)
    return degrees


def _place(place: PlaceInGrid) -> dict:
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in vars(place).items()}


_PLAN = in_path("plan_id", "integer")
_PAIR = [
    {"name": name, "in": "query", "required": False, "schema": {"type": "string"}}
    for name in ("from", "to")
]
_WHERE = [
    {"name": name, "in": "query", "required": needed, "schema": {"type": kind}}
    for name, kind, needed in (("lon", "number", True), ("lat", "number", True))
]
_ON = {"name": "on", "in": "query", "required": False, "schema": {"type": "string"}}

OPENAPI = {
    "/api/v1/plans/{plan_id}/branch": says(
        "post",
        "A new draft from a plan or an edition of it, on the blocks in use",
        _PLAN,
        answer="plan_id, unassigned, needs_repair",
        name="string",
        edition="integer",
        purpose="string",
    ),
    "/api/v1/plans/{plan_id}": says(
        "patch",
        "Rename a scenario or say what it is for",
        _PLAN,
        answer="plan_id, name",
        name="string",
        purpose="string",
    ),
    "/api/v1/plans/{plan_id}/revert": says(
        "post",
        "Save an earlier edition of a draft again",
        _PLAN,
        answer="edition, blocks, households",
        edition="integer",
        note="string",
    ),
    "/api/v1/plans/{plan_id}/history": says(
        "get", "Its editions and steps, newest first", _PLAN, answer="editions, steps"
    ),
    "/api/v1/plans/{plan_id}/impact": says(
        "get",
        "Whom a saved plan concerns; of two grids the households, named where one may",
        _PLAN,
        *_PAIR,
        AFTER,
        answer="totals, moves, workers; or count, a page of households, after (asks for the next)",
    ),
    "/api/v1/plans/{plan_id}/workspace/impact": says(
        "get",
        "Households that one's working copy brings from one grid to another",
        _PLAN,
        *_PAIR,
        AFTER,
        answer="count, a page of households, after (asks for the next)",
    ),
    "/api/v1/grids/at": says(
        "get", "Which grid a place was in on a day", *_WHERE, _ON, answer="on, grid, history"
    ),
}
