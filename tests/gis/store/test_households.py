"""Households reach only who looks after them, and phones leave masked."""

import pytest

from gis.domain.access import Scope
from gis.errors import NotAllowed, NotFound
from gis.store.households import get_household, grids_of_worker, list_households, phone_of
from tests.factories import make_town


def test_a_worker_reads_the_households_of_the_own_grid_only(session):
    town = make_town(session)
    rows = list_households(session, town.scope("worker"))
    assert len(rows) == 12
    assert {r.grid_code for r in rows} == {town.communities[0].grids[0].code}
    assert all("****" in r.phone for r in rows)


def test_the_order_walks_along_the_street_by_number(session):
    town = make_town(session)
    addresses = [r.address for r in list_households(session, town.scope("worker"))]
    assert addresses[0].startswith("River Street 1,")
    assert addresses[-1].startswith("River Street 10,")


def test_a_worker_without_grid_reads_none(session):
    town = make_town(session)
    scope = town.scope("worker_without_grid")
    assert list_households(session, scope) == [] and grids_of_worker(session, scope) == []


def test_a_manager_reads_the_own_community_only(session):
    town = make_town(session)
    rows = list_households(session, town.scope("community_manager"))
    assert len(rows) == 24


@pytest.mark.parametrize("login", ["planner", "official", "administrator", "auditor", "handler"])
def test_no_other_role_reads_households(session, login):
    town = make_town(session)
    with pytest.raises(NotAllowed):
        list_households(session, town.scope(login))


def test_a_household_of_another_grid_is_not_found(session):
    town = make_town(session)
    worker = town.scope("worker")
    mine, other = town.communities[0].households[0], town.communities[0].households[-1]
    assert get_household(session, worker, mine.id).residents == {"registered": 1}
    for read in (get_household, phone_of):
        with pytest.raises(NotFound):
            read(session, worker, other.id)


def test_the_whole_phone_is_read_one_at_a_time(session):
    town = make_town(session)
    household = town.communities[0].households[0]
    phone, community_id = phone_of(session, town.scope("worker"), household.id)
    assert phone == household.phone and community_id == town.communities[0].id


def test_an_empty_area_reads_nothing(session):
    make_town(session)
    nobody = Scope(9, "m", "M", frozenset({"community_manager"}), frozenset())
    assert list_households(session, nobody) == []
