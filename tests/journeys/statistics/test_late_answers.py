"""Whatever comes late: what a page shows is what was chosen last, and Back goes back one step."""

import contextlib

import pytest

pytestmark = pytest.mark.browser


class Held:
    """Answers kept back until they are let go."""

    def __init__(self, page, pattern):
        self.routes = []
        page.route(pattern, lambda route: self.routes.append(route))

    def wait(self, page):
        """Wait until the page has asked."""
        while not self.routes:
            page.wait_for_timeout(20)

    def let_go(self, page):
        for route in self.routes:
            with contextlib.suppress(Exception):  # the page may have broken the request off
                route.continue_()
        page.wait_for_load_state("networkidle")


@pytest.fixture
def statistics(visit):
    page = visit("official", "/official/?topic=noise&period=2026-02&by=grid&measure=count")
    page.wait_for_selector("#map_main[data-drawn]", state="attached")
    return page


def test_a_late_answer_does_not_overwrite_a_newer_choice(statistics):
    page = statistics
    held = Held(page, "**/api/v1/statistics?*topic=theft*")
    page.select_option("[name=topic]", "theft")
    held.wait(page)
    page.select_option("[name=topic]", "all")
    page.wait_for_function(
        "() => document.querySelector('.legend-on-map').innerText.includes('All')"
    )
    held.let_go(page)
    assert "All topics" in page.locator(".legend-on-map").inner_text()
    assert page.locator("#numbers tbody tr").first.locator("td").nth(1).inner_text() == "6"
    assert page.input_value("[name=topic]") == "all" and "topic=all" in page.url
    assert "topic=all" in page.get_attribute("#save-csv", "href")


def test_late_shapes_do_not_overwrite_those_of_a_newer_level(statistics):
    page = statistics
    held = Held(page, "**/api/v1/maps/shapes/town")
    page.select_option("[name=by]", "town")
    held.wait(page)
    page.select_option("[name=by]", "community")
    page.wait_for_function("() => document.querySelectorAll('#numbers tbody tr').length === 3")
    held.let_go(page)
    assert page.locator("#numbers tbody tr").count() == 3
    page.locator("#numbers tbody tr").first.click()
    assert page.evaluate("communityGridMap.getZoom()") >= 14, "the shape of the row is on the map"


def test_a_choice_that_cannot_be_had_is_taken_back(statistics):
    page = statistics
    page.route("**/api/v1/statistics?*topic=theft*", lambda route: route.abort())
    page.select_option("[name=topic]", "theft")
    page.wait_for_selector("#trouble:not([hidden])")
    assert "cannot be reached" in page.inner_text("#trouble")
    assert page.input_value("[name=topic]") == "noise"
    assert "Noise" in page.locator(".legend-on-map").inner_text()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 502, "body": "<html>bad gateway</html>"}, "could not answer (502)"),
        ({"status": 500, "json": {"message": None}}, "could not answer (500)"),
        ({"status": 200, "body": "<html>sign in to the network</html>"}, "could not be read"),
    ],
)
def test_no_odd_answer_is_shown_as_null(statistics, answer, words):
    page = statistics
    page.route("**/api/v1/statistics?*topic=theft*", lambda route: route.fulfill(**answer))
    page.select_option("[name=topic]", "theft")
    page.wait_for_selector("#trouble:not([hidden])")
    assert words in page.inner_text("#trouble")
    text = page.inner_text("body")
    assert "null" not in text and "undefined" not in text and "[object" not in text


def test_a_late_household_is_not_shown_over_a_newer_one(visit):
    page = visit("worker", "/worker/", width=390, height=780)
    page.wait_for_selector("#map_main[data-drawn]", state="attached")
    names = page.locator("#households .household .who").all_inner_texts()
    held = Held(page, "**/api/v1/households/*")
    page.locator("#households .household").nth(0).click()
    held.wait(page)
    page.unroute("**/api/v1/households/*")
    page.go_back()
    page.locator("#households .household").nth(1).click()
    page.wait_for_selector("#detail-view h1")
    held.let_go(page)
    assert page.inner_text("#detail-view h1") == names[1]


def test_back_closes_an_open_household_and_forward_opens_it_again(visit):
    page = visit("worker", "/worker/", width=390, height=780)
    page.wait_for_selector("#map_main[data-drawn]", state="attached")
    address = page.url
    name = page.locator("#households .household .who").first.inner_text()
    page.locator("#households .household").first.click()
    page.wait_for_selector("#detail-view h1")
    assert page.url == address, "nobody is named in the address"
    page.go_back()
    page.wait_for_selector("#households .household >> visible=true")
    assert page.url == address and not page.is_visible("#detail-view")
    page.go_forward()
    page.wait_for_selector("#detail-view h1 >> visible=true")
    assert page.inner_text("#detail-view h1") == name
    page.locator("#detail-view .back-button").click()
    page.wait_for_selector("#households .household >> visible=true")
    assert page.url == address
    page.locator("#households .household").first.click()
    page.wait_for_selector("#detail-view h1")
    page.reload()
    page.wait_for_selector("#households .household >> visible=true")


PAGES = [
    ("official", "/official/"),
    ("planner", "/planner/"),
    ("community_manager", "/review/"),
    ("worker", "/worker/"),
    ("administrator", "/admin/users"),
    ("administrator", "/admin/imports"),
    ("auditor", "/admin/audit"),
]
NAMELESS = """() => [...document.querySelectorAll('a, button, input, select, textarea, summary')]
  .filter((e) => e.type !== 'hidden' && e.checkVisibility({ checkVisibilityCSS: true }))
  .filter((e) => ![e.innerText, e.ariaLabel, e.title, e.placeholder,
    ...[...(e.labels ?? [])].map((l) => l.innerText), e.querySelector('img')?.alt,
    e.getAttribute('aria-labelledby')].some((words) => words?.trim()))
  .map((e) => e.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(("login", "path"), PAGES)
def test_everything_that_can_be_used_has_a_name(visit, login, path, width):
    page = visit(login, path, width=width, height=740)
    page.wait_for_load_state("networkidle")
    assert page.evaluate(NAMELESS) == []
