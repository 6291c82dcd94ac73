"""The page on which a planner redraws the grids of a draft on the map."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_babel import gettext as _

from gis.actions.plan.workspace import why_not_editable
from gis.store.area.divisions import Community
from gis.store.plan import plan_drafts
from gis.store.plan.outlines import opening_bounds
from gis.store.plan.plans import get_plan
from gis.store.provenance.sources import list_notices
from gis.store.tables import Plan
from webmap.maps.layers import UrlGeoJson
from webmap.maps.work import notices_of, work_map
from webmap.plan.pages.planner import named, state_name
from webmap.plan.words.findings import kind_names
from webmap.shell.access import allowed
from webmap.shell.database import transaction
from webmap.shell.session import current_scope

blueprint = Blueprint("redraw", __name__, url_prefix="/planner/plan")


@blueprint.get("/<int:plan_id>/redraw")
@allowed("plan.edit")
def edit(plan_id: int) -> str:
    """Show the map of a draft with the tools that redraw it; the script loads the working copy."""
    scope = current_scope()
    with transaction() as session:
        plan = get_plan(session, scope, plan_id)
        community = plan_drafts.community_of(session, scope, plan.community_id)
        why_not = why_not_editable(session, plan)
        bounds = opening_bounds(session, scope, community.id)
        sources = list_notices(session)
    layers = [
        UrlGeoJson(
            "communities",
            _("Communities"),
            "/api/v1/planning/communities",
            style="community",
            interactive=False,
            names="community",
            mask=community.code,
        )
    ]
    shell = work_map(
        layers,
        bounds=bounds,
        page="plan/pages/redraw",
        data=_data(plan, community) | {"editable": why_not is None, "user": scope.user_id},
        sources=sources,
    )
    return render_template(
        "plan/redraw.html",
        shell=shell,
        plan=plan,
        community=community,
        place=community.code,
        why_not=why_not,
        named=named,
        state_name=state_name,
        notices=notices_of(sources),
    )


def _data(plan: Plan, community: Community) -> dict:
    return {"plan": plan.id, "community": community.code, "kinds": kind_names()}
