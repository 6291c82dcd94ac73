"""A server that is not fit for use is refused in words that say what to do."""

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text

from gis.database import server
from gis.database.binaries import Binaries, find_client, find_server, list_binaries
from gis.database.databases import drop_database, maintenance_connection
from gis.database.engine import open_engine
from gis.database.server import EXTENSIONS, check_server
from gis.database.urls import database_name, with_database
from gis.errors import DatabaseUnavailable, with_hints


def test_the_extensions_are_made_where_they_are_missing(empty_database):
    engine = open_engine(empty_database)
    with engine.begin() as connection:
        check_server(connection)
    with engine.begin() as connection:
        check_server(connection)
        found = set(connection.execute(text("SELECT extname FROM pg_extension")).scalars())
    engine.dispose()
    assert found >= set(EXTENSIONS)


@pytest.mark.parametrize("options", ["ENCODING 'UTF8' LOCALE 'C'", "ENCODING 'LATIN1' LOCALE 'C'"])
def test_a_database_that_cannot_search_chinese_is_refused(empty_database, options):
    name = f"{database_name(empty_database)}_c"
    with maintenance_connection(empty_database) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 {}").format(
                sql.Identifier(name), sql.SQL(options)
            )
        )
    url = with_database(empty_database, name)
    engine = open_engine(url)
    with (
        engine.connect() as connection,
        pytest.raises(DatabaseUnavailable, match=r"CREATE DATABASE .* LOCALE 'C\.UTF-8'"),
    ):
        check_server(connection)
    engine.dispose()
    drop_database(url)


def test_an_older_server_is_refused(connection, monkeypatch):
    monkeypatch.setattr(server, "OLDEST_MAJOR", 99)
    with pytest.raises(DatabaseUnavailable, match="99 or newer is needed"):
        check_server(connection)


def test_an_older_postgis_is_refused(connection, monkeypatch):
    monkeypatch.setattr(server, "OLDEST_POSTGIS", (99, 0))
    with pytest.raises(DatabaseUnavailable, match="has PostGIS 3"):
        check_server(connection)


def test_an_extension_the_server_does_not_have_is_named(connection, monkeypatch):
    monkeypatch.setattr(server, "EXTENSIONS", ("no_such_extension",))
    with pytest.raises(DatabaseUnavailable, match="does not have the extension no_such_extension"):
        check_server(connection)


def test_an_extension_only_a_superuser_may_make_says_so(empty_database):
    engine = open_engine(empty_database)
    with engine.connect() as connection, connection.begin() as outer:
        connection.execute(text("CREATE ROLE test_guest NOLOGIN"))
        connection.execute(text("SET LOCAL ROLE test_guest"))
        with pytest.raises(DatabaseUnavailable, match="Let a superuser run `CREATE EXTENSION"):
            check_server(connection)
        outer.rollback()
    engine.dispose()


def make_version(folder, major, *, postgis=True):
    programs, share = folder / "lib" / str(major) / "bin", folder / "share" / str(major)
    programs.mkdir(parents=True)
    (programs / "postgres").touch()
    (share / "extension").mkdir(parents=True)
    if postgis:
        (share / "extension" / "postgis.control").touch()


def test_the_newest_version_with_postgis_makes_a_new_cluster(tmp_path):
    for major, postgis in [(14, True), (15, True), (16, True), (17, False)]:
        make_version(tmp_path, major, postgis=postgis)
    installed = list_binaries(tmp_path / "lib", tmp_path / "share")
    assert [binaries.major for binaries in installed] == [14, 15, 16, 17]
    assert find_server(installed).major == 16
    assert find_server(installed, major=15).major == 15


@pytest.mark.parametrize(("major", "named"), [(None, "15"), (16, "16")])
def test_a_version_that_is_missing_is_named_with_what_to_install(tmp_path, major, named):
    make_version(tmp_path, 17, postgis=False)
    installed = list_binaries(tmp_path / "lib", tmp_path / "share")
    with pytest.raises(DatabaseUnavailable) as refusal:
        find_server(installed, major=major)
    assert f"postgresql-{named}-postgis-3" in with_hints(refusal.value)
    assert "17 without PostGIS" in str(refusal.value)


def test_a_backup_needs_programs_no_older_than_the_server(tmp_path):
    installed = [Binaries(tmp_path, 15, True), Binaries(tmp_path, 17, False)]
    assert find_client(installed, server_major=16).major == 17
    with pytest.raises(DatabaseUnavailable, match="postgresql-client-18"):
        find_client(installed, server_major=18)


def test_a_server_that_is_away_is_reported():
    with (
        pytest.raises(DatabaseUnavailable, match="cannot be reached"),
        maintenance_connection("postgresql://grid@127.0.0.1:1/town"),
    ):
        raise psycopg.Error("never connected")
