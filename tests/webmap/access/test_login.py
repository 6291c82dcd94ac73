from datetime import timedelta

import pytest

from gis.domain.sign_in import IDLE_TIME
from gis.store.tables import UserSession
from tests.factories import PASSWORD
from webmap.shell import session as sessions


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


def test_wrong_passwords_make_wait_ever_longer_and_say_for_how_long(client, town, monkeypatch):
    for _ in range(5):
        client.post("/login", data={"login": "planner", "password": "no"})
    right = {"login": "planner", "password": PASSWORD}
    answer = client.post("/login", data=right)
    assert answer.status_code == 429 and answer.headers["Retry-After"] == "30"
    assert "Try again in 30 seconds" in answer.get_data(as_text=True)
    later = sessions.now() + timedelta(seconds=31)
    monkeypatch.setattr(sessions, "now", lambda: later)
    assert client.post("/login", data=right).status_code == 302


def test_nobody_can_lock_out_somebody_at_another_address(client, app, town):
    for _ in range(12):
        client.post("/login", data={"login": "planner", "password": "no"})
    elsewhere = {"REMOTE_ADDR": "10.0.0.7"}
    right = {"login": "planner", "password": PASSWORD}
    answer = app.test_client().post("/login", data=right, environ_base=elsewhere)
    assert answer.status_code == 302


def test_only_a_trusted_proxy_may_say_where_a_request_comes_from(app, town, session):
    said = {"X-Forwarded-For": "1.2.3.4"}
    form = {"login": "planner", "password": PASSWORD}
    app.test_client().post("/login", data=form, headers=said)
    app.config["TRUSTED_PROXIES"] = ("127.0.0.0/8",)
    app.test_client().post("/login", data=form, headers=said)
    addresses = {row.address for row in session.query(UserSession)}
    assert addresses == {"127.0.0.1", "1.2.3.4"}


def test_a_copied_cookie_is_dead_after_signing_out(sign_in, app):
    browser = sign_in("official")
    copy = browser.get_cookie("community_grid").value
    thief = app.test_client()
    thief.set_cookie("community_grid", copy)
    assert thief.get("/account/").status_code == 200
    assert browser.post("/logout").location == "/login"
    assert thief.get("/account/").location.startswith("/login")
    assert thief.get("/api/v1/topics").status_code == 401


def test_an_answer_on_its_way_brings_no_cookie_of_a_session_that_has_ended(sign_in):
    """It would come after the one of the form, whose token it takes away."""
    browser = sign_in("official")
    browser.get("/account/")  # the first page brings the token of its forms
    for path in ("/official/", "/api/v1/maps/names", "/account/"):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers, path


def test_signing_out_everywhere_ends_the_other_browsers(sign_in):
    one, other, somebody_else = sign_in("official"), sign_in("official"), sign_in("planner")
    assert one.post("/logout", data={"everywhere": "1"}).status_code == 302
    assert other.get("/account/").location.startswith("/login")
    assert somebody_else.get("/account/").status_code == 200


def test_a_known_browser_keeps_its_token_and_no_script_may_read_it(sign_in):
    browser = sign_in("official")
    cookie = browser.get_cookie(sessions.DEVICE_COOKIE)
    assert cookie.http_only and len(cookie.value) >= 32
    browser.post("/logout")
    assert browser.get_cookie(sessions.DEVICE_COOKIE).value == cookie.value


def test_an_idle_session_ends(sign_in, monkeypatch):
    browser = sign_in("official")
    assert not (browser.get("/").location or "").startswith("/login")
    later = sessions.now() + IDLE_TIME + timedelta(minutes=2)
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
