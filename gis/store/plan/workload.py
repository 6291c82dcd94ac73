"""What beside households makes work in a block: key people, places, incidents; counts only."""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy.orm import Session

from gis.domain.workload import INCIDENT_MONTHS
from gis.store.counts.block_figures import block_figures
from gis.words.measures import INCIDENTS, KEY_PEOPLE, PLACES


def work_counts(session: Session, community_id: int, *, today: date | None = None) -> pd.DataFrame:
    """Count what makes work in the blocks in use of a community.

    Parameters
    ----------
    today
        Day on which ages are counted; the database's own unless given.

    Returns
    -------
    DataFrame
        ``key_people, places, incidents`` by ``block_id``; incidents are those of the last
        `INCIDENT_MONTHS` of which any are counted, anywhere.
    """
    wanted = (KEY_PEOPLE, PLACES, INCIDENTS)
    return block_figures(session, community_id, wanted, today=today, months=INCIDENT_MONTHS)
