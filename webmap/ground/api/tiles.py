"""Vector tiles: ``/tiles/{layer}/{z}/{x}/{y}.mvt``."""

from __future__ import annotations

from flask import Blueprint, Response

from gis.store.ground.tiles import check_tile, context_tile, ground_version
from webmap.shell.access import signed_in
from webmap.shell.caching import tagged, unchanged
from webmap.shell.database import transaction

blueprint = Blueprint("tiles", __name__, url_prefix="/tiles")

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"


@blueprint.get("/<layer>/<int:z>/<int:x>/<int:y>.mvt")
@signed_in
def tile(layer: str, z: int, x: int, y: int) -> Response:
    """Give one tile of the ground; 204 where it is empty."""
    check_tile(layer, z, x, y)
    with transaction() as session:
        parts = (layer, ground_version(session), f"{z}/{x}/{y}")
        if kept := unchanged(*parts):
            return kept
        content = context_tile(session, z, x, y)
    response = Response(content, mimetype=MEDIA_TYPE) if content else Response(status=204)
    return tagged(response, *parts)
