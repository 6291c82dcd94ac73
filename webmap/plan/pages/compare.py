"""Two plans of a community side by side: two maps that move together, and what differs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from gis.analysis.balance import measure_balance
from gis.database.engine import Session
from gis.domain.access import Scope
from gis.errors import InvalidInput
from gis.store.area.divisions import Community
from gis.store.plan import plan_drafts
from gis.store.plan.comparison import Comparison, compare_whole
from gis.store.plan.outlines import opening_bounds
from gis.store.plan.plans import get_plan, list_grids, list_plans
from gis.store.provenance.sources import Source, list_notices
from webmap.maps.layers import UrlGeoJson
from webmap.maps.shell import Bounds, MapShell
from webmap.maps.work import notices_of, work_map
from webmap.plan.pages.planner import named, signed, state_name
from webmap.shell.access import allowed
from webmap.shell.bodies import whole_number
from webmap.shell.database import snapshot
from webmap.shell.session import current_scope, now

blueprint = Blueprint("compare", __name__, url_prefix="/planner")


@blueprint.get("/compare")
@allowed("plan.view")
def compare() -> str:
    """Show plan ``a`` beside plan ``b``: their maps, figures, and every grid that differs."""
    a, b = whole_number(request.args, "a"), whole_number(request.args, "b")
    if a is None or b is None:
        raise InvalidInput("say which plans to compare: ?a=ID&b=ID")
    scope, today = current_scope(), now().date()
    with snapshot() as session:
        base = get_plan(session, scope, a)
        community = plan_drafts.community_of(session, scope, base.community_id)
        found = compare_whole(session, scope, a, b, target=community.target, today=today)
        plans = list_plans(session, scope, community.id)
        sides = [next(p for p in plans if p.id == plan_id) for plan_id in (a, b)]
        balances = [_balance(session, scope, community, plan_id) for plan_id in (a, b)]
        bounds = opening_bounds(session, scope, community.id)
        sources = list_notices(session)
    shells = [_shell(i, sides[i], community.code, found, bounds, sources) for i in (0, 1)]
    return render_template(
        "plan/compare.html",
        shell=shells[0],
        other=shells[1],
        community=community,
        place=community.code,
        plans=plans,
        sides=sides,
        balances=balances,
        found=found,
        named=named,
        signed=signed,
        state_name=state_name,
        notices=notices_of(sources),
    )


def _balance(session: Session, scope: Scope, community: Community, plan_id: int) -> object:
    grids = list_grids(session, scope, plan_id, today=now().date())
    band = {n: getattr(community, n) for n in ("minimum", "target", "maximum")}
    return measure_balance([g for g in grids if g.kind == "basic"], **band)


def _shell(
    side: int, plan: Any, code: str, found: Comparison, bounds: Bounds | None, sources: list[Source]
) -> MapShell:
    at = f"/api/v1/plans/{plan.id}"
    layers = [
        UrlGeoJson("blocks", _("Blocks in another grid"), f"{at}/blocks", style="block",
                   group="work", interactive=False),
        UrlGeoJson("grids", _("Grids"), f"{at}/grids", style="grid", group="work",
                   names="grid"),
        UrlGeoJson("communities", _("Communities"), "/api/v1/planning/communities",
                   style="community", interactive=False, names="community",
                   mask=code),
    ]  # fmt: skip
    data = {
        "side": side,
        "name": plan.name,
        "state": state_name(plan.shown_state),
        "differs": found.blocks,
    }
    names = ("main", "after")
    return work_map(
        layers,
        bounds=bounds,
        page="plan/pages/compare",
        data=data,
        sources=sources,
        name=names[side],
    )
