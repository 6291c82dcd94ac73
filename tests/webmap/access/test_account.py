"""One's own account: the password, the sessions, and what is closed until it is changed."""

import pytest

from tests.factories import PASSWORD
from tests.test_routes_guarded import address_of, routes

NEW = "Fresh-words-95"


def change(browser, *, current=PASSWORD, new=NEW, again=None):
    form = {"current": current, "password": new, "again": new if again is None else again}
    return browser.post("/account/password", data=form)


def test_the_owner_changes_the_password_and_other_browsers_are_signed_out(sign_in, app):
    browser, other = sign_in("official"), sign_in("official")
    old_cookie = browser.get_cookie("community_grid").value
    assert change(browser).location == "/account/"
    assert "The password is changed" in browser.get("/account/").get_data(as_text=True)
    assert other.get("/account/").location.startswith("/login")
    thief = app.test_client()
    thief.set_cookie("community_grid", old_cookie)
    assert thief.get("/account/").location.startswith("/login")
    again = {"login": "official", "password": NEW}
    assert app.test_client().post("/login", data=again).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"current": "no"}, "The present password is wrong"),
        ({"again": "Other-words-95"}, "differ"),
        ({"new": "P@ssw0rd-2026"}, "among the commonest"),
        ({"new": "My-official-26"}, "may not contain the login"),
        ({"new": "short"}, "at least 10 characters"),
        ({"new": PASSWORD}, "is the present one"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_changed(sign_in, wrong, says):
    browser = sign_in("official")
    answer = change(browser, **wrong)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400 and says in page
    assert NEW not in page and PASSWORD not in page
    assert browser.get("/account/").status_code == 200


def test_guessing_the_present_password_waits(sign_in):
    browser = sign_in("official")
    assert [change(browser, current="no").status_code for _ in range(6)] == [400] * 5 + [429]


def test_every_route_but_a_few_is_closed_until_a_set_password_is_changed(app, sign_in):
    administrator = sign_in("administrator")
    administrator.post("/admin/users/planner/password", data={"password": "Set-for-you-8"})
    browser = app.test_client()
    answer = browser.post("/login", data={"login": "planner", "password": "Set-for-you-8"})
    assert answer.location == "/account/"
    page = browser.get("/account/").get_data(as_text=True)
    assert "set by somebody else" in page and "Sign out" in page
    open_still = set()
    for rule, method in routes(app):
        if rule.endpoint.startswith("login.") or rule.endpoint == "account.change":
            continue
        answer = browser.open(address_of(rule), method=method, buffered=True)
        closed = answer.status_code == 302 and answer.location == "/account/"
        if rule.rule.startswith(("/api/", "/tiles/")):
            closed = answer.status_code == 403 and "change it first" in answer.json["message"]
        if not closed:
            open_still.add(rule.endpoint)
    assert open_still == {"static", "joined", "openapi.description", "account.index"}
    assert browser.get("/").location == "/account/"
    assert change(browser, current="Set-for-you-8").status_code == 302
    assert browser.get("/planner/").status_code == 200


def test_the_page_lists_where_one_is_signed_in(sign_in, app):
    browser = sign_in("official")
    app.test_client().post(
        "/login",
        data={"login": "official", "password": PASSWORD},
        headers={"User-Agent": "<b>Other</b>"},
        environ_base={"REMOTE_ADDR": "10.0.0.7"},
    )
    page = browser.get("/account/").get_data(as_text=True)
    assert "10.0.0.7" in page and "&lt;b&gt;Other" in page and page.count("this browser") == 1


def test_an_administrator_signs_somebody_out(sign_in):
    worker, administrator = sign_in("worker"), sign_in("administrator")
    assert administrator.post("/admin/users/worker/sign-out").status_code == 302
    assert worker.get("/account/").location.startswith("/login")
    assert sign_in("official").post("/admin/users/worker/sign-out").status_code == 403
