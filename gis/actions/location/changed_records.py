"""What follows records brought up to date: they wait to be located, doors are named anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from gis.actions.plan.block_loads import count_blocks
from gis.store.location import overtaken
from gis.store.location.locations import SUBJECTS


def follow_changes(
    session: Session, kind: str, *, changed: Sequence, moved: Sequence, now: datetime
) -> None:
    """Let places, decisions, counts and names follow records that a file has changed.

    Parameters
    ----------
    changed, moved
        Ids of the records, and of those that say another place now.
    """
    if kind in SUBJECTS:
        overtaken.forget_places(session, kind, moved, now=now)
        count_blocks(session, now=now, kinds=(kind,))
    if kind == "addresses":
        overtaken.forget_doors(session, changed)
        count_blocks(session, now=now)
