"""The search box over the interface: answers in the page's language, for who may see them."""

import pytest

from gis.actions.location.search import refresh_search


@pytest.fixture(autouse=True)
def _named(town, session):
    refresh_search(session)
    session.commit()


def results(browser, typed, **more):
    return browser.get("/api/v1/search", query_string={"q": typed, **more}).json["results"]


def test_an_address_comes_with_its_point_community_and_grid(sign_in, town):
    found = results(sign_in("planner"), "river street 3")
    assert found[0]["name"].startswith("River Street 3,")
    assert {r["community"] for r in found} <= {c.unit.name_en for c in town.communities}
    assert {"lon", "lat", "bounds", "grid", "kind"} <= set(found[0])
    assert any(r["grid"] == town.communities[0].grids[1].code for r in found)


def test_the_number_of_answers_is_limited(sign_in):
    assert len(results(sign_in("planner"), "river street 1", limit=2)) == 2
    refused = sign_in("planner").get("/api/v1/search?q=river&limit=-5")
    assert refused.status_code == 400 and "limit" in refused.get_data(as_text=True)


@pytest.mark.parametrize("login", ["planner", "official", "worker", "community_manager"])
def test_every_user_of_a_map_may_search_and_finds_no_person(sign_in, login, town):
    browser = sign_in(login)
    assert results(browser, "river")
    household = town.communities[0].households[0]
    assert results(browser, household.head_name) == results(browser, household.phone) == []


def test_a_worker_is_shown_the_own_grid_only(sign_in, town):
    grids = {r["grid"] for r in results(sign_in("worker"), "river street 1", limit=20)}
    assert grids == {town.communities[0].grids[0].code}


@pytest.mark.parametrize("page", ["/planner/", "/official/", "/worker/", "/review/"])
def test_map_pages_have_the_box(sign_in, page):
    login = {"/worker/": "worker", "/official/": "official", "/review/": "community_manager"}
    html = sign_in(login.get(page, "planner")).get(page).get_data(as_text=True)
    assert 'role="combobox"' in html and "installSearch" in html
