"""The description of the JSON interface, put together from what each module says of its routes."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from webmap.shell.access import public
from webmap.shell.blueprints import entrance_modules

blueprint = Blueprint("openapi", __name__, url_prefix="/api/v1")


@blueprint.get("/openapi.json")
@public
def description() -> Response:
    """Give the OpenAPI description."""
    return jsonify(describe())


def describe() -> dict:
    """Put together the ``OPENAPI`` of every module that answers with JSON."""
    paths: dict = {}
    for module in entrance_modules("api"):
        paths |= getattr(module, "OPENAPI", {})
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Community Grid",
            "version": "1",
            "description": "Sign in at /login first; the session cookie carries the rights."
            " Writing needs the header X-CSRFToken with the value of the page's csrf-token.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": dict(sorted(paths.items())),
    }


OPENAPI = {
    "/api/v1/openapi.json": {
        "get": {
            "summary": "This description",
            "responses": {"200": {"description": "OpenAPI 3.1"}},
        }
    }
}
