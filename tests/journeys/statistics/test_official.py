"""An official looks at noise: by grid, then by community, in the table, as a file, in Chinese."""

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def page(visit):
    page = visit("official", "/official/?topic=noise&period=2026-02&by=grid&measure=rate")
    page.wait_for_selector("#map_main[data-drawn]")
    return page


def drawn(page):
    return int(page.get_attribute("#map_main", "data-drawn"))


def choose(page, name, value):
    before = drawn(page)
    page.select_option(f"[name={name}]", value)
    page.wait_for_function(
        "before => Number(document.getElementById('map_main').dataset.drawn) > before", arg=before
    )


def test_map_legend_and_table_say_the_same(page):
    first = page.locator("#numbers tbody tr").first
    assert first.locator("td").nth(1).inner_text() == "5"
    assert first.locator("td").nth(2).inner_text() == "138.9"
    legend = page.locator(".legend-on-map").inner_text()
    assert "138.9" in legend
    assert "incidents per 1,000 people" in legend
    assert "2 plans in force" in legend
    assert "合成数据" in legend


def test_the_choices_go_into_the_address_and_back(page, served):
    choose(page, "by", "community")
    assert "by=community" in page.url
    assert page.locator("#numbers tbody tr").count() == 3
    page.reload()
    page.wait_for_selector("#map_main[data-drawn]")
    assert page.input_value("[name=by]") == "community"


def test_a_row_leads_to_its_place_on_the_map(page):
    page.locator("#numbers tbody tr").first.click()
    assert "Gurong" in page.locator("#crumbs").inner_text()
    assert page.evaluate("communityGridMap.getZoom()") >= 15


def test_the_table_is_sorted_filtered_and_saved(page):
    page.get_by_role("button", name="Area").click()
    names = page.locator("#numbers tbody td:first-child").all_inner_texts()
    assert names == sorted(names)
    page.fill("#filter", "Wolong")
    assert page.locator("#numbers tbody tr").count() == 2
    with page.expect_download() as waiting:
        page.click("#save-csv")
    assert waiting.value.suggested_filename == "statistics-grid-noise-2026-02.csv"


def test_incidents_are_shown_as_a_counted_cluster(page):
    page.evaluate("document.querySelector('details.layers').open = true")
    page.check("[data-layer=clusters]")
    page.wait_for_selector(".cluster")
    assert page.locator(".cluster").first.inner_text() == "5"


def test_in_chinese_everything_is_chinese(page):
    page.click("form.language button")
    page.wait_for_selector("#map_main[data-drawn]")
    assert page.get_attribute("html", "lang") == "zh-Hans"
    assert "件 / 千人" in page.locator(".legend-on-map").inner_text()
    assert "古榕社区" in page.locator("#numbers").inner_text()


@pytest.mark.parametrize("width", [360, 1280, 1920])
def test_nothing_covers_anything_else(visit, width):
    page = visit("official", "/official/", width=width, height=740)
    page.wait_for_selector("#map_main[data-drawn]")
    overlaps = page.evaluate(
        """() => {
        const parts = [...document.querySelectorAll(
            '.layers, .legend-on-map, .leaflet-control-zoom, .leaflet-control-scale')]
            .map((e) => e.getBoundingClientRect()).filter((r) => r.width > 0);
        const sheet = document.querySelector('.panel').getBoundingClientRect();
        const hit = (a, b) => a.left < b.right - 1 && b.left < a.right - 1
            && a.top < b.bottom - 1 && b.top < a.bottom - 1;
        const pairs = parts.flatMap((a, i) => [...parts.slice(i + 1), sheet].map((b) => [a, b]));
        return pairs.filter(([a, b]) => hit(a, b)).length;
        }"""
    )
    assert overlaps == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
