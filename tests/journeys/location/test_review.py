"""At the review desk: candidates on the map, one key to accept, a pin by hand, undo."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

pytestmark = pytest.mark.browser

EACH_IS_SHOWN = """() => [...document.querySelectorAll('.entrance b')]
    .flatMap((e) => e.innerText.split('·')).length === document.querySelectorAll('.offer').length"""


def _accepted(served) -> int:
    query = text("SELECT count(*) FROM household WHERE number LIKE 'W%' AND status = 'accepted'")
    with served.engine.connect() as connection:
        return connection.execute(query).scalar_one()


def test_a_key_accepts_the_best_candidate_and_undo_takes_it_back(visit, served):
    page = visit("community_manager", "/review/")
    page.wait_for_selector(".offer")
    assert page.locator(".waiting > li").count() == 3
    page.keyboard.press("1")
    page.wait_for_selector("#last:has-text('Accepted.')")
    assert _accepted(served) == 1
    page.keyboard.press("u")
    page.wait_for_selector("#last:has-text('Undone.')")
    assert _accepted(served) == 0


def test_a_pin_is_placed_by_hand_on_the_map(visit, served):
    page = visit("community_manager", "/review/?status=none")
    page.wait_for_selector(".candidates button[data-do=pin]")
    assert page.locator(".waiting > li").count() == 1
    page.click("button[data-do=pin]")
    page.mouse.click(880, 420)
    page.click("button[data-do=confirm]")
    page.wait_for_selector("#last:has-text('Placed.'), [data-problem]:visible")
    assert _accepted(served) == 1, page.inner_text(".panel")


def test_candidates_are_targets_and_those_that_lie_together_are_one(visit, served):
    page = visit("community_manager", "/review/", has_touch=True)
    page.wait_for_selector(".offer")
    page.wait_for_function(EACH_IS_SHOWN)
    numbers = [n for text in page.locator(".entrance b").all_inner_texts() for n in text.split("·")]
    assert sorted(numbers) == [str(1 + i) for i in range(page.locator(".offer").count())]
    sides = page.eval_on_selector_all(
        ".entrance", "all => all.map((e) => Math.min(e.offsetWidth, e.offsetHeight))"
    )
    assert min(sides) >= 44
    page.evaluate("() => { communityGridMap.setZoom(12, {animate: false}); }")
    page.locator(".entrance.several").tap()
    assert page.locator(".offer.together").count() == len(numbers)
    expect(page.locator(".offer").first).to_be_focused()
    expect(page.locator(".entrance.chosen b")).to_have_text("·".join(sorted(numbers)))
    page.keyboard.press("Enter")
    page.wait_for_selector("#last:has-text('Accepted.')")
    assert _accepted(served) == 1


def test_several_are_accepted_in_one_go_and_undone_as_one(visit, served):
    page = visit("community_manager", "/review/")
    page.wait_for_selector(".offer")
    page.click("details.many summary")
    page.locator(".tick").first.check()
    page.keyboard.press("ArrowDown")
    page.locator(".tick").nth(1).check()
    assert "2" in page.inner_text("#bulk-count")
    page.click("#bulk-accept")
    page.click("dialog.ask button.primary")
    page.wait_for_selector("#last:has-text('Accepted 2 records.')")
    assert _accepted(served) == 2
    page.click("#undo")
    page.wait_for_selector("#last:has-text('Undone.')")
    assert _accepted(served) == 0


def test_put_aside_leaves_the_list(visit):
    page = visit("community_manager", "/review/")
    page.wait_for_selector(".offer")
    before = page.locator(".waiting > li").count()
    page.keyboard.press("d")
    page.wait_for_selector("#last:has-text('Put aside.')")
    assert page.locator(".waiting > li").count() == before - 1


@pytest.mark.parametrize("width", [360, 1920])
def test_nothing_is_wider_than_the_screen(visit, width):
    page = visit("community_manager", "/review/", width=width)
    page.wait_for_selector(".offer")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
