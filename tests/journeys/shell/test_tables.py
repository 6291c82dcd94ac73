"""Tables show the columns that fit, or those ticked; what a heading means is a click away."""

import pytest

pytestmark = pytest.mark.browser

SHOWN = """() => [...document.querySelectorAll('table[data-table=communities] thead th')]
    .filter((th) => th.checkVisibility()).length"""
FITS = """() => { const f = document.querySelector('.table-frame.balance');
    return f.scrollWidth <= f.clientWidth + 1; }"""


def test_columns_fit_the_panel_and_come_back_with_its_width(visit):
    page = visit("planner", "/planner/", width=1280)
    page.wait_for_selector(".columns-open")
    few = page.evaluate(SHOWN)
    assert 2 <= few < 10 and page.evaluate(FITS)
    edge = page.get_by_role("separator")
    edge.focus()
    for _ in range(14):
        page.keyboard.press("ArrowRight")
    page.wait_for_function(f"() => ({SHOWN})() > {few} && ({FITS})()")


def test_a_column_that_is_ticked_is_shown_and_stays_so(visit):
    page = visit("planner", "/planner/", width=1280)
    page.click(".columns-open")
    page.locator(".column-list label", has_text="Without worker").click()
    page.keyboard.press("Escape")
    page.wait_for_selector(".column-list:not([data-open])", state="attached")
    assert page.locator("thead th", has_text="Without worker").is_visible()
    page.reload()
    page.wait_for_selector(".columns-open")
    assert page.locator("thead th", has_text="Without worker").is_visible()
    page.click(".columns-open")
    page.click(".column-list button")
    page.wait_for_function(FITS)


def test_what_a_heading_means_is_told_at_a_click_and_by_keyboard(visit):
    page = visit("planner", "/planner/", width=1280)
    page.wait_for_selector(".meaning")
    page.locator("th .meaning").first.focus()
    page.keyboard.press("Enter")
    assert "within the band" in page.inner_text("#meaning")
    page.keyboard.press("Escape")
    page.wait_for_selector("#meaning", state="hidden")
    assert page.locator("th[title]").count() == 0
