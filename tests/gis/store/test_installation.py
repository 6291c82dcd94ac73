"""The database of an installation: refused, with what to do, in every state but the right one."""

from pathlib import Path

import pytest
from sqlalchemy import text

from gis.database import migrate
from gis.database.cluster import Cluster
from gis.database.engine import open_engine
from gis.database.roles import SUPERUSER
from gis.database.urls import database_name
from gis.errors import DatabaseUnavailable, with_hints
from gis.store.installation import Installation
from gis.store.schema_state import SchemaState, find_schema


def of_server(url: str) -> Installation:
    return Installation(Path("/nonexistent"), url, "unused")


def change(url: str, *statements: str) -> None:
    engine = open_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def refusal_of(installation: Installation) -> str:
    with pytest.raises(DatabaseUnavailable) as refusal:
        installation.open_ready()
    return with_hints(refusal.value)


def test_an_empty_database_asks_for_init_and_init_makes_it_ready(empty_database):
    installation = of_server(empty_database)
    assert "is empty and is to be set up first (community-grid init)" in refusal_of(installation)
    for engine in (installation.make_ready(), installation.open_ready()):
        with engine.connect() as connection:
            assert find_schema(connection).state is SchemaState.CURRENT
        engine.dispose()


def test_extensions_alone_leave_a_database_empty(empty_database):
    change(empty_database, "CREATE EXTENSION IF NOT EXISTS postgis")
    assert "is empty" in refusal_of(of_server(empty_database))


def test_an_older_schema_says_both_revisions_and_init_upgrades_it(empty_database):
    installation = of_server(empty_database)
    installation.make_ready().dispose()
    migrate.downgrade(open_engine(installation.owning_url()), "0001")
    said = refusal_of(installation)
    assert "older schema (0001" in said and migrate.head_revision() in said
    assert "community-grid init" in said
    installation.make_ready().dispose()
    installation.open_ready().dispose()


def test_a_newer_schema_is_neither_opened_nor_changed(fresh_database, database_at):
    url = database_at(database_name(fresh_database), SUPERUSER)
    change(url, "UPDATE alembic_version SET version_num = '9999'")
    installation = of_server(url)
    assert "newer release (schema 9999" in refusal_of(installation)
    with pytest.raises(DatabaseUnavailable, match="newer release"):
        installation.make_ready()


@pytest.mark.parametrize(
    "made",
    [
        ("CREATE TABLE invoices (id int)",),
        ("CREATE TABLE invoices (id int)", "CREATE TABLE alembic_version (version_num text)"),
        (
            "CREATE TABLE invoices (id int)",
            "CREATE TABLE alembic_version (version_num text)",
            "INSERT INTO alembic_version VALUES ('a1b2c3')",
        ),
    ],
    ids=["without migrations", "with none run", "with its own migrations"],
)
def test_the_database_of_another_program_is_not_touched(empty_database, made):
    change(empty_database, *made)
    installation = of_server(empty_database)
    assert "not of Community Grid" in refusal_of(installation)
    with pytest.raises(DatabaseUnavailable, match="invoices"):
        installation.make_ready()
    engine = open_engine(empty_database)
    with engine.connect() as connection:
        assert "invoices" in find_schema(connection).tables
        assert connection.scalar(text("SELECT to_regclass('division_unit')")) is None
    engine.dispose()


def test_a_refusal_names_the_databases_that_could_be_used(enterable_folder):
    home = enterable_folder / "home"
    installation = Installation(home, None, "community_grid")
    try:
        assert refusal_of(installation).endswith("is to be made first (community-grid init)")
        Installation(home, None, "demo_town").make_ready().dispose()
        said = refusal_of(installation)
        assert "there is no database community_grid yet" in said
        assert said.endswith("one that is here: COMMUNITY_GRID_DATABASE=demo_town")
    finally:
        Cluster(home / "postgres").stop()
