"""Tools that propose moves for a working copy, and cutting through a block."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Response, jsonify

from gis.actions.plan import explaining
from gis.actions.plan.cutting import cut_through
from gis.actions.plan.editing_tools import TOOLS, ToolResult, grid_of, run_tool
from gis.errors import NotFound
from gis.geometry.redraw.faults import Fault
from webmap.plan.api.workspace import moves_of
from webmap.plan.words.workspace_view import describe_fault, describe_figures, describe_rows
from webmap.shell.access import allowed
from webmap.shell.bodies import json_body
from webmap.shell.database import transaction
from webmap.shell.describing import in_path, says
from webmap.shell.session import current_scope, now

blueprint = Blueprint("editing_tools_api", __name__, url_prefix="/api/v1")


@blueprint.post("/plans/<int:plan_id>/workspace/tools/<tool>")
@allowed("plan.edit")
def propose(plan_id: int, tool: str) -> Response:
    """Let a tool propose moves; nothing is stored until they are taken as a step."""
    if tool not in TOOLS:
        raise NotFound(
            "there is no tool “{tool}”; there are {tools}", tool=tool, tools=", ".join(TOOLS)
        )
    with transaction() as session:
        found = run_tool(session, current_scope(), plan_id, tool, json_body(), now=now())
    return jsonify(as_json(found))


def as_json(found: ToolResult) -> dict:
    """Give a proposal as the page takes it."""
    return {
        "kind": found.kind,
        "moves": [[block, number] for block, number in sorted(found.moves.items())],
        "before": describe_figures(found.before),
        "after": describe_figures(found.after),
        "faults": [describe_fault(fault, found.block_ids) for fault in found.faults],
        "notes": {
            "crossed": list(found.crossed),
            "held": list(found.held),
            "left": [describe_fault(fault, found.block_ids) for fault in found.left],
        },
    }


@blueprint.post("/plans/<int:plan_id>/workspace/tools/explain_border")
@allowed("plan.edit")
def explain_border(plan_id: int) -> Response:
    """Tell what speaks for the border between grids ``a`` and ``b``."""
    body = json_body()
    a, b = grid_of(body, "a"), grid_of(body, "b")
    with transaction() as session:
        found = explaining.explain_border(session, current_scope(), plan_id, a, b, now=now())
    return jsonify(
        length_m=round(found.length_m, 1),
        barrier_share=round(found.barrier_share, 4),
        follows=describe_rows(found.follows),
        blocks=describe_rows(found.blocks),
    )


@blueprint.post("/plans/<int:plan_id>/workspace/tools/explain_change")
@allowed("plan.edit")
def explain_change(plan_id: int) -> Response:
    """Tell which rules some moves would break, and what else would have to move."""
    moves = moves_of(json_body())
    with transaction() as session:
        found = explaining.explain_change(session, current_scope(), plan_id, moves, now=now())

    def told(faults: Iterable[Fault]) -> list[dict]:
        return [describe_fault(fault, found.block_ids) for fault in faults]

    return jsonify(
        legal=found.legal,
        broken=told(found.broken),
        mended=told(found.mended),
        further=[[block, number] for block, number in sorted(found.further.items())],
        left=told(found.left),
    )


@blueprint.post("/blocks/<int:block_id>/cut")
@allowed("plan.edit")
def cut(block_id: int) -> Response:
    """Cut a block in use by a line; its children are in its grid in every plan."""
    line = json_body().get("line")
    with transaction() as session:
        done = cut_through(session, current_scope(), block_id, line, now=now())
    return jsonify(
        children=list(done.children),
        located_again=done.located_again,
        left_to_locate=done.left_to_locate,
    )


OPENAPI = {
    "/api/v1/plans/{plan_id}/workspace/tools/{tool}": says(
        "post",
        f"Propose moves for a working copy: {', '.join(TOOLS)}",
        in_path("plan_id", "integer"),
        in_path("tool"),
        answer="kind, moves, before, after, faults, notes",
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
        answer="length_m, barrier_share, follows, blocks",
        a="integer",
        b="integer",
    ),
    "/api/v1/plans/{plan_id}/workspace/tools/explain_change": says(
        "post",
        "Tell which rules moves would break, and what else would have to move",
        in_path("plan_id", "integer"),
        answer="legal, broken, mended, further, left",
        moves="array",
    ),
    "/api/v1/blocks/{block_id}/cut": says(
        "post",
        "Cut a block by a line",
        in_path("block_id", "integer"),
        answer="children, located_again, left_to_locate",
        line="array",
    ),
}
