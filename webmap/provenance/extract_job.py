"""An extract of OpenStreetMap imported as a job: read and checked, and stored if wished."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from flask import Flask

from gis.actions.jobs.work import JobWork
from gis.actions.provenance.extract import import_extract
from gis.actions.provenance.imports import ImportOutcome
from gis.domain.access import require
from gis.errors import Message
from gis.exchange.osm import OsmData, read_osm
from webmap.jobs.answers import answer_file

TASK = "import.extract"

Telling = Callable[[list[ImportOutcome], Sequence[Message]], object]


def import_extract_file(job: JobWork, app: Flask, tell: Telling) -> None:
    """Import the extract that was given; a dry run unless it is to be stored.

    The arguments are ``reading`` and ``storing``: options of `read_osm` and `import_extract`.
    """
    with job.transaction() as session:
        require(job.scope(session), "import")
    osm, name = job.compute(_read, job)
    with job.transaction() as session:
        outcomes = import_extract(job.within(session), osm, name, **job.arguments["storing"])
        committed = any(o.state == "committed" for o in outcomes)
        notes = [Message(note) for note in osm.notes]
        file = answer_file(app, lambda: tell(outcomes, notes))
        result = {"status": 201 if committed else 200, "committed": committed}
        job.finish(session, result, file)


def _read(job: JobWork) -> tuple[OsmData, str]:
    given = job.file()
    with tempfile.TemporaryDirectory(prefix="community-grid-import-") as folder:
        path = Path(folder) / given.name
        path.write_bytes(given.content)
        return read_osm(path, **job.arguments["reading"]), path.name
