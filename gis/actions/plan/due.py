"""Announced plans come into force on their day: a job that the platform asks itself for."""

from __future__ import annotations

from datetime import timedelta

from gis.actions.access.work import Work
from gis.actions.jobs.tasks import Task
from gis.actions.jobs.work import JobWork
from gis.actions.plan.publishing import put_due_in_force
from gis.domain.local_time import start_of_day
from gis.store.area.platform import read_time_zone

AGAIN_AFTER = timedelta(minutes=1)
"""When to look again for a plan that could not be put in force."""


def begin_due_plans(work: JobWork) -> None:
    """Put in force what is due, and look again when the next day begins."""
    with work.transaction() as session:
        now = work.now()
        begun, failed = put_due_in_force(Work(session, work.system, now))
        zone = read_time_zone(session)
        tomorrow = start_of_day(now.date() + timedelta(days=1), zone)
        work.finish(session, {"begun": len(begun), "failed": len(failed)})
        work.ask_again(session, now + AGAIN_AFTER if failed else tomorrow)


BEGIN_DUE_PLANS = Task("begin plans", begin_due_plans, quick=True, standing=True)
