"""Communities of a file imported as a job: the file is read and checked, and stored if wished."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from gis.actions.access.work import Work
from gis.actions.jobs.work import JobWork
from gis.actions.provenance.imports import ImportOutcome, Source, import_records
from gis.actions.provenance.whereabouts import with_proposal
from gis.domain.access import require
from gis.exchange.records import ReadResult, read_records
from webmap.jobs.answers import answer_file

TASK = "import.communities"

Telling = Callable[[ImportOutcome, ReadResult], object]


def import_communities(work: JobWork, app: Flask, tell: Telling) -> None:
    """Import the communities of the file that was given; a dry run unless it is to be stored.

    The arguments are ``reading`` and ``storing``: options of `read_records` and `import_records`.
    """
    with work.transaction() as session:
        require(work.scope(session), "import")
    read, name = work.compute(_read, work)
    source = Source(name, sha256=read.sha256, mapping=dict(read.columns), middle=read.middle)
    with work.transaction() as session:
        read = with_proposal(session, read)
        outcome = import_records(
            Work(session, work.scope(session), work.now()),
            "communities",
            read.frame,
            source=source,
            defects=tuple(read.defects),
            rows_read=read.n_rows,
            **work.arguments["storing"],
        )
        committed = outcome.state == "committed"
        file = answer_file(app, lambda: tell(outcome, read))
        work.finish(session, {"status": 201 if committed else 200, "committed": committed}, file)


def _read(work: JobWork) -> tuple[ReadResult, str]:
    given = work.file()
    with tempfile.TemporaryDirectory(prefix="community-grid-import-") as folder:
        path = Path(folder) / given.name
        path.write_bytes(given.content)
        options = work.arguments["reading"]
        return read_records(path, "communities", today=work.now().date(), **options), path.name
