"""Tools that propose moves for a working copy, and cutting through a block."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from gis.actions.cutting import cut_through
from gis.actions.editing_tools import TOOLS, ToolResult, run_tool
from gis.errors import NotFound
from webmap.access import allowed
from webmap.api.bodies import json_body
from webmap.api.describing import in_path, says
from webmap.database import transaction
from webmap.session import current_scope, now
from webmap.workspace_view import describe_fault, describe_figures

blueprint = Blueprint("editing_tools_api", __name__, url_prefix="/api/v1")


@blueprint.post("/plans/<int:plan_id>/workspace/tools/<tool>")
@allowed("plan.edit")
def propose(plan_id: int, tool: str) -> Response:
    """Let a tool propose moves; nothing is stored until they are taken as a step."""
    if tool not in TOOLS:
        raise NotFound(f"there is no tool “{tool}”; there are {', '.join(TOOLS)}")
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
    "/api/v1/blocks/{block_id}/cut": says(
        "post",
        "Cut a block by a line",
        in_path("block_id", "integer"),
        answer="children, located_again, left_to_locate",
        line="array",
    ),
}
