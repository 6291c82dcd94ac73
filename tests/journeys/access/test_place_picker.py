"""The picker of places in a browser: found by name, the whole takes in its parts, codes unseen."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

pytestmark = pytest.mark.browser

AREAS = text(
    "SELECT array_agg(d.code ORDER BY d.code) FROM user_area a JOIN user_account u"
    " ON u.id = a.user_id JOIN division_unit d ON d.id = a.division_unit_id WHERE u.login = :login"
)


@pytest.mark.parametrize("width", [360, 1280])
def test_places_are_found_by_name_and_the_whole_takes_in_its_parts(visit, served, width):
    page = visit("administrator", "/admin/users/-/new", width=width)
    community = page.locator("input[name=areas][data-path*='›']").last
    path = community.get_attribute("data-path")
    *_, town, name = path.split(" › ")
    find = page.locator("[data-find]")
    find.fill("no such place")
    expect(page.locator("[data-nothing]")).to_be_visible()
    find.fill(name)
    find.press("Enter")  # does not send the form
    expect(community).to_be_visible()
    community.check()
    chips = page.locator("[data-chosen] li")
    expect(chips).to_have_text([f"{path}×"])
    find.fill(town)
    page.locator(f"input[data-path$='› {town}']").check()
    expect(chips).to_have_count(1)
    expect(community).to_be_disabled()
    page.fill("[name=login]", "new.planner")
    page.fill("[name=name]", "New Planner")
    page.fill("[name=password]", "Fresh-start-9")
    page.check("input[value=planner]")
    page.click("button:has-text('Add the account')")
    page.wait_for_url("**/admin/users/new.planner")
    expect(page.locator("[data-chosen] li")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    with served.engine.connect() as connection:
        (code,) = connection.execute(AREAS, {"login": "new.planner"}).scalar_one()
    assert code.endswith("000") and not code.endswith("000000")
