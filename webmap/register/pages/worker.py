"""The grid worker's page, made for a phone: my grid, my households as list and map."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_babel import gettext as _

from gis.store.provenance.sources import list_notices
from gis.store.register.households import grids_of_worker
from webmap.maps.layers import UrlGeoJson
from webmap.maps.work import notices_of, work_map
from webmap.shell.access import allowed
from webmap.shell.database import transaction
from webmap.shell.session import current_scope

blueprint = Blueprint("worker", __name__, url_prefix="/worker")


@blueprint.get("/")
@allowed("household.view_own_grid")
def index() -> str:
    """Show the frame of the page; households come by the authorised interface."""
    with transaction() as session:
        grids = grids_of_worker(session, current_scope())
        sources = list_notices(session)
    if not grids:
        return render_template("register/no_grid.html")
    bounds = (
        min(g.west for g in grids),
        min(g.south for g in grids),
        max(g.east for g in grids),
        max(g.north for g in grids),
    )
    at = "/api/v1/maps/shapes"
    layers = [
        UrlGeoJson("grids", _("Grids"), f"{at}/grid", style="grid", interactive=False,
                   names="grid"),
        UrlGeoJson("communities", _("Communities"), f"{at}/community", style="community",
                   interactive=False, names="community"),
        UrlGeoJson("own", _("My grid"), "/api/v1/households/own-grids", style="own",
                   interactive=False, mask=True),
    ]  # fmt: skip
    shell = work_map(layers, bounds=bounds, page="register/pages/worker", data={}, sources=sources)
    return render_template(
        "register/index.html", shell=shell, grids=grids, notices=notices_of(sources)
    )
