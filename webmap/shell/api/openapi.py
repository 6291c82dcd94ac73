"""The description of the JSON interface, put together from what each module says of its routes."""

from __future__ import annotations

from typing import Annotated

from flask import Blueprint, Flask, Response, current_app

from webmap.shell.access import public
from webmap.shell.answers import JSON, Media, to_json
from webmap.shell.blueprints import entrance_modules
from webmap.shell.describing import describe_answers, interface_views, says

blueprint = Blueprint("openapi", __name__, url_prefix="/api/v1")


@blueprint.get("/openapi.json")
@public
def description() -> Annotated[Response, Media(body=dict)]:
    """Give the OpenAPI description."""
    kept = current_app.extensions
    if "description" not in kept:
        kept["description"] = to_json(describe(current_app))
    return Response(kept["description"], mimetype=JSON)


def describe(app: Flask) -> dict:
    """Put together what each module says of its routes, and what they answer."""
    told: dict[str, dict] = {}
    for module in entrance_modules("api"):
        told |= getattr(module, "OPENAPI", {})
    paths, schemas = describe_answers(told, interface_views(app))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Community Grid",
            "version": "1",
            "description": "Sign in at /login first; the session cookie carries the rights."
            " Writing needs the header X-CSRFToken with the value of the page's csrf-token.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {"schemas": schemas},
    }


OPENAPI = {"/api/v1/openapi.json": says("get", "This description, as OpenAPI 3.1")}
