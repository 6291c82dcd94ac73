"""Pages of exchange: taking over a division from a file, and map sheets to look at and print."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from gis.actions.plan.sheets import take_sheets
from gis.domain.access import require
from gis.store.area.divisions import get_community
from gis.store.ground.blocks import current_build
from gis.store.plan.outlines import opening_bounds
from gis.store.provenance.sources import list_notices
from webmap.maps.layers import UrlGeoJson
from webmap.maps.work import notices_of, work_map
from webmap.plan.pages.planner import named
from webmap.plan.sheets.document import SheetWish, sheets_html
from webmap.shell.access import allowed
from webmap.shell.database import transaction
from webmap.shell.session import current_scope, current_work, now

blueprint = Blueprint("exchange", __name__, url_prefix="/planner")


@blueprint.get("/community/<code>/import")
@allowed("plan.edit")
def import_division(code: str) -> str:
    """Show the page on which an existing division is taken over."""
    scope = current_scope()
    with transaction() as session:
        community = get_community(session, scope, code)
        require(scope, "plan.edit", community.id)
        has_blocks = current_build(session, community.id) is not None
        bounds = opening_bounds(session, scope, community.id)
        sources = list_notices(session)
    outlines = "/api/v1/planning/communities"
    layers = [
        UrlGeoJson("communities", _("Communities"), outlines, style="community",
                   interactive=False, names="community", mask=code)
    ]  # fmt: skip
    shell = work_map(
        layers, bounds=bounds, page="plan/pages/import", data={"community": code}, sources=sources
    )
    return render_template(
        "plan/import.html",
        shell=shell,
        community=community,
        place=code,
        has_blocks=has_blocks,
        named=named,
        notices=notices_of(sources),
    )


@blueprint.get("/plans/<int:plan_id>/sheets")
@allowed("plan.view")
def sheets(plan_id: int) -> str:
    """Show the map sheets of a plan, or of some of its grids, as they are printed."""
    wish = SheetWish(request.args.get("paper", "A4"), tuple(request.args.getlist("grid")))
    with transaction() as session:
        read = take_sheets(current_work(session), plan_id)
        return sheets_html(session, read, wish, today=now().date())
