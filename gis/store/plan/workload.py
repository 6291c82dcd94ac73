"""What beside households makes work in a block: key people, places, incidents; counts only."""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.database.bulk import read_frame
from gis.domain.workload import INCIDENT_MONTHS, KEY_AGE_YEARS

_COUNTS = text("""
WITH last AS (SELECT max(month) AS month FROM block_incident_count)
SELECT b.id AS block_id,
       (SELECT count(*) FROM household h JOIN resident r ON r.household_id = h.id
        WHERE h.block_id = b.id AND h.status = 'accepted'
          AND (r.category = 'floating' OR r.birth_date <=
               coalesce(CAST(:today AS date), current_date) - make_interval(years => :age))
       ) AS key_people,
       (SELECT count(*) FROM place p WHERE p.block_id = b.id AND p.status = 'accepted') AS places,
       (SELECT coalesce(sum(c.incidents), 0) FROM block_incident_count c, last
        WHERE c.block_id = b.id AND c.month > last.month - make_interval(months => :months)
       ) AS incidents
FROM block b WHERE b.community_id = :community AND b.retired_at IS NULL
ORDER BY b.id
""")


def work_counts(session: Session, community_id: int, *, today: date | None = None) -> pd.DataFrame:
    """Count what makes work in the blocks in use of a community.

    Parameters
    ----------
    today
        Day on which ages are counted; the database's own unless given.

    Returns
    -------
    DataFrame
        ``key_people, places, incidents`` by ``block_id``.
    """
    values = {
        "community": community_id,
        "today": today,
        "age": KEY_AGE_YEARS,
        "months": INCIDENT_MONTHS,
    }
    return read_frame(session, _COUNTS, values).set_index("block_id").astype(int)
