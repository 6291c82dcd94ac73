"""Where a page is: county, town, community and grid, each with the page that shows it.

A view says its place with ``place=code`` when it renders; without one the breadcrumb tells the
smallest unit that holds everything the person looks after. Names outside the area are never told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from gis.domain.access import Scope
from gis.errors import DatabaseUnavailable
from gis.store.area.places import Place, find_trail
from webmap.shell.access import mark_of
from webmap.shell.database import transaction
from webmap.shell.language import current_language

GRID_DIGITS = 15


@dataclass(frozen=True)
class Crumb:
    """One step of the breadcrumb; no address where no page shows it to this person."""

    code: str
    name: str
    address: str | None


_SECTIONS: dict[str, dict[str, tuple[str, str | None]]] = {
    "planner": {
        "county": ("planner.index", "place"),
        "town": ("planner.index", "place"),
        "community": ("planner.community", "code"),
    },
    "official": dict.fromkeys(("county", "town", "community", "grid"), ("official.index", "place")),
    "review": {
        "county": ("review.index", None),
        "town": ("review.index", None),
        "community": ("review.index", "community"),
    },
    "worker": {"grid": ("worker.index", None)},
}
"""What shows a place, by the part of the site one is in: endpoint and what takes the code."""

_PART_OF = {"redraw": "planner", "compare": "planner", "exchange": "planner"}


def breadcrumb(place: str | None = None) -> list[Crumb]:
    """Give the steps down to a place of the person's area, or to what holds all of it."""
    scope = current_user.scope
    code = place or next(iter(scope.grid_codes), None) if _is_worker(scope) else place
    try:
        with transaction() as session:
            steps = find_trail(session, scope, code)
    except DatabaseUnavailable:
        return []  # the page that says so has the same frame
    pages = _pages(scope)
    crumbs = [Crumb(p.code, name_of(p), _address(pages, p.level, p.code)) for p in steps]
    if crumbs and code and len(code) == GRID_DIGITS:
        name = _("Grid %(code)s", code=code[-3:])
        crumbs.append(Crumb(code, name, _grid_address(pages, code)))
    return crumbs


def name_of(place: Place) -> str:
    """Name a unit in the language of the page."""
    return (place.name_en if current_language() == "en" else None) or place.name


def _is_worker(scope: Scope) -> bool:
    """Say whether the person looks after one grid and nothing above it."""
    return len(scope.grid_codes) == 1 and scope.roles == {"worker"}


def _pages(scope: Scope) -> dict[str, tuple[str, str | None]]:
    """Choose the part of the site that the steps lead to: the present one, else the first open."""
    here = (request.endpoint or "").split(".")[0]
    here = _PART_OF.get(here, here)
    order = [here, "planner", "official", "worker"]
    found = [_SECTIONS[s] for s in order if s in _SECTIONS and _is_open(scope, s)]
    return found[0] if found else {}


def _is_open(scope: Scope, section: str) -> bool:
    endpoint = f"{section}.index"
    if endpoint not in current_app.view_functions:
        return False
    mark = mark_of(current_app, endpoint)
    return isinstance(mark, tuple) and any(scope.may(p) for p in mark)


def _address(pages: dict[str, tuple[str, str | None]], level: str, code: str) -> str | None:
    if level not in pages:
        return None
    endpoint, name = pages[level]
    values: dict[str, Any] = {name: code} if name else {}
    return url_for(endpoint, **values)


def _grid_address(pages: dict[str, tuple[str, str | None]], code: str) -> str | None:
    if "grid" not in pages and "community" in pages and pages["community"][1] == "code":
        return url_for(pages["community"][0], code=code[:12], grid=code)
    return _address(pages, "grid", code)
