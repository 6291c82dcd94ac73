"""A planner's day: see what waits, look at a draft, submit it; a second person approves."""

import pytest

from gis.actions.access.work import Work
from gis.actions.plan import drawings
from gis.database.engine import transaction
from gis.domain.access import SYSTEM
from gis.store.jobs import queue
from gis.store.tables import BlockBuild
from webmap.shell.session import now

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
    page.wait_for_selector("text=Whom it concerns")
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
    assert "2 households change grid" in page.inner_text("dialog .outlook")
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


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_list_of_checks_leads_to_what_is_odd(visit, served, language):
    plan = served.town.communities[0].plans[0].id
    page = visit("planner", f"/planner/community/522632100001?plan={plan}", locale=language)
    page.context.add_cookies([{"name": "language", "value": language, "url": served.url}])
    page.reload()
    page.wait_for_selector("#map_main[data-drawn]")
    page.click("#checks > summary")
    page.wait_for_selector("#checks tbody tr")
    words = page.inner_text("#checks")
    assert ("Every grid is in one piece" if language == "en" else "每个网格连成一片") in words
    assert "null" not in words and "undefined" not in words
    show = page.locator("#checks tbody button")
    if show.count():
        show.first.click()
        page.wait_for_selector(".check-place")


def test_a_refused_wish_is_told_beside_the_form(visit):
    page = visit("planner", "/planner/community/522632100001")
    page.wait_for_selector("#map_main[data-drawn]")
    page.click("details.draw > summary")
    page.fill("#draw [name=minimum]", "20")
    page.fill("#draw [name=maximum]", "10")
    page.click("#draw button.primary")
    page.wait_for_selector("#draw-state.alert")
    assert "out of order" in page.inner_text("#draw-state")


def test_a_chosen_grid_tells_what_its_border_follows(visit, served):
    page = visit("planner", "/planner/community/522632100001")
    page.wait_for_selector("#map_main[data-drawn]")
    code = served.town.communities[0].grids[0].code
    page.click(f"#grids tr[data-code='{code}'] td.number")
    page.wait_for_selector(".border-key:not([hidden]) li")
    key = page.inner_text(".border-key")
    assert f"Border of grid {code[-3:]}" in key and "river" in key and " m" in key


def test_what_stands_in_the_way_is_told_before_the_nearest_division_is_drawn(visit):
    page = visit("planner", "/planner/community/522632100001")
    page.wait_for_selector("#map_main[data-drawn]")
    page.click("details.draw > summary")
    for name, value in (("minimum", 10), ("target", 11), ("maximum", 11)):
        page.fill(f"#draw [name={name}]", str(value))
    page.click("#draw button.primary")
    page.wait_for_selector("#obstacles:not([hidden]) .remedy")
    assert "24 households fit no number of grids" in page.inner_text("#obstacles")
    assert "Raise the maximum" in page.inner_text("#obstacles .remedy")
    page.click("#obstacles button:has-text('Draw anyway')")
    page.wait_for_url("**plan=*", timeout=120_000)
    page.wait_for_selector(".plan-line .badge:has-text('draft')")
    assert page.locator("#grids .flags .badge").count() > 0
    page.locator("#grids .flags summary").first.click()
    assert "24 households" in page.locator("#grids .flags p").first.inner_text()


def test_an_impossible_wish_cannot_be_drawn_anyway(visit):
    page = visit("planner", "/planner/community/522632100001")
    page.wait_for_selector("#map_main[data-drawn]")
    page.click("details.draw > summary")
    page.fill("#draw [name=n_grids]", "9")
    page.click("#draw button.primary")
    page.wait_for_selector("#obstacles.alert")
    assert "Change the wishes" in page.inner_text("#obstacles")
    assert page.locator("#obstacles button:has-text('Draw anyway')").count() == 0
    assert page.locator("#draw button.primary").is_enabled()


def test_a_drawing_under_way_is_followed_and_can_be_stopped(visit, served):
    community = served.town.communities[0].id
    with transaction(served.engine) as session:
        drawing = drawings.begin_drawing(Work(session, SYSTEM, now()), community)
        held = queue.claim_one(session, drawing, now=now())
        queue.hear(session, held, fraction=0.4, message="", now=now())
    page = visit("planner", "/planner/community/522632100001")
    page.wait_for_selector("#draw-state progress")
    page.wait_for_selector("text=Drawing… 40%")
    assert page.locator("#draw button.primary").is_disabled()
    with page.expect_response(lambda answer: answer.request.method == "DELETE") as stopped:
        page.click("#draw-state button")
    assert stopped.value.ok
    with transaction(served.engine) as session:
        assert not queue.hear(session, held, fraction=0.5, message="", now=now())
        queue.end(session, held, "cancelled", now=now())
    page.wait_for_selector("text=Stopped. Nothing was stored.")
    assert page.locator("#draw button.primary").is_enabled()


def test_ticked_grids_are_kept_as_they_are(visit, served):
    page = visit("planner", "/planner/community/522632100001")
    page.wait_for_selector("#map_main[data-drawn]")
    code = served.town.communities[0].grids[1].code
    page.click("details.draw > summary")
    page.check(f"input[data-lock='{code}']")
    assert code[-3:] in page.inner_text("#locks")
    with page.expect_request("**/drafts/check") as asked:
        page.click("#draw button.primary")
    wishes = asked.value.post_data_json
    assert wishes["locks"] == [code]
    assert wishes["from_plan"] == served.town.communities[0].plans[0].id
    page.wait_for_url("**plan=*", timeout=120_000)
    page.wait_for_selector("text=No household changes grid.")


def test_the_table_sorts_filters_and_says_so(visit):
    page = visit("official", "/planner/")
    page.wait_for_selector("#map_main[data-drawn]")
    page.click(".columns-open")
    page.check(".column-list label:has-text('Without worker') input")
    page.click(".columns-open")
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


def test_buildings_kept_whole_lead_to_their_place(visit, served):
    box = [108.5, 25.9, 108.5005, 25.9005]
    with transaction(served.engine) as session:
        (build,) = session.query(BlockBuild).filter_by(id=served.town.communities[0].build.id)
        build.report = {"buildings_across": 1, "kept_whole": [{"name": "B-7", "box": box}]}
    page = visit("planner", "/planner/community/522632100001")
    page.wait_for_selector("#map_main[data-drawn]")
    page.click("#kept-whole > summary")
    page.get_by_role("button", name="Show: B-7").click()
    page.wait_for_selector(".check-place", state="attached")
