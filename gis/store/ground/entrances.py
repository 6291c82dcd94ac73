"""Households behind each entrance (单元) of a block, from the addresses they are matched to."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.orm import Session

_COUNTS = text("""
SELECT h.block_id, concat_ws('-', a.building, a.stairwell) AS entrance, count(*) AS households
FROM household h JOIN address a ON a.id = h.address_id
WHERE h.block_id = ANY(:blocks) AND h.status = 'accepted'
  AND coalesce(a.building, a.stairwell) IS NOT NULL
GROUP BY h.block_id, entrance
ORDER BY h.block_id, entrance
""")


def entrance_counts(session: Session, block_ids: Collection[int]) -> dict[int, dict[str, float]]:
    """Count the accepted households by entrance: ``building-stairwell``, as far as both are known.

    Blocks whose addresses tell no entrance are left out.
    """
    counts: dict[int, dict[str, float]] = {}
    for row in session.execute(_COUNTS, {"blocks": [int(b) for b in block_ids]}):
        counts.setdefault(row.block_id, {})[row.entrance] = float(row.households)
    return counts
