"""A draft drawn as a job: asked for, drawn in a process of its own, given up or stored."""

from __future__ import annotations

from collections.abc import Mapping

from gis.actions.access.work import Work
from gis.actions.jobs.asking import ask_job
from gis.actions.jobs.tasks import Task
from gis.actions.jobs.work import JobWork
from gis.actions.plan.draw import divide, read_request, store_draft
from gis.domain.access import require
from gis.domain.job import UNFINISHED
from gis.store.jobs.queue import wish_cancelled
from gis.store.plan import plan_drafts
from gis.store.plan.drawings import TASK, drawing_key, get_drawing
from gis.store.tables import Job


def begin_drawing(
    work: Work,
    community_id: int,
    *,
    rules: Mapping[str, object] | None = None,
) -> int:
    """Ask for a drawing of a community; gives its id.

    Parameters
    ----------
    rules
        As `gis.actions.plan.division_request.read_request` takes them; plain values.

    Raises
    ------
    Conflict
        One is under way already.
    """
    require(work.scope, "plan.edit", community_id)
    drawing_id = ask_job(
        work,
        TASK,
        arguments=dict(rules or {}),
        community_id=community_id,
        exclusive_key=drawing_key(community_id),
        taken="a draft of this community is being drawn already; wait for it, or cancel it",
    )
    work.audit(
        "drawing.begin",
        object_kind="drawing",
        object_id=drawing_id,
        community_id=community_id,
    )
    return drawing_id


def draw(work: JobWork) -> None:
    """Draw the draft that was asked for, on the ground and with the rights of now."""
    with work.transaction() as session:
        scope = work.scope(session)
        community = plan_drafts.community_of(session, scope, work.job.community_id)
        request = read_request(session, scope, community, **work.arguments)
    division = work.compute(divide, request, work.tell)
    with work.transaction() as session:
        now = work.now()
        plan_id = store_draft(
            Work(session, work.scope(session), now),
            community,
            request,
            division,
            name=f"{now:%Y-%m-%d %H:%M}",
        )
        work.finish(session, {"plan_id": plan_id})


DRAW = Task(TASK, draw)


def cancel_drawing(work: Work, drawing_id: int) -> Job:
    """Wish that a drawing stops; nothing of it is stored then."""
    drawing = get_drawing(work.session, work.scope, drawing_id)
    require(work.scope, "plan.edit", drawing.community_id)
    if drawing.state not in UNFINISHED or drawing.cancel_wished:
        return drawing
    if wish_cancelled(work.session, drawing.id, now=work.now):
        work.audit(
            "drawing.cancel",
            object_kind="drawing",
            object_id=drawing.id,
            community_id=drawing.community_id,
        )
    return drawing
