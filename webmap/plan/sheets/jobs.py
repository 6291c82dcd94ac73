"""Printing beside the requests: one thread per wish, its state in files that every process sees.

A printed plan lies in a folder of our own, open to nobody else, for a day. An application with
``DRAW_AT_ONCE`` set prints within the request instead (in tests).
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask_babel import force_locale

from gis.actions.plan.sheets import take_sheets
from gis.database.engine import transaction
from gis.domain.access import Scope
from gis.errors import GisError, Message, NotFound
from webmap.plan.sheets.chromium import print_pdf
from webmap.plan.sheets.document import SheetWish, sheets_html
from webmap.shell.language import LANGUAGES, say
from webmap.shell.session import now

KEPT_S = 24 * 3600
SILENT_S = 900
"""What ran longer than this has died with its process."""

FAILED = Message("the printing failed; the server's log says why")
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class SheetWork:
    """Sheets that somebody asked for."""

    app: Flask
    scope: Scope
    plan_id: int
    paper: str
    codes: tuple[str, ...]
    language: str

    def print(self) -> bytes:
        """Draw and print the sheets."""
        with (
            self.app.test_request_context("/"),
            force_locale(LANGUAGES[self.language]),
            transaction(self.app.extensions["engine"]) as session,
        ):
            moment = now()
            read = take_sheets(session, self.scope, self.plan_id, now=moment)
            wish = SheetWish(self.paper, self.codes)
            html = sheets_html(session, read, wish, today=moment.date())
        return print_pdf(html)


class SheetJobs:
    """The printing under way and done, in a folder of the user who runs the server."""

    def __init__(self, folder: Path | None = None) -> None:
        own = Path(tempfile.gettempdir()) / f"community-grid-sheets-{os.geteuid()}"
        self.folder = folder or own

    def begin(self, work: SheetWork) -> dict:
        """Begin to print; comes back at once, unless the application prints within requests."""
        self._make_room()
        job = secrets.token_hex(16)
        (self.folder / job).mkdir(mode=0o700)
        self._note(job, state="running", user_id=work.scope.user_id, message="")
        if work.app.config.get("DRAW_AT_ONCE"):
            self._run(job, work)
        else:
            threading.Thread(target=self._run, args=(job, work), daemon=True).start()
        return self.state_of(job, work.scope.user_id)

    def state_of(self, job: str, user_id: int | None) -> dict:
        """Say how far a printing is.

        Raises
        ------
        NotFound
            There is none of this name, or somebody else asked for it.
        """
        state = self._read(job, user_id)
        silent = time.time() - state["begun"] > SILENT_S
        if state["state"] == "running" and silent:
            state |= {"state": "failed", "message": say(FAILED)}
        done = self.folder / job / "sheets.pdf"
        size = done.stat().st_size if state["state"] == "done" else None
        return {"id": job, "state": state["state"], "message": state["message"], "bytes": size}

    def file_of(self, job: str, user_id: int | None) -> Path:
        """Give the path of printed sheets."""
        if self.state_of(job, user_id)["state"] != "done":
            raise NotFound("these sheets are not printed yet")
        return self.folder / job / "sheets.pdf"

    def _run(self, job: str, work: SheetWork) -> None:
        user_id = work.scope.user_id
        try:
            part = self.folder / job / "part.pdf"
            part.write_bytes(work.print())
            part.replace(self.folder / job / "sheets.pdf")
            self._note(job, state="done", user_id=user_id, message="")
        except GisError as refusal:
            told = say(refusal.message, work.language)
            self._note(job, state="failed", user_id=user_id, message=told)
        except Exception as mistake:
            work.app.logger.error("failed: sheets of plan %s", work.plan_id, exc_info=mistake)
            told = say(FAILED, work.language)
            self._note(job, state="failed", user_id=user_id, message=told)

    def _note(self, job: str, **state: object) -> None:
        place = self.folder / job / "state.json"
        begun = json.loads(place.read_text())["begun"] if place.exists() else time.time()
        part = place.with_suffix(".part")
        part.write_text(json.dumps({**state, "begun": begun}))
        part.replace(place)

    def _read(self, job: str, user_id: int | None) -> dict:
        place = self.folder / job / "state.json"
        if not _ID.fullmatch(job) or not place.exists():
            raise NotFound("there are no such sheets; print them again")
        state = json.loads(place.read_text())
        if state["user_id"] != user_id:
            raise NotFound("there are no such sheets; print them again")
        return state

    def _make_room(self) -> None:
        """Make the folder, ours alone, and clear away what is old."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = self.folder.lstat()
        if found.st_uid != os.geteuid() or self.folder.is_symlink():
            raise GisError("{folder} belongs to somebody else; remove it", folder=self.folder)
        for old in self.folder.iterdir():
            if time.time() - old.stat().st_mtime > KEPT_S:
                shutil.rmtree(old, ignore_errors=True)
