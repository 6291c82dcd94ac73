"""Two plans of a community compared, for programs and as a file."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Annotated

from flask import Blueprint, Response, request

from gis.analysis.overlaps import GridChange
from gis.errors import InvalidInput
from gis.exchange.writers import write_table
from gis.store.plan import plan_drafts
from gis.store.plan.comparison import Fate, GridFigures, compare_whole, comparison_table
from gis.store.plan.plans import get_plan
from webmap.shell.access import allowed
from webmap.shell.answers import Media
from webmap.shell.bodies import whole_number
from webmap.shell.database import snapshot
from webmap.shell.describing import in_path, says
from webmap.shell.session import current_scope, now

blueprint = Blueprint("comparison_api", __name__, url_prefix="/api/v1")

_CSV = "text/csv"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FILES = {"csv": f"{_CSV}; charset=utf-8", "xlsx": _XLSX}


@dataclass(frozen=True)
class GridCompared:
    """A grid under two plans; one side is null when it is new, or was given up.

    Parameters
    ----------
    moved_out, moved_in
        Households that leave it and come to it.
    """

    before: GridFigures | None
    after: GridFigures | None
    moved_out: int
    moved_in: int
    fate: Fate


@dataclass(frozen=True)
class PlansCompared:
    """What differs from one plan to another of a community.

    Parameters
    ----------
    blocks
        Those that lie in another grid.
    households, moving
        All there are, and those in another grid.
    """

    grids: list[GridCompared]
    changes: tuple[GridChange, ...]
    blocks: tuple[int, ...]
    households: int
    moving: int
    share_kept: float | None


@blueprint.get("/plans/<int:plan_id>/comparison")
@allowed("plan.view")
def compare(
    plan_id: int,
) -> PlansCompared | Annotated[Response, Media(_CSV)] | Annotated[Response, Media(_XLSX)]:
    """Compare a plan with plan ``base``, grid by grid; as JSON, CSV or XLSX."""
    base, form = whole_number(request.args, "base"), request.args.get("format", "json")
    if base is None:
        raise InvalidInput("say with which plan to compare: ?base=ID")
    if form not in ("json", *_FILES):
        raise InvalidInput("format: expected json, {files}", files=", ".join(_FILES))
    scope = current_scope()
    with snapshot() as session:
        plan = get_plan(session, scope, plan_id)
        community = plan_drafts.community_of(session, scope, plan.community_id)
        found = compare_whole(
            session, scope, base, plan_id, target=community.target, today=now().date()
        )
    if form == "json":
        return PlansCompared(
            grids=[GridCompared(**vars(grid), fate=grid.fate) for grid in found.grids],
            changes=found.changes,
            blocks=found.blocks,
            households=found.households,
            moving=found.moving,
            share_kept=found.share_kept,
        )
    content = io.BytesIO()
    write_table(content, comparison_table(found), format=form)
    name = f"comparison-{community.code}-{base}-{plan_id}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content.getvalue(), content_type=_FILES[form], headers=headers)


OPENAPI = {
    "/api/v1/plans/{plan_id}/comparison": says(
        "get",
        "Compare with plan `base`, grid by grid; a file with `format` csv or xlsx",
        in_path("plan_id", "integer"),
        {"name": "base", "in": "query", "required": True, "schema": {"type": "integer"}},
        {"name": "format", "in": "query", "required": False, "schema": {"type": "string"}},
    )
}
