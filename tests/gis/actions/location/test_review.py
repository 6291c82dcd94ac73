"""A doubtful location is decided by a person: once, with what was before, and within the area."""

import pytest
from sqlalchemy import select

from gis.actions.access.work import Work
from gis.actions.location.review import accept_candidate, accept_many, dismiss, place_pin, undo
from gis.address.normalise import normalise
from gis.errors import Conflict, InvalidInput, NotAllowed, NotFound
from gis.store.location.review import count_waiting, get_subject, list_decisions, list_waiting
from gis.store.tables import AddressAlias, AuditEntry
from tests.counted import counts_of
from tests.factories import NOW, SOUTH, WEST


@pytest.fixture
def town(tiny_town):
    return tiny_town


def _load(session, block):
    return counts_of(session, "households").get(block.id, 0)


def test_what_waits_is_listed_within_the_area_without_names(session, town):
    total, rows = list_waiting(session, town.scope("community_manager"))
    assert total == 3 and {r.title for r in rows} == {"W0", "W1", "W2"}
    assert "李" not in str(rows)
    total, rows = list_waiting(session, town.scope("community_manager"), status="none")
    assert total == 1 and rows[0].address_text == "the old mill"
    with pytest.raises(NotAllowed):
        list_waiting(session, town.scope("planner"))


def test_accepting_a_candidate_locates_counts_and_remembers(session, town):
    scope, row, address = (
        town.scope("community_manager"),
        town.waiting[0],
        town.communities[0].addresses[2],
    )
    accept_candidate(Work(session, scope, NOW), "household", row.id, address.id)
    assert (row.status, row.block_id) == ("accepted", address.block_id)
    assert _load(session, town.communities[0].blocks[2]) == 3
    alias = session.scalars(select(AddressAlias)).one()
    assert (alias.text_key, alias.address_id) == (normalise(row.address_text), address.id)
    audit = session.scalars(select(AuditEntry).where(AuditEntry.action == "review.candidate"))
    assert audit.one().detail["to"] == "accepted"
    assert list_waiting(session, scope)[0] == 2


def test_undo_brings_back_exactly_what_was(session, town):
    scope, row = town.scope("community_manager"), town.waiting[0]
    before = (row.status, row.level, row.score, row.evidence, row.block_id, row.geom)
    address = town.communities[0].addresses[2]
    decision = accept_candidate(Work(session, scope, NOW), "household", row.id, address.id)
    undo(Work(session, scope, NOW), decision)
    assert (row.status, row.level, row.score, row.evidence, row.block_id, row.geom) == before
    assert session.scalars(select(AddressAlias)).all() == []
    assert _load(session, town.communities[0].blocks[2]) == 2
    with pytest.raises(Conflict):
        undo(Work(session, scope, NOW), decision)
    assert list_decisions(session, scope) == []


def test_a_pin_goes_to_the_block_it_is_in_and_on_a_border_to_the_smaller_id(session, town):
    scope, blocks = town.scope("community_manager"), town.communities[0].blocks
    place_pin(
        Work(session, scope, NOW),
        "household",
        town.waiting[2].id,
        lon=WEST + 0.0005,
        lat=SOUTH + 0.0005,
    )
    assert (town.waiting[2].block_id, town.waiting[2].level) == (blocks[0].id, "pin")
    border = WEST + 0.001
    place_pin(
        Work(session, scope, NOW), "household", town.waiting[1].id, lon=border, lat=SOUTH + 0.0005
    )
    assert town.waiting[1].block_id == blocks[0].id


def test_a_pin_outside_every_block_or_the_area_is_refused(session, town):
    scope, row = town.scope("community_manager"), town.waiting[2]
    with pytest.raises(InvalidInput, match="no block"):
        place_pin(Work(session, scope, NOW), "household", row.id, lon=0.0, lat=0.0)
    with pytest.raises(InvalidInput, match="outside your area"):
        place_pin(
            Work(session, scope, NOW), "household", row.id, lon=WEST + 0.0045, lat=SOUTH + 0.0005
        )


def test_dismissed_records_leave_the_list_and_come_back_by_undo(session, town):
    scope, row = town.scope("community_manager"), town.waiting[2]
    decision = dismiss(Work(session, scope, NOW), "household", row.id)
    assert list_waiting(session, scope)[0] == 2
    assert list_waiting(session, scope, dismissed=True)[0] == 1
    undo(Work(session, scope, NOW), decision)
    assert list_waiting(session, scope)[0] == 3


def test_many_are_accepted_together(session, town):
    scope, addresses = town.scope("community_manager"), town.communities[0].addresses
    choices = [
        ("household", town.waiting[0].id, addresses[2].id),
        ("household", town.waiting[1].id, addresses[4].id),
    ]
    assert len(accept_many(Work(session, scope, NOW), choices)) == 2
    assert list_waiting(session, scope)[0] == 1


def test_nothing_outside_the_area_is_decided(session, town):
    foreign = town.communities[1].households[0]
    with pytest.raises(NotFound):
        dismiss(Work(session, town.scope("community_manager"), NOW), "household", foreign.id)


def test_who_reads_no_households_decides_about_none(session, town):
    scope, row = town.scope("town_coordinator"), town.waiting[0]
    town.incidents[0].status, town.incidents[0].block_id = "review", None
    session.flush()
    total, rows = list_waiting(session, scope)
    assert total == 1 and rows[0].subject == "incident"
    assert list_waiting(session, scope, kinds=("household",)) == (0, [])
    assert {c.subject for c in count_waiting(session, scope)} == {"incident"}
    for act in (
        lambda: get_subject(session, scope, "household", row.id),
        lambda: dismiss(Work(session, scope, NOW), "household", row.id),
    ):
        with pytest.raises(NotFound):
            act()
