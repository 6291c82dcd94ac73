"""Topics kept on a page, and days of the platform in a browser that lives in another zone."""

import pytest

pytestmark = pytest.mark.browser

AT_NIGHT = "new Date('2024-04-30T16:30:00Z')"


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Auckland"])
def test_a_browser_in_another_zone_shows_the_platforms_days_and_times(visit, zone):
    page = visit("planner", "/planner/", timezone_id=zone)
    day = page.evaluate(
        f"import('/static/js/shell/clock.js').then((m) => m.platformDay({AT_NIGHT}))"
    )
    assert day == "2024-05-01"
    text = page.evaluate(
        "import('/static/js/shell/clock.js').then((m) => m.clockText('2024-04-30T23:30:00Z'))"
    )
    assert "07:30" in text and "1 May 2024" in text


@pytest.mark.parametrize("width", [360, 1280])
def test_a_topic_is_decided_about_on_the_page(visit, width, tmp_path):
    page = visit("administrator", "/admin/topics/", width=width)
    page.click("text=Add a topic")
    page.fill(".add [name=code]", "stray_dogs")
    page.fill(".add [name=name_zh]", "流浪犬")
    page.fill(".add [name=name_en]", "Stray dogs")
    page.click("text=Add the topic")
    row = page.locator("tr", has=page.locator("th", has_text="stray_dogs"))
    assert row.locator(".badge").inner_text() == "to be decided"
    row.locator("summary").click()
    row.locator("[name=sensitive]").select_option("no")
    row.locator("text=Save the topic").click()
    page.wait_for_selector(".note[role=status]")
    row = page.locator("tr", has=page.locator("th", has_text="stray_dogs"))
    assert row.locator(".badge").count() == 0
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert not wide, "the page itself does not scroll sideways"
