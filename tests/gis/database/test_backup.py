"""Backups hold every row, and a restore changes nothing until it is complete."""

import psycopg
import pytest

from gis.database import backup
from gis.database.backup import backup_database, restore_database
from gis.database.databases import drop_database, has_database
from gis.database.roles import SUPERUSER
from gis.database.urls import database_name, libpq_url, with_database
from gis.errors import DatabaseUnavailable, InvalidInput

AWKWARD = ["张三丰", "two\nlines", "tab\there", "\\.", "", None, "COPY x FROM stdin;"]


@pytest.fixture
def database(fresh_database, database_at):
    """A database as who makes dumps of it reaches it."""
    url = database_at(database_name(fresh_database), SUPERUSER)
    with psycopg.connect(libpq_url(url)) as connection:
        connection.execute('CREATE TABLE "Odd name" (words text, place geometry(Point, 4326))')
        with connection.cursor() as cursor:
            cursor.executemany(
                'INSERT INTO "Odd name" VALUES (%s, ST_Point(9.5, 47.1, 4326))',
                [(words,) for words in AWKWARD],
            )
    return url


def read_words(url):
    with psycopg.connect(libpq_url(url)) as connection:
        return [words for (words,) in connection.execute('SELECT words FROM "Odd name"')]


def forget_everything(url):
    with psycopg.connect(libpq_url(url)) as connection:
        connection.execute('DELETE FROM "Odd name"')


def test_what_was_backed_up_comes_back(database, tmp_path):
    made = backup_database(database, tmp_path / "town.dump")
    forget_everything(database)
    restored = restore_database(database, made.file)
    assert read_words(database) == AWKWARD
    assert restored.rows['public."Odd name"'] == made.rows['public."Odd name"'] == len(AWKWARD)
    assert read_words(with_database(database, restored.previous)) == []
    drop_database(with_database(database, restored.previous))


def test_a_backup_is_for_its_owner_only_and_overwrites_nothing(database, tmp_path):
    made = backup_database(database, tmp_path / "town.dump")
    assert made.file.stat().st_mode & 0o777 == 0o600
    assert made.size_bytes == made.file.stat().st_size > 0
    with pytest.raises(InvalidInput, match="must be a new file"):
        backup_database(database, made.file)
    assert [file.name for file in tmp_path.iterdir()] == ["town.dump"]


def test_a_database_that_was_lost_can_be_restored(database, tmp_path):
    made = backup_database(database, tmp_path / "town.dump")
    drop_database(database)
    assert restore_database(database, made.file).previous is None
    assert read_words(database) == AWKWARD


def test_a_file_of_another_kind_is_refused(database, tmp_path):
    (tmp_path / "notes.txt").write_text("not a backup")
    with pytest.raises(InvalidInput, match="is not a backup"):
        restore_database(database, tmp_path / "notes.txt")
    with pytest.raises(InvalidInput, match="cannot be read"):
        restore_database(database, tmp_path / "absent.dump")


def test_half_a_backup_is_refused_and_nothing_changes(database, tmp_path):
    made = backup_database(database, tmp_path / "town.dump")
    whole = made.file.read_bytes()
    made.file.write_bytes(whole[: len(whole) * 9 // 10])
    with pytest.raises((InvalidInput, DatabaseUnavailable)):
        restore_database(database, made.file)
    assert read_words(database) == AWKWARD


def test_a_backup_that_does_not_fit_this_release_is_refused_and_nothing_changes(database, tmp_path):
    made = backup_database(database, tmp_path / "town.dump")
    tried = []

    def refuse(url):
        tried.append(url)
        raise DatabaseUnavailable("made by a newer release")

    with pytest.raises(DatabaseUnavailable, match="newer release"):
        restore_database(database, made.file, prepare=refuse)
    assert read_words(database) == AWKWARD
    assert not has_database(tried[0])


def test_rows_missing_from_the_file_are_noticed(database, tmp_path, monkeypatch):
    monkeypatch.setattr(backup, "count_rows_of_dump", lambda file, binaries: {})
    with pytest.raises(DatabaseUnavailable, match='"Odd name" 0 instead of 7'):
        backup_database(database, tmp_path / "town.dump")
    assert list(tmp_path.iterdir()) == []


def test_connections_that_are_open_do_not_stop_a_restore(database, fresh_database, tmp_path):
    made = backup_database(database, tmp_path / "town.dump")
    with psycopg.connect(libpq_url(fresh_database)) as idle:
        idle.execute("SELECT 1")
        restored = restore_database(database, made.file)
        with pytest.raises(psycopg.OperationalError):
            idle.execute("SELECT 1")
    assert read_words(database) == AWKWARD
    drop_database(with_database(database, restored.previous))
