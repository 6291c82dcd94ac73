"""Vector tiles of house numbers: ``/tiles/doors/{z}/{x}/{y}.mvt``."""

from __future__ import annotations

from flask import Blueprint, Response

from gis.store.ground.tiles import check_tile, ground_version
from gis.store.location.door_tiles import door_tile
from webmap.shell.access import signed_in
from webmap.shell.caching import scope_token, tagged, unchanged
from webmap.shell.database import transaction
from webmap.shell.session import current_scope

blueprint = Blueprint("door_tiles", __name__, url_prefix="/tiles")

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"


@blueprint.get("/doors/<int:z>/<int:x>/<int:y>.mvt")
@signed_in
def doors(z: int, x: int, y: int) -> Response:
    """Give one tile of house numbers; 204 where there are none."""
    check_tile("doors", z, x, y)
    scope = current_scope()
    with transaction() as session:
        parts = ("doors", ground_version(session), scope_token(scope), f"{z}/{x}/{y}")
        if kept := unchanged(*parts):
            return kept
        content = door_tile(session, scope, z, x, y)
    response = Response(content, mimetype=MEDIA_TYPE) if content else Response(status=204)
    return tagged(response, *parts)
