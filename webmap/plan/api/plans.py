"""The planner's interface: shapes of plans, what changes, and each step of a plan's life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from gis.actions.access.work import Work
from gis.actions.plan import plans, workers
from gis.actions.plan.due import BEGIN_DUE_PLANS
from gis.actions.plan.plan_checks import check_plan
from gis.actions.plan.step_outlook import StepOutlook, read_step_outlook, refuse_if_changed
from gis.analysis.overlaps import GridChange
from gis.errors import InvalidInput
from gis.store.plan.balance import CommunityBalance, list_balances
from gis.store.plan.outlines import community_outlines, standing_grids
from gis.store.plan.plan_borders import border_features
from gis.store.plan.plans import block_features, compare_plans, grid_features
from webmap.jobs.words.known import TaskWords, describe_task
from webmap.plan.words.check_words import CheckTold, as_told
from webmap.shell.access import allowed
from webmap.shell.bodies import day_of, json_body, text_of, whole_number
from webmap.shell.database import snapshot, transaction
from webmap.shell.describing import in_path, says
from webmap.shell.geojson import MEDIA_TYPE, features
from webmap.shell.session import current_scope, current_work, now

blueprint = Blueprint("plans_api", __name__, url_prefix="/api/v1")

describe_task(BEGIN_DUE_PLANS.name, TaskWords(lambda: _("Putting announced plans in force")))


@dataclass(frozen=True)
class CommunityOutline:
    """A community and a point to write its name at."""

    code: str
    name: str
    name_en: str | None
    lon: float
    lat: float


@dataclass(frozen=True)
class StandingGrid:
    """A grid of the plan that stands.

    Parameters
    ----------
    deviation
        Of its households from the target, as a share of it.
    in_band
        Whether they are between minimum and maximum.
    """

    code: str
    households: int
    deviation: float | None
    in_band: bool


@dataclass(frozen=True)
class GridOfPlan:
    """A grid of a plan and a point to write its code at."""

    code: str
    households: int
    people: int
    lon: float
    lat: float


@dataclass(frozen=True)
class BlockOfPlan:
    """A block, and the code of its grid in a plan."""

    code: str
    households: int
    people: int


@dataclass(frozen=True)
class BorderOfPlan:
    """A border between two grids (their codes).

    Parameters
    ----------
    kind
        Barrier that it follows; empty over open ground.
    """

    a: str
    b: str
    kind: str
    length_m: float


@dataclass(frozen=True)
class Balances:
    """How the communities stand under the plan in force, or the newest open one."""

    communities: list[CommunityBalance]


@dataclass(frozen=True)
class PlanChecks:
    """How every rule stands in a plan."""

    checks: list[CheckTold]


@dataclass(frozen=True)
class PlanChanges:
    """What changes grid, and how many households do in all."""

    changes: list[GridChange]
    households: int


@dataclass(frozen=True)
class PlanSubmitted:
    """A plan handed in, and whose unsaved edits have to wait."""

    plan_id: int
    unsaved_by: tuple[str, ...]


@dataclass(frozen=True)
class PlanStepped:
    """A plan that took a step of its life."""

    plan_id: int


@dataclass(frozen=True)
class WorkerSet:
    """The code of a grid whose worker was set."""

    grid: str


def _geojson(text: str) -> Response:
    response = Response(text, mimetype=MEDIA_TYPE)
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.get("/planning/communities")
@allowed("plan.view")
def communities() -> Annotated[Response, features(CommunityOutline)]:
    """Give the outlines of the communities of the area."""
    with snapshot() as session:
        return _geojson(community_outlines(session, current_scope()))


@blueprint.get("/planning/grids")
@allowed("plan.view")
def grids_of_area() -> Annotated[Response, features(StandingGrid)]:
    """Give the grids that stand in the communities of the area."""
    with snapshot() as session:
        return _geojson(standing_grids(session, current_scope()))


@blueprint.get("/planning/balance")
@allowed("plan.view")
def balance() -> Balances:
    """Give the balance table."""
    with snapshot() as session:
        return Balances(list_balances(session, current_scope(), today=now().date()))


@blueprint.get("/plans/<int:plan_id>/grids")
@allowed("plan.view")
def grids(plan_id: int) -> Annotated[Response, features(GridOfPlan)]:
    """Give the grids of a plan."""
    with snapshot() as session:
        return _geojson(grid_features(session, current_scope(), plan_id))


@blueprint.get("/plans/<int:plan_id>/blocks")
@allowed("plan.view")
def blocks(plan_id: int) -> Annotated[Response, features(BlockOfPlan)]:
    """Give the blocks of a plan, each with the code of its grid."""
    with snapshot() as session:
        return _geojson(block_features(session, current_scope(), plan_id))


@blueprint.get("/plans/<int:plan_id>/borders")
@allowed("plan.view")
def borders(
    plan_id: int,
) -> Annotated[Response, features(BorderOfPlan)]:
    """Give the borders between the grids of a plan, by what they follow."""
    with snapshot() as session:
        return _geojson(border_features(session, current_scope(), plan_id))


@blueprint.get("/plans/<int:plan_id>/checks")
@allowed("plan.view")
def checks(plan_id: int) -> PlanChecks:
    """Give how every rule stands in a plan, and where to look."""
    with snapshot() as session:
        found = check_plan(session, current_scope(), plan_id, today=now().date())
    return PlanChecks([as_told(check) for check in found])


@blueprint.get("/plans/<int:plan_id>/changes")
@allowed("plan.view")
def changes(plan_id: int) -> PlanChanges:
    """Give what changes grid from plan ``base`` to this one."""
    base = whole_number(request.args, "base")
    if base is None:
        raise InvalidInput("say with which plan to compare: ?base=ID")
    with snapshot() as session:
        found = compare_plans(session, current_scope(), plan_id, base)
    return PlanChanges(found, sum(c.households for c in found))


@blueprint.get("/plans/<int:plan_id>/steps/<step>")
@allowed("plan.edit", "plan.approve", "plan.publish")
def step_outlook(plan_id: int, step: str) -> StepOutlook:
    """Tell what a step of a plan will do, before it is taken."""
    with snapshot() as session:
        return read_step_outlook(current_work(session), plan_id, step)


@blueprint.post("/plans/<int:plan_id>/submit")
@allowed("plan.edit")
def submit(plan_id: int) -> PlanSubmitted:
    """Hand a draft in for approval; tells whose unsaved edits have to wait."""
    with transaction() as session:
        work = current_work(session)
        _refuse_if_changed(work, plan_id, "submit")
        done = plans.submit_plan(work, plan_id, note=_note())
    return PlanSubmitted(plan_id, done.unsaved_by)


@blueprint.post("/plans/<int:plan_id>/approve")
@allowed("plan.approve")
def approve(plan_id: int) -> PlanStepped:
    """Approve a plan that somebody else submitted."""
    return _step("approve", plans.approve_plan, plan_id, note=_note())


@blueprint.post("/plans/<int:plan_id>/return")
@allowed("plan.approve")
def give_back(plan_id: int) -> PlanStepped:
    """Return a plan to its drawer with remarks."""
    remarks = str(json_body().get("remarks") or "").strip()
    if not remarks:
        raise InvalidInput("say in the remarks what should change")
    return _step("return", plans.return_plan, plan_id, remarks=remarks)


@blueprint.post("/plans/<int:plan_id>/publish")
@allowed("plan.publish")
def publish(plan_id: int) -> PlanStepped:
    """Put an approved plan in force from a date on, which may be one to come."""
    day = day_of(json_body(), "effective_from")
    return _step("publish", plans.publish_plan, plan_id, effective_from=day, note=_note())


@blueprint.post("/plans/<int:plan_id>/withdraw")
@allowed("plan.publish")
def withdraw(plan_id: int) -> PlanStepped:
    """Take back the publication of a plan whose day has not come."""
    return _step("withdraw", plans.withdraw_plan, plan_id, note=_note())


@blueprint.post("/plans/<int:plan_id>/retire")
@allowed("plan.edit")
def retire(plan_id: int) -> PlanStepped:
    """Put an unpublished plan away."""
    return _step("retire", plans.retire_plan, plan_id, note=_note())


def _note() -> str:
    return text_of(json_body(), "note") or ""


@blueprint.put("/grids/<code>/worker")
@allowed("worker.assign")
def assign(code: str) -> WorkerSet:
    """Make somebody the worker of a grid from a date on; nobody when ``user_id`` is null."""
    body = json_body()
    day = day_of(body, "from")
    user_id = whole_number(body, "user_id")
    with transaction() as session:
        if user_id is None:
            workers.end_assignment(current_work(session), code, valid_to=day)
        else:
            workers.assign_worker(current_work(session), code, user_id, valid_from=day)
    return WorkerSet(code)


def _refuse_if_changed(work: Work, plan_id: int, step: str) -> None:
    """Hold a step to what was told of it, where the body says what that was."""
    seen = text_of(json_body(), "seen")
    if seen is not None:
        refuse_if_changed(work, plan_id, step, seen)


def _step(step: str, action: Callable, plan_id: int, **more: object) -> PlanStepped:
    with transaction() as session:
        work = current_work(session)
        _refuse_if_changed(work, plan_id, step)
        action(work, plan_id, **more)
    return PlanStepped(plan_id)


_PLAN = in_path("plan_id", "integer")
_CHANGED = {409: "The plan is in another state, or no longer what `seen` was told of"}

OPENAPI = {
    "/api/v1/planning/communities": says("get", "Communities of the area"),
    "/api/v1/planning/grids": says("get", "Grids that stand in the area"),
    "/api/v1/planning/balance": says("get", "How the communities stand"),
    "/api/v1/plans/{plan_id}/grids": says("get", "Grids of a plan", _PLAN),
    "/api/v1/plans/{plan_id}/blocks": says("get", "Blocks of a plan", _PLAN),
    "/api/v1/plans/{plan_id}/borders": says(
        "get", "Borders between its grids, by kind of barrier", _PLAN
    ),
    "/api/v1/plans/{plan_id}/checks": says(
        "get",
        "How every rule stands in a plan",
        _PLAN,
    ),
    "/api/v1/plans/{plan_id}/changes": says(
        "get",
        "What changes grid against plan `base`",
        _PLAN,
        {"name": "base", "in": "query", "required": True, "schema": {"type": "integer"}},
    ),
    "/api/v1/plans/{plan_id}/steps/{step}": says(
        "get", "What a step will do, and a word to send with it as `seen`", _PLAN, in_path("step")
    ),
    "/api/v1/plans/{plan_id}/submit": says(
        "post", "Hand in for approval", _PLAN, refused=_CHANGED, note="string", seen="string"
    ),
    "/api/v1/plans/{plan_id}/approve": says(
        "post", "Approve", _PLAN, refused=_CHANGED, note="string", seen="string"
    ),
    "/api/v1/plans/{plan_id}/return": says(
        "post", "Return with remarks", _PLAN, refused=_CHANGED, remarks="string", seen="string"
    ),
    "/api/v1/plans/{plan_id}/publish": says(
        "post",
        "Put in force from a date, which may be one to come",
        _PLAN,
        refused=_CHANGED,
        effective_from="string",
        note="string",
        seen="string",
    ),
    "/api/v1/plans/{plan_id}/withdraw": says(
        "post",
        "Take back a publication for a day to come",
        _PLAN,
        refused=_CHANGED,
        note="string",
        seen="string",
    ),
    "/api/v1/plans/{plan_id}/retire": says(
        "post", "Put away unpublished", _PLAN, refused=_CHANGED, note="string", seen="string"
    ),
    "/api/v1/grids/{code}/worker": says(
        "put",
        "Assign a worker from a date, or nobody",
        in_path("code"),
        user_id="integer",
        body={"from": "string"},
    ),
}
