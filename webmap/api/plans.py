"""The planner's interface: shapes of plans, what changes, and each step of a plan's life."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, Response, jsonify, request

from gis.actions import draw, plans, workers
from gis.errors import InvalidInput
from gis.store.balance import list_balances
from gis.store.divisions import get_community
from gis.store.outlines import community_outlines, standing_grids
from gis.store.plans import block_features, compare_plans, grid_features
from webmap.access import allowed
from webmap.database import transaction
from webmap.session import current_scope, now

blueprint = Blueprint("plans_api", __name__, url_prefix="/api/v1")

GEOJSON = "application/geo+json"


def _geojson(text: str) -> Response:
    response = Response(text, mimetype=GEOJSON)
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    return response.make_conditional(request)


@blueprint.get("/planning/communities")
@allowed("plan.view")
def communities() -> Response:
    """Give the outlines of the communities of the area."""
    with transaction() as session:
        return _geojson(community_outlines(session, current_scope()))


@blueprint.get("/planning/grids")
@allowed("plan.view")
def grids_of_area() -> Response:
    """Give the grids that stand in the communities of the area."""
    with transaction() as session:
        return _geojson(standing_grids(session, current_scope()))


@blueprint.get("/planning/balance")
@allowed("plan.view")
def balance() -> Response:
    """Give the balance table."""
    with transaction() as session:
        rows = list_balances(session, current_scope(), today=now().date())
    return jsonify(communities=rows)


@blueprint.get("/plans/<int:plan_id>/grids")
@allowed("plan.view")
def grids(plan_id: int) -> Response:
    """Give the grids of a plan."""
    with transaction() as session:
        return _geojson(grid_features(session, current_scope(), plan_id))


@blueprint.get("/plans/<int:plan_id>/blocks")
@allowed("plan.view")
def blocks(plan_id: int) -> Response:
    """Give the blocks of a plan, each with the code of its grid."""
    with transaction() as session:
        return _geojson(block_features(session, current_scope(), plan_id))


@blueprint.get("/plans/<int:plan_id>/changes")
@allowed("plan.view")
def changes(plan_id: int) -> Response:
    """Give what changes grid from plan ``base`` to this one."""
    base = request.args.get("base", type=int)
    if base is None:
        raise InvalidInput("say with which plan to compare: ?base=ID")
    with transaction() as session:
        found = compare_plans(session, current_scope(), plan_id, base)
    return jsonify(changes=found, households=sum(c.households for c in found))


@blueprint.post("/communities/<code>/drafts")
@allowed("plan.edit")
def draw_draft(code: str) -> tuple[Response, int]:
    """Draw a new draft plan of a community."""
    body = _body()
    wishes = {k: _whole(body, k) for k in ("minimum", "target", "maximum", "n_grids", "seed")}
    wishes["seed"] = wishes["seed"] or 0
    with transaction() as session:
        community = get_community(session, current_scope(), code)
        plan_id = draw.draw_community(session, current_scope(), community.id, **wishes, now=now())
    return jsonify(plan_id=plan_id), 201


@blueprint.post("/plans/<int:plan_id>/submit")
@allowed("plan.edit")
def submit(plan_id: int) -> Response:
    """Hand a draft in for approval."""
    return _step(plans.submit_plan, plan_id)


@blueprint.post("/plans/<int:plan_id>/approve")
@allowed("plan.approve")
def approve(plan_id: int) -> Response:
    """Approve a plan that somebody else submitted."""
    return _step(plans.approve_plan, plan_id)


@blueprint.post("/plans/<int:plan_id>/return")
@allowed("plan.approve")
def give_back(plan_id: int) -> Response:
    """Return a plan to its drawer with remarks."""
    remarks = str(_body().get("remarks") or "").strip()
    if not remarks:
        raise InvalidInput("say in the remarks what should change")
    return _step(plans.return_plan, plan_id, remarks=remarks)


@blueprint.post("/plans/<int:plan_id>/publish")
@allowed("plan.publish")
def publish(plan_id: int) -> Response:
    """Put an approved plan in force from a date on."""
    return _step(plans.publish_plan, plan_id, effective_from=_day(_body(), "effective_from"))


@blueprint.post("/plans/<int:plan_id>/retire")
@allowed("plan.edit")
def retire(plan_id: int) -> Response:
    """Put an unpublished plan away."""
    return _step(plans.retire_plan, plan_id)


@blueprint.put("/grids/<code>/worker")
@allowed("worker.assign")
def assign(code: str) -> Response:
    """Make somebody the worker of a grid from a date on; nobody when ``user_id`` is null."""
    body = _body()
    day = _day(body, "from")
    user_id = _whole(body, "user_id")
    with transaction() as session:
        if user_id is None:
            workers.end_assignment(session, current_scope(), code, valid_to=day, now=now())
        else:
            workers.assign_worker(
                session, current_scope(), code, user_id, valid_from=day, now=now()
            )
    return jsonify(grid=code)


def _step(action: Callable, plan_id: int, **more: object) -> Response:
    with transaction() as session:
        action(session, current_scope(), plan_id, **more, now=now())
    return jsonify(plan_id=plan_id)


def _body() -> dict:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise InvalidInput("send a JSON object")
    return body


def _whole(body: dict, name: str) -> int | None:
    value = body.get(name)
    if value in (None, ""):
        return None
    try:
        number = int(value)
    except (TypeError, ValueError):
        raise InvalidInput(f"{name}: expected a whole number") from None
    if not 0 <= number <= 1_000_000_000:
        raise InvalidInput(f"{name}: expected a number from 0 to 1,000,000,000")
    return number


def _day(body: dict, name: str) -> date:
    try:
        return date.fromisoformat(str(body.get(name) or ""))
    except ValueError:
        raise InvalidInput(f"{name}: expected a date such as 2026-03-01") from None


def _with(name: str, kind: str = "string") -> dict:
    return {"name": name, "in": "path", "required": True, "schema": {"type": kind}}


def _says(method: str, summary: str, *where: dict, answer: str, **bodies: str) -> dict:
    responses = {"201" if answer == "plan_id of the draft" else "200": {"description": answer}}
    says = {"summary": summary, "parameters": list(where), "responses": responses}
    if bodies:
        schema = {"type": "object", "properties": {n: {"type": k} for n, k in bodies.items()}}
        says["requestBody"] = {"content": {"application/json": {"schema": schema}}}
    return {method: says}


_PLAN = _with("plan_id", "integer")
_SHAPES = "GeoJSON FeatureCollection"
_DONE = "plan_id"

OPENAPI = {
    "/api/v1/planning/communities": _says("get", "Communities of the area", answer=_SHAPES),
    "/api/v1/planning/grids": _says("get", "Grids that stand in the area", answer=_SHAPES),
    "/api/v1/planning/balance": _says("get", "How the communities stand", answer="communities"),
    "/api/v1/plans/{plan_id}/grids": _says("get", "Grids of a plan", _PLAN, answer=_SHAPES),
    "/api/v1/plans/{plan_id}/blocks": _says("get", "Blocks of a plan", _PLAN, answer=_SHAPES),
    "/api/v1/plans/{plan_id}/changes": _says(
        "get",
        "What changes grid against plan `base`",
        _PLAN,
        {"name": "base", "in": "query", "required": True, "schema": {"type": "integer"}},
        answer="changes, households",
    ),
    "/api/v1/communities/{code}/drafts": _says(
        "post",
        "Draw a draft",
        _with("code"),
        answer="plan_id of the draft",
        minimum="integer",
        target="integer",
        maximum="integer",
        n_grids="integer",
        seed="integer",
    ),
    "/api/v1/plans/{plan_id}/submit": _says("post", "Hand in for approval", _PLAN, answer=_DONE),
    "/api/v1/plans/{plan_id}/approve": _says("post", "Approve", _PLAN, answer=_DONE),
    "/api/v1/plans/{plan_id}/return": _says(
        "post", "Return with remarks", _PLAN, answer=_DONE, remarks="string"
    ),
    "/api/v1/plans/{plan_id}/publish": _says(
        "post", "Put in force from a date", _PLAN, answer=_DONE, effective_from="string"
    ),
    "/api/v1/plans/{plan_id}/retire": _says("post", "Put away unpublished", _PLAN, answer=_DONE),
    "/api/v1/grids/{code}/worker": _says(
        "put",
        "Assign a worker from a date, or nobody",
        _with("code"),
        answer="grid",
        user_id="integer",
        **{"from": "string"},
    ),
}
