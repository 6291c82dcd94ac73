"""The search box: names and doors in any script, within the area a person may see."""

import pytest

from gis.actions.location.search import refresh_search
from gis.store import tables as t
from gis.store.location.search import search
from tests.factories import block_square, ewkt, make_batch


@pytest.fixture
def town(session, tiny_town):
    made = tiny_town
    batch = session.query(t.ImportBatch).first() or make_batch(session)
    home, other = made.communities[0], made.communities[1]
    put(session, batch, home, 0, "榕江大道", "12")
    put(session, batch, home, 0, "榕江大道", "12-3")
    put(session, batch, home, 3, "榕江大道", "120")
    put(session, batch, home, 1, "Rütistrasse", "4a")
    put(session, batch, other, 0, "滨江路", "7", index=1)
    put(
        session,
        batch,
        home,
        2,
        None,
        None,
        estate="阳光小区",
        building="3",
        stairwell="2",
        room="501",
    )
    refresh_search(session)
    return made


def put(session, batch, community, block, street, number, *, index=0, **parts):
    at = block_square(index, community.blocks[block].number).centroid
    written = "".join(filter(None, [street, f"{number}号" if number else "", *parts.values()]))
    session.add(
        t.Address(
            text=written, street=street, number=number, community_id=community.id,
            block_id=community.blocks[block].id, import_batch_id=batch.id, geom=ewkt(at), **parts,
        )
    )  # fmt: skip
    session.flush()


def found(session, scope, typed):
    return [(h.kind, h.name) for h in search(session, scope, typed)]


@pytest.mark.parametrize(
    "typed", ["榕江大道", "榕江", "江大道", "rjdd", "rongjiang", "RongJiang da", "榕江大道"]
)
def test_a_street_is_found_in_han_pinyin_and_initials(session, town, typed):
    assert ("street", "榕江大道") in found(session, town.scope("planner"), typed)


@pytest.mark.parametrize("typed", ["rutistrasse", "Rüti", "ruetistr", "RUTIST"])
def test_accents_are_folded(session, town, typed):
    assert ("street", "Rütistrasse") in found(session, town.scope("planner"), typed)


def test_a_number_goes_on_with_a_street_the_exact_one_first(session, town):
    hits = search(session, town.scope("planner"), "榕江大道 12")
    assert [h.name for h in hits] == ["榕江大道12号", "榕江大道12-3号", "榕江大道120号"]
    assert hits[0].kind == "address" and hits[0].grid_code == town.communities[0].grids[0].code
    assert hits[0].community == town.communities[0].unit.name
    assert found(session, town.scope("planner"), "4a rüti") == [("address", "Rütistrasse4a号")]


def test_building_stairwell_and_room_are_typed_as_people_write_them(session, town):
    for typed in ("阳光小区3栋2单元501", "阳光小区 3-2-501", "ygxq3-2"):
        (hit,) = [h for h in search(session, town.scope("planner"), typed) if h.kind == "address"]
        assert hit.name.startswith("阳光小区")


def test_a_misspelt_name_is_found_when_nothing_else_is(session, town):
    assert ("street", "River Street") in found(session, town.scope("planner"), "rivr street")
    assert found(session, town.scope("planner"), "xyzzy") == []


def test_communities_and_their_grids_are_found(session, town):
    unit, grid = town.communities[0].unit, town.communities[0].grids[1]
    hits = search(session, town.scope("planner"), unit.name)
    assert (hits[0].kind, hits[0].code) == ("community", unit.code)
    by_number = search(session, town.scope("planner"), f"{unit.name} 2")
    by_code = search(session, town.scope("planner"), grid.code)
    assert by_number[0].code == by_code[0].code == grid.code and by_code[0].kind == "grid"


def test_a_manager_finds_only_the_own_community(session, town):
    assert found(session, town.scope("community_manager"), "滨江路") == []
    assert found(session, town.scope("planner"), "滨江路") == [("street", "滨江路")]


def test_a_worker_finds_only_what_lies_in_the_own_grid(session, town):
    worker = town.scope("worker")
    hits = search(session, worker, "榕江大道 12")
    assert [h.name for h in hits] == ["榕江大道12号", "榕江大道12-3号"]
    own = {h.grid_code for h in search(session, worker, "river street 1")}
    assert own == {town.communities[0].grids[0].code}
    assert found(session, worker, "滨江路") == []


def test_no_household_is_ever_found(session, town):
    name = town.communities[0].households[0].head_name
    for login in ("planner", "official", "worker", "community_manager"):
        assert found(session, town.scope(login), name) == []


def test_what_is_gone_or_renamed_is_found_no_more(session, town):
    unit = town.communities[0].unit
    unit.name = "新名社区"
    session.query(t.Address).filter_by(street="Rütistrasse").delete()
    session.flush()
    refresh_search(session)
    assert found(session, town.scope("planner"), "rutistrasse") == []
    assert found(session, town.scope("planner"), "xinming")[0] == ("community", "新名社区")
    assert refresh_search(session) == 0


@pytest.mark.parametrize("typed", ["", "  ", "%", "_", "\\", "'; DROP", "\x00", "𠮷", "a" * 5000])
def test_anything_may_be_typed(session, town, typed):
    assert isinstance(search(session, town.scope("planner"), typed), list)
