"""Building blocks as a job: community by community, each in a transaction of its own."""

from __future__ import annotations

from gis.actions.access.work import Work
from gis.actions.ground.blocks import cut_ground, read_ground
from gis.actions.ground.membership import settle_ground
from gis.actions.jobs.asking import ask_job
from gis.actions.jobs.tasks import Task
from gis.actions.jobs.work import JobWork
from gis.actions.location.geocode import locate_accepted, locate_register
from gis.actions.plan.renewed_blocks import settle_community, store_blocks
from gis.domain.access import require
from gis.errors import Conflict, Message
from gis.store.area import divisions
from gis.store.area.divisions import Community
from gis.store.ground.built_communities import list_built

TASK = "blocks"


def begin_building(work: Work) -> int:
    """Ask for the blocks of all communities whose ground has changed; gives the id of the job.

    Raises
    ------
    NotAllowed
        The person may not import.
    Conflict
        There is no community with an outline yet, or blocks are being built already.
    """
    require(work.scope, "import")
    if not _with_outline(work):
        raise Conflict("there are no communities with outlines yet; import them first")
    return ask_job(
        work,
        TASK,
        exclusive_key=TASK,
        taken="blocks are being built already; wait for it, or cancel it",
    )


def _with_outline(work: Work) -> list[Community]:
    drawn = {c.code for c in list_built(work.session, work.scope) if c.has_outline}
    return [c for c in divisions.communities(work.session, work.scope) if c.code in drawn]


def build(job: JobWork) -> None:
    """Build what was asked for; communities that were done stay done when it is cancelled.

    The result says how many communities were built and are up to date, how many blocks are new,
    and how many accepted records lie in no block.
    """
    with job.transaction() as session:
        work = job.within(session)
        require(work.scope, "import")
        settle_ground(session, work.scope)
        communities = _with_outline(work)
    n_built = n_new = 0
    for done, community in enumerate(communities):
        new = _build_one(job, community)
        n_built += new is not None
        n_new += new or 0
        said = Message("{n:,} of {total:,} communities", n=done + 1, total=len(communities))
        job.tell((done + 1) / (len(communities) + 1), said)
    with job.transaction() as session:
        work = job.within(session)
        locate_register(session, work.scope)
        waiting = locate_accepted(work)
        job.finish(
            session,
            {
                "communities": n_built,
                "up_to_date": len(communities) - n_built,
                "blocks_new": n_new,
                "in_no_block": waiting,
            },
        )


def _build_one(job: JobWork, community: Community) -> int | None:
    """Build a community; gives the number of new blocks, None where nothing has changed."""
    with job.transaction() as session:
        ground = read_ground(session, job.scope(session), community)
    if ground is None:
        with job.transaction() as session:
            settle_community(job.within(session), community)
        return None
    cut = job.compute(cut_ground, ground)
    with job.transaction() as session:
        return store_blocks(job.within(session), ground, cut)["blocks_new"]


BUILD = Task(TASK, build)
