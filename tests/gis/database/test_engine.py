"""The engine and its transactions, on a real server."""

import pytest
from sqlalchemy import text

from gis.database.engine import open_engine, transaction
from gis.errors import Conflict, DatabaseUnavailable, NotEnoughSpace


@pytest.fixture
def with_notes(session):
    session.execute(text("CREATE TEMP TABLE note (words text)"))
    session.commit()
    return session.connection()


def count_notes(connection):
    return connection.execute(text("SELECT count(*) FROM note")).scalar_one()


def test_a_transaction_keeps_its_work(with_notes):
    with transaction(with_notes) as session:
        session.execute(text("INSERT INTO note VALUES ('kept')"))
    assert count_notes(with_notes) == 1


def test_an_error_undoes_the_whole_transaction(with_notes):
    with pytest.raises(ValueError, match="half-way"), transaction(with_notes) as session:
        session.execute(text("INSERT INTO note VALUES ('lost')"))
        raise ValueError("half-way")
    assert count_notes(with_notes) == 0


def test_a_session_of_a_test_leaves_nothing_behind(engine):
    with engine.connect() as connection:
        assert connection.execute(text("SELECT to_regclass('note')")).scalar() is None


def test_work_that_is_committed_is_seen_by_other_connections(committed_engine):
    with transaction(committed_engine) as session:
        session.execute(text("UPDATE platform SET time_zone = 'Asia/Urumqi'"))
    with committed_engine.connect() as connection:
        assert connection.scalar(text("SELECT time_zone FROM platform")) == "Asia/Urumqi"


def test_connections_work_in_the_platforms_zone_and_give_up_on_locks(engine):
    with engine.connect() as connection:
        settings = [
            connection.execute(text(f"SHOW {name}")).scalar()
            for name in ("timezone", "lock_timeout", "statement_timeout", "application_name")
        ]
    assert settings == ["Asia/Shanghai", "10s", "10min", "community-grid"]


def test_a_setting_made_in_one_transaction_does_not_reach_the_next_user(engine):
    with engine.connect() as connection:
        connection.execute(text("SELECT set_config('app.scope', '7', true)"))
    with engine.connect() as connection:
        found = connection.execute(text("SELECT current_setting('app.scope', true)")).scalar()
    assert not found


def test_a_server_that_is_not_there_is_reported_without_the_password():
    engine = open_engine("postgres://grid:very-secret@127.0.0.1:1/town")
    with pytest.raises(DatabaseUnavailable, match="cannot be reached") as refusal:
        engine.connect()
    assert "very-secret" not in str(refusal.value)


def test_a_database_that_is_not_there_is_reported(database_at):
    engine = open_engine(database_at("no_such_town"))
    with pytest.raises(DatabaseUnavailable, match="no_such_town"):
        engine.connect()


@pytest.mark.parametrize("url", ["mysql://a/b", "not a url", "postgresql://host/"])
def test_a_url_of_something_else_is_refused(url):
    with pytest.raises(DatabaseUnavailable, match="postgresql://user:password@host"):
        open_engine(url)


def test_a_connection_that_the_server_closed_is_reported_and_replaced(engine):
    with engine.connect() as connection, pytest.raises(DatabaseUnavailable):
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1


def test_waiting_in_vain_for_a_lock_is_a_conflict(committed_engine):
    with committed_engine.begin() as first, committed_engine.connect() as second:
        first.execute(text("LOCK TABLE platform"))
        second.execute(text("SET LOCAL lock_timeout = '50ms'"))
        with pytest.raises(Conflict, match="try again"):
            second.execute(text("SELECT * FROM platform"))


def test_waiting_for_one_another_is_a_conflict(connection):
    deadlock = "DO $$ BEGIN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END $$"
    with pytest.raises(Conflict, match="try again"):
        connection.execute(text(deadlock))


def test_a_full_disk_is_reported_as_such(connection):
    disk_full = (
        "DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$"
    )
    with pytest.raises(NotEnoughSpace, match="could not extend file"):
        connection.execute(text(disk_full))
