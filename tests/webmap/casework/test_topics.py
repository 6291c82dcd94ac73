"""The administrator's page of topics: added, renamed, decided about, translated, audited."""

import io

import pytest

from gis.store import tables as t

FORM = {"code": "stray_dogs", "name_zh": "流浪犬", "name_en": "Stray dogs", "category": "order"}


def topic(browser, code: str) -> dict:
    return {row["code"]: row for row in browser.get("/api/v1/topics").json["topics"]}[code]


def test_a_topic_is_added_decided_about_and_renamed(sign_in, session):
    browser = sign_in("administrator")
    assert browser.post("/admin/topics/", data=FORM).status_code == 302
    page = browser.get("/admin/topics/").get_data(as_text=True)
    assert "流浪犬" in page and "to be decided" in page
    found = topic(browser, "stray_dogs")
    assert (found["sensitive"], found["sensitive_decided"]) == (True, False)
    changed = FORM | {"name_en": "Dogs", "sensitive": "no"}
    assert browser.post("/admin/topics/stray_dogs", data=changed).status_code == 302
    found = topic(browser, "stray_dogs")
    assert (found["name_en"], found["sensitive"]) == ("Dogs", False)
    actions = [e.action for e in session.query(t.AuditEntry).filter_by(object_kind="topic")]
    assert actions == ["topic.add", "topic.change"]


def test_the_decision_is_in_force_at_once(sign_in):
    administrator, official = sign_in("administrator"), sign_in("official")
    points = "/api/v1/maps/incidents?topic=noise&period=2026-02"
    assert official.get(points).status_code == 200
    form = {"name_zh": "噪声扰民", "name_en": "Noise", "category": "environment"}
    administrator.post("/admin/topics/noise", data=form | {"sensitive": "yes"})
    assert official.get(points).status_code == 403
    administrator.post("/admin/topics/noise", data=form | {"sensitive": "no"})
    assert official.get(points).status_code == 200


def test_words_are_remembered_and_forgotten(sign_in):
    browser = sign_in("administrator")
    assert browser.post("/admin/topics/noise/words", data={"word": "噪音"}).status_code == 302
    assert "Forget “噪音”" in browser.get("/admin/topics/").get_data(as_text=True)
    assert browser.post("/admin/topics/words/forget", data={"word": "噪音"}).status_code == 302
    assert "噪音" not in browser.get("/admin/topics/").get_data(as_text=True)


@pytest.mark.parametrize(
    ("address", "form", "says"),
    [
        ("/admin/topics/", FORM | {"code": "All"}, "cannot be the code"),
        ("/admin/topics/", FORM | {"code": "noise"}, "a topic noise already"),
        ("/admin/topics/", FORM | {"name_en": " "}, "Chinese and an English name"),
        ("/admin/topics/", FORM | {"category": "moon"}, "no category of topics"),
        ("/admin/topics/kites", FORM, "no topic kites"),
        ("/admin/topics/noise", FORM | {"name_en": "Theft"}, "means topic theft already"),
        ("/admin/topics/noise/words", {"word": " "}, "give the word"),
        ("/admin/topics/noise/words", {"word": "Theft"}, "means topic theft already"),
        ("/admin/topics/words/forget", {"word": "x"}, "nothing is remembered"),
    ],
)
def test_what_would_confuse_is_refused_on_the_page(sign_in, address, form, says):
    answer = sign_in("administrator").post(address, data=form)
    assert answer.status_code == 400 and says in answer.get_data(as_text=True)


def test_a_mark_that_is_neither_yes_nor_no_is_refused(sign_in):
    form = FORM | {"sensitive": "perhaps"}
    assert sign_in("administrator").post("/admin/topics/", data=form).status_code == 400


def test_a_topic_is_retired_and_taken_into_use_again(sign_in, session):
    browser = sign_in("administrator")
    incidents = session.query(t.Incident).filter_by(topic="noise").count()
    assert browser.post("/admin/topics/noise/retired", data={"retired": "1"}).status_code == 302
    page = browser.get("/admin/topics/").get_data(as_text=True)
    assert "retired since" in page and "Take into use again" in page
    again = browser.post("/admin/topics/noise/retired", data={"retired": "1"})
    assert again.status_code == 400 and "retired already" in again.get_data(as_text=True)
    assert session.query(t.Incident).filter_by(topic="noise").count() == incidents
    assert browser.post("/admin/topics/noise/retired", data={"retired": "0"}).status_code == 302
    assert "retired since" not in browser.get("/admin/topics/").get_data(as_text=True)
    unknown = browser.post("/admin/topics/dragons/retired", data={"retired": "1"})
    assert unknown.status_code == 400 and "no topic dragons" in unknown.get_data(as_text=True)
    actions = [e.action for e in session.query(t.AuditEntry).filter_by(object_kind="topic")]
    assert actions == ["topic.retire", "topic.reopen"]
    assert sign_in("planner").post("/admin/topics/noise/retired").status_code == 403


def test_what_happens_after_a_topic_was_retired_is_refused_row_by_row(sign_in, session):
    browser = sign_in("administrator")
    browser.post("/admin/topics/noise/retired", data={"retired": "1"})
    rows = "number,topic,occurred_at,address_text\nR1,noise,2026-01-05 10:00,滨江路1号\n"
    rows += "R2,noise,2126-01-05 10:00,滨江路1号\n"
    data = {"file": (io.BytesIO(rows.encode()), "事件.csv")}
    told = browser.post("/api/v1/imports/incidents", data=data).json
    (defect,) = [d for d in told["defects"] if d["code"] == "retired_topic"]
    assert (defect["row"], defect["field"], told["rows_good"]) == (2, "topic", 1)
    assert "retired since" in defect["message"]
