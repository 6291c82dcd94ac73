"""Undoing an import: every table is as before, or it is refused with what rests on it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from gis.actions.location.undone_imports import undo_import
from gis.domain.access import Scope
from gis.domain.kinds import KINDS
from gis.errors import NotAllowed, NotFound
from gis.store import tables as t
from gis.store.ground.tiles import ground_version
from gis.store.tables.kinds import kinds_with
from tests.drawn_town import (
    NOW,
    frame,
    put,
    put_blocks,
    put_ground,
    rectangle,
)
from tests.undone import (
    ACCEPTED,
    FILES,
    LATER,
    differing,
    everything,
    households,
    incidents,
    newest,
    refusal_of,
    residents,
    work_at,
)


def test_every_kind_of_record_is_tried():
    assert set(FILES) == {name for name, kind in KINDS.items() if kind.from_files} - {"blocks"}


@given(st.data())
@settings(
    max_examples=5, deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
def test_imports_in_any_order_undone_from_the_last_give_every_state_again(session, data):
    """State test: imports one after another, located in between, undone one after another."""
    with session.begin_nested() as point:
        states, batches = [], []
        for _ in range(data.draw(st.integers(3, 6))):
            kind = data.draw(st.sampled_from(sorted(FILES)))
            records = data.draw(st.sampled_from(FILES[kind]))()
            before = everything(session)
            outcome = put(session, kind, records, good_rows_only=True, **ACCEPTED)
            if outcome.state == "committed" and outcome.rows_stored:
                states.append(before)
                batches.append(newest(session))
        for before, batch in zip(reversed(states), reversed(batches), strict=True):
            undo_import(work_at(session), batch)
            assert differing(before, everything(session)) == {}
        point.rollback()


def test_tiles_are_fetched_again_after_an_import_and_after_its_undoing(session):
    versions = [ground_version(session)]
    put(session, "households", households())
    versions.append(ground_version(session))
    undo_import(work_at(session), newest(session))
    versions.append(ground_version(session))
    assert len(set(versions)) == 3


def test_residents_who_were_adopted_wait_again(session):
    put(session, "residents", residents())
    before = everything(session)
    put(session, "households", households())
    assert session.scalar(select(t.Resident.household_id).limit(1)) is not None
    undo_import(work_at(session), newest(session))
    assert differing(before, everything(session)) == {}


def test_a_later_import_of_the_same_rows_is_undone_first(session):
    put_ground(session)
    put(session, "households", households())
    first = newest(session)
    put(session, "households", households(5, people=9), now=LATER)
    second = newest(session)
    assert "1 import has changed its rows since" in refusal_of(session, first)
    undo_import(work_at(session), second)
    undo_import(work_at(session), first)
    assert session.query(t.Household).count() == 0


def test_residents_of_another_import_hold_their_households(session):
    put_ground(session)
    put(session, "households", households())
    batch = newest(session)
    put(session, "residents", residents(), now=LATER)
    assert "12 residents of other imports belong to its households" in refusal_of(session, batch)


def test_only_what_stored_something_and_is_kept_can_be_undone(session):
    put_ground(session)
    batch = newest(session)
    put_blocks(session, frame("blocks", [{}], [rectangle(0, 0, 0.006, 0.004)]), good_rows_only=True)
    nobody = Scope(1, "p", "P", frozenset({"planner"}), None)
    with pytest.raises(NotAllowed):
        undo_import(work_at(session, scope=nobody), batch)
    with pytest.raises(NotFound, match="no such import"):
        undo_import(work_at(session), 999_999)
    put(session, "households", households())
    batch = newest(session)
    undo_import(work_at(session), batch)
    assert "undone already" in refusal_of(session, batch)
    old = t.ImportBatch(kind="households", file_name="old.csv", state="committed")
    refused = t.ImportBatch(kind="households", file_name="bad.csv", state="refused")
    session.add_all([old, refused])
    session.flush()
    assert "older than 90 days" in refusal_of(session, old.id)
    assert "stored nothing" in refusal_of(session, refused.id)


def test_what_was_replaced_is_forgotten_after_its_time(session):
    put_ground(session)
    put(session, "households", households())
    put(session, "households", households(5, people=9))
    assert session.query(t.FormerRow).count() > 0
    much_later = NOW.replace(month=9)
    put(session, "incidents", incidents(), now=much_later)
    assert session.query(t.FormerRow).filter(t.FormerRow.table_name == "household").count() == 0
    keep = select(t.ImportBatch.keeps_former).where(t.ImportBatch.kind == "households")
    assert set(session.scalars(keep)) == {False}


def test_every_table_of_records_keeps_what_an_import_changes(session):
    query = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'keep_changed'"
    kept = set(session.scalars(text(query)))
    assert kept == {table.__tablename__ for table in kinds_with().values()} | {
        "division_unit",
        "location_decision",
    }
