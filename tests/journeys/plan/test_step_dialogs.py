"""Every step of a plan says what it will do before it is taken, on a desk and on a phone."""

import pytest

from gis.database.engine import transaction
from gis.store.tables import GridWorker, Plan

pytestmark = pytest.mark.browser

TOLD = {
    "en": {
        "submit": ("2 grids for approval", "Who may approve it", "Official", "return it with"),
        "return": ("Return this plan", "becomes a draft again", "Planner"),
        "approve": ("Approve this plan of 2 grids", "2 households change grid.", "001, 002"),
        "publish": ("Announce 2 grids from 2199-01-01", "First division", "can be withdrawn"),
        "withdraw": ("from 2199-01-01", "“First division” stays in force", "published again"),
        "retire": ("Put this plan away", "branched from it"),
    },
    "zh": {
        "submit": ("2 个网格的方案提交审批", "谁可以批准", "Official", "附意见退回"),
        "return": ("退回给规划员", "恢复为草案", "Planner"),
        "approve": ("批准这个含 2 个网格", "2 户改变网格", "001、002"),
        "publish": ("预告 2 个网格自 2199-01-01", "First division", "撤回预告"),
        "withdraw": ("2199-01-01", "“First division”继续有效", "可以再次发布"),
        "retire": ("搁置这个方案", "另立新的草案"),
    },
}


def open_dialog(page, step):
    page.click(f"button[data-step={step}]:enabled")
    page.wait_for_selector("dialog.step-dialog[open]")


def look_at(page, step, language):
    """Open the dialog of a step, let Escape close it, and open it again: nothing may stick out."""
    open_dialog(page, step)
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    assert page.evaluate("document.activeElement.dataset.step") == step
    open_dialog(page, step)
    if step == "publish":
        page.fill("dialog input[type=date]", "2199-01-01")
    if step == "return":
        page.fill("dialog textarea", "mind the bridge")
    told = page.inner_text("dialog")
    assert [words for words in TOLD[language][step] if words not in told] == []
    wide = page.evaluate(
        """(() => {
            const dialog = document.querySelector("dialog.step-dialog");
            const box = dialog.getBoundingClientRect();
            const inside = box.left >= 0 && box.right <= innerWidth && box.bottom <= innerHeight;
            return [inside, dialog.scrollWidth <= dialog.clientWidth];
        })()"""
    )
    assert wide == [True, True]


def take(page, step, language):
    look_at(page, step, language)
    page.click("dialog .answers button:not([type=button])")
    page.wait_for_selector(f"button[data-step={step}]", state="detached")


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh", 360)])
def test_each_step_tells_what_it_does_and_how_to_take_it_back(visit, served, language, width):
    plan = served.town.communities[1].plans[1].id
    address = f"/planner/community/522632100002?plan={plan}"
    cookie = {"name": "language", "value": language, "url": served.url}
    people = {}
    for login in ("planner", "official"):
        people[login] = visit(login, "/account/", width=width, height=740)
        people[login].context.add_cookies([cookie])
    for login, step in (
        ("planner", "submit"),
        ("official", "return"),
        ("planner", "submit"),
        ("official", "approve"),
        ("planner", "publish"),
        ("planner", "withdraw"),
        ("planner", "retire"),
    ):
        people[login].goto(served.url + address)
        take(people[login], step, language)
    with transaction(served.engine) as session:
        assert session.get(Plan, plan).state == "retired"


def test_what_changed_meanwhile_is_told_anew_before_the_step_is_taken(visit, served):
    community = served.town.communities[1]
    page = visit("planner", f"/planner/community/522632100002?plan={community.plans[1].id}")
    open_dialog(page, "submit")
    assert "Grids without a worker: 001, 002." in page.inner_text("dialog")
    with transaction(served.engine) as session:
        session.add(
            GridWorker(
                grid_code=community.grids[0].code,
                user_id=served.town.users["worker"].id,
                valid_from=community.plans[0].effective_from,
            )
        )
    page.click("dialog button.primary")
    page.wait_for_selector("dialog [role=alert]:has-text('have changed since')")
    assert "Grids without a worker: 002." in page.inner_text("dialog")
    page.click("dialog button.primary")
    page.wait_for_selector("text=Waits for approval by a second person")
