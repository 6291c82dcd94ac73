"""Where the blocks lie that a table of an existing division speaks of."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.database.bulk import read_frame

_HEIRS = text("""
WITH RECURSIVE heirs (wanted, block_id, share) AS (
    SELECT b.id, b.id, CAST(1 AS double precision) FROM block b WHERE b.id = ANY(:ids)
    UNION ALL
    SELECT h.wanted, c.child_id, h.share * c.share FROM heirs h
    JOIN (SELECT parent_id, child_id, share FROM block_lineage
          UNION SELECT parent_id, id, 1 FROM block WHERE parent_id IS NOT NULL) c
      ON c.parent_id = h.block_id
    JOIN block old ON old.id = h.block_id AND old.retired_at IS NOT NULL
)
SELECT h.wanted, b.id AS block_id, b.community_id, max(h.share) AS share FROM heirs h
JOIN block b ON b.id = h.block_id AND b.retired_at IS NULL
GROUP BY 1, 2, 3 ORDER BY 1, 2
""")


def blocks_by_id(session: Session, ids: Sequence[int]) -> pd.DataFrame:
    """Find blocks in use by id; for one no longer in use those that came of it.

    Returns
    -------
    DataFrame
        ``wanted`` (the id asked for), ``block_id, community_id``, and ``share`` of the block that
        lies in the wanted one.
    """
    return read_frame(session, _HEIRS, {"ids": [int(i) for i in ids]})
