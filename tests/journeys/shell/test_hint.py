"""The hint after signing in: it leads to the guide, and closed for good it stays away."""

import pytest

from tests.journeys.conftest import PASSWORD

pytestmark = pytest.mark.browser


def sign_in_again(page):
    page.click(".person-open")
    page.click("#person-card form button")
    page.wait_for_selector("[name=login]")
    page.fill("[name=login]", "official")
    page.fill("[name=password]", PASSWORD)
    page.click("button.primary")
    page.wait_for_selector("#topbar .help-link")


@pytest.mark.parametrize("width", [1280, 360])
def test_the_hint_comes_after_signing_in_until_it_is_closed_for_good(visit, width):
    page = visit("official", "/account/", width=width)
    assert page.locator("#hint").count() == 0, "only on the first page after signing in"
    sign_in_again(page)
    page.wait_for_selector("#hint:popover-open")
    box = page.locator("#hint").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    page.keyboard.press("Escape")
    page.wait_for_selector("#hint:not(:popover-open)", state="attached")
    sign_in_again(page)
    page.wait_for_selector("#hint:popover-open")
    page.click("#hint .quiet")
    page.wait_for_selector("#hint:not(:popover-open)", state="attached")
    assert page.evaluate("document.activeElement.matches('.help-link')")
    sign_in_again(page)
    assert page.locator("#hint").count() == 0


def test_the_hint_leads_to_the_guide_of_the_person(visit):
    page = visit("official", "/account/")
    sign_in_again(page)
    page.click("#hint a")
    page.wait_for_url("**/help/official")
    assert page.locator(".guide h1").is_visible()
    page.wait_for_function("() => document.querySelector('.guide img').naturalWidth > 0")
