"""A backup of the whole database, made as a job into the folder of the installation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from gis.actions.jobs.work import JobWork
from gis.database.backup import Backup, backup_database
from gis.database.kept_backups import next_backup
from gis.domain.access import require
from gis.errors import DatabaseUnavailable, GisError

TASK = "backup"


@dataclass(frozen=True)
class BackupPlace:
    """Where backups of an installation lie, and from which database they are made.

    Parameters
    ----------
    url
        Gives the address by which every table may be read.
    """

    folder: Path
    url: Callable[[], str]


def backup_place(app: Flask) -> BackupPlace:
    """Give where the backups of the application's database lie."""
    return app.extensions["backups"]


def make_backup(work: JobWork, app: Flask) -> None:
    """Make a backup; of one that is not wanted any more nothing is kept."""
    place = backup_place(app)
    with work.transaction() as session:
        require(work.scope(session), "backup.make")
    file, made = _written(work, place)
    try:
        with work.transaction() as session:
            rows = sum(made.rows.values())
            work.within(session).audit(
                "backup.make",
                object_kind="backup",
                object_id=file.name,
                detail={"bytes": made.size_bytes, "rows": rows},
            )
            work.finish(session, {"name": file.name, "rows": rows})
    except BaseException:
        file.unlink(missing_ok=True)
        raise


def _written(work: JobWork, place: BackupPlace) -> tuple[Path, Backup]:
    """Write the file; what hinders it ends the job, which is not begun again by itself."""
    try:
        url = place.url()
        file = next_backup(place.folder, work.now())
        return file, work.compute(backup_database, url, file)
    except DatabaseUnavailable as error:
        raise GisError("the backup could not be made: {why}", why=str(error)) from error
