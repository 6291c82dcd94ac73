"""New blocks in the place of a community's former ones: stored, with all that lay in those.

What lay in them is located again, every plan is told in which of its grids the new blocks lie, and
counts move to the new blocks. Blocks that a plan uses stay, retired, so that past plans keep their
ground; others go.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import geopandas as gpd
from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.actions.ground.blocks import CutGround, Ground
from gis.domain.access import require
from gis.errors import Conflict
from gis.store.area.divisions import Community
from gis.store.counts.recount import count_flows, recount
from gis.store.ground import block_builds, block_lineage
from gis.store.ground.blocks import current_build
from gis.store.ground.seams import settle_blocks
from gis.store.plan import carried_blocks
from gis.store.plan.grid_loads import sum_grids
from gis.store.plan.grid_seams import settle_grids
from gis.store.plan.plan_drafts import lock_community


def store_blocks(work: Work, given: Ground, cut: CutGround) -> dict:
    """Store the blocks of a community; gives the report.

    Kept blocks stay as they are, with all that lies in them. What lay in others is located again,
    and every plan is told in which of its grids the new blocks lie (`carry_over`).

    Raises
    ------
    Conflict
        The blocks were built by somebody else since the ground was read.
    """
    require(work.scope, "import", given.community_id)
    lock_community(work.session, given.community_id)
    current = current_build(work.session, given.community_id)
    if (current.id if current else None) != given.build_id:
        raise Conflict("the blocks were built by somebody else in the meantime; build them again")
    kept = cut.report | {"kept_whole": cut.kept_whole}
    figures = put_blocks(
        work.session, given.community_id, cut.blocks, digest=given.digest, report=kept, now=work.now
    )
    report = cut.report | figures
    settle_blocks(work.session, given.community_id)
    settle_grids(work.session, given.community_id)
    work.audit("block.build", community_id=given.community_id, detail=report)
    return report


def put_blocks(
    session: Session,
    community_id: int,
    blocks: gpd.GeoDataFrame,
    *,
    digest: str,
    report: dict,
    now: datetime,
) -> dict[str, int]:
    """Put blocks in the place of those of a community, as `save_build` of the store takes them.

    Returns
    -------
    dict
        ``blocks_kept, blocks_new, blocks_retired`` and what `carry_over` gives.
    """
    saved = block_builds.save_build(
        session, community_id, blocks, digest=digest, report=report, now=now
    )
    figures = carry_over(session, community_id, new=saved.new, retired=saved.retired, now=now)
    _remove_unused(session, community_id, saved.retired)
    counts = {
        "blocks_kept": saved.n_kept,
        "blocks_new": len(saved.new),
        "blocks_retired": len(saved.retired),
    }
    return counts | figures


def retire_blocks(session: Session, community_id: int, now: datetime) -> None:
    """Take all blocks of a community out of use; what lies in them is in no block then."""
    retired = block_builds.retire_build(session, community_id, now)
    carry_over(session, community_id, new=(), retired=retired, now=now)
    _remove_unused(session, community_id, retired)


def carry_over(
    session: Session,
    community_id: int,
    *,
    new: Sequence[int],
    retired: Sequence[int],
    now: datetime,
) -> dict[str, int]:
    """Bring everything from retired blocks to those in use; the lineage must be stored.

    Returns
    -------
    dict
        ``located_again``: what lay in retired blocks; ``left_to_locate``: households, incidents
        and places of the community whose point lies in no block; ``blocks_without_grid``: new
        blocks on ground that the plan in force does not know.
    """
    count_flows(session, retired)
    moved = block_lineage.locate_again(session, retired)
    carried_blocks.carry_assignments(session, community_id, new)
    communities = sorted({community_id, *moved} - {None})
    recount(session, now=now, blocks=retired, communities=communities)
    for community in communities:
        sum_grids(session, community_id=community)
    return {
        "located_again": sum(moved.values()),
        "left_to_locate": block_lineage.count_unlocated(session, community_id),
        "blocks_without_grid": carried_blocks.count_without_grid(session, new),
    }


def _remove_unused(session: Session, community_id: int, retired: Sequence[int]) -> None:
    unused = set(retired) - carried_blocks.blocks_in_plans(session, retired)
    builds = carried_blocks.builds_in_plans(session, community_id)
    block_builds.remove_unused(session, community_id, unused, builds_in_use=builds)


def settle_community(work: Work, community: Community) -> int:
    """Let the blocks of a community meet those of its neighbours; gives how many shapes changed.

    Blocks built by older releases had corners on a common line that the other side lacked.
    """
    require(work.scope, "import", community.id)
    lock_community(work.session, community.id)
    done = settle_blocks(work.session, community.id)
    grids = settle_grids(work.session, community.id)
    done |= {f"grids_{name}": number for name, number in grids.items()}
    if n_changed := sum(done.values()):
        work.audit("block.settle", community_id=community.id, detail=done)
    return n_changed
