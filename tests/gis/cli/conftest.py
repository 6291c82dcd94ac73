"""The command line run inside this process, on a database of the test's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from gis.cli import main as entry
from gis.database.roles import OWNER
from gis.database.urls import database_name


@dataclass(frozen=True)
class Answer:
    """What a command answered: exit status and both streams."""

    status: int
    out: str
    err: str


@pytest.fixture
def run(capfd, monkeypatch) -> Callable[..., Answer]:
    """Give a function that runs a command line as `community-grid` does."""

    def run(*arguments: object) -> Answer:
        monkeypatch.setattr("sys.argv", ["community-grid", *map(str, arguments)])
        capfd.readouterr()
        try:
            entry.main()
            status = 0
        except SystemExit as end:
            status = end.code or 0
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return Answer(status, out, err)

    return run


@pytest.fixture
def database(fresh_database, database_at, monkeypatch) -> str:
    """Let commands work on a migrated, empty database as `app`, and upgrade it as `owner`."""
    monkeypatch.setenv("DATABASE_URL", database_at(database_name(fresh_database), OWNER))
    monkeypatch.setenv("COMMUNITY_GRID_APP_DATABASE_URL", fresh_database)
    return fresh_database
