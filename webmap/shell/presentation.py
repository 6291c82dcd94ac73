"""What every template knows: who reads, where he may go, how numbers and dates are written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import Flask, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from gis.domain.access import Scope
from gis.exchange.formats import endings
from webmap.shell.breadcrumb import breadcrumb
from webmap.shell.session import time_zone


@dataclass(frozen=True)
class Destination:
    """One entry of the main menu: shown to who has one of the permissions."""

    endpoint: str
    label: object
    permissions: tuple[str, ...]

    def is_open_to(self, scope: Scope) -> bool:
        """Say whether a person may go there."""
        return any(scope.may(p) for p in self.permissions)


DESTINATIONS = (
    Destination(
        "planner.index",
        _l("Grids"),
        ("plan.edit", "plan.approve", "plan.publish", "worker.assign"),
    ),
    Destination("official.index", _l("Statistics"), ("statistics.view",)),
    Destination("worker.index", _l("My households"), ("household.view_own_grid",)),
    Destination("registers.index", _l("Registers"), ("register.view",)),
    Destination("review.index", _l("Review"), ("review.decide",)),
    Destination("admin.index", _l("Administration"), ("user.manage", "audit.view")),
)
"""The main menu; the first open one is a person's start page."""

_STARTS = {
    "planner": "planner.index",
    "official": "official.index",
    "worker": "worker.index",
    "administrator": "admin.index",
    "auditor": "admin.index",
}


def install(app: Flask) -> None:
    """Offer menu, scope and number formats to the templates."""
    app.jinja_env.globals.update(zip=zip, file_endings=endings, breadcrumb=breadcrumb)
    app.jinja_env.filters.update(grouped=grouped, percent=percent, isodate=isodate, moment=moment)

    @app.context_processor
    def page_context() -> dict:
        scope = current_user.scope if current_user.is_authenticated else None
        return {
            "scope": scope,
            "time_zone": time_zone().key,
            "menu": menu_of(app, scope) if scope else [],
            "current_endpoint": request.endpoint or "",
        }


def menu_of(app: Flask, scope: Scope) -> list[Destination]:
    """List where a person may go."""
    return [d for d in DESTINATIONS if d.endpoint in app.view_functions and d.is_open_to(scope)]


def start_of(app: Flask, scope: Scope) -> str | None:
    """Give the address of a person's first page by role, or None when there is none."""
    menu = [d.endpoint for d in menu_of(app, scope)]
    first = [e for role, e in _STARTS.items() if role in scope.roles and e in menu]
    choices = first or menu
    return url_for(choices[0]) if choices else None


def grouped(number: float | None, digits: int = 0) -> str:
    """Write a number with its thousands grouped.

    Examples
    --------
    >>> grouped(12345), grouped(1.25, 1), grouped(None)
    ('12,345', '1.2', '–')
    """
    return "–" if number is None else f"{number:,.{digits}f}"


def percent(share: float | None, digits: int = 0) -> str:
    """Write a share as a percentage.

    Examples
    --------
    >>> percent(0.256), percent(None)
    ('26%', '–')
    """
    return "–" if share is None else f"{share * 100:,.{digits}f}%"


def isodate(day: date | None) -> str:
    """Write a date as in a table.

    Examples
    --------
    >>> isodate(date(2026, 3, 1))
    '2026-03-01'
    """
    return "–" if day is None else day.strftime("%Y-%m-%d")


def moment(at: datetime) -> str:
    """Write a moment as the clocks of the platform show it, to the minute."""
    return at.astimezone(time_zone()).strftime("%Y-%m-%d %H:%M")
