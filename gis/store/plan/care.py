"""What changes hands with a block: special-care households and open incidents; counts only."""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.database.bulk import read_frame
from gis.domain.workload import KEY_AGE_YEARS

_COUNTS = text("""
SELECT b.id AS block_id,
       (SELECT count(*) FROM household h WHERE h.block_id = b.id AND h.status = 'accepted'
        AND EXISTS (SELECT 1 FROM resident r WHERE r.household_id = h.id AND r.birth_date <=
                    CAST(:today AS date) - make_interval(years => :age))
       ) AS special_care,
       (SELECT count(*) FROM incident i WHERE i.block_id = b.id AND i.status = 'accepted'
        AND i.closed_at IS NULL AND NOT EXISTS
            (SELECT 1 FROM topic t WHERE t.code = i.topic AND t.sensitive)) AS open_incidents
FROM block b WHERE b.community_id = :community AND b.retired_at IS NULL
ORDER BY b.id
""")

_STAMP = text("""
SELECT (SELECT oid FROM pg_database WHERE datname = current_database()) AS database,
       (SELECT max(id) FROM import_batch) AS batch, max(l.counted_at) AS counted,
       count(*) AS blocks, max(b.id) AS newest
FROM block b LEFT JOIN block_load l ON l.block_id = b.id
WHERE b.community_id = :community AND b.retired_at IS NULL
""")


def care_counts(session: Session, community_id: int, *, today: date) -> pd.DataFrame:
    """Count by block in use what a new worker has to take over.

    Returns
    -------
    DataFrame
        ``special_care`` (households with somebody of `KEY_AGE_YEARS` or older on that day) and
        ``open_incidents`` by ``block_id``; incidents of sensitive topics are not counted, since a
        block may be one house.
    """
    values = {"community": community_id, "today": today, "age": KEY_AGE_YEARS}
    return read_frame(session, _COUNTS, values).set_index("block_id").astype(int)


def ground_stamp(session: Session, community_id: int) -> tuple:
    """Give what changes whenever blocks, barriers or what is counted in blocks do."""
    return tuple(session.execute(_STAMP, {"community": community_id}).one())
