"""The jobs of a person: listed, followed, stopped, and what came of them; in both languages."""

import json

import pytest

from gis.actions.access.work import Work
from gis.actions.jobs.asking import ask_job
from gis.actions.jobs.refusals import written_refusal
from gis.domain.access import ROLES, SYSTEM
from gis.domain.job import MOST_WAITING
from gis.errors import Defect, InvalidInput
from gis.store.jobs import queue
from gis.store.jobs.files import KeptFile, keep_file
from webmap.shell.session import now


@pytest.fixture
def asked(session, town):
    """A function that has somebody ask for a job; its id."""

    def ask(login="planner", task="draw", **more):
        scope = SYSTEM if login is None else town.scope(login)
        job_id = ask_job(Work(session, scope, now()), task, **more)
        session.commit()
        return job_id

    return ask


@pytest.fixture
def begin(session):
    """A function that begins a job as a worker does."""

    def claim(job_id):
        held = queue.claim_one(session, job_id, now=now())
        session.commit()
        return held

    return claim


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_a_page_of_jobs_that_teaches_the_next_step(sign_in, role):
    page = sign_in(role).get("/jobs")
    assert page.status_code == 200 and "appears here" in page.text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_says_how_far_a_job_is(sign_in, session, asked, begin, language):
    browser = sign_in("planner")
    browser.set_cookie("language", language)
    job_id = asked(community_id=None)
    waiting = browser.get("/jobs").text
    assert {"en": "waiting", "zh": "等待中"}[language] in waiting
    queue.hear(session, begin(job_id), fraction=0.42, message="improving", now=now())
    session.commit()
    page = browser.get("/jobs/list").text
    assert 'value="0.42"' in page and "42%" in page and f"/jobs/{job_id}/cancel" in page
    assert {"en": "Drawing a draft", "zh": "划分网格草案"}[language] in page


def test_everybody_sees_their_own_and_an_administrator_everybodys(sign_in, asked):
    mine, platforms = asked(), asked(None, "begin plans")

    def seen(login, where="/api/v1/jobs"):
        return {job["id"] for job in sign_in(login).get(where).json["jobs"]}

    assert seen("planner") == seen("planner", "/api/v1/jobs?everyone=1") == {mine}
    assert seen("official") == seen("administrator") == set()
    assert seen("administrator", "/api/v1/jobs?everyone=1") == {mine, platforms}
    assert sign_in("official").get(f"/api/v1/jobs/{mine}").status_code == 404
    assert sign_in("official").delete(f"/api/v1/jobs/{mine}").status_code == 404
    page = sign_in("administrator").get("/jobs?everyone=1").text
    assert "Planner" in page and "the platform itself" in page


def test_a_job_is_stopped_from_the_page_by_who_asked_or_an_administrator(sign_in, session, asked):
    for login in ("planner", "administrator"):
        job_id = asked()
        assert sign_in(login).post(f"/jobs/{job_id}/cancel").status_code == 302
        assert sign_in("planner").get(f"/api/v1/jobs/{job_id}").json["state"] == "cancelled"
    own = asked(None, "begin plans")
    assert sign_in("administrator").delete(f"/api/v1/jobs/{own}").status_code == 409


def test_what_runs_is_told_to_stop(sign_in, asked, begin):
    job_id = asked()
    begin(job_id)
    told = sign_in("planner").delete(f"/api/v1/jobs/{job_id}").json
    assert (told["state"], told["state_name"], told["may_cancel"]) == (
        "running",
        "being cancelled",
        False,
    )


def test_a_result_leads_to_its_page_and_a_file_is_for_who_asked(
    sign_in, session, town, asked, begin
):
    community = town.communities[0]
    drawn = asked(community_id=community.id)
    queue.end(session, begin(drawn), "done", now=now(), result={"plan_id": 7})
    printed = asked(task="sheets")
    keep_file(session, printed, KeptFile("图.pdf", "application/pdf", b"%PDF"), given=False)
    queue.end(session, begin(printed), "done", now=now())
    session.commit()
    jobs = {job["id"]: job for job in sign_in("planner").get("/api/v1/jobs").json["jobs"]}
    assert jobs[drawn]["result"].endswith(f"{community.unit.code}?plan=7")
    answer = sign_in("planner").get(jobs[printed]["file"])
    assert answer.data == b"%PDF" and "%E5%9B%BE.pdf" in answer.headers["Content-Disposition"]
    administrator = sign_in("administrator")
    assert administrator.get(jobs[printed]["file"]).status_code == 404
    everybodys = administrator.get("/api/v1/jobs?everyone=1").json["jobs"]
    assert {job["file"] for job in everybodys} == {None}


def test_a_refusal_is_said_in_the_language_of_the_reader(sign_in, session, asked, begin):
    job_id = asked()
    refusal = InvalidInput("this community is outside your area", [Defect("odd", row=3)])
    written = {"refusal": written_refusal(refusal)}
    held = begin(job_id)
    queue.end(session, held, "failed", now=now(), message=refusal.message, result=written)
    session.commit()
    browser = sign_in("planner")
    english = browser.get(f"/api/v1/jobs/{job_id}").json["message"]
    answer = browser.get(f"/api/v1/jobs/{job_id}/answer")
    assert answer.status_code == 400 and answer.json["message"] == english == str(refusal)
    assert len(answer.json["defects"]) == 1
    browser.set_cookie("language", "zh")
    assert "社区" in browser.get(f"/api/v1/jobs/{job_id}").json["message"]


def test_an_answer_is_followed_from_its_job(sign_in, session, asked, begin):
    job_id, browser = asked(task="import.communities"), sign_in("planner")
    at = f"/api/v1/jobs/{job_id}/answer"
    assert browser.get(at).status_code == 202
    told = json.dumps({"en": {"said": "yes"}, "zh": {"said": "是"}}).encode()
    keep_file(session, job_id, KeptFile("answer.json", "application/json", told), given=False)
    queue.end(session, begin(job_id), "done", now=now(), result={"status": 201})
    session.commit()
    answer = browser.get(at)
    assert (answer.status_code, answer.json) == (201, {"said": "yes"})
    browser.set_cookie("language", "zh")
    assert browser.get(at).json == {"said": "是"}
    assert sign_in("administrator").get(at).status_code == 404


def test_nobody_fills_the_queue(sign_in, asked, town):
    for _ in range(MOST_WAITING):
        asked()
    plan = town.communities[0].plans[0]
    answer = sign_in("planner").post(f"/api/v1/plans/{plan.id}/sheets", json={})
    assert answer.status_code == 429 and "have not ended" in answer.json["message"]


def test_locating_is_asked_for_by_who_may_import(sign_in):
    administrator = sign_in("administrator")
    done = administrator.post("/api/v1/geocode-runs", json={"subject": "households"})
    assert done.status_code == 202 and done.json["state"] == "done", done.json
    assert administrator.post("/api/v1/geocode-runs", json={"subject": "x"}).status_code == 400
    assert sign_in("planner").post("/api/v1/geocode-runs", json={}).status_code == 403
