"""Cutting through a block by a line: the ground changes, every plan and every edit goes on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import shapely
from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.actions.plan.editing_tools import points_of
from gis.actions.plan.renewed_blocks import carry_over
from gis.domain.access import require
from gis.domain.editing import cut_in_locks, cut_in_step
from gis.errors import Conflict, NotFound
from gis.geometry.redraw.cut import cut_block
from gis.store.counts.counted_blocks import blocks_of
from gis.store.ground import blocks as ground
from gis.store.ground.block_cuts import save_cut
from gis.store.ground.seams import settle_blocks
from gis.store.plan import plan_drafts, workspaces
from gis.store.plan.plans import plans_of


@dataclass(frozen=True)
class Cut:
    """What cutting a block did: its children, the largest first, and what was located again."""

    children: tuple[int, ...]
    located_again: int
    left_to_locate: int


def cut_through(
    work: Work,
    block_id: int,
    line: object,
) -> Cut:
    """Cut a block in use by a line; its children are in its grid in every plan.

    Only what lies in the block is located again. Working copies and editions that moved the block
    go on with its children. Neighbours, of other communities too, get the corners on their edge.

    Parameters
    ----------
    line
        Points of lon and lat, as `points_of` reads them, from edge to edge of the block or further.

    Raises
    ------
    NotFound, NotAllowed
        No such block in the area; no right to edit plans there.
    Conflict
        The block is no longer in use.
    InvalidInput
        The line does not part the block, or runs through a building: which.
    """
    block = ground.find_block(work.session, block_id)
    if block is None or not work.scope.covers(block.community_id):
        raise NotFound("there is no such block in your area")
    require(work.scope, "plan.edit", block.community_id)
    plan_drafts.lock_community(work.session, block.community_id)
    block = ground.find_block(work.session, block_id, anew=True)
    if block is None or block.retired_at is not None:
        raise Conflict("this block was cut or built anew meanwhile; load the page again")
    blocks = blocks_of(work.session, block.community_id)
    row = blocks.index[blocks["block_id"] == block_id][0]
    found = cut_block(
        blocks,
        int(row),
        shapely.LineString(points_of(line)),
        buildings=ground.buildings_of(work.session, block.community_id),
    )
    neighbours = {int(blocks["block_id"][r]): shape for r, shape in found.neighbours.items()}
    children = save_cut(
        work.session, block, found.children, found.area_m2, neighbours, now=work.now
    )
    told = carry_over(
        work.session, block.community_id, new=children, retired=[block_id], now=work.now
    )
    work.session.expire_all()
    settle_blocks(work.session, block.community_id)
    _rewrite_edits(work.session, block.community_id, block_id, children)
    work.audit(
        "block.cut",
        object_kind="block",
        object_id=block_id,
        community_id=block.community_id,
        detail={"children": children, **told},
    )
    return Cut(tuple(children), told["located_again"], told["left_to_locate"])


def _rewrite_edits(
    session: Session, community_id: int, block_id: int, children: Collection[int]
) -> None:
    """Let working copies, their steps and the editions speak of the children."""
    plans = plans_of(session, community_id)
    for plan in plans:
        plan.locks = sorted(cut_in_locks(plan.locks, block_id, children))
    for space in workspaces.workspaces_of(session, [plan.id for plan in plans]):
        space.locks = sorted(cut_in_locks(space.locks, block_id, children))
        changes = dict(space.changes)
        if (number := changes.pop(str(block_id), None)) is not None:
            changes |= {str(child): number for child in children}
        space.changes = changes
        for row in workspaces.list_steps(session, space.id):
            step = cut_in_step(workspaces.read_step(row), block_id, children)
            for name, value in workspaces.written(step).items():
                setattr(row, name, value)
    for edition in workspaces.editions_of(session, [plan.id for plan in plans]):
        if any(move[0] == block_id for move in edition.moves):
            edition.moves = [
                [b, *move[1:]]
                for move in edition.moves
                for b in (children if move[0] == block_id else [move[0]])
            ]
    session.flush()
