"""Scenarios and history: branching, renaming, going back, what happened, whom a plan concerns."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from flask import Blueprint, Response, request

from gis.actions.plan import branching, editions, impact
from gis.actions.plan.impact import HandOver, PlanImpact
from gis.actions.register.households_changing_grid import (
    HouseholdsChangingGrid,
    read_households_changing_grid,
    read_working_households_changing_grid,
)
from gis.errors import InvalidInput
from gis.store.plan.place_grids import PlaceInGrid, list_grids_of_place, worker_on
from gis.store.plan.plan_history import read_history
from webmap.plan.words.workspace_view import ImpactTold, describe_moves
from webmap.shell.access import allowed
from webmap.shell.answers import Media, Moment, json_answer
from webmap.shell.bodies import day_of, json_body, text_of, whole_number
from webmap.shell.database import snapshot, transaction
from webmap.shell.describing import in_path, says
from webmap.shell.paging import AFTER, page_after
from webmap.shell.session import current_scope, current_work, now

blueprint = Blueprint("scenarios_api", __name__, url_prefix="/api/v1")


@dataclass(frozen=True)
class Branched:
    """A new draft.

    Parameters
    ----------
    unassigned
        Blocks that have no grid in it yet.
    needs_repair
        Whether it has to be repaired before it can be saved or submitted.
    """

    plan_id: int
    unassigned: int
    needs_repair: bool


@dataclass(frozen=True)
class Renamed:
    """A scenario and its name."""

    plan_id: int
    name: str


@dataclass(frozen=True)
class EditionTold:
    """A saved edition: how it came about, by whom, why, and how much changed grid."""

    edition: int
    kind: str
    by: str | None
    at: Moment
    note: str
    blocks: int
    households: int | None


@dataclass(frozen=True)
class LifeStep:
    """A step of a plan's life: who took it, when, and the words given with it.

    Parameters
    ----------
    effective_from
        The day a publication was made for.
    other_plan
        The plan that was branched from, replaced, or came in its place.
    """

    step: str
    by: str
    at: Moment
    note: str
    effective_from: date | None
    other_plan: int | None


@dataclass(frozen=True)
class History:
    """Editions and steps of a plan, newest first."""

    editions: list[EditionTold]
    steps: list[LifeStep]


@dataclass(frozen=True)
class PlanConcerns(ImpactTold):
    """Whom a plan concerns.

    Parameters
    ----------
    changing_worker
        Households whose worker is another person, or nobody, afterwards.
    workers
        What each grid gives away and takes over.
    """

    base_plan: int | None
    changing_worker: int
    workers: tuple[HandOver, ...]


@dataclass(frozen=True)
class PlaceThen(PlaceInGrid):
    """The grid a place was in on a day, and who worked there."""

    worker: str | None = None


@dataclass(frozen=True)
class GridAt:
    """Which grid a place was in on a day, and all it ever was in."""

    on: date
    grid: PlaceThen | None
    history: list[PlaceInGrid]


HouseholdsChangingGridAnswer = Annotated[Response, Media(body=HouseholdsChangingGrid)]
"""Households that change grid, kept by nobody on the way."""


@blueprint.post("/plans/<int:plan_id>/branch")
@allowed("plan.edit")
def branch(plan_id: int) -> Branched:
    """Make a new draft from a plan or one of its editions."""
    body = json_body()
    with transaction() as session:
        made = branching.branch_plan(
            current_work(session),
            plan_id,
            name=text_of(body, "name") or "",
            edition=whole_number(body, "edition"),
            purpose=text_of(body, "purpose") or "",
        )
    return Branched(made.plan_id, made.unassigned, made.needs_repair)


@blueprint.patch("/plans/<int:plan_id>")
@allowed("plan.edit")
def describe(plan_id: int) -> Renamed:
    """Rename a scenario, or say anew what it is for."""
    body = json_body()
    purpose = text_of(body, "purpose")
    if purpose is None and "purpose" in body:
        purpose = ""
    with transaction() as session:
        plan = branching.describe_plan(
            current_work(session),
            plan_id,
            name=text_of(body, "name"),
            purpose=purpose,
        )
        return Renamed(plan_id, plan.name)


@blueprint.post("/plans/<int:plan_id>/revert")
@allowed("plan.edit")
def revert(plan_id: int) -> editions.Saved:
    """Save an earlier edition of a draft again, as its newest."""
    body = json_body()
    edition = whole_number(body, "edition")
    if edition is None:
        raise InvalidInput("edition: expected the number of an earlier edition")
    with transaction() as session:
        return editions.revert_plan(
            current_work(session),
            plan_id,
            edition,
            note=text_of(body, "note") or "",
        )


@blueprint.get("/plans/<int:plan_id>/history")
@allowed("plan.view")
def history(plan_id: int) -> History:
    """Tell the editions and the steps of a plan, newest first."""
    with snapshot() as session:
        found = read_history(session, current_scope(), plan_id)
    return History(
        [EditionTold(**vars(e) | {"at": e.at.isoformat()}) for e in found.editions],
        [LifeStep(**vars(s) | {"at": s.at.isoformat()}) for s in found.steps],
    )


@blueprint.get("/plans/<int:plan_id>/impact")
@allowed("plan.view", "household.view_own_grid")
def show_impact(plan_id: int) -> PlanConcerns | HouseholdsChangingGridAnswer:
    """Tell whom a saved plan concerns; with ``from`` and ``to`` which households change grid."""
    pair = _pair()
    if pair is None and not current_scope().may("plan.view"):
        raise InvalidInput("say between which grids: ?from=CODE&to=CODE")
    with transaction() as session:
        if pair is not None:
            after = page_after(request.args)
            found = read_households_changing_grid(
                current_work(session), plan_id, *pair, after=after
            )
            return _answer(found)
        return _concerns(impact.read_impact(session, current_scope(), plan_id, today=now().date()))


@blueprint.get("/plans/<int:plan_id>/workspace/impact")
@allowed("plan.edit")
def working_impact(plan_id: int) -> HouseholdsChangingGridAnswer:
    """Tell which households one's working copy brings from one grid to another."""
    pair = _pair()
    if pair is None:
        raise InvalidInput("say between which grids: ?from=CODE&to=CODE")
    with transaction() as session:
        return _answer(
            read_working_households_changing_grid(
                current_work(session),
                plan_id,
                *pair,
                after=page_after(request.args),
            )
        )


def _pair() -> tuple[str, str] | None:
    if "from" not in request.args and "to" not in request.args:
        return None
    return request.args.get("from", ""), request.args.get("to", "")


def _answer(found: HouseholdsChangingGrid) -> Response:
    response = json_answer(found)
    response.headers["Cache-Control"] = "no-store"
    return response


def _concerns(found: PlanImpact) -> PlanConcerns:
    return PlanConcerns(
        **found.impact.totals,
        base_plan=found.base_plan,
        changing_worker=found.changing_worker,
        moves=describe_moves(found.impact, found.workers),
        workers=found.hand_overs,
    )


@blueprint.get("/grids/at")
@allowed("plan.view")
def grid_at() -> GridAt:
    """Tell which grid a place was in on a day, and all it ever was in."""
    lon, lat = _degrees("lon"), _degrees("lat")
    on = day_of(request.args, "on") if request.args.get("on") else now().date()
    with snapshot() as session:
        found = list_grids_of_place(session, current_scope(), lon, lat)
        then = next((place for place in found if place.holds_on(on)), None)
        worker = worker_on(session, then.grid_code, on) if then else None
    told = None if then is None else PlaceThen(**vars(then), worker=worker)
    return GridAt(on, told, found)


def _degrees(name: str) -> float:
    try:
        degrees = float(request.args.get(name, ""))
    except ValueError:
        degrees = math.nan
    if not abs(degrees) <= (180 if name == "lon" else 90):
        raise InvalidInput("{name}: expected degrees, such as ?lon=108.52&lat=25.93", name=name)
    return degrees


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
        name="string",
        edition="integer",
        purpose="string",
    ),
    "/api/v1/plans/{plan_id}": says(
        "patch",
        "Rename a scenario or say what it is for",
        _PLAN,
        name="string",
        purpose="string",
    ),
    "/api/v1/plans/{plan_id}/revert": says(
        "post",
        "Save an earlier edition of a draft again",
        _PLAN,
        edition="integer",
        note="string",
    ),
    "/api/v1/plans/{plan_id}/history": says("get", "Its editions and steps, newest first", _PLAN),
    "/api/v1/plans/{plan_id}/impact": says(
        "get",
        "Whom a saved plan concerns; of two grids the households, named where one may",
        _PLAN,
        *_PAIR,
        AFTER,
    ),
    "/api/v1/plans/{plan_id}/workspace/impact": says(
        "get",
        "Households that one's working copy brings from one grid to another",
        _PLAN,
        *_PAIR,
        AFTER,
    ),
    "/api/v1/grids/at": says("get", "Which grid a place was in on a day", *_WHERE, _ON),
}
