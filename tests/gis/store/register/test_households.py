"""Households reach only who looks after them, and phones leave masked."""

from dataclasses import replace

import pytest

from gis.domain.access import Scope
from gis.domain.disclosure import MOST_LISTED, Sight
from gis.errors import Conflict, InvalidInput, NotAllowed, NotFound
from gis.store.register.households import get_household, grids_of_worker, list_households, phone_of


def test_a_worker_reads_the_households_of_the_own_grid_only(session, town):
    rows = list_households(session, town.scope("worker")).rows
    assert len(rows) == 12
    assert {r.grid_code for r in rows} == {town.communities[0].grids[0].code}
    assert {r.sight for r in rows} == {Sight.CLEAR}
    assert {r.phone for r in rows} <= {h.phone for h in town.communities[0].households}


def test_the_order_walks_along_the_street_by_number(session, town):
    addresses = [r.address for r in list_households(session, town.scope("worker")).rows]
    assert addresses[0].startswith("River Street 1,")
    assert addresses[-1].startswith("River Street 10,")


def test_households_without_an_address_come_last(session, town):
    bare, named = town.communities[0].households[:2]
    bare.address_id = bare.address_text = None
    named.address_id, named.address_text = None, "滨江路3号"
    session.flush()
    addresses = [r.address for r in list_households(session, town.scope("worker")).rows]
    assert addresses[-2:] == ["滨江路3号", None]


def test_a_worker_without_grid_reads_none(session, town):
    scope = town.scope("worker_without_grid")
    assert list_households(session, scope).rows == [] and grids_of_worker(session, scope) == []


def test_a_manager_reads_the_own_community_only(session, town):
    rows = list_households(session, town.scope("community_manager")).rows
    assert len(rows) == 24
    assert all("****" in r.phone and r.sight is Sight.MASKED for r in rows)


@pytest.mark.parametrize("login", ["planner", "official", "administrator", "auditor", "handler"])
def test_no_other_role_reads_households(session, town, login):
    with pytest.raises(NotAllowed):
        list_households(session, town.scope(login))


def test_a_household_of_another_grid_is_not_found(session, town):
    worker = town.scope("worker")
    mine, other = town.communities[0].households[0], town.communities[0].households[-1]
    assert get_household(session, worker, mine.id).residents == {"registered": 1}
    for read in (get_household, phone_of):
        with pytest.raises(NotFound):
            read(session, worker, other.id)


def test_the_whole_phone_is_read_one_at_a_time(session, town):
    household = town.communities[0].households[0]
    phone, community_id, _, sight = phone_of(session, town.scope("worker"), household.id)
    assert (phone, community_id) == (household.phone, town.communities[0].id)
    assert sight is Sight.CLEAR


def test_an_empty_area_reads_nothing(session, town):
    nobody = Scope(9, "m", "M", frozenset({"community_manager"}), frozenset())
    assert list_households(session, nobody).rows == []


@pytest.mark.parametrize("limit", [1, 5, 7, 12, 13, 24, 200, 10_000])
def test_pages_one_after_the_other_are_the_whole_list_once(session, town, limit):
    scope = town.scope("community_manager")
    whole, after, pages = [], None, 0
    while after is not None or pages == 0:
        page = list_households(session, scope, after=after, limit=limit)
        whole, after, pages = whole + page.rows, page.after, pages + 1
        assert len(page.rows) <= min(limit, MOST_LISTED)
    assert [r.id for r in whole] == [r.id for r in list_households(session, scope).rows]
    assert pages == -(-24 // limit) and [r.grid_code for r in whole] == sorted(
        r.grid_code for r in whole
    )


def test_a_page_goes_on_behind_a_household_of_one_s_own_only(session, town):
    worker, foreign = town.scope("worker"), town.communities[0].households[-1]
    with pytest.raises(Conflict, match="load it again"):
        list_households(session, worker, after=foreign.id)
    with pytest.raises(InvalidInput):
        list_households(session, worker, limit=0)


def test_who_is_worker_and_manager_sees_the_own_grid_in_clear_and_the_rest_masked(session, town):
    manager = town.scope("community_manager")
    grid = town.communities[0].grids[1].code
    both = replace(manager, roles=manager.roles | {"worker"}, grid_codes=frozenset({grid}))
    rows = list_households(session, both).rows
    assert len(rows) == 24
    assert {(r.grid_code == grid, r.sight, "****" in r.phone) for r in rows} == {
        (True, Sight.CLEAR, False),
        (False, Sight.MASKED, True),
    }
