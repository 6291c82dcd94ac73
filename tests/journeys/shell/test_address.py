"""The address says where one is: choices are steps of Back, and a link opens the same view."""

import pytest
from playwright.sync_api import expect

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


def plans_of(served):
    """Give a community with the ids of its plan in force and of its draft."""
    community = served.town.communities[1]
    live, draft = (plan.id for plan in community.plans)
    return community, live, draft


def test_the_record_under_review_is_in_the_address_and_a_step_of_back(visit):
    page = visit("community_manager", "/review/")
    page.wait_for_selector(".offer")
    ids = page.eval_on_selector_all("#waiting > li", "all => all.map((e) => e.dataset.id)")
    settle(page, record=ids[0])
    page.click(f"[data-id='{ids[2]}'] .waiting-head")
    settle(page, record=ids[2])
    shared = page.url
    page.keyboard.press("ArrowUp")
    settle(page, record=ids[1])
    page.go_back()
    settle(page, record=ids[0])
    page.wait_for_selector(f"[data-id='{ids[0]}'] [data-open]")
    page.goto(shared)
    page.wait_for_selector(f"[data-id='{ids[2]}'] [data-open]")
    page.goto(shared.replace(ids[2], "00000000-0000-0000-0000-00000000dead"))
    page.wait_for_selector("#gone:has-text('does not wait here')")
    settle(page, record=ids[0])


def test_a_record_outside_the_filter_of_a_link_is_put_first(visit):
    page = visit("community_manager", "/review/")
    page.wait_for_selector(".offer")
    ids = page.eval_on_selector_all("#waiting > li", "all => all.map((e) => e.dataset.id)")
    page.goto(page.url.split("?")[0] + "?status=none")
    page.wait_for_selector("#waiting > li [data-open]")
    (only,) = page.eval_on_selector_all("#waiting > li", "all => all.map((e) => e.dataset.id)")
    other = next(record for record in ids if record != only)
    page.goto(page.url.split("?")[0] + f"?status=none&record={other}")
    page.wait_for_selector(f"#waiting > li:first-child[data-id='{other}'] [data-open]")


def test_the_grid_in_hand_is_in_the_address_of_the_redraw_desk(visit, served):
    _, _, draft = plans_of(served)
    page = visit("planner", f"/planner/plan/{draft}/redraw")
    page.wait_for_selector(DRAWN)
    page.click("#tab-grids")
    settle(page, tab="grids")
    page.click("#part-grids tr[data-grid='1'] td")
    settle(page, tab="grids", grid="001")
    page.click("#part-grids tr[data-grid='2'] td")
    settle(page, grid="002")
    page.click("#part-grids th:nth-child(2) .sort")
    settle(page, sort_grids="-households", grid="002")
    page.reload()
    page.wait_for_selector("#part-grids tr[data-grid='2'][aria-selected=true]")
    page.wait_for_selector("#part-grids th:nth-child(2)[aria-sort=descending]")
    page.go_back()
    page.wait_for_selector("#part-grids th:nth-child(1)[aria-sort=ascending]")
    page.go_back()
    page.wait_for_selector("#part-grids tr[data-grid='1'][aria-selected=true]")
    settle(page, tab="grids", grid="001")


def test_undoing_on_the_redraw_desk_makes_no_step_of_back(visit, served):
    _, _, draft = plans_of(served)
    page = visit("planner", f"/planner/plan/{draft}/redraw?grid=001")
    page.wait_for_selector(DRAWN)
    steps = page.evaluate("() => history.length")
    page.evaluate("""() => {
        const { work } = communityGridDesk;
        work.take("new_grid", new Map([[0, work.nextNumber]]));
    }""")
    page.evaluate("() => { communityGridDesk.choose(communityGridDesk.work.nextNumber - 1); }")
    settle(page, grid="+A")
    page.click("[data-act=undo]")
    settle(page, grid="")
    page.click("[data-act=redo]")
    settle(page, grid="+A")
    assert page.evaluate("() => history.length") == steps + 1


def test_a_link_to_a_grid_that_is_gone_says_so_and_shows_the_page_without_it(visit, served):
    community, live, draft = plans_of(served)
    paths = {
        f"/planner/plan/{draft}/redraw?grid=099": "Grid 099, which the link names, is not in this",
        f"/planner/compare?a={live}&b={draft}&before={community.unit.code}099": "in these plans",
        f"/planner/community/{community.unit.code}?grid={community.unit.code}099": "Grid 099",
    }
    for path, sentence in paths.items():
        page = visit("planner", path)
        page.wait_for_selector(f"#gone:has-text('{sentence}')")
        settle(page, grid="", before="", after="")
    page = visit("official", "/official/?place=000000000000999")
    page.wait_for_selector("#gone:has-text('The place that the link names')")
    settle(page, place="")


def test_a_grid_compared_is_in_the_address(visit, served):
    community, live, draft = plans_of(served)
    page = visit("planner", f"/planner/compare?a={live}&b={draft}")
    page.wait_for_selector("#differences tbody tr")
    row = "#differences tbody tr:nth-child({})"
    for place in (1, 2):
        page.click(f"{row.format(place)} td >> nth=1")
        page.wait_for_selector(f"{row.format(place)}[aria-selected=true]")
    before = page.get_attribute(row.format(2), "data-before")
    settle(page, before=before)
    page.reload()
    page.wait_for_selector(f"{row.format(2)}[aria-selected=true]")
    page.go_back()
    page.wait_for_selector(f"{row.format(1)}[aria-selected=true]")
    page.go_back()
    page.wait_for_function("() => !document.querySelector('#differences [aria-selected]')")


@pytest.mark.parametrize(
    ("login", "path", "table", "column", "said"),
    [
        ("official", "/official/?by=community", "#numbers", 1, "sort_numbers"),
        ("planner", "/planner/", "[data-table=communities]", 2, "sort_communities"),
        ("administrator", "/admin/users", "[data-table=accounts]", 1, "sort_accounts"),
    ],
)
def test_the_order_of_a_table_is_in_the_address(visit, login, path, table, column, said):  # noqa: PLR0913, PLR0917
    page = visit(login, path)
    head = f"{table} thead th:nth-child({column})"
    body = f"{table} tbody"
    page.wait_for_selector(f"{body} tr")
    first = page.inner_text(body)
    page.click(f"{head} .sort")
    page.click(f"{head} .sort")
    order = page.get_attribute(head, "aria-sort")
    key = query_of(page)[said]
    assert key.startswith("-") == (order == "descending")
    shown = page.inner_text(body)
    page.reload()
    page.wait_for_selector(f"{head}[aria-sort={order}]")
    expect(page.locator(body)).to_have_text(shown, use_inner_text=True)
    page.go_back()
    page.go_back()
    settle(page, **{said: ""})
    page.wait_for_selector(f"{head}:not([aria-sort={order}])")
    expect(page.locator(body)).to_have_text(first, use_inner_text=True)


def test_the_other_language_opens_the_same_view(visit):
    page = visit("official", "/official/")
    page.wait_for_selector(DRAWN)
    page.select_option("[name=by]", "town")
    settle(page, by="town")
    page.click(".language button")
    page.wait_for_selector("html[lang=zh-Hans]")
    page.wait_for_selector(DRAWN)
    assert page.input_value("[name=by]") == "town"
