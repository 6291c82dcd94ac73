"""Records of a file imported as a job: the file is read and checked, and stored if wished."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from gis.actions.jobs.work import JobWork
from gis.actions.plan.import_blocks import import_blocks
from gis.actions.provenance.imports import ImportOutcome, Source, import_records
from gis.actions.provenance.whereabouts import with_proposal
from gis.domain.access import require
from gis.errors import Message
from gis.exchange.records import ReadResult, read_records
from webmap.jobs.answers import answer_file

TASK = "import.records"

Telling = Callable[[ImportOutcome, list[Message]], object]


def import_file(work: JobWork, app: Flask, tell: Telling) -> None:
    """Import the records of the file that was given; a dry run unless it is to be stored.

    The arguments are ``kind``, and ``reading`` and ``storing``: options of `read_records` and
    `import_records`.
    """
    with work.transaction() as session:
        require(work.scope(session), "import")
    kind = work.arguments["kind"]
    read, name = work.compute(_read, work, kind)
    source = Source(
        name,
        sha256=read.sha256,
        mapping=dict(read.columns),
        middle=read.middle,
        rounding=read.rounding,
    )
    store = import_blocks if kind == "blocks" else import_records
    with work.transaction() as session:
        read = with_proposal(session, read)
        outcome = store(
            work.within(session),
            kind,
            read.frame,
            source=source,
            defects=tuple(read.defects),
            rows_read=read.n_rows,
            **work.arguments["storing"],
        )
        committed = outcome.state == "committed"
        file = answer_file(
            app, lambda: tell(outcome, [Message(note.message) for note in read.notes])
        )
        result = {
            "status": 201 if committed else 200,
            "committed": committed,
            "batch": outcome.batch_id,
        }
        work.finish(session, result, file)


def _read(work: JobWork, kind: str) -> tuple[ReadResult, str]:
    given = work.file()
    with tempfile.TemporaryDirectory(prefix="community-grid-import-") as folder:
        path = Path(folder) / given.name
        path.write_bytes(given.content)
        options = work.arguments["reading"]
        return read_records(path, kind, today=work.now().date(), **options), path.name
