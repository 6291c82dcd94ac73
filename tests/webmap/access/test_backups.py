"""Backups by the page: made as a job, listed with their age, and good for a restore."""

import os
from datetime import timedelta

import pytest

from gis.database.backup import count_rows_of_dump
from gis.database.binaries import find_client, list_binaries
from gis.database.kept_backups import list_backups, next_backup
from gis.database.roles import SUPERUSER
from gis.database.urls import database_name
from gis.store import tables as t
from tests.factories import NOW
from webmap.access.backup_job import BackupPlace
from webmap.shell.session import now


@pytest.fixture
def folder(app, connection, database_at, tmp_path):
    """Give the folder into which the application backs up the database of the tests."""
    place, name = tmp_path / "backups", database_name(connection.engine.url)
    app.extensions["backups"] = BackupPlace(place, lambda: database_at(name, SUPERUSER))
    return place


def test_a_backup_is_made_listed_and_whole(sign_in, folder, session):
    browser = sign_in("administrator")
    assert "There is no backup yet" in browser.get("/admin/backups").get_data(as_text=True)
    assert browser.post("/admin/backups").status_code == 302
    (backup,) = list_backups(folder)
    page = browser.get("/admin/backups").get_data(as_text=True)
    assert backup.name in page and "The newest backup was made on" in page
    assert f"community-grid db restore {folder}/{backup.name}" in page
    binaries = find_client(list_binaries(), server_major=15)
    rows = count_rows_of_dump(folder / backup.name, binaries)
    assert rows["public.alembic_version"] == 1
    assert (folder / backup.name).stat().st_mode & 0o077 == 0
    assert session.query(t.AuditEntry).filter_by(action="backup.make").count() == 1


def test_an_old_backup_is_warned_of_and_a_failed_one_told(sign_in, app, folder):
    file = next_backup(folder, NOW)
    file.write_bytes(b"PGDMP")
    (folder / "notes.txt").write_text("not one of them")
    old = (now() - timedelta(days=20)).timestamp()
    os.utime(file, (old, old))
    browser = sign_in("administrator")
    page = browser.get("/admin/backups").get_data(as_text=True)
    assert "20 days old" in page and "notes.txt" not in page
    app.extensions["backups"] = BackupPlace(
        folder, lambda: "postgresql+psycopg://nobody@/none?host=/nowhere"
    )
    browser.post("/admin/backups")
    page = browser.get("/admin/backups").get_data(as_text=True)
    assert "The last backup failed" in page and len(list_backups(folder)) == 1


@pytest.mark.parametrize("login", ["planner", "auditor", "official"])
def test_nobody_else_sees_or_makes_backups(sign_in, folder, login):
    browser = sign_in(login)
    assert browser.get("/admin/backups").status_code == 403
    assert browser.post("/admin/backups").status_code == 403
