"""What changes hands with a block: special-care households and open incidents; counts only."""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.store.counts.block_figures import block_figures
from gis.words.measures import OPEN_INCIDENTS, SPECIAL_CARE

_STAMP = text("""
SELECT (SELECT oid FROM pg_database WHERE datname = current_database()) AS database,
       (SELECT max(id) FROM import_batch) AS batch, count(*) AS blocks, max(b.id) AS newest,
       max(c.counted_at) AS counted, sum(c.counts) AS counts
FROM block b LEFT JOIN LATERAL (
    SELECT max(counted_at) AS counted_at, count(*) AS counts FROM block_count
    WHERE block_id = b.id) c ON true
WHERE b.community_id = :community AND b.retired_at IS NULL
""")


def handover_counts(session: Session, community_id: int, *, today: date) -> pd.DataFrame:
    """Count by block in use what a new worker has to take over.

    Returns
    -------
    DataFrame
        ``special_care`` (households with somebody old on that day) and ``open_incidents`` by
        ``block_id``; incidents of sensitive topics are not counted, since a block may be one
        house.
    """
    wanted = (SPECIAL_CARE, OPEN_INCIDENTS)
    return block_figures(session, community_id, wanted, today=today)


def ground_stamp(session: Session, community_id: int) -> tuple:
    """Give what changes whenever blocks, barriers or what is counted in blocks do.

    A count that is written anew is newer than all before it, one that goes is missing in their
    number: so what is counted differs whenever one of the two does not.
    """
    return tuple(session.execute(_STAMP, {"community": community_id}).one())
