"""A planner redraws a draft: with the mouse, by the keyboard, offline, and beside a colleague."""

import time

import pytest

from gis.database.engine import transaction
from gis.store.plan.workspaces import saved_numbers
from tests.factories import make_user

pytestmark = pytest.mark.browser

PLACE = """(row) => {
    const { scene, map } = communityGridDesk;
    const [lon, lat] = scene.shapes.toLonLat(scene.shapes.inner[row]);
    const at = map.latLngToContainerPoint([lat, lon]);
    const box = map.getContainer().getBoundingClientRect();
    return [at.x + box.left, at.y + box.top];
}"""
STATE = """() => {
    const { work } = communityGridDesk;
    const idle = work.queue.length === 0 && !work.busy && !communityGridDesk.asking;
    return { idle, numbers: [...work.division.number], position: work.position,
             confirmed: work.effect.confirmed, locks: [...work.locks],
             faults: work.effect.faults.map((fault) => fault.rule) };
}"""


CUT = """() => ["#toolbar", "#tool-options"].filter((bar) => {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.querySelector(bar);
    return scrollWidth > clientWidth || scrollHeight > clientHeight;
})"""
SMALL = """() => [...document.querySelectorAll("#toolbar .tool, #tool-options :is(button, select)")]
    .filter((e) => e.checkVisibility() && Math.min(e.offsetWidth, e.offsetHeight) < 44)
    .map((e) => e.innerText)"""


class Redraw:
    """The page under test: the rows of the tiny town; 0, 1, 4, 5 and 8 are in grid 1."""

    def __init__(self, page):
        self.page = page
        page.wait_for_selector("#map_main[data-drawn]")

    def at(self, row):
        return self.page.evaluate(PLACE, row)

    def click(self, row):
        self.page.mouse.click(*self.at(row))

    def drag(self, *rows):
        self.page.mouse.move(*self.at(rows[0]))
        self.page.mouse.down()
        for row in rows[1:]:
            self.page.mouse.move(*self.at(row), steps=6)
        self.page.mouse.up()

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def state(self):
        """Wait until the server has answered everything, then tell how things stand."""
        until = time.monotonic() + 60
        found = self.page.evaluate(STATE)
        while not found["idle"] and time.monotonic() < until:
            self.page.wait_for_timeout(50)
            found = self.page.evaluate(STATE)
        assert found["idle"]
        return found

    def number(self, row):
        return self.state()["numbers"][row]

    def save(self, note):
        self.press("Control+s")
        self.page.fill("dialog textarea", note)
        self.page.click("dialog button.primary")
        self.page.wait_for_selector("dialog", state="detached")


@pytest.fixture
def draft(served):
    return next(p for p in served.town.communities[1].plans if p.state == "draft").id


@pytest.fixture
def open_redraw(visit, draft):
    def enter(login="planner", **options):
        return Redraw(visit(login, f"/planner/plan/{draft}/redraw", **options))

    return enter


@pytest.fixture
def redraw(open_redraw):
    return open_redraw()


def stored(served, draft):
    with transaction(served.engine) as session:
        numbers = saved_numbers(session, draft)
    return [numbers[block.id] for block in served.town.communities[1].blocks]


def test_painting_tells_its_effect_at_once_and_is_undone_and_saved(redraw, served, draft):
    page, before = redraw.page, redraw.state()["numbers"]
    west, east = before[4], before[7]
    redraw.click(7)
    redraw.press("b")
    redraw.click(5)
    after = redraw.state()
    assert after["numbers"][5] == east and after["confirmed"]
    page.wait_for_selector("#touched .grid-card, #chosen .grid-card")
    assert "Unsaved: 1 block" in page.inner_text("#save-state")
    redraw.press("Control+z")
    assert redraw.state()["numbers"] == before
    redraw.press("Control+Shift+z")
    assert redraw.number(5) == east
    redraw.save("the new market")
    page.wait_for_selector("text=Saved as edition 2")
    expected = [east if row == 5 else number for row, number in enumerate(before)]
    assert stored(served, draft) == expected and west in expected


LABELS = """() => {
    const { work } = communityGridDesk;
    return Object.fromEntries(work.division.numbers().map((n) => [n, work.label(n)]));
}"""
SWAP = """() => {
    const { work } = communityGridDesk;
    work.take('paint', new Map([...work.division.number].map((n, row) => [row, 3 - n])));
}"""


def test_a_grid_keeps_its_number_while_it_is_edited_and_saving_tells_what_changes(redraw):
    page, before = redraw.page, redraw.page.evaluate(LABELS)
    page.evaluate(SWAP)
    assert redraw.state()["confirmed"]
    assert page.evaluate("() => communityGridDesk.work.codeChanges().length") == 2
    assert page.evaluate(LABELS) == before, "codes would change, but nothing is saved yet"
    assert page.evaluate("() => communityGridDesk.scene.labels().map((l) => l.name)") == [
        *before.values()
    ]
    redraw.press("Control+s")
    assert page.locator("dialog .code-changes li").count() == 2
    page.fill("dialog textarea", "sides exchanged")
    page.click("dialog button.primary")
    page.wait_for_selector("dialog", state="detached")
    page.wait_for_selector("#notices :text('gets the number')")
    after = page.evaluate(LABELS)
    assert after != before and sorted(after.values()) == sorted(before.values())


def test_a_new_grid_has_a_letter_until_it_is_saved(redraw):
    page = redraw.page
    page.evaluate("() => communityGridDesk.work.take('new_grid', new Map([[0, 3], [1, 3]]))")
    redraw.state()
    assert page.evaluate(LABELS)["3"] == "+A"
    assert "+A" in page.evaluate("() => communityGridDesk.scene.labels().map((l) => l.name)")


def test_a_stroke_is_one_step_and_its_filter_holds(redraw):
    east = redraw.number(7)
    redraw.click(7)
    redraw.press("e")
    redraw.click(0)
    redraw.press("b")
    redraw.page.select_option("[data-option=filter]", "unassigned")
    redraw.drag(8, 4, 0)
    after = redraw.state()
    assert [after["numbers"][row] for row in (0, 4, 8)] == [east, 1, 1]
    assert after["position"] == 2


def test_all_grids_are_locked_and_released_in_one_step_each(redraw):
    page, numbers = redraw.page, set(redraw.state()["numbers"])
    page.click("summary:has-text('Locks')")
    page.click("[data-act=lockAll]")
    locked = redraw.state()
    assert locked["locks"] == [f"grid:{n}" for n in sorted(numbers)]
    redraw.click(7)
    redraw.press("b")
    redraw.click(5)
    assert redraw.state()["numbers"] == locked["numbers"], "a locked grid keeps its blocks"
    redraw.press("U")
    assert redraw.state()["locks"] == []
    redraw.press("Control+z")
    assert redraw.state()["locks"] == locked["locks"]


def test_blocks_in_no_grid_go_to_the_nearest_one_in_one_step(redraw):
    before = redraw.state()["numbers"]
    redraw.press("e")
    redraw.click(5)
    redraw.click(0)
    assert redraw.state()["numbers"].count(0) == 2
    redraw.press("A")
    redraw.page.wait_for_selector("text=2 blocks went to the grids beside them")
    after = redraw.state()
    assert 0 not in after["numbers"] and "unassigned" not in after["faults"]
    redraw.press("Control+z")
    assert redraw.state()["numbers"].count(0) == 2 and before.count(0) == 0
    redraw.press("A")
    assert 0 not in redraw.state()["numbers"]
    redraw.press("A")
    redraw.page.wait_for_selector("text=Every block is in a grid already")


def test_an_illegal_state_is_named_cannot_be_saved_and_is_mended(redraw):
    page = redraw.page
    redraw.press("e")
    redraw.click(5)
    assert "unassigned" in redraw.state()["faults"]
    page.wait_for_selector("#problems .fault.stops:has-text('In no grid: 1 block')")
    assert page.locator("#save").is_disabled()
    page.click("#problems .fault.stops button:has-text('Mend')")
    page.wait_for_selector(".proposal:has-text('Assign blocks in no grid')")
    page.click(".proposal button:has-text('Accept')")
    assert redraw.number(5) != 0
    page.wait_for_selector("#problems .fault.stops", state="detached")


def test_a_border_is_dragged_over_the_neighbours_blocks_or_left_with_escape(redraw):
    before = redraw.state()["numbers"]
    (x, y), (east_x, _) = redraw.at(5), redraw.at(6)
    border = ((x + east_x) / 2, y)
    redraw.press("d")
    for end in ("Escape", None):
        redraw.page.mouse.move(*border)
        redraw.page.mouse.down()
        redraw.page.mouse.move(*redraw.at(5), steps=8)
        redraw.page.mouse.move(*redraw.at(1), steps=8)
        if end:
            redraw.press(end)
        redraw.page.mouse.up()
        if end:
            assert redraw.state()["numbers"] == before
            redraw.press("d")
    after = redraw.state()
    assert [row for row in range(12) if after["numbers"][row] != before[row]] == [1, 5]
    assert after["numbers"][5] == after["numbers"][1] == before[6] and after["position"] == 1


def test_a_lasso_takes_what_lies_inside(redraw):
    before = redraw.state()["numbers"]
    redraw.click(7)
    redraw.press("l")
    (x, y), (east_x, north_y) = redraw.at(1), redraw.at(6)
    reach = (east_x - x) * 0.3
    corners = [(x - reach, y + reach), (x + reach, y + reach), (x + reach, north_y - reach)]
    redraw.page.mouse.move(*corners[0])
    redraw.page.mouse.down()
    for corner in [*corners[1:], (x - reach, north_y - reach)]:
        redraw.page.mouse.move(*corner, steps=5)
    redraw.page.mouse.up()
    after = redraw.state()["numbers"]
    assert [row for row in range(12) if after[row] != before[row]] == [1, 5]


def test_splitting_by_a_line_is_proposed_and_may_be_refused(redraw):
    before = redraw.state()["numbers"]
    (x, y), (east_x, south_y) = redraw.at(4), redraw.at(1)
    line = [(x - 60, (y + south_y) / 2), (east_x + 55, (y + south_y) / 2)]
    for answer in ("Escape", "Enter"):
        redraw.press("s")
        redraw.page.mouse.move(*line[0])
        redraw.page.mouse.down()
        redraw.page.mouse.move(*line[1], steps=8)
        redraw.page.mouse.up()
        redraw.page.wait_for_selector(".proposal:has-text('Split grid')")
        assert redraw.state()["numbers"] == before
        redraw.press(answer)
        if answer == "Escape":
            assert redraw.state()["numbers"] == before
    after = redraw.state()["numbers"]
    assert after[0] == after[1] == 3 and after[4] == after[8] == before[4]


def test_everything_can_be_done_by_the_keyboard(redraw):
    page, before = redraw.page, redraw.state()["numbers"]
    page.focus("#map_main")
    page.evaluate("communityGridDesk.stand(7)")
    redraw.press("i", "ArrowLeft", "ArrowLeft", "b", "Enter")
    assert redraw.number(5) == before[7]
    redraw.press("k", "Shift+K")
    assert set(redraw.state()["locks"]) == {f"grid:{before[7]}", f"block:{block_id(page, 5)}"}
    redraw.press("v", "ArrowLeft", "b", "Enter")
    page.wait_for_selector("#notices:has-text('Held by locks')")
    assert redraw.number(4) == before[4]
    redraw.press("Control+z", "Control+z", "Control+z")
    after = redraw.state()
    assert after["numbers"] == before and after["locks"] == [] and after["position"] == 0
    redraw.press("?")
    page.wait_for_selector("dialog.keys")


def block_id(page, row):
    return page.evaluate(f"communityGridDesk.work.ground.id[{row}]")


def test_a_border_explains_itself_and_a_move_tells_what_it_would_break(redraw):
    page, before = redraw.page, redraw.state()["numbers"]
    redraw.click(4)
    page.click("#chosen details summary")
    page.click("#chosen details button:has-text('Why here?')")
    page.wait_for_selector("#explanation:has-text('along barriers')")
    page.click("#block-card button:has-text('Ask')")
    page.wait_for_selector("#explanation h2:has-text('Block')")
    assert "It would break" in page.inner_text("#explanation")
    assert redraw.state()["numbers"] == before


def test_blocks_are_moved_from_the_list_without_the_map(redraw):
    page, before = redraw.page, redraw.state()["numbers"]
    page.click("#tab-grids")
    page.focus(f"#part-grids tr[data-grid='{before[4]}']")
    redraw.press("Enter")
    page.click("#tab-blocks")
    page.check("#part-blocks input[data-row='5']")
    page.select_option("#part-blocks [data-key=into]", str(before[7]))
    page.click("#part-blocks button:has-text('Move ticked blocks')")
    assert redraw.number(5) == before[7]
    page.select_option("#part-blocks [data-key=search]", "changed")
    page.wait_for_selector("#part-blocks .find-line:has-text('1 / 1')")


def test_what_was_done_survives_a_reload_and_the_history_leads_back(redraw):
    before = redraw.state()["numbers"]
    redraw.click(7)
    redraw.press("b")
    redraw.click(5)
    redraw.click(1)
    done = redraw.state()["numbers"]
    redraw.page.reload()
    again = Redraw(redraw.page)
    assert again.state()["numbers"] == done
    again.page.click("#tab-history")
    again.page.locator("#part-history .history-list button").last.click()
    assert again.state()["numbers"] == before
    again.page.locator("#part-history .history-list button").first.click()
    assert again.state()["numbers"] == done


def test_edits_wait_for_the_connection_and_arrive_in_order(redraw):
    page = redraw.page
    redraw.click(7)
    east = redraw.number(7)
    redraw.press("b")
    page.context.set_offline(True)
    redraw.click(5)
    redraw.click(1)
    page.wait_for_selector("#link-state:has-text('2 changes wait')")
    page.context.set_offline(False)
    after = redraw.state()
    assert [after["numbers"][row] for row in (5, 1)] == [east, east]
    assert after["position"] == 2 and after["confirmed"]
    page.wait_for_selector("#link-state", state="hidden")


TWO_FRAMES = """() => new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(done)))"""
ZOOM_AND_CENTRE = """() => {
    const { map } = communityGridDesk;
    return [map.getZoom(), map.containerPointToLatLng([400, 100]).lng];
}"""


def test_a_map_that_is_worked_on_does_not_jump_when_something_comes_beside_it(redraw):
    redraw.click(7)
    before = redraw.page.evaluate(ZOOM_AND_CENTRE)
    redraw.page.context.set_offline(True)
    redraw.page.wait_for_selector("text=No connection. What this page shows")
    redraw.page.evaluate(TWO_FRAMES)
    assert redraw.page.evaluate(ZOOM_AND_CENTRE) == before


def test_a_page_closed_without_connection_sends_its_edits_when_it_is_opened_again(redraw):
    page = redraw.page
    redraw.click(7)
    east = redraw.number(7)
    redraw.press("b")
    page.on("dialog", lambda dialog: dialog.accept())
    page.route("**/workspace/steps", lambda route: route.abort())
    redraw.click(5)
    page.wait_for_selector("#link-state:has-text('1 change waits')")
    page.unroute("**/workspace/steps")
    page.reload()
    again = Redraw(page)
    page.wait_for_selector("#notices:has-text('not sent when this page was closed')")
    assert again.number(5) == east and again.state()["position"] == 1


def test_two_planners_are_brought_together_block_by_block(open_redraw, served, draft):
    with transaction(served.engine) as session:
        make_user(session, "colleague", "planner", (served.town.communities[1].unit,))
    mine, theirs = open_redraw(), open_redraw("colleague")
    east = mine.number(7)
    for one in (mine, theirs):
        one.click(7)
        one.press("b")
    mine.click(5)
    theirs.press("n")
    theirs.click(5)
    theirs.click(9)
    theirs.state()
    mine.state()
    theirs.save("another quarter")
    mine.press("Control+s")
    mine.page.click("dialog button.primary")
    mine.page.wait_for_selector("dialog .alert:not([hidden])")
    mine.press("Escape")
    mine.page.click("button:has-text('Bring together…')")
    mine.page.wait_for_selector(".proposal:has-text('another quarter')")
    assert "Moved by both" in mine.page.inner_text(".proposal")
    mine.page.click(".proposal button:has-text('Take mine')")
    mine.page.click(".proposal button.primary")
    mine.page.wait_for_selector("#notices:has-text('brought together')")
    merged = mine.state()["numbers"]
    assert merged[5] == east and merged[9] == 3
    mine.save("both")
    assert stored(served, draft) == merged


def test_on_a_phone_a_tool_in_hand_leaves_the_screen_to_the_map(open_redraw):
    page = open_redraw(width=360, height=740, has_touch=True).page
    page.click("#toolbar [data-tool=paint]")
    page.wait_for_selector(".stage[data-stop=low]")
    page.wait_for_function("() => document.getElementById('map_main').offsetHeight > 370")
    page.click("#toolbar [data-tool=select]")
    assert page.get_attribute(".stage", "data-stop") == "low", "the person pulls it up"


@pytest.mark.parametrize(
    ("width", "height"), [(360, 800), (390, 844), (768, 1024), (1280, 800), (1920, 1080)]
)
def test_the_page_fits_the_screen_in_both_languages(open_redraw, width, height):
    redraw = open_redraw(width=width, height=height)
    redraw.click(5)
    for language in ("en", "zh"):
        redraw.page.context.add_cookies(
            [{"name": "language", "value": language, "url": redraw.page.url}]
        )
        redraw.page.reload()
        redraw = Redraw(redraw.page)
        redraw.page.wait_for_selector("#save-state:not(:empty)")
        assert redraw.page.evaluate("document.documentElement.scrollWidth") <= width
        box = redraw.page.locator("#map_main").bounding_box()
        assert box["width"] >= (width if width <= 640 else 0.55 * width) and box["height"] >= 250
        redraw.press("b")
        redraw.page.wait_for_selector("[data-tool=paint][aria-pressed=true]")
        assert redraw.page.evaluate(CUT) == []
        assert width > 640 or redraw.page.evaluate(SMALL) == []
