"""Targets of the worker's map: one per entrance, open to floors and doors, the chosen in sight."""

import pytest
from playwright.sync_api import expect
from shapely import Point
from sqlalchemy import text

from gis.database.engine import transaction
from gis.store import tables as t
from tests.factories import SIDE, block_square, ewkt

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740, "has_touch": True, "is_mobile": True}
FLATS = {"1": ("101", "102", "501", "1203", "1201"), "2": ("301",)}
STAIRWELL_1 = "榕江大道12号阳光小区3栋1单元"
TARGETS = """() => [...document.querySelectorAll('.entrance')].map((e) => {
    const {left, top, width, height} = e.getBoundingClientRect();
    return {left, top, width, height, name: e.firstElementChild.textContent,
        count: Number(e.dataset.count), chosen: e.classList.contains('chosen')};
})"""
UNCOVERED = """() => {
    const chosen = document.querySelector('.entrance.chosen');
    const {left, top, right, bottom} = chosen.getBoundingClientRect();
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    const spots = [[x, y], [left + 3, y], [right - 3, y], [x, top + 3], [x, bottom - 3]];
    return spots.every(([x, y]) => document.elementFromPoint(x, y)?.closest('.entrance.chosen'));
}"""
STILL = "() => !communityGridMap._animatingZoom && !communityGridMap._panAnim?._inProgress"


@pytest.fixture
def estate(served):
    """Add a building of two stairwells, 18 m apart, with flats on floors, to the worker's grid."""
    first = served.town.communities[0]
    like, centre = first.addresses[0], block_square(0, 0).centroid
    with transaction(served.engine) as session:
        for stairwell, rooms in FLATS.items():
            here = ewkt(Point(centre.x + int(stairwell) * 0.18 * SIDE, centre.y + 0.3 * SIDE))
            belongs = {
                "community_id": first.id,
                "block_id": like.block_id,
                "import_batch_id": like.import_batch_id,
                "geom": here,
            }
            whole = f"榕江大道12号阳光小区3栋{stairwell}单元"
            parts = {"street": "榕江大道", "number": "12", "estate": "阳光小区", "building": "3"}
            address = t.Address(text=whole, **parts, stairwell=stairwell, **belongs)
            session.add(address)
            session.flush()
            session.add_all(
                t.Household(
                    number=f"F{stairwell}{room}",
                    head_name=f"李{room}",
                    people=2,
                    address_text=f"{whole}{room}室",
                    address_id=address.id,
                    level="unit",
                    status="accepted",
                    **belongs,
                )
                for room in rooms
            )
    return first.grids[0]


def opened(visit, *, tab="map", **options):
    page = visit("worker", f"/worker/?tab={tab}", **(options or PHONE))
    page.wait_for_selector("#map_main[data-drawn]", state="attached")
    return page


def still(page):
    page.wait_for_function(STILL)
    return page.evaluate(TARGETS)


def cut_texts(page):
    script = "all => all.filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.textContent)"
    return page.eval_on_selector_all(".entrance > *", script)


def look_at(page, name, zoom):
    """Put the entrance of this name into the middle of the map."""
    page.evaluate(
        """([lat, lon, zoom]) => communityGridMap.setView([lat, lon], zoom, {animate: false})""",
        [25.9308, 108.50068, zoom],
    )
    return page.locator(f".entrance:has(b:text-is('{name}'))")


def test_every_target_is_large_apart_and_counts_the_register(visit, served, estate):
    page = opened(visit)
    for zoom in (15, 17, 18.25, 19, 16):
        page.evaluate("(zoom) => { communityGridMap.setZoom(zoom, {animate: false}); }", zoom)
        targets = still(page)
        assert cut_texts(page) == []
        assert min(min(t["width"], t["height"]) for t in targets) >= 44
        for i, a in enumerate(targets):
            for b in targets[:i]:
                across = min(a["left"], b["left"]) + 60 - max(a["left"], b["left"])
                down = min(a["top"], b["top"]) + 44 - max(a["top"], b["top"])
                assert across < 1 or down < 1, (zoom, a, b)
    page.evaluate("() => { communityGridMap.setZoom(15, {animate: false}); }")
    with served.engine.connect() as connection:
        query = text(
            "SELECT count(*) FROM household h JOIN block_assignment b ON b.block_id = h.block_id"
            " JOIN live_plan p ON p.plan_id = b.plan_id"
            " JOIN grid g ON g.id = b.grid_id WHERE g.code = :code AND h.status = 'accepted'"
        )
        registered = connection.execute(query, {"code": estate.code}).scalar_one()
    assert sum(t["count"] for t in still(page)) == registered == 18


def test_an_entrance_opens_to_floors_and_a_door_to_its_household(visit, estate):
    page = opened(visit)
    look_at(page, "3栋1单元", 19).tap()
    expect(page.locator(".entrance-head h2")).to_have_text(STAIRWELL_1)
    assert page.locator(".floor h3").all_inner_texts() == ["Floor 12", "Floor 5", "Floor 1"]
    assert page.locator(".floor").first.locator("b").all_inner_texts() == ["1201", "1203"]
    assert page.evaluate(
        "() => [...document.querySelectorAll('.door')].every((e) => e.offsetHeight >= 44)"
    )
    still(page)
    assert page.evaluate(UNCOVERED)
    page.locator(".door:has-text('1203')").tap()
    expect(page.locator("#detail-view h1")).to_have_text("李1203")
    still(page)
    assert page.evaluate(UNCOVERED)
    page.go_back()
    expect(page.locator(".floor")).to_have_count(3)
    page.go_back()
    expect(page.locator("#households > li")).to_have_count(18)
    assert page.locator(".entrance.chosen").count() == 0


def test_joined_entrances_are_listed_and_the_one_that_is_taken_stands_alone(visit, estate):
    page = opened(visit)
    page.evaluate("() => communityGridMap.setView([25.9308, 108.5007], 16, {animate: false})")
    joined = page.locator(".entrance.several").first
    assert "doors" in joined.inner_text() and "×" in joined.inner_text()
    joined.tap()
    taken = page.locator(f"[data-entrance$='{STAIRWELL_1}']")
    expect(taken).to_contain_text("5 households")
    taken.tap()
    expect(page.locator(".floor")).to_have_count(3)
    page.wait_for_selector(".entrance.chosen:has(b:text-is('3栋1单元'))")
    still(page)
    assert page.evaluate(UNCOVERED)


def test_a_household_of_the_list_is_found_on_the_map_with_nothing_over_it(visit, estate):
    page = opened(visit, tab="list")
    page.fill("#find", "1203")
    page.locator(".household").first.tap()
    page.tap("text=Show on the map")
    page.wait_for_selector(".entrance.chosen:has(b:text-is('3栋1单元'))")
    still(page)
    assert page.evaluate(UNCOVERED)
    assert [t["count"] for t in page.evaluate(TARGETS)] == [1], "of what the search finds"


def test_keys_open_close_and_come_back_to_the_target(visit, estate):
    page = opened(visit, width=1280, height=800)
    target = look_at(page, "3栋1单元", 19)
    target.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".floor")).to_have_count(3)
    page.locator(".door:has-text('501')").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#detail-view h1")).to_have_text("李501")
    still(page)
    assert page.evaluate(UNCOVERED)
    page.keyboard.press("Escape")
    expect(page.locator(".door:has-text('501')")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#households > li")).to_have_count(18)
    expect(target).to_be_focused()
    assert page.locator("[aria-current=true]").count() == 0


def test_an_entrance_with_one_household_opens_it_at_once(visit, estate):
    page = opened(visit)
    look_at(page, "3栋2单元", 19).tap()
    expect(page.locator("#detail-view h1")).to_have_text("李301")
    page.tap("text=All households")
    expect(page.locator(".entrance:has(b:text-is('3栋2单元'))")).to_be_focused()


def test_paper_shows_the_targets(visit, estate):
    page = opened(visit, width=1280, height=800)
    look_at(page, "3栋1单元", 19).click()
    page.click(".leaflet-control-paper")
    page.wait_for_selector("html[data-paper=ready]")
    assert page.locator(".paper .entrance.chosen").is_visible()
    assert page.locator(".paper h2").first.inner_text() == STAIRWELL_1
