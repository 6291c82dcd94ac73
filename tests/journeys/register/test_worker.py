"""A grid worker with a phone: own households, search, nearest, one opened, a phone revealed."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from gis.database.engine import transaction
from gis.store.tables import UserRole

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740, "has_touch": True, "is_mobile": True}


def test_the_list_searches_opens_and_calls(visit, served):
    page = visit("worker", "/worker/", **PHONE)
    page.wait_for_selector(".household")
    assert page.locator(".household").count() == 12
    page.fill("#find", "street 9,")
    assert page.locator(".household").count() == 2
    page.locator(".household").first.tap()
    page.wait_for_selector("a[href^='tel:138']")
    with served.engine.connect() as connection:
        seen = connection.execute(text("SELECT action FROM audit_entry ORDER BY id")).scalars()
        assert [a for a in seen if a.startswith("household")] == ["household.list"]


def test_a_number_outside_ones_own_grid_is_shown_for_a_reason_only(visit, served):
    """Who also manages the community sees all its households; those of other grids are masked."""
    with transaction(served.engine) as session:
        session.add(UserRole(user_id=served.town.users["worker"].id, role="community_manager"))
    other = served.town.communities[0].households[-1]
    page = visit("worker", "/worker/", **PHONE)
    expect(page.locator(".household")).to_have_count(24)
    page.fill("#find", other.address_text)
    page.locator(".household").first.tap()
    shown = page.locator(".phone button")
    expect(shown).to_contain_text("****")
    shown.tap()
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("not in a grid of yours")
    dialog.locator("button:has-text('Show the number')").tap()
    assert page.locator("a[href^='tel:']").count() == 0 and dialog.is_visible(), "without a reason"
    dialog.locator("textarea").fill("   ")
    dialog.locator("button:has-text('Show the number')").tap()
    expect(dialog.locator("[role=alert]")).to_contain_text("why this number")
    dialog.locator("button:has-text('Cancel')").tap()
    expect(shown).to_contain_text("****")
    shown.tap()
    dialog.locator("textarea").fill("call about the leak")
    dialog.locator("button:has-text('Show the number')").tap()
    expect(page.locator(".phone a[href^='tel:']")).to_have_count(1)
    assert dialog.count() == 0
    query = text(
        "SELECT object_id, detail FROM audit_entry WHERE action = 'household.reveal_phone'"
    )
    with served.engine.connect() as connection:
        ((record, detail),) = connection.execute(query).all()
    phones = {str(h.id): h.phone for h in served.town.communities[0].households}
    assert phones[record] in page.inner_text(".phone a[href^='tel:']")
    assert detail["reason"] == "call about the leak"


def test_the_list_is_read_page_after_page(visit, served):
    """With pages of five the whole list, its order and the map are the same."""
    pages = []

    def small_pages(route):
        pages.append(route.request.url)
        route.continue_(url=route.request.url.replace("limit=200", "limit=5"))

    page = visit("worker", "/account/", **PHONE)
    page.route("**/households?*", small_pages)
    page.goto(f"{served.url}/worker/")
    expect(page.locator(".household")).to_have_count(12)
    assert len(pages) == 3
    assert page.locator(".household .where").first.inner_text().startswith("River Street 1,")
    expect(page.locator(".entrance")).to_have_count(6)


def test_a_page_that_fails_leaves_what_has_come_and_can_be_tried_again(visit, served):
    state = {"fail": True}

    def fail_later(route):
        if "after=" in route.request.url and state["fail"]:
            return route.abort()
        return route.continue_(url=route.request.url.replace("limit=200", "limit=5"))

    page = visit("worker", "/account/", **PHONE)
    page.route("**/households?*", fail_later)
    page.goto(f"{served.url}/worker/")
    page.wait_for_selector("#again")
    assert page.locator(".household").count() == 5
    state["fail"] = False
    page.tap("#again")
    expect(page.locator(".household")).to_have_count(12)


def test_nearest_first_puts_the_closest_on_top(visit, served):
    place = {"latitude": 25.9305, "longitude": 108.5005}
    page = visit("worker", "/worker/", **PHONE, geolocation=place, permissions=["geolocation"])
    page.wait_for_selector(".household")
    page.tap("button[data-order=near]")
    page.wait_for_selector(".household .away:has-text(' m')")
    assert "River Street 1," in page.locator(".household .where").first.inner_text()


def test_without_a_position_the_page_says_what_to_do(visit):
    page = visit("worker", "/worker/", **PHONE)
    page.wait_for_selector(".household")
    page.tap("button[data-order=near]")
    page.wait_for_selector("text=Your position is not available")
    assert page.locator("button[data-order=walk][aria-pressed=true]").count() == 1


def test_targets_are_large_and_nothing_is_wider_than_the_phone(visit):
    page = visit("worker", "/worker/", **PHONE)
    page.wait_for_selector(".household")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    heights = page.eval_on_selector_all(
        ".panel button, .tabs button, .panel input",
        "all => all.filter((e) => e.offsetParent).map((e) => e.getBoundingClientRect().height)",
    )
    assert min(heights) >= 44


def test_a_worker_without_a_grid_is_told_whom_to_ask(visit):
    page = visit("worker_without_grid", "/worker/", **PHONE)
    assert "No grid is assigned to you" in page.inner_text("main")
