"""How many counted incidents rest on a stretch of house numbers, in the block of its middle."""

from __future__ import annotations

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis.database.calendar import month_of
from gis.domain.access import Scope, require
from gis.domain.period import Period
from gis.store.area.visible import visible
from gis.store.statistics.by_level import ALL, is_sensitive
from gis.store.tables import Block, Incident, Topic


def count_stretches(session: Session, scope: Scope, *, topic: str, period: Period) -> int | None:
    """Count the incidents of a period whose text names a stretch (331~360号), not one house.

    Parameters
    ----------
    topic
        Code of a topic, or ``all``.

    Returns
    -------
    n
        None for a sensitive topic, whose small numbers are hidden.

    Raises
    ------
    NotAllowed
        The roles do not include statistics.
    """
    require(scope, "statistics.view")
    if is_sensitive(session, topic):
        return None
    month = text(month_of("incident.occurred_at"))
    query = (
        select(func.count(Incident.id))
        .join(Block, Block.id == Incident.block_id)
        .join(Topic, Topic.code == Incident.topic)
        .where(
            Incident.status == "accepted",
            Incident.number_to > Incident.number_from,
            text(f"{month} >= :first AND {month} < :end").bindparams(
                first=period.first, end=period.end
            ),
            ~Topic.sensitive if topic == ALL else Incident.topic == topic,
            visible(scope, Block.community_id),
        )
    )
    return session.scalar(query)
