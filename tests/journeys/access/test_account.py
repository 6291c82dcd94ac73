"""My account in a browser: what ends every session asks before it does."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

pytestmark = pytest.mark.browser


def sessions_of(served, login):
    query = text(
        "SELECT count(*) FROM user_session s JOIN user_account u ON u.id = s.user_id"
        " WHERE u.login = :login"
    )
    with served.engine.connect() as connection:
        return connection.execute(query, {"login": login}).scalar_one()


@pytest.mark.parametrize("width", [360, 1280])
def test_signing_out_everywhere_asks_before_it_does(visit, served, width):
    elsewhere = visit("planner", "/account/")
    page = visit("planner", "/account/", width=width)
    page.click("button:has-text('Sign out everywhere')")
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("All 2 sessions end, this one too.")
    dialog.locator("button:has-text('Cancel')").click()
    expect(dialog).to_have_count(0)
    assert sessions_of(served, "planner") == 2 and page.url.endswith("/account/")
    page.click("button:has-text('Sign out everywhere')")
    dialog.locator("button:has-text('Sign out everywhere')").click()
    page.wait_for_url("**/login**")
    assert sessions_of(served, "planner") == 0
    elsewhere.reload()
    assert "/login" in elsewhere.url


def test_ending_the_sessions_of_somebody_asks_before_it_does(visit, served):
    visit("planner", "/account/")
    page = visit("administrator", "/admin/users")
    page.click("th >> text=planner")
    page.locator("button:has-text('Sign out everywhere')").click()
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("All sessions of Planner end")
    assert sessions_of(served, "planner") == 1
    dialog.locator("button:has-text('Sign out everywhere')").click()
    page.wait_for_selector("text=Done.")
    assert sessions_of(served, "planner") == 0
