"""Find every page and interface module and register its ``blueprint``."""

from __future__ import annotations

import importlib
import pkgutil

from flask import Blueprint, Flask

from webmap import api, pages


def install(app: Flask) -> None:
    """Register the blueprints of all modules in `webmap.pages` and `webmap.api`."""
    for blueprint in find_blueprints():
        app.register_blueprint(blueprint)


def find_blueprints() -> list[Blueprint]:
    """Give the ``blueprint`` of every module that has one, in order of module name."""
    found = []
    for package in (pages, api):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            blueprint = getattr(importlib.import_module(module.name), "blueprint", None)
            if blueprint is not None:
                found.append(blueprint)
    return found
