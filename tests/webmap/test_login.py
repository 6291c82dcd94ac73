from datetime import timedelta

import pytest

from tests.factories import PASSWORD
from webmap import session as sessions


def test_a_stranger_is_sent_to_the_form_and_back(client, town):
    answer = client.get("/admin-nothing")
    assert answer.status_code == 404
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer.location == "/login?next=/"


def test_a_wrong_password_is_refused_and_says_nothing_about_the_login(client, town):
    known = client.post("/login", data={"login": "planner", "password": "no"})
    unknown = client.post("/login", data={"login": "nobody", "password": "no"})
    assert known.status_code == unknown.status_code == 401
    assert b"Login or password is wrong" in known.data
    assert b"Login or password is wrong" in unknown.data


def test_after_five_failures_even_the_right_password_waits_half_an_hour(client, town, monkeypatch):
    for _ in range(5):
        client.post("/login", data={"login": "planner", "password": "no"})
    right = {"login": "planner", "password": PASSWORD}
    assert client.post("/login", data=right).status_code == 401
    later = sessions.now() + timedelta(minutes=31)
    monkeypatch.setattr(sessions, "now", lambda: later)
    assert client.post("/login", data=right).status_code == 302


def test_an_idle_session_ends(sign_in, monkeypatch):
    browser = sign_in("official")
    assert not (browser.get("/").location or "").startswith("/login")
    later = sessions.now() + sessions.IDLE_TIME + timedelta(minutes=2)
    monkeypatch.setattr(sessions, "now", lambda: later)
    assert browser.get("/").location.startswith("/login")


def test_a_form_without_token_is_refused(app, client, town):
    app.config["WTF_CSRF_ENABLED"] = True
    answer = client.post("/login", data={"login": "planner", "password": PASSWORD})
    assert answer.status_code == 400


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_the_form_never_leads_off_the_site(client, town, target):
    form = {"login": "official", "password": PASSWORD, "next": target}
    assert client.post("/login", data=form).location == "/"


def test_the_language_switch_lasts_and_is_kept_with_the_account(sign_in, app):
    browser = sign_in("official")
    browser.post("/language", data={"language": "zh", "next": "/login"})
    assert 'lang="zh-Hans"' in browser.get("/nowhere").get_data(as_text=True)
    fresh = app.test_client()
    fresh.post("/login", data={"login": "official", "password": PASSWORD})
    assert 'lang="zh-Hans"' in fresh.get("/nowhere").get_data(as_text=True)


def test_every_answer_carries_the_strict_policy(client, town):
    answer = client.get("/login")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy.split("style-src")[0]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert client.get("/healthz").json == {"status": "ok"}
