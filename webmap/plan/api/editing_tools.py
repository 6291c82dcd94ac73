"""Tools that propose moves for a working copy, and cutting through a block."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint

from gis.actions.plan import explaining
from gis.actions.plan.cutting import Cut, cut_through
from gis.actions.plan.editing_tools import TOOLS, ToolResult, grid_of, run_tool
from gis.errors import NotFound
from webmap.plan.api.workspace import moves_of
from webmap.plan.words.workspace_view import (
    FaultTold,
    GridMeasured,
    describe_faults,
    describe_figures,
    describe_rows,
)
from webmap.shell.access import allowed
from webmap.shell.bodies import json_body
from webmap.shell.database import transaction
from webmap.shell.describing import in_path, says
from webmap.shell.session import current_work

blueprint = Blueprint("editing_tools_api", __name__, url_prefix="/api/v1")


@dataclass(frozen=True)
class ProposalNotes:
    """What to know of a proposal.

    Parameters
    ----------
    crossed
        Blocks a line runs through.
    held
        Blocks a lock keeps.
    left
        What could not be mended.
    """

    crossed: list[int]
    held: list[int]
    left: list[FaultTold]


@dataclass(frozen=True)
class Proposal:
    """Moves that a tool proposes: block and grid number, and the grids concerned."""

    kind: str
    moves: list[tuple[int, int]]
    before: list[GridMeasured]
    after: list[GridMeasured]
    faults: list[FaultTold]
    notes: ProposalNotes


@dataclass(frozen=True)
class Followed:
    """A kind of barrier that part of a border follows; empty over open ground."""

    kind: str
    length_m: float
    share: float | None


@dataclass(frozen=True)
class BlockBeside:
    """A block beside a border, and what moving it alone across would do.

    Parameters
    ----------
    was, now
        Its grid, and the other one.
    off_band
        Change of what lies outside the band.
    border_m, cost
        Change of the length, and of the objective in borders of a usual grid.
    tears
        Whether its grid falls apart.
    """

    row: int
    block_id: int
    was: str
    now: str
    off_band: float | None
    border_m: float
    cost: float | None
    tears: bool
    reason: str
    households: int


@dataclass(frozen=True)
class BorderExplained:
    """What speaks for a border between two grids.

    Parameters
    ----------
    barrier_share
        Of its length, along any barrier.
    """

    length_m: float
    barrier_share: float
    follows: list[Followed]
    blocks: list[BlockBeside]


@dataclass(frozen=True)
class ChangeExplained:
    """What some moves do to the rules.

    Parameters
    ----------
    further
        The smallest further moves found that would make it legal: block and grid number.
    left
        What would still stop it.
    """

    legal: bool
    broken: list[FaultTold]
    mended: list[FaultTold]
    further: list[tuple[int, int]]
    left: list[FaultTold]


@blueprint.post("/plans/<int:plan_id>/workspace/tools/<tool>")
@allowed("plan.edit")
def propose(plan_id: int, tool: str) -> Proposal:
    """Let a tool propose moves; nothing is stored until they are taken as a step."""
    if tool not in TOOLS:
        raise NotFound(
            "there is no tool “{tool}”; there are {tools}", tool=tool, tools=", ".join(TOOLS)
        )
    with transaction() as session:
        found = run_tool(current_work(session), plan_id, tool, json_body())
    return _proposal(found)


def _proposal(found: ToolResult) -> Proposal:
    return Proposal(
        kind=found.kind,
        moves=sorted(found.moves.items()),
        before=describe_figures(found.before),
        after=describe_figures(found.after),
        faults=describe_faults(found.faults, found.block_ids),
        notes=ProposalNotes(
            crossed=list(found.crossed),
            held=list(found.held),
            left=describe_faults(found.left, found.block_ids),
        ),
    )


@blueprint.post("/plans/<int:plan_id>/workspace/tools/explain_border")
@allowed("plan.edit")
def explain_border(plan_id: int) -> BorderExplained:
    """Tell what speaks for the border between grids ``a`` and ``b``."""
    body = json_body()
    a, b = grid_of(body, "a"), grid_of(body, "b")
    with transaction() as session:
        found = explaining.explain_border(current_work(session), plan_id, a, b)
    return BorderExplained(
        length_m=round(found.length_m, 1),
        barrier_share=round(found.barrier_share, 4),
        follows=[Followed(**row) for row in describe_rows(found.follows)],
        blocks=[BlockBeside(**row) for row in describe_rows(found.blocks)],
    )


@blueprint.post("/plans/<int:plan_id>/workspace/tools/explain_change")
@allowed("plan.edit")
def explain_change(plan_id: int) -> ChangeExplained:
    """Tell which rules some moves would break, and what else would have to move."""
    moves = moves_of(json_body())
    with transaction() as session:
        found = explaining.explain_change(current_work(session), plan_id, moves)
    return ChangeExplained(
        legal=found.legal,
        broken=describe_faults(found.broken, found.block_ids),
        mended=describe_faults(found.mended, found.block_ids),
        further=sorted(found.further.items()),
        left=describe_faults(found.left, found.block_ids),
    )


@blueprint.post("/blocks/<int:block_id>/cut")
@allowed("plan.edit")
def cut(block_id: int) -> Cut:
    """Cut a block in use by a line; its children are in its grid in every plan."""
    line = json_body().get("line")
    with transaction() as session:
        return cut_through(current_work(session), block_id, line)


OPENAPI = {
    "/api/v1/plans/{plan_id}/workspace/tools/{tool}": says(
        "post",
        f"Propose moves for a working copy: {', '.join(TOOLS)}",
        in_path("plan_id", "integer"),
        in_path("tool"),
        grid="integer",
        grids="array",
        into="integer",
        a="integer",
        b="integer",
        line="array",
        around="array",
        favour="string",
        fresh="boolean",
    ),
    "/api/v1/plans/{plan_id}/workspace/tools/explain_border": says(
        "post",
        "Tell what speaks for the border between two grids",
        in_path("plan_id", "integer"),
        a="integer",
        b="integer",
    ),
    "/api/v1/plans/{plan_id}/workspace/tools/explain_change": says(
        "post",
        "Tell which rules moves would break, and what else would have to move",
        in_path("plan_id", "integer"),
        moves="array",
    ),
    "/api/v1/blocks/{block_id}/cut": says(
        "post",
        "Cut a block by a line",
        in_path("block_id", "integer"),
        line="array",
    ),
}
