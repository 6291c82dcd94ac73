"""The page of jobs in a browser: progress without loading it again, and a job stopped."""

import pytest

from gis.actions.access.work import Work
from gis.actions.jobs.asking import ask_job
from gis.database.engine import transaction
from gis.store.jobs import queue
from webmap.shell.session import now

pytestmark = pytest.mark.browser


def begun(served, task="draw"):
    community = served.town.communities[0].id
    with transaction(served.engine) as session:
        scope = served.town.scope("planner")
        job_id = ask_job(Work(session, scope, now()), task, community_id=community)
        return queue.claim_one(session, job_id, now=now())


def test_a_job_is_followed_and_stopped(visit, served):
    held = begun(served)
    page = visit("planner", "/")
    page.click(".jobs-link")
    page.wait_for_selector(".job[data-state=running]")
    with transaction(served.engine) as session:
        assert queue.hear(session, held, fraction=0.4, message="", now=now())
    page.wait_for_selector("text=40%")
    page.click(".job button.danger")
    page.click("dialog.ask button.danger")
    page.wait_for_selector(".job .badge:has-text('being cancelled')")
    with transaction(served.engine) as session:
        assert not queue.hear(session, held, fraction=0.5, message="", now=now())
        queue.end(session, held, "cancelled", now=now())
    page.wait_for_selector(".job[data-state=cancelled]")


def test_a_finished_job_leads_to_what_came_of_it(visit, served):
    held = begun(served)
    plan = served.town.communities[0].plans[0].id
    page = visit("planner", "/jobs", width=360)
    page.wait_for_selector(".job[data-state=running]")
    with transaction(served.engine) as session:
        queue.end(session, held, "done", now=now(), result={"plan_id": plan})
    page.wait_for_selector(".job[data-state=done]")
    page.wait_for_function("() => document.documentElement.scrollWidth === 360")
    page.click(".job[data-state=done] a:has-text('Show the result')")
    page.wait_for_selector("#map_main[data-drawn]")
    assert page.url.endswith(f"?plan={plan}")
