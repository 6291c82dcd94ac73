"""An official looks at organisations: the register by name, and how many lie where."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from gis.database.engine import transaction
from gis.store import tables as t
from tests.factories import block_square, ewkt

pytestmark = pytest.mark.browser

NAMES = ("古榕志愿者协会", "古榕商行", "滨江米粉店")


@pytest.fixture
def home(served):
    """Keep three organisations in the first grid of the first community; hide small numbers."""
    home = served.town.communities[0]
    with transaction(served.engine) as session:
        batch = session.scalar(select(t.ImportBatch.id))
        for name in NAMES:
            organisation = t.Organisation(
                name=name,
                community_id=home.unit.id,
                block_id=home.blocks[0].id,
                status="accepted",
                level="number",
                geom=ewkt(block_square(0, 0).centroid),
                import_batch_id=batch,
            )
            session.add(organisation)
        session.execute(update(t.Topic).where(t.Topic.code == "theft").values(sensitive=True))
    return home


def test_a_register_is_searched_by_name(visit, home):
    page = visit("official", "/", width=360, height=740)
    page.click(".menu-open")
    page.locator(".menu a", has_text="Registers").click()
    expect(page.locator("h1")).to_contain_text("Organisations 3")
    page.fill("[name=name]", "商行")
    page.locator("button", has_text="Find").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.wait_for_function("() => document.documentElement.scrollWidth <= innerWidth")


def test_numbers_of_organisations_are_shown_where_those_of_a_topic_are_hidden(visit, home):
    asked = "topic=theft&period=2026-02&by=community&measure=organisations"
    page = visit("official", f"/official/?{asked}")
    page.wait_for_selector("[data-drawn]")
    row = page.locator("#numbers tbody tr", has_text=home.unit.name_en)
    expect(row).to_contain_text("hidden")
    expect(row.locator("td").last).to_have_text("3")
    legend = page.locator(".legend-on-map")
    expect(legend).to_contain_text("Organisations")
    expect(legend).not_to_contain_text("fewer than 5")
