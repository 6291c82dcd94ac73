"""Scenarios in a browser: branch, compare side by side, ask about a place, announce, go back."""

import pytest
from sqlalchemy import text

pytestmark = pytest.mark.browser

COMMUNITY = "/planner/community/522632100002"


def test_a_scenario_is_branched_named_and_compared_on_two_maps(visit, served):
    live, draft = (p.id for p in served.town.communities[1].plans)
    page = visit("planner", f"{COMMUNITY}?plan={live}")
    page.click("#work-on [data-branch]:enabled")
    page.fill("dialog input[type=text]", "With the bridge")
    page.fill("dialog textarea", "May")
    page.click("dialog button.primary")
    page.wait_for_selector(".purpose:has-text('May')")
    assert "With the bridge" in page.inner_text("#plan-choice option:checked")
    page.goto(f"{served.url}/planner/compare?a={live}&b={draft}")
    page.wait_for_selector("#map_after[data-drawn]")
    assert "2 of 24 households" in page.inner_text(".verdict")
    page.locator("#differences tbody tr").nth(1).press("Enter")
    assert page.locator("#differences tr[aria-selected=true]").count() == 1
    page.evaluate("communityGridMap.setZoom(17, { animate: false })")
    boxes = page.evaluate(
        "[...document.querySelectorAll('.folium-map')].map((m) => m.getBoundingClientRect().width)"
    )
    assert boxes[0] == pytest.approx(boxes[1], abs=2) and boxes[0] > 200
    with page.expect_download() as file:
        page.click("text=XLSX")
    assert file.value.suggested_filename.endswith(f"{live}-{draft}.xlsx")


def test_the_two_maps_move_together_also_on_a_phone(visit, served):
    live, draft = (p.id for p in served.town.communities[1].plans)
    page = visit("planner", f"/planner/compare?a={live}&b={draft}", width=390, height=844)
    page.wait_for_selector("#map_after[data-drawn]")
    tops = page.evaluate(
        "[...document.querySelectorAll('.folium-map')].map((m) => m.getBoundingClientRect().top)"
    )
    assert tops[1] > tops[0] + 100
    before, after = page.locator("#map_main"), page.locator("#map_after")
    scale = ".leaflet-control-scale-line"
    moved = f"(was) => document.querySelector('#map_main {scale}').innerText !== was"
    start = before.locator(scale).inner_text()
    after.press("+")
    page.wait_for_function(moved, arg=start)
    assert before.locator(scale).inner_text() == after.locator(scale).inner_text()


def test_a_click_on_the_map_tells_which_grid_a_place_was_in(visit, served):
    page = visit("planner", "/planner/community/522632100001")
    page.wait_for_selector("#map_main[data-drawn]")
    page.click("#place-box > summary")
    page.fill("#place-form [name=on]", "2026-02-01")
    box = page.locator("#map_main").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2 + 30, box["y"] + box["height"] / 2)
    page.wait_for_selector("#place-answer:has-text('On 2026-02-01: grid 52263210000100')")
    lon, lat = (float(page.input_value(f"#place-form [name={name}]")) for name in ("lon", "lat"))
    (cell,) = [g for g in served.town.communities[0].grids if covers(served, g.id, lon, lat)]
    assert f"grid {cell.code}" in page.inner_text("#place-answer"), "the grid that was clicked"
    page.fill("#place-form [name=lon]", "0")
    page.press("#place-form [name=lon]", "Enter")
    page.wait_for_selector("#place-answer:has-text('no plan was in force here')")
    assert cell.code not in page.inner_text("#place-answer")


def covers(served, grid_id, lon, lat):
    query = text(
        "SELECT ST_Covers(geom, ST_SetSRID(ST_Point(:x, :y), 4326)) FROM grid WHERE id = :id"
    )
    with served.engine.connect() as connection:
        return connection.execute(query, {"id": grid_id, "x": lon, "y": lat}).scalar_one()


def test_an_announcement_and_its_history_are_told_to_who_may_see_names(visit, served):
    draft = served.town.communities[1].plans[1].id
    page = visit("planner", f"{COMMUNITY}?plan={draft}")
    page.click("button[data-step=submit]:enabled")
    page.fill("dialog textarea", "the bridge is open")
    page.click("dialog button.primary")
    page.wait_for_selector("text=Waits for approval by a second person")
    official = visit("official", f"{COMMUNITY}?plan={draft}")
    assert "2 households change grid, and 0 change worker" in official.inner_text("#panel")
    official.click("button[data-step=approve]:enabled")
    official.click("dialog button.primary")
    official.wait_for_selector(".plan-line .badge:has-text('approved')")
    page.reload()
    page.click("button[data-step=publish]:enabled")
    page.fill("dialog input[type=date]", "2199-01-01")
    page.click("dialog button.primary")
    page.wait_for_selector(".plan-line .badge:has-text('announced')")
    told = page.locator(".timeline").text_content()
    assert "the bridge is open" in told and "in force from 2199-01-01" in told
    page.click("button[data-step=withdraw]:enabled")
    page.click("dialog button.primary")
    page.wait_for_selector(".plan-line .badge:has-text('approved')")
