"""Settings: read once from the environment by the entry points, then passed on as a value.

Only `webmap` and `gis.cli` import this module; everything below them is told what it needs.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """What differs from one installation to the next.

    Parameters
    ----------
    home
        Data folder: the embedded database cluster, keys and uploads.
    database_url
        URL of a server of one's own, for whoever migrates and backs up; None, where the next is
        None too, means the embedded cluster.
    app_database_url
        URL of the same database for the application's own connections; None means the same login
        in another role.
    database_name
        Database inside the embedded cluster.
    secret_key
        Key that signs sessions; None means one is made and kept in ``home``.
    default_language
        ``zh`` or ``en`` for people who have not chosen.
    workers
        Processes that serve the pages.
    trusted_proxies
        Addresses or networks of proxies whose word about a client's address is taken.
    numbers_per_day
        Telephone numbers a person may be shown outside the own grids in a day.
    time_zone
        IANA name of the time zone of the platform; None takes the database's own.
    jobs
        Long jobs that a worker does at a time.
    niceness
        How much what jobs compute yields to everything else, 0 (not at all) to 19.
    """

    home: Path
    database_url: str | None
    database_name: str
    secret_key: str | None
    default_language: str
    workers: int
    trusted_proxies: tuple[str, ...] = ()
    numbers_per_day: int = 50
    time_zone: str | None = None
    app_database_url: str | None = None
    jobs: int = 2
    niceness: int = 19


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from environment variables.

    ``COMMUNITY_GRID_HOME`` (default ``~/.local/share/community-grid``; for root, whose home
    PostgreSQL's user may not enter, ``/var/lib/community-grid``), ``DATABASE_URL``,
    ``COMMUNITY_GRID_APP_DATABASE_URL``,
    ``COMMUNITY_GRID_DATABASE`` (default ``community_grid``), ``COMMUNITY_GRID_SECRET_KEY``,
    ``COMMUNITY_GRID_LANGUAGE`` (``zh`` or ``en``, default ``zh``), ``COMMUNITY_GRID_WORKERS``,
    ``COMMUNITY_GRID_TRUSTED_PROXIES`` (addresses or networks, separated by commas; default none),
    ``COMMUNITY_GRID_NUMBERS_PER_DAY`` (default 50), ``COMMUNITY_GRID_JOBS`` (default 2),
    ``COMMUNITY_GRID_NICENESS`` (default 19),
    ``COMMUNITY_GRID_TIME_ZONE`` (decided when the database is made: default ``Asia/Shanghai``).

    Examples
    --------
    >>> read_settings({"COMMUNITY_GRID_HOME": "/srv/grid"}).home.as_posix()
    '/srv/grid'
    """
    env = os.environ if environment is None else environment
    own_home = Path("~/.local/share/community-grid").expanduser()
    default_home = Path("/var/lib/community-grid") if os.geteuid() == 0 else own_home
    return Settings(
        home=Path(env.get("COMMUNITY_GRID_HOME") or default_home),
        database_url=env.get("DATABASE_URL") or None,
        database_name=env.get("COMMUNITY_GRID_DATABASE") or "community_grid",
        secret_key=env.get("COMMUNITY_GRID_SECRET_KEY") or None,
        default_language=env.get("COMMUNITY_GRID_LANGUAGE") or "zh",
        workers=int(env.get("COMMUNITY_GRID_WORKERS") or 2),
        trusted_proxies=tuple(
            (env.get("COMMUNITY_GRID_TRUSTED_PROXIES") or "").replace(",", " ").split()
        ),
        numbers_per_day=int(env.get("COMMUNITY_GRID_NUMBERS_PER_DAY") or 50),
        time_zone=env.get("COMMUNITY_GRID_TIME_ZONE") or None,
        app_database_url=env.get("COMMUNITY_GRID_APP_DATABASE_URL") or None,
        jobs=max(1, int(env.get("COMMUNITY_GRID_JOBS") or 2)),
        niceness=min(19, max(0, int(env.get("COMMUNITY_GRID_NICENESS") or 19))),
    )
