"""Find every page and interface module and register its ``blueprint``."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from flask import Blueprint, Flask

ENTRANCES = ("pages", "api")
"""Packages of a subject whose modules answer requests."""

_SUBJECTS = Path(__file__).parents[1]


def install(app: Flask) -> None:
    """Register the blueprints of all pages and interfaces."""
    for blueprint in find_blueprints():
        app.register_blueprint(blueprint)


def find_blueprints() -> list[Blueprint]:
    """Give the ``blueprint`` of every module that has one, in order of module name."""
    found = (getattr(module, "blueprint", None) for module in entrance_modules(*ENTRANCES))
    return [blueprint for blueprint in found if blueprint is not None]


def entrance_modules(*kinds: str) -> Iterator[ModuleType]:
    """Give the modules of the packages of these names, subject by subject."""
    for subject in pkgutil.iter_modules([str(_SUBJECTS)], "webmap."):
        if not subject.ispkg:
            continue
        inside = importlib.import_module(subject.name).__path__
        for package in pkgutil.iter_modules(inside, f"{subject.name}."):
            if package.ispkg and package.name.rpartition(".")[2] in kinds:
                path = importlib.import_module(package.name).__path__
                for module in pkgutil.iter_modules(path, f"{package.name}."):
                    yield importlib.import_module(module.name)
