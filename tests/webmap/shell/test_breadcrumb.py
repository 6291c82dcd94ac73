"""Every page says where it is, to each person only what lies in the person's area."""

import re

import pytest

from gis.store.area.places import find_trail

STEP = re.compile(r'<li data-code="(\d+)">(?:<a href="([^"]+)">|<span>)([^<]+)<')


def steps_of(html: str) -> list[tuple[str, str, str]]:
    return [m.groups(default="") for m in STEP.finditer(html)]


@pytest.fixture
def steps(sign_in):
    def read(login, path):
        return steps_of(sign_in(login).get(path, follow_redirects=True).get_data(as_text=True))

    return read


def test_a_community_stands_below_its_town_and_county(steps, town):
    home = town.communities[0].unit
    found = steps("planner", f"/planner/community/{home.code}")
    assert [(code, name) for code, _, name in found] == [
        (town.county.code, town.county.name_en),
        (town.town.code, town.town.name_en),
        (home.code, home.name_en),
    ]
    assert found[-1][1] == f"/planner/community/{home.code}"


def test_the_steps_lead_on_in_the_part_of_the_site_one_is_in(steps, town):
    code = town.town.code
    assert steps("planner", "/planner/")[-1][:2] == (code, f"/planner/?place={code}")
    county = town.county.code
    assert steps("official", "/official/")[0][:2] == (county, f"/official/?place={county}")


def test_a_worker_is_told_the_own_grid(steps, town):
    grid = town.communities[0].grids[0].code
    code, address, name = steps("worker", "/worker/")[-1]
    assert (code, address, name) == (grid, "/worker/", f"Grid {grid[-3:]}")


def test_where_no_page_is_open_to_a_person_the_step_is_no_link(steps, town):
    found = steps("auditor", "/admin/audit")
    assert found
    assert all(address == "" for _, address, _ in found)


def test_nothing_outside_the_area_is_named(session, tiny_town):
    foreign = tiny_town.communities[2].unit
    scope = tiny_town.scope("planner")
    assert find_trail(session, scope, foreign.code) == []
    assert find_trail(session, scope, tiny_town.foreign_town.code) == []
    assert [p.code for p in find_trail(session, scope)] == [
        tiny_town.county.code,
        tiny_town.town.code,
    ]


def test_who_looks_after_all_is_told_what_holds_all(session, tiny_town):
    whole = tiny_town.scope("official")
    assert [p.code for p in find_trail(session, whole)] == [tiny_town.county.code]
    foreign = tiny_town.communities[2].unit
    assert [p.level for p in find_trail(session, whole, foreign.code)] == [
        "county",
        "town",
        "community",
    ]
