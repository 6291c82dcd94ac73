"""Blocks built and records located by a page: what stands, what is asked for, what comes of it."""

import pytest

from gis.store import tables as t


def text_of(browser):
    return browser.get("/admin/ground").get_data(as_text=True)


def test_blocks_are_built_where_the_ground_has_changed(sign_in, town, session):
    browser = sign_in("administrator")
    before = {b.community_id for b in session.query(t.BlockBuild).filter_by(current=True)}
    assert browser.post("/admin/ground/blocks").status_code == 302
    session.expire_all()
    job = session.query(t.Job).filter_by(task="blocks").one()
    assert (job.state, job.asked_by) == ("done", town.users["administrator"].id)
    n = len(town.communities)
    assert job.result["communities"] + job.result["up_to_date"] == n
    builds = session.query(t.BlockBuild).filter_by(current=True).all()
    assert {b.community_id for b in builds} >= before and len(builds) == n
    browser.post("/admin/ground/blocks")
    session.expire_all()
    again = session.query(t.Job).filter_by(task="blocks").order_by(t.Job.id.desc()).first()
    assert (again.result["communities"], again.result["blocks_new"]) == (0, 0)
    assert f"0 communities built, {n} were up to date" in text_of(browser)


def test_records_are_located_and_counted_on_the_page(sign_in, town, session):
    browser = sign_in("administrator")
    household = town.communities[0].households[0]
    household.status, household.block_id, household.located_at = "none", None, None
    session.commit()
    answer = browser.post("/admin/ground/located", data={"kind": "households"})
    assert answer.status_code == 302
    session.expire_all()
    assert session.query(t.Job).filter_by(task="geocode").one().state == "done"
    assert household.located_at is not None
    browser.set_cookie("language", "zh")
    assert "尚未定位" in text_of(browser)


def test_what_is_under_way_cannot_be_asked_for_twice(sign_in, app, town, session):
    app.extensions.pop("jobs_done_here")
    browser = sign_in("administrator")
    assert browser.post("/admin/ground/blocks").status_code == 302
    assert "Building blocks · waiting" in text_of(browser)
    again = browser.post("/admin/ground/blocks")
    assert again.status_code == 409
    assert "blocks are being built already" in again.get_data(as_text=True)


@pytest.mark.parametrize("login", ["planner", "worker", "official"])
def test_others_are_told_who_may(sign_in, login):
    assert sign_in(login).get("/admin/ground").status_code == 403
