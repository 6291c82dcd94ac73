"""Every map page goes on paper whole: who, when, the map's legend and scale, all rows, sources."""

import re

import pypdfium2
import pytest
from sqlalchemy import Engine, text

pytestmark = pytest.mark.browser

MORE = 90
PRINTED = {
    "en": r"Printed \d+ \w+ \d{4}, \d\d:\d\d by ",
    "zh": r" 打印于 \d{4}年\d+月\d+日 \d\d:\d\d",
}
FOOT = {"en": "Method and sources", "zh": "方法与来源"}


def lay_out(page):
    page.wait_for_selector("#map_main[data-drawn]", state="attached")
    page.click(".leaflet-control-paper")
    page.wait_for_selector("html[data-paper=ready]")


def pdf_texts(page):
    document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True, print_background=True))
    texts = [sheet.get_textpage().get_text_range() for sheet in document]
    document.close()
    return texts


def add_households(engine: Engine):
    """Put many households beside the first one of the first grid."""
    with engine.begin() as connection:
        names = connection.execute(
            text(
                "SELECT column_name FROM information_schema.columns WHERE table_name = 'household'"
                " AND is_generated = 'NEVER' AND column_name NOT IN ('id', 'number')"
            )
        ).scalars()
        kept = ", ".join(names)
        connection.execute(
            text(
                f"INSERT INTO household (id, number, {kept})"  # noqa: S608
                f" SELECT gen_random_uuid(), 'M' || lpad(n::text, 4, '0'), {kept}"
                " FROM household, generate_series(1, :more) n WHERE number = 'H001001'"
            ),
            {"more": MORE},
        )


def test_the_whole_list_is_printed_with_headings_on_each_page(visit, served):
    add_households(served.engine)
    page = visit("worker", "/worker/")
    page.wait_for_selector("#map_main[data-drawn]", state="attached")
    assert page.locator("#households .household").count() < MORE
    by_browser = pdf_texts(page)  # as the browser's own menu prints it
    assert page.locator(".paper").count() == 0
    lay_out(page)
    for sheets in (by_browser, pdf_texts(page)):
        whole = "\n".join(sheets)
        assert "My households" in sheets[0] and re.search(PRINTED["en"] + "Worker", sheets[0])
        assert [n for n in range(1, MORE + 1) if f"M{n:04d}" not in whole] == []
        assert len(sheets) > 2
        for number, sheet in enumerate(sheets, 1):
            assert f"{number} / {len(sheets)}" in sheet
            assert "Made for tests" in sheet
            if re.search(r"M\d{4}", sheet):
                assert "Household number" in sheet
        assert FOOT["en"] in sheets[-1] and "synthetic" in sheets[-1]


PAGES = {
    "official": ("official", "/official/?topic=noise&period=2026-02&by=grid&measure=rate"),
    "planner": ("planner", "/planner/"),
    "community": ("planner", "/planner/community/{code}?plan={draft}"),
    "redraw": ("planner", "/planner/plan/{draft}/redraw"),
    "compare": ("planner", "/planner/compare?a={live}&b={draft}"),
    "review": ("community_manager", "/review/"),
}
TOLD = {
    "official": {"en": ("Gurong 001", "138.9", "Denominator", "Noise"), "zh": ("138.9", "分母")},
    "planner": {"en": ("Gurong", "dashed: out of band"), "zh": ("古榕社区", "区间内")},
    "community": {"en": ("522632100002001", "Move the north"), "zh": ("522632100002001", "户数")},
    "redraw": {"en": ("001", "border of a grid"), "zh": ("001", "工作量")},
    "compare": {
        "en": ("First division", "Grid by grid", "Households that change grid"),
        "zh": ("改变网格的户", "001"),
    },
    "review": {"en": ("What waits", "Reason"), "zh": ("原因",)},
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_map_page_says_what_when_and_who_on_paper(visit, served, language):
    second = served.town.communities[1]
    places = {"code": second.unit.code, "live": second.plans[0].id, "draft": second.plans[-1].id}
    signed_in = {}
    for name, (login, address) in PAGES.items():
        page = signed_in.get(login) or visit(login, "/account/")
        signed_in[login] = page
        page.context.add_cookies([{"name": "language", "value": language, "url": served.url}])
        page.goto(served.url + address.format(**places))
        lay_out(page)
        sheets = pdf_texts(page)
        whole = "\n".join(sheets)
        missing = [words for words in TOLD[name][language] if words not in whole]
        assert missing == [], name
        assert re.search(PRINTED[language], sheets[0]), name
        assert page.locator(".person-name").text_content() in sheets[0]
        assert re.search(r"1:\d", sheets[0]), name
        assert FOOT[language] in sheets[-1], name
        assert all("Made for tests" in sheet for sheet in sheets), name


def test_closing_gives_the_page_back_as_it_was(visit):
    page = visit("planner", "/planner/")
    page.wait_for_selector("#map_main[data-drawn]")
    asked = """(() => {
        const [{ lat, lng }, { x, y }] = [communityGridMap.getCenter(), communityGridMap.getSize()];
        return [lat.toFixed(4), lng.toFixed(4), x, y, communityGridMap.getZoom()];
    })()"""
    before = page.evaluate(asked)
    page.keyboard.press("Control+p")
    page.wait_for_selector("html[data-paper=ready]")
    assert page.evaluate("document.activeElement.dataset.do") == "print"
    page.keyboard.press("Escape")
    assert page.locator(".paper").count() == 0
    assert page.evaluate(asked) == before
    assert page.evaluate("document.activeElement.className") == "leaflet-control-paper"
