"""Drawing drafts from a page: what stands in the way, begin, how far, stop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from flask import Blueprint, url_for
from flask_babel import gettext as _

from gis.actions.plan import draw, drawings
from gis.actions.plan.obstacles import check_request
from gis.domain.job import UNFINISHED
from gis.geometry.partition.obstacles import Obstacle
from gis.store.area.divisions import get_community
from gis.store.jobs.listing import JobRow
from gis.store.plan.drawings import TASK, get_drawing
from gis.store.tables import Job
from webmap.jobs.here import work_here
from webmap.jobs.words.known import TaskWords, describe_task
from webmap.jobs.words.messages import said_of
from webmap.plan.words.obstacles import word_obstacle
from webmap.shell.access import allowed
from webmap.shell.bodies import json_body, text_of, texts_of, whole_number
from webmap.shell.database import transaction
from webmap.shell.describing import in_path, says
from webmap.shell.session import current_scope, current_work, now

blueprint = Blueprint("drawings_api", __name__, url_prefix="/api/v1")


def draft_address(job: JobRow) -> str | None:
    """Give the address of the page that shows the draft a job has made."""
    plan_id = (job.result or {}).get("plan_id")
    if plan_id is None:
        return None
    return url_for("planner.community", code=job.community_code, plan=plan_id)


describe_task(
    TASK,
    TaskWords(
        lambda: _("Drawing a draft"),
        result=draft_address,
    ),
)

NOTES = {"piece"}
"""Obstacles that are told but need no decision: the division bears them anyway."""

State = Literal["running", "done", "failed", "cancelled"]


@dataclass(frozen=True)
class ObstacleTold:
    """Something that stands in the way of a draft, in words.

    Parameters
    ----------
    stops
        Whether nothing can be drawn with it.
    asks
        Whether it needs a decision.
    blocks
        Where it lies, by id.
    """

    rule: str
    text: str
    remedy: str
    stops: bool
    asks: bool
    blocks: list[int]


@dataclass(frozen=True)
class Obstacles:
    """What stands in the way of a draft."""

    obstacles: list[ObstacleTold]


@dataclass(frozen=True)
class DrawingTold:
    """How far a drawing is, and in the end which plan came of it.

    Parameters
    ----------
    state
        One that waits for a worker counts as running.
    fraction
        Done, 0 to 1.
    """

    id: int
    state: State
    fraction: float
    message: str
    seconds: int
    plan_id: int | None


@blueprint.post("/communities/<code>/drafts/check")
@allowed("plan.edit")
def check(code: str) -> Obstacles:
    """Say what stands in the way of a draft, before anything is drawn."""
    options = _options()
    with transaction() as session:
        community = get_community(session, current_scope(), code)
        asked = draw.read_request(session, current_scope(), community, **options)
    return Obstacles([_obstacle(obstacle) for obstacle in check_request(asked)])


def _obstacle(obstacle: Obstacle) -> ObstacleTold:
    text, remedy = word_obstacle(obstacle)
    return ObstacleTold(
        rule=obstacle.rule,
        text=text,
        remedy=remedy,
        stops=obstacle.stops,
        asks=obstacle.rule not in NOTES,
        blocks=[int(block) for block in obstacle.blocks],
    )


@blueprint.post("/communities/<code>/drafts")
@allowed("plan.edit")
def draw_draft(code: str) -> tuple[DrawingTold, Literal[202]]:
    """Begin to draw a new draft plan of a community."""
    options = _options()
    scope = current_scope()
    with transaction() as session:
        community = get_community(session, scope, code)
        draw.read_request(session, scope, community, **options)  # refuses what cannot be drawn
        drawing_id = drawings.begin_drawing(current_work(session), community.id, rules=options)
    work_here(drawing_id)
    return drawing(drawing_id), 202


@blueprint.get("/drawings/<int:drawing_id>")
@allowed("plan.edit")
def drawing(drawing_id: int) -> DrawingTold:
    """Say how far a drawing is, and in the end which plan came of it."""
    with transaction() as session:
        return _told(get_drawing(session, current_scope(), drawing_id))


@blueprint.delete("/drawings/<int:drawing_id>")
@allowed("plan.edit")
def cancel(drawing_id: int) -> DrawingTold:
    """Stop a drawing; nothing of it is stored."""
    with transaction() as session:
        stopped = drawings.cancel_drawing(current_work(session), drawing_id)
        return _told(stopped)


def _told(drawing: Job) -> DrawingTold:
    seconds = (now() - drawing.asked_at).total_seconds()
    state = "running" if drawing.state in UNFINISHED else drawing.state
    return DrawingTold(
        id=drawing.id,
        state=cast("State", state),
        fraction=round(drawing.fraction, 3),
        message=said_of(drawing.message),
        seconds=max(0, round(seconds)),
        plan_id=(drawing.result or {}).get("plan_id"),
    )


def _options() -> dict:
    """Read the rules that a draft is asked for by."""
    body = json_body()
    names = ("minimum", "target", "maximum", "n_grids", "seed")
    options = {name: whole_number(body, name) for name in names}
    return options | {
        "seed": options["seed"] or 0,
        "from_plan": whole_number(body, "from_plan"),
        "fresh": body.get("fresh") is True,
        "locks": texts_of(body, "locks"),
        "favour": text_of(body, "favour"),
    }


_NUMBERS = ("minimum", "target", "maximum", "n_grids", "seed", "from_plan")
_RULES = dict.fromkeys(_NUMBERS, "integer") | {
    "fresh": "boolean",
    "locks": "array",
    "favour": "string",
}
_DRAWING = in_path("drawing_id", "integer")

OPENAPI = {
    "/api/v1/communities/{code}/drafts/check": says(
        "post",
        "What stands in the way of a draft",
        in_path("code"),
        body=_RULES,
    ),
    "/api/v1/communities/{code}/drafts": says(
        "post", "Begin to draw a draft", in_path("code"), body=_RULES
    ),
    "/api/v1/drawings/{drawing_id}": says("get", "How far a drawing is", _DRAWING)
    | says("delete", "Stop a drawing", _DRAWING),
}
