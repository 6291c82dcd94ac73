"""The search box in a browser: suggestions while typing, by keyboard, on a phone too."""

import pytest

from gis.actions.location.search import refresh_search
from gis.database.engine import transaction

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _named(served):
    with transaction(served.engine) as session:
        refresh_search(session)


def shown(page) -> list[str]:
    page.wait_for_selector("#search-list:not([hidden]) [role=option]")
    return page.locator("#search-list .name").all_inner_texts()


def test_a_door_is_typed_chosen_by_keyboard_flown_to_and_marked(visit, served):
    page = visit("planner", "/planner/")
    page.fill("#search", "river street 3")
    assert shown(page)[0].startswith("River Street 3,")
    box = page.locator("#search")
    assert box.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == "search-option-0"
    page.keyboard.press("Enter")
    page.wait_for_selector(".found-tip")
    tip = page.inner_text(".found-tip")
    assert "River Street 3" in tip and "grid 002" in tip
    centre = page.evaluate("[communityGridMap.getCenter().lng, communityGridMap.getZoom()]")
    assert centre[1] >= 17 and abs(centre[0] - 108.5025) < 0.01
    assert box.get_attribute("aria-expanded") == "false"
    page.keyboard.press("Escape")
    page.wait_for_selector(".found-tip", state="detached")


def test_an_official_chooses_a_grid_and_sees_its_figures(visit, served):
    page = visit("official", "/official/")
    page.wait_for_selector("#map_main[data-drawn]")
    page.fill("#search", served.town.communities[0].grids[0].code)
    assert shown(page) == ["Grid 001"]
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('#crumbs').textContent.includes('001')")


def test_a_worker_searches_on_a_phone_within_the_own_grid(visit, served):
    page = visit("worker", "/worker/", width=360)
    page.click("#search-open")
    page.fill("#search", "river street")
    assert shown(page) == ["River Street"]
    page.click("#search-list [role=option]")
    page.wait_for_selector(".found-tip")
    assert page.locator("body[data-tab=map]").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_nothing_found_is_said_with_what_to_try(visit):
    page = visit("planner", "/planner/")
    page.fill("#search", "zzzzzz")
    page.wait_for_selector("#search-list .nothing")
    assert "Try fewer letters" in page.inner_text("#search-list")
