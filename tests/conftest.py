"""Real PostGIS for the tests: one server per run, one migrated database per worker.

Without ``DATABASE_URL`` the run gets a throw-away cluster of its own under /tmp, made when the
first test asks for a database and removed at the end. With it, the test databases are made on that
server and dropped at the end. Nothing here, and no test, ever touches the application's own data:
both settings are taken out of the environment before anything else runs.

Tests work as `app`, as the application does. What only the owner of the tables, or the superuser,
may do is asked for by name: `owner_engine`, or `database_at(name, OWNER)`.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pickle
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from gis.actions.access import passwords
from gis.database.cluster import Cluster
from gis.database.databases import create_database, drop_database, has_database
from gis.database.engine import open_engine, transaction
from gis.database.processes import is_alive
from gis.database.roles import APP, OWNER, SUPERUSER, as_role, hand_over, require_roles
from gis.database.server import check_server
from gis.database.urls import database_name, with_database
from gis.errors import GisError
from gis.store.installation import Installation
from tests.application import lent_app
from tests.factories import QUICK, Town, make_town

RUN_PREFIX = "community-grid-tests-"
_RUN_FOLDER = pytest.StashKey[Path]()
_SERVER_URL = pytest.StashKey[str | None]()


# One run: its folder, known to every worker, gone at the end


def pytest_configure(config: pytest.Config) -> None:
    """Give the run a folder that the server's user may enter, and hide the real settings."""
    given = getattr(config, "workerinput", None)
    if given is not None:
        folder, url = Path(given["run_folder"]), given["server_url"]
    else:
        _remove_dead_runs()
        folder = Path(tempfile.mkdtemp(prefix=f"{RUN_PREFIX}{os.getpid()}-", dir="/tmp"))
        folder.chmod(0o711)
        url = os.environ.pop("DATABASE_URL", None)
    config.stash[_RUN_FOLDER], config.stash[_SERVER_URL] = folder, url
    for name in ("DATABASE_URL", "COMMUNITY_GRID_APP_DATABASE_URL"):
        os.environ.pop(name, None)
    os.environ["COMMUNITY_GRID_HOME"] = str(folder / "home")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    """Tell a worker which run it belongs to."""
    node.workerinput["run_folder"] = str(node.config.stash[_RUN_FOLDER])
    node.workerinput["server_url"] = node.config.stash[_SERVER_URL]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that hold slow tests, so that no worker is left alone with them."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the run's server or databases, once every worker is done."""
    folder = config.stash.get(_RUN_FOLDER, None)
    if folder is None or hasattr(config, "workerinput"):
        return
    if url := config.stash[_SERVER_URL]:
        for name in _recorded_databases(folder):
            drop_database(with_database(url, name))
    _remove_run(folder)


def _remove_dead_runs() -> None:
    """Clear up after runs that were killed."""
    for folder in Path("/tmp").glob(f"{RUN_PREFIX}*"):
        pid = folder.name.removeprefix(RUN_PREFIX).split("-")[0]
        with contextlib.suppress(FileNotFoundError):  # a run beside this one has just ended
            ours = folder.stat().st_uid == os.geteuid() and pid.isdigit()
            if ours and not is_alive(int(pid)):
                _remove_run(folder)


def _remove_run(folder: Path) -> None:
    for lock in folder.rglob("app.lock"):
        with contextlib.suppress(GisError):
            Cluster(lock.parent, durable=False).stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def enterable_folder(request: pytest.FixtureRequest) -> Path:
    """Give an empty folder that the user who runs PostgreSQL may pass through."""
    folder = Path(tempfile.mkdtemp(prefix="case-", dir=request.config.stash[_RUN_FOLDER]))
    folder.chmod(0o711)
    return folder


# One server per run, one template migrated by the real migrations


@pytest.fixture(scope="session")
def database_at(request: pytest.FixtureRequest) -> Callable[..., str]:
    """Give the URL of a test database by its name, as `app` or another role; starts the server."""
    url = request.config.stash[_SERVER_URL]
    if url:
        require_roles(url, make=True)
        return lambda name, role=APP: (
            with_database(url, name)
            if role == SUPERUSER
            else as_role(with_database(url, name), role)
        )
    cluster = Cluster(request.config.stash[_RUN_FOLDER] / "postgres", durable=False)
    cluster.start()
    return cluster.url


@pytest.fixture(scope="session")
def template_database(request: pytest.FixtureRequest, database_at: Callable[..., str]) -> str:
    """Give the name of the migrated, empty database that the others are copied from."""
    folder = request.config.stash[_RUN_FOLDER]
    name = f"{_name_of(folder)}_template"
    with _locked(folder / "template.lock"):
        if not has_database(database_at(name)):
            unfinished = database_at(f"{name}_unfinished", SUPERUSER)
            _record_database(folder, f"{name}_unfinished")
            create_database(unfinished)
            Installation(folder, unfinished, "unused").make_ready().dispose()
            _record_database(folder, name)
            create_database(database_at(name, SUPERUSER), template=f"{name}_unfinished")
    return name


@pytest.fixture(scope="session")
def town_database(
    request: pytest.FixtureRequest, database_at: Callable[..., str], template_database: str
) -> str:
    """Give the name of the database with the tiny town, made once a run; others are copied from it.

    What `make_town` gave lies beside it, pickled (see `tiny_town`).
    """
    folder = request.config.stash[_RUN_FOLDER]
    name = f"{_name_of(folder)}_town"
    with _locked(folder / "town.lock"):
        if not _pickled_town(folder).exists():
            _record_database(folder, name)
            create_database(database_at(name, SUPERUSER), template=template_database)
            engine = open_engine(database_at(name))
            with transaction(engine) as session:
                town = make_town(session)
            engine.dispose()
            _pickled_town(folder).write_bytes(pickle.dumps(town))
    return name


def _pickled_town(folder: Path) -> Path:
    return folder / "town.pickle"


@pytest.fixture(scope="session")
def new_database(
    request: pytest.FixtureRequest, database_at: Callable[..., str], template_database: str
) -> Callable[..., str]:
    """Give a function that makes a copy of the template and tells its URL, as `app`."""
    folder = request.config.stash[_RUN_FOLDER]

    def make(purpose: str, template: str = template_database, role: str = APP) -> str:
        name = f"{_name_of(folder)}_{purpose}_{uuid.uuid4().hex[:8]}"
        _record_database(folder, name)
        create_database(database_at(name, SUPERUSER), template=template)
        return database_at(name, role)

    return make


@pytest.fixture(scope="session")
def drop(database_at: Callable[..., str]) -> Callable[[str], None]:
    """Give a function that drops the database of a URL."""
    return lambda url: drop_database(database_at(database_name(url), SUPERUSER))


# What tests ask for


@pytest.fixture(scope="session", autouse=True)
def real_hasher() -> Iterator[PasswordHasher]:
    """Hash passwords quickly in every test of the run; gives the hasher of the application."""
    real = passwords._HASHER
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", QUICK)
        patch.setattr(passwords, "_NOBODY", QUICK.hash("the password of nobody"))
        yield real


@pytest.fixture(scope="session")
def engine(new_database: Callable[..., str], drop: Callable[[str], None]) -> Iterator[Engine]:
    """Give the worker's own database; leave it as you found it (see `session`)."""
    url = new_database("worker")
    engine = open_engine(url)
    yield engine
    engine.dispose()
    drop(url)


@pytest.fixture(scope="session")
def owner_engine(engine: Engine, database_at: Callable[..., str]) -> Iterator[Engine]:
    """Give the worker's own database as the owner of its tables; leave it as you found it."""
    owner_engine = open_engine(database_at(database_name(engine.url), OWNER))
    yield owner_engine
    owner_engine.dispose()


@pytest.fixture(scope="session")
def town_engine(
    new_database: Callable[..., str], drop: Callable[[str], None], town_database: str
) -> Iterator[Engine]:
    """Give the worker's own database with the tiny town; leave it as you found it."""
    url = new_database("town_worker", town_database)
    engine = open_engine(url)
    yield engine
    engine.dispose()
    drop(url)


@pytest.fixture
def connection(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """Give a connection whose work, commits of sessions bound to it included, is undone.

    It is one to the database with the tiny town where the test asks for `tiny_town`.
    """
    with_town = "tiny_town" in request.fixturenames
    engine: Engine = request.getfixturevalue("town_engine" if with_town else "engine")
    with engine.connect() as connection:
        outer = connection.begin()
        yield connection
        outer.rollback()


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """Give a session that may commit; everything is undone when the test ends."""
    with Session(
        connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
    ) as session:
        yield session


@pytest.fixture
def tiny_town(session: Session, unpickled_town: Town) -> Town:
    """Give the tiny town of `tests.factories.make_town` in the test's session."""
    session.add_all(unpickled_town.records())
    return unpickled_town


@pytest.fixture
def town(tiny_town: Town) -> Town:
    """Give the tiny town; what needs another town overrides this."""
    return tiny_town


@pytest.fixture
def unpickled_town(request: pytest.FixtureRequest, town_database: str) -> Town:
    """Give what `make_town` gave when the database with the tiny town was made."""
    return pickle.loads(_pickled_town(request.config.stash[_RUN_FOLDER]).read_bytes())


@pytest.fixture
def app(connection: Connection) -> Iterator[Flask]:
    """Give the application; its transactions are undone with the test."""
    with lent_app(connection) as app:
        yield app


@pytest.fixture
def fresh_database(new_database: Callable[..., str], drop: Callable[[str], None]) -> Iterator[str]:
    """Give the URL of a migrated database of the test's own, dropped afterwards."""
    url = new_database("fresh")
    yield url
    drop(url)


@pytest.fixture
def fresh_town(
    new_database: Callable[..., str], drop: Callable[[str], None], town_database: str
) -> Iterator[str]:
    """Give the URL of a database of the test's own with the tiny town, dropped afterwards."""
    url = new_database("fresh_town", town_database)
    yield url
    drop(url)


@pytest.fixture
def committed_engine(fresh_database: str) -> Iterator[Engine]:
    """Give an engine on a database of the test's own, for tests that need real commits."""
    engine = open_engine(fresh_database)
    yield engine
    engine.dispose()


@pytest.fixture
def empty_database(
    request: pytest.FixtureRequest, database_at: Callable[..., str]
) -> Iterator[str]:
    """Give the URL of a database with nothing in it, as whoever makes databases."""
    folder = request.config.stash[_RUN_FOLDER]
    name = f"{_name_of(folder)}_empty_{uuid.uuid4().hex[:8]}"
    _record_database(folder, name)
    url = database_at(name, SUPERUSER)
    create_database(url)
    yield url
    drop_database(url)


@pytest.fixture
def unmigrated_engine(empty_database: str, database_at: Callable[..., str]) -> Iterator[Engine]:
    """Give a database without tables as `owner`, who is about to migrate it."""
    engine = open_engine(empty_database, pool_size=1)
    with engine.begin() as connection:
        check_server(connection)
    engine.dispose()
    hand_over(empty_database, owner=OWNER, app=APP)
    engine = open_engine(database_at(database_name(empty_database), OWNER))
    yield engine
    engine.dispose()


# Names and locks


def _name_of(folder: Path) -> str:
    return folder.name.replace("-", "_").lower()


def _record_database(folder: Path, name: str) -> None:
    with _locked(folder / "databases.lock"), (folder / "databases.txt").open("a") as file:
        file.write(f"{name}\n")


def _recorded_databases(folder: Path) -> list[str]:
    record = folder / "databases.txt"
    return record.read_text().split() if record.exists() else []


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
