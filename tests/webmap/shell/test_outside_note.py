"""A community far away does not blow up the maps: they open at the town and name it."""

import re

import pytest
from shapely import box

from gis.domain.access import SYSTEM
from gis.store.area.home_extent import home_extent
from tests.factories import make_unit
from webmap.statistics.standalone import standalone_map

NAME = "太平洋社区"


@pytest.fixture
def far(session, town):
    before = home_extent(session, SYSTEM)
    make_unit(
        session, "522632100009", "community", NAME, NAME, town.town, box(-160, 20, -159.99, 20.01)
    )
    session.commit()
    return before


def opened_at(html):
    """Give the box that the map of a page is fitted to."""
    numbers = re.search(r"finishMap\(map[^;]*?\[\[([^]]+)\], \[([^]]+)\]\]", html)
    (south, west), (north, east) = (
        [float(n) for n in corner.split(",")] for corner in numbers.groups()
    )
    return west, south, east, north


def test_the_extent_is_that_of_the_town_and_the_stray_is_named(session, far):
    found = home_extent(session, SYSTEM)
    assert found.bounds == far.bounds and found.outside == (NAME,) and far.outside == ()


@pytest.mark.parametrize(("login", "page"), [("official", "/official/"), ("planner", "/planner/")])
def test_pages_open_at_the_town_and_name_what_lies_outside(sign_in, far, login, page):
    html = sign_in(login).get(page).text
    assert 'id="outside-note"' in html and NAME in html
    assert box(*far.bounds).covers(box(*opened_at(html)))


def test_the_file_opens_at_the_town_and_names_what_lies_outside(app, session, far):
    with app.app_context():
        html = standalone_map(session, SYSTEM, wished={}, language="zh")
    assert f"有 1 个社区远在此地图之外：{NAME}" in html
    assert opened_at(html) == pytest.approx(far.bounds)


def test_pages_of_a_whole_town_say_nothing(sign_in, town):
    assert "outside-note" not in sign_in("planner").get("/planner/").text
