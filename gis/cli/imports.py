"""Imports on record, and undoing one, from the command line."""

from __future__ import annotations

import click

from gis.actions.access.work import Work
from gis.actions.location.undone_imports import list_obstacles, undo_import
from gis.cli.answers import Shown, answer, reading
from gis.cli.context import now, say, work_session
from gis.domain.access import SYSTEM
from gis.errors import Message, with_hints
from gis.store.provenance.batches import list_batches

BRIEF = ("id", "kind", "file", "state", "rows_stored", "by", "imported_at")


@click.group("imports")
def imports_group() -> None:
    """List what was imported, and undo an import while nothing rests on it."""


@imports_group.command("list")
@reading
def list_command(shown: Shown) -> None:
    """List imports, newest first: who brought in what, and how many rows of it are stored."""
    with work_session() as session:
        rows = [
            {
                "id": row.id,
                "kind": row.kind,
                "file": row.file_name,
                "state": row.state,
                "rows_read": row.rows_read,
                "rows_stored": row.rows_stored,
                "defects": row.defects,
                "by": row.by or "command line",
                "imported_at": f"{row.created_at:%Y-%m-%d %H:%M}",
                "undone_at": f"{row.undone_at:%Y-%m-%d %H:%M}" if row.undone_at else None,
            }
            for row in list_batches(session, SYSTEM)
        ]
        answer(rows, shown, brief=BRIEF)


@imports_group.command("undo")
@click.argument("import_id", metavar="ID", type=int)
@click.option("--check", is_flag=True, help="Only say whether it can be undone; nothing changes.")
def undo_command(import_id: int, check: bool) -> None:
    """Undo the import ID: what it added goes, what it changed is as it was before."""
    with work_session() as session:
        work = Work(session, SYSTEM, now())
        if check:
            obstacles = list_obstacles(work, import_id)
            for why in obstacles:
                say(f"import {import_id} cannot be undone: {with_hints(why)}")
            if not obstacles:
                say(f"nothing rests on import {import_id}; it can be undone")
            return
        rows = undo_import(work, import_id)
    said = "import {id} is undone; {n:,} rows were put back or removed"
    say(Message(said, id=import_id, n=rows))
