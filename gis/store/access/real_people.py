"""Whether a database holds anything that is not invented: real people, cases or places."""

from __future__ import annotations

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from gis.store.tables.kinds import TellsOfReal, tables_with


def holds_real_rows(session: Session) -> bool:
    """Say whether any household, resident, incident or place is not synthetic.

    The ground (communities, roads, buildings, addresses) is open data and tells of nobody.
    """
    found = or_(*(exists().where(model.synthetic.is_(False)) for model in tables_with(TellsOfReal)))
    return bool(session.scalar(select(found)))
