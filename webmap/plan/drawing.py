"""Drawing a draft beside the requests: one thread watches, another process divides.

Progress goes to the database, where every process of the server finds it. An application with
``DRAW_AT_ONCE`` set draws within the request instead (in tests).
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from flask import Flask

from gis.actions.plan import drawings
from gis.actions.plan.apart import divide_apart
from gis.actions.plan.draw import DivisionRequest, divide, store_draft
from gis.database.engine import transaction
from gis.domain.access import Scope
from gis.errors import DatabaseUnavailable, GisError, Message
from gis.geometry.partition import Division
from gis.store.area.divisions import Community
from webmap.shell.language import say
from webmap.shell.session import now

FAILED = Message("the drawing failed; the server's log says why")


@dataclass(frozen=True)
class DrawingWork:
    """One drawing under way: what is asked for, for whom, and where to tell, in which language."""

    app: Flask
    drawing_id: int
    scope: Scope
    community: Community
    asked: DivisionRequest
    language: str = "en"

    def start(self) -> None:
        """Begin; comes back at once, unless the application draws within requests."""
        if self.app.config.get("DRAW_AT_ONCE"):
            self.run()
            return
        threading.Thread(target=self.run, name=f"drawing {self.drawing_id}", daemon=True).start()

    def run(self) -> None:
        """Divide, and note what came of it, whatever it is."""
        with self.app.app_context():
            self._run()

    def _run(self) -> None:
        try:
            division = self._divide()
            self._end("cancelled") if division is None else self._store(division)
        except GisError as refusal:
            self._end("failed", say(refusal.message, self.language))
        except Exception as mistake:
            self.app.logger.error("failed: drawing %s", self.drawing_id, exc_info=mistake)
            self._end("failed", say(FAILED, self.language))

    def _divide(self) -> Division | None:
        if self.app.config.get("DRAW_AT_ONCE"):
            return divide(self.asked)
        return divide_apart(self.asked, self._hear)

    def _hear(self, fraction: float, message: str) -> bool:
        """Tell how far it is; a database that is away for a moment does not stop the work."""
        try:
            with transaction(self.app.extensions["engine"]) as session:
                return drawings.hear_drawing(
                    session, self.drawing_id, fraction=fraction, message=message, now=now()
                )
        except DatabaseUnavailable:
            return True

    def _store(self, division: Division) -> None:
        """Store the draft, unless the drawing was given up in the meantime."""
        moment = now()
        with transaction(self.app.extensions["engine"]) as session:
            wanted = drawings.hear_drawing(
                session, self.drawing_id, fraction=1.0, message="", now=moment
            )
            if not wanted:
                drawings.end_drawing(session, self.drawing_id, "cancelled", now=moment)
                return
            plan_id = store_draft(
                session,
                self.scope,
                self.community,
                self.asked,
                division,
                name=f"{moment:%Y-%m-%d %H:%M}",
                now=moment,
            )
            drawings.end_drawing(session, self.drawing_id, "done", now=moment, plan_id=plan_id)

    def _end(self, state: str, message: str | None = None) -> None:
        with transaction(self.app.extensions["engine"]) as session:
            drawings.end_drawing(session, self.drawing_id, state, now=now(), message=message)
