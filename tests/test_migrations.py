"""The migrations: one line of them, there and back, equal to the models; and what they enforce."""

from datetime import date
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

import gis.store
from gis.database import migrate
from gis.domain.access import SYSTEM
from gis.store import tables as t
from gis.store.access.audit import write_audit
from tests.factories import (
    NOW,
    block_square,
    make_plan,
    make_unit,
)

SCRIPTS = Path(gis.store.__file__).with_name("migrations")


def own_tables(engine) -> set[str]:
    return set(inspect(engine).get_table_names()) & set(t.Base.metadata.tables)


def is_our_concern(obj, name, kind, reflected, compare_to) -> bool:
    return not (kind == "table" and reflected and name not in t.Base.metadata.tables)


def refuses(session, statement: str, **values) -> str:
    """Run a statement that the database must refuse; give its words."""
    with pytest.raises(DBAPIError) as refusal, session.begin_nested():
        session.execute(text(statement), values)
    return str(refusal.value.orig)


# The line of migrations


def test_the_migrations_have_one_head_and_one_base():
    script = ScriptDirectory(str(SCRIPTS))
    assert len(script.get_heads()) == len(script.get_bases()) == 1
    assert script.get_current_head() == migrate.head_revision()


def test_the_schema_goes_up_down_to_nothing_and_up_again(unmigrated_engine):
    migrate.upgrade(unmigrated_engine)
    assert own_tables(unmigrated_engine) == set(t.Base.metadata.tables)
    migrate.downgrade(unmigrated_engine, "base")
    assert own_tables(unmigrated_engine) == set()
    with unmigrated_engine.connect() as connection:
        assert migrate.current_revision(connection) is None
        left = "SELECT count(*) FROM pg_proc WHERE proname = 'refuse_audit_change'"
        assert connection.scalar(text(left)) == 0
    migrate.upgrade(unmigrated_engine)
    migrate.upgrade(unmigrated_engine)
    with unmigrated_engine.connect() as connection:
        assert migrate.current_revision(connection) == migrate.head_revision()
    assert own_tables(unmigrated_engine) == set(t.Base.metadata.tables)


def test_models_and_migrations_are_the_same_schema(connection):
    context = MigrationContext.configure(
        connection,
        opts={
            "include_object": is_our_concern,
            "compare_type": True,
            "compare_server_default": True,
        },
    )
    assert compare_metadata(context, t.Base.metadata) == []


def test_checks_and_exclusions_are_those_of_the_models(connection):
    """Autogenerate does not look at these, so their names are compared here."""
    query = text(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint"
        " WHERE contype IN ('c', 'x') AND connamespace = 'public'::regnamespace"
    )
    own = set(t.Base.metadata.tables)
    stored = {(table, name) for table, name in connection.execute(query) if table in own}
    kinds = ("CheckConstraint", "ExcludeConstraint")
    modelled = {
        (table.name, str(constraint.name))
        for table in t.Base.metadata.tables.values()
        for constraint in table.constraints
        if type(constraint).__name__ in kinds
    }
    assert stored == modelled and len(stored) > 40


# What the database itself holds


def test_two_plans_in_force_at_once_are_refused(session, town):
    community = town.communities[0]
    with pytest.raises(DBAPIError, match="ex_plan_one_in_force"), session.begin_nested():
        make_plan(session, community, state="superseded", name="In force on the same days")


def test_a_community_points_at_one_plan_and_only_at_its_own(session, town):
    first, second, _ = town.communities
    foreign = second.plans[0].id
    words = refuses(
        session,
        "UPDATE live_plan SET plan_id = :plan WHERE community_id = :community",
        plan=foreign,
        community=first.id,
    )
    assert "live_plan" in words


def test_a_published_plan_without_a_date_is_refused(session, town):
    plan = town.communities[0].plans[0].id
    words = refuses(session, "UPDATE plan SET effective_from = NULL WHERE id = :plan", plan=plan)
    assert "published_has_a_date" in words


def test_a_plan_approved_by_its_submitter_is_refused(session, town):
    values = {"plan": town.communities[0].plans[0].id, "who": town.users["planner"].id}
    statement = "UPDATE plan SET submitted_by = :who, approved_by = :who WHERE id = :plan"
    assert "approved_by_a_second_person" in refuses(session, statement, **values)


def test_two_workers_in_a_grid_at_once_are_refused(session, town):
    insert = (
        "INSERT INTO grid_worker (grid_code, user_id, valid_from, valid_to)"
        " VALUES (:code, :user, :from_, :to)"
    )
    values = {"code": town.communities[0].grids[0].code, "user": town.users["planner"].id}
    words = refuses(session, insert, **values, from_=date(2026, 2, 1), to=None)
    assert "ex_grid_worker_one_at_a_time" in words
    before = {"from_": date(2025, 1, 1), "to": date(2026, 1, 1)}
    session.execute(text(insert), {**values, **before})


@pytest.mark.parametrize("code", ["52263210000", "5226321000011", "52263210000x", ""])
def test_a_division_code_that_is_not_12_digits_is_refused(session, town, code):
    with pytest.raises(DBAPIError, match="code_has_12_digits"), session.begin_nested():
        make_unit(session, code, "community", "七里社区", "Qili", town.town)


def test_one_code_names_one_unit_at_a_time(session, town):
    with pytest.raises(DBAPIError, match="code_at_one_time"), session.begin_nested():
        make_unit(session, "522632100001", "community", "七里社区", "Qili", town.town)


def test_a_community_directly_below_a_county_is_refused(session, town):
    with pytest.raises(DBAPIError, match="parent_is_one_level_up"), session.begin_nested():
        make_unit(session, "522632100077", "community", "七里社区", "Qili", town.county)


def test_a_grid_code_is_issued_once(session, town):
    code = town.communities[0].grids[0].code
    insert = "INSERT INTO grid_code (code, community_id) VALUES (:code, :community)"
    words = refuses(session, insert, code=code, community=town.communities[1].id)
    assert "pk_grid_code" in words


def test_a_block_in_another_communitys_build_is_refused(session, town):
    first, second, _ = town.communities
    words = refuses(
        session,
        "UPDATE block SET build_id = :build, number = 99 WHERE id = :block",
        build=second.build.id,
        block=first.blocks[0].id,
    )
    assert "foreign key" in words


def test_a_block_goes_to_no_grid_of_another_plan_and_into_none_twice(session, town):
    community = town.communities[1]
    published, draft = community.plans
    values = {"plan": published.id, "block": community.blocks[0].id}
    draft_grid = session.scalar(
        text("SELECT min(id) FROM grid WHERE plan_id = :p"), {"p": draft.id}
    )
    statement = (
        "UPDATE block_assignment SET grid_id = :grid WHERE plan_id = :plan AND block_id = :block"
    )
    assert "foreign key" in refuses(session, statement, **values, grid=draft_grid)
    insert = (
        "INSERT INTO block_assignment (plan_id, block_id, community_id, grid_id)"
        " SELECT plan_id, block_id, community_id, grid_id FROM block_assignment"
        " WHERE plan_id = :plan AND block_id = :block"
    )
    assert "pk_block_assignment" in refuses(session, insert, **values)


def test_a_block_of_another_community_is_not_assigned(session, town):
    first, second, _ = town.communities
    words = refuses(
        session,
        "UPDATE block_assignment SET block_id = :foreign WHERE plan_id = :plan AND block_id = :own",
        foreign=second.blocks[0].id,
        plan=first.plans[0].id,
        own=first.blocks[0].id,
    )
    assert "foreign key" in words


def test_the_audit_trail_can_only_be_added_to_by_its_owner_too(owner_engine):
    with owner_engine.connect() as connection, connection.begin() as outer:
        session = Session(connection, join_transaction_mode="create_savepoint")
        write_audit(session, SYSTEM, "plan.export", now=NOW)
        session.flush()
        for statement in (
            "UPDATE audit_entry SET action = 'nothing'",
            "DELETE FROM audit_entry",
            "TRUNCATE audit_entry",
        ):
            assert "can only be added to" in refuses(session, statement)
        assert session.query(t.AuditEntry).filter_by(action="plan.export").count() == 1
        outer.rollback()


def test_a_household_with_unknown_status_or_fewer_than_no_people_is_refused(session, town):
    assert "status" in refuses(session, "UPDATE household SET status = 'perhaps'")
    assert "people_is_not_negative" in refuses(session, "UPDATE household SET people = -1")


def test_an_outline_that_crosses_itself_is_refused(session, town):
    bow = "MULTIPOLYGON(((108 25, 109 26, 109 25, 108 26, 108 25)))"
    statement = "UPDATE division_unit SET geom = ST_GeomFromText(:bow, 4326) WHERE id = :id"
    assert "geom_is_valid" in refuses(session, statement, bow=bow, id=town.county.id)


def test_tile_shapes_follow_the_stored_shapes(session, town):
    block = town.communities[0].blocks[0]
    session.execute(
        text("UPDATE block SET geom = ST_Multi(ST_GeomFromText(:wkt, 4326)) WHERE id = :id"),
        {"wkt": block_square(0, 5).wkt, "id": block.id},
    )
    away = "SELECT ST_Distance(geom_3857, ST_Transform(geom, 3857)) FROM block WHERE id = :id"
    assert session.scalar(text(away), {"id": block.id}) == 0.0
