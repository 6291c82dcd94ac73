"""The description of the JSON interface, put together from what each module says of its routes."""

from __future__ import annotations

import importlib
import pkgutil

from flask import Blueprint, Response, jsonify

from webmap import api
from webmap.access import public

blueprint = Blueprint("openapi", __name__, url_prefix="/api/v1")


@blueprint.get("/openapi.json")
@public
def description() -> Response:
    """Give the OpenAPI description."""
    return jsonify(describe())


def describe() -> dict:
    """Put together the ``OPENAPI`` of every module of `webmap.api`."""
    paths: dict = {}
    for module in pkgutil.iter_modules(api.__path__, f"{api.__name__}."):
        paths |= getattr(importlib.import_module(module.name), "OPENAPI", {})
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
