"""The panel beside a map keeps the width a person gave it; on a phone it is a sheet with stops."""

import pytest

pytestmark = pytest.mark.browser

WIDTH = "document.getElementById('panel').offsetWidth"
ROOM = """() => {
    const at = (e) => document.querySelector(e).getBoundingClientRect();
    const [stage, panel, map] = ['.stage', '#panel', '#map_main'].map(at);
    const known = window.communityGridMap.getSize();
    return {
        hole: Math.round(Math.max(0, panel.top - map.bottom)),
        height: Math.round(panel.height), stage: Math.round(stage.height),
        told: Math.abs(known.y - map.height) < 1 && Math.abs(known.x - map.width) < 1,
    };
}"""
SETTLED = f"() => {{ const r = ({ROOM})(); return r.told && r.hole === 0; }}"


def test_the_width_is_changed_by_keyboard_and_pointer_and_kept(visit):
    page = visit("planner", "/planner/")
    page.wait_for_selector("#map_main[data-drawn]")
    first = page.evaluate(WIDTH)
    edge = page.get_by_role("separator")
    edge.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(WIDTH) == first + 24
    box = edge.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + 300
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=3)
    page.mouse.up()
    wide = page.evaluate(WIDTH)
    assert abs(wide - first - 84) <= 8
    page.wait_for_function(f"() => ({ROOM})().told")
    page.reload()
    page.wait_for_selector("#map_main[data-drawn]")
    assert page.evaluate(WIDTH) == wide
    edge.focus()
    page.keyboard.press("Home")
    assert page.evaluate(WIDTH) == first


@pytest.mark.parametrize(("login", "path"), [("official", "/official/"), ("planner", "/planner/")])
def test_the_sheet_has_three_stops_and_never_leaves_a_hole(visit, login, path):
    page = visit(login, path, width=360, height=740)
    page.wait_for_selector("#map_main[data-drawn]")
    page.wait_for_function(SETTLED)
    handle = page.locator("[data-sheet]")
    heights = [page.evaluate(ROOM)["height"]]
    for stop in ("high", "low", "middle"):
        handle.click(position={"x": 180, "y": 10})
        page.wait_for_selector(f".stage[data-stop={stop}]")
        page.wait_for_function(SETTLED)
        page.wait_for_function("() => document.getAnimations().length === 0")
        heights.append(page.evaluate(ROOM)["height"])
    middle, high, low, again = heights
    assert low < middle == again < high


def test_a_pull_takes_the_sheet_to_the_nearest_stop(visit):
    page = visit("planner", "/planner/", width=390, height=740)
    page.wait_for_selector("#map_main[data-drawn]")
    box = page.locator("[data-sheet]").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + 10
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 120, steps=4)
    page.wait_for_function(SETTLED)  # ground that is uncovered is there at once
    page.mouse.move(x, y + 280, steps=4)
    page.mouse.up()
    page.wait_for_selector(".stage[data-stop=low]")
    page.wait_for_function(SETTLED)
    page.wait_for_function("() => document.getAnimations().length === 0")
    low = page.evaluate(ROOM)["height"]
    page.locator("[data-sheet]").focus()
    page.keyboard.press("ArrowUp")
    page.wait_for_selector(".stage[data-stop=middle]")
    page.wait_for_function(SETTLED)
    page.wait_for_function("() => document.getAnimations().length === 0")
    assert page.evaluate(ROOM)["height"] > low


def test_what_opens_from_the_bar_closes_by_escape_and_the_focus_returns(visit):
    page = visit("planner", "/planner/", width=360)
    for opener, opened in ((".menu-open", "#menu-list"), (".person-open", "#person-card")):
        page.click(opener)
        page.wait_for_selector(f"{opened}[data-open]")
        page.keyboard.press("Escape")
        page.wait_for_selector(f"{opened}:not([data-open])", state="attached")
        assert page.evaluate("document.activeElement.className") == opener[1:]
