"""The pages, maps and the JSON interface: one Flask application over the store and the actions."""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path

from flask import Flask
from flask_compress import Compress
from flask_wtf import CSRFProtect

from gis.database.engine import Connection, Engine, transaction
from gis.domain.sign_in import LONGEST_TIME
from gis.settings import Settings, read_settings
from gis.store.area.platform import read_time_zone
from webmap.access.backup_job import BackupPlace
from webmap.shell.answers import Application
from webmap.shell.database import connect, installation_of
from webmap.shell.parts import PARTS

__all__ = ["create_app"]


def create_app(
    settings: Settings | None = None, engine: Engine | Connection | None = None
) -> Flask:
    """Make the application.

    Parameters
    ----------
    settings
        Read from the environment when not given; the only place of `webmap` that reads them.
    engine
        Database to work on; opened from the settings when not given. A connection inside a
        transaction serves as well: every request is then a savepoint of it.

    Returns
    -------
    app
        The application; ``app.extensions["engine"]`` is its database.
    """
    settings = settings or read_settings()
    app = Application(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key or kept_key(settings.home),
        SESSION_COOKIE_NAME="community_grid",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=LONGEST_TIME,
        SESSION_REFRESH_EACH_REQUEST=False,
        TRUSTED_PROXIES=settings.trusted_proxies,
        NUMBERS_PER_DAY=settings.numbers_per_day,
        MAX_CONTENT_LENGTH=64 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        DEFAULT_LANGUAGE=settings.default_language,
        COMPRESS_MIMETYPES=[*_COMPRESSED],
        COMPRESS_MIN_SIZE=800,
        COMPRESS_STREAMS=False,
        COMPRESS_LEVEL=5,
        COMPRESS_ALGORITHM=["gzip"],
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["engine"] = connect(settings) if engine is None else engine
    app.extensions["backups"] = BackupPlace(
        settings.home / "backups", lambda: installation_of(settings).full_url()
    )
    with transaction(app.extensions["engine"]) as database:
        app.extensions["time_zone"] = read_time_zone(database)
    Compress(app)
    CSRFProtect(app)
    for part in PARTS:
        part.install(app)
    return app


_COMPRESSED = (
    "text/html",
    "text/css",
    "text/javascript",
    "application/json",
    "application/geo+json",
    "application/vnd.mapbox-vector-tile",
)


def kept_key(home: Path) -> str:
    """Give the key that signs sessions: made once, kept in the data folder, for us alone."""
    path = home / "secret_key"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f"secret_key.{secrets.token_hex(4)}")
        new.touch(mode=0o600)
        new.write_text(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(new)
        new.unlink()
    return path.read_text().strip()
