"""The address says where one is: choices are steps of Back, and a link opens the same view."""

import pytest

pytestmark = pytest.mark.browser

DRAWN = "#map_main[data-drawn]"


def query_of(page):
    return page.evaluate("Object.fromEntries(new URLSearchParams(location.search))")


def settle(page, **wanted):
    said = " && ".join(
        f"(new URLSearchParams(location.search).get('{k}') ?? '') === '{v}'"
        for k, v in wanted.items()
    )
    page.wait_for_function(f"() => {said} && !document.documentElement.dataset.waiting")


def test_back_and_forward_step_through_the_choices_of_the_statistics(visit, served):
    page = visit("official", "/official/")
    page.wait_for_selector(DRAWN)
    page.select_option("[name=by]", "community")
    settle(page, by="community")
    first = page.input_value("[name=measure]")
    (second,) = page.select_option("[name=measure]", index=1)
    settle(page, measure=second)
    page.wait_for_selector(f"#numbers tr[data-code='{served.town.communities[0].unit.code}']")
    page.go_back()
    settle(page, by="community")
    assert page.input_value("[name=by]") == "community"
    assert page.input_value("[name=measure]") == first
    page.go_back()
    page.wait_for_function("() => document.querySelector('[name=by]').value === 'grid'")
    page.go_forward()
    page.wait_for_function("() => document.querySelector('[name=by]').value === 'community'")


def test_a_shared_link_opens_the_same_place_period_and_topic(visit, served):
    code = served.town.communities[0].unit.code
    page = visit("official", "/official/")
    page.wait_for_selector(DRAWN)
    page.select_option("[name=by]", "community")
    page.click(f"#numbers tr[data-code='{code}']")
    settle(page, place=code)
    shared = page.url.removeprefix(served.url)
    other = visit("administrator", shared)
    other.wait_for_selector(f"#numbers tr[data-code='{code}'][aria-selected=true]")
    assert query_of(other) == query_of(page)
    assert served.town.communities[0].unit.name_en in other.locator("#crumbs").inner_text()


def test_a_grid_chosen_is_in_the_address_of_its_community(visit, served):
    community = served.town.communities[0]
    grid = community.grids[0].code
    path = f"/planner/community/{community.unit.code}"
    page = visit("planner", f"{path}?grid={grid}")
    page.wait_for_selector(f"#grids tr[data-code='{grid}'][aria-selected=true]")
    assert page.locator("#crumbs li").last.inner_text().endswith(grid[-3:])
    other = community.grids[1].code
    page.click(f"#grids tr[data-code='{other}'] td.number >> nth=0")
    settle(page, grid=other)
    page.go_back()
    page.wait_for_selector(f"#grids tr[data-code='{grid}'][aria-selected=true]")


def test_the_other_language_opens_the_same_view(visit):
    page = visit("official", "/official/")
    page.wait_for_selector(DRAWN)
    page.select_option("[name=by]", "town")
    settle(page, by="town")
    page.click(".language button")
    page.wait_for_selector("html[lang=zh-Hans]")
    page.wait_for_selector(DRAWN)
    assert page.input_value("[name=by]") == "town"
