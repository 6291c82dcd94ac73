"""A planner's day: see what waits, look at a draft, submit it; a second person approves."""

import pytest

pytestmark = pytest.mark.browser


def test_from_what_waits_to_a_plan_in_force(visit, served):
    draft = served.town.communities[1].plans[1].id
    page = visit("planner", "/planner/")
    page.wait_for_selector("table[data-table=communities] tbody tr")
    page.click("text=drafts to finish and submit")
    page.wait_for_url("**/planner/?show=draft")
    page.wait_for_selector("table[data-table=communities] tbody tr")
    assert page.locator("table[data-table=communities] tbody tr").count() == 1
    page.click("table[data-table=communities] tbody a:has-text('Wolong')")
    page.wait_for_url("**/planner/community/**")
    page.wait_for_selector("#map_main[data-drawn]")
    page.select_option("#plan-choice", label=page.locator("#plan-choice option").first.inner_text())
    page.wait_for_url(f"**plan={draft}")
    page.wait_for_selector("text=Changes against the plan in force")
    page.click("button[data-step=submit]")
    assert "2 grids" in page.inner_text("dialog .question")
    page.click("dialog button.primary")
    page.wait_for_selector("text=Waits for approval by a second person")

    other = visit("official", f"/planner/community/522632100002?plan={draft}")
    other.click("button[data-step=approve]")
    other.click("dialog button.primary")
    other.wait_for_selector(".badge:has-text('approved')")

    page.reload()
    page.click("button[data-step=publish]")
    assert "2 households change grid" in page.inner_text("dialog .question")
    page.click("dialog button.primary")
    page.wait_for_selector(".plan-line .badge.good")


def test_table_and_map_point_at_each_other(visit):
    page = visit("planner", "/planner/community/522632100001")
    page.wait_for_selector("#map_main[data-drawn]")
    row = page.locator("#grids tbody tr").nth(1)
    page.wait_for_selector("#map_main[data-drawn]")
    row.click(position={"x": 80, "y": 10})
    assert row.get_attribute("aria-selected") == "true"
    row.focus()
    page.keyboard.press("Enter")
    page.locator("#grids tbody tr").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("#grids tbody tr").first.get_attribute("aria-selected") == "true"


def test_a_refused_wish_is_told_beside_the_form(visit):
    page = visit("planner", "/planner/community/522632100001")
    page.wait_for_selector("#map_main[data-drawn]")
    page.click("details.draw summary")
    page.fill("#draw [name=minimum]", "20")
    page.fill("#draw [name=maximum]", "10")
    page.click("#draw button.primary")
    page.wait_for_selector("#draw-state.alert")
    assert "out of order" in page.inner_text("#draw-state")


def test_the_table_sorts_filters_and_says_so(visit):
    page = visit("official", "/planner/")
    page.wait_for_selector("#map_main[data-drawn]")
    page.click("th:has-text('Without worker') button")
    assert page.locator("th[aria-sort=descending]").count() == 1
    assert page.locator("tbody tr").first.inner_text().startswith("Wolong")


@pytest.mark.parametrize("width", [360, 1280, 1920])
def test_nothing_is_wider_than_the_screen(visit, served, width):
    page = visit("planner", "/planner/", width=width)
    for path in ("/planner/", "/planner/community/522632100002", "/planner/vacancies"):
        page.goto(served.url + path)
        page.wait_for_selector(".table-tools")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
