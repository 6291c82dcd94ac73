"""Announced plans come into force: looked for at the first request of a day."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from flask import Flask

from gis.actions.plan.publishing import put_due_in_force
from gis.domain.local_time import start_of_day
from gis.errors import GisError
from webmap.shell import session
from webmap.shell.database import transaction

AGAIN_AFTER = timedelta(minutes=1)
"""When to look again for a plan that could not be put in force."""

_log = logging.getLogger(__name__)
_NEXT = "next_look_for_due_plans"


def install(app: Flask) -> None:
    """Look before the first request of each day of this process, and a minute after a failure."""
    app.extensions[_NEXT] = None

    @app.before_request
    def look() -> None:
        now, wanted = session.now(), app.extensions[_NEXT]
        if wanted is None or now >= wanted:
            app.extensions[_NEXT] = put_in_force(now)


def put_in_force(now: datetime) -> datetime:
    """Put in force what is due; gives the moment to look again.

    A database that is away stops no request here: pages that need it will say so.
    """
    try:
        with transaction() as database:
            _, failed = put_due_in_force(database, now=now)
    except GisError as error:
        _log.warning("could not look for plans that are due: %s", error)
        failed = [None]
    if failed:
        return now + AGAIN_AFTER
    return start_of_day(now.date() + timedelta(days=1), session.time_zone())
