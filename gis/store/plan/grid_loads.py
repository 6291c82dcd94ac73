"""Households and people of grids: what is counted in their blocks, summed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.store.counts.counted import count_join
from gis.words.measures import HOUSEHOLDS, PEOPLE

_SUM = f"""
UPDATE grid g SET households = s.households, people = s.people
FROM (SELECT meant.id, coalesce(sum(h.n), 0) AS households, coalesce(sum(p.n), 0) AS people
      FROM grid meant LEFT JOIN block_assignment a ON a.grid_id = meant.id
      {count_join("h", HOUSEHOLDS, "a.block_id")}
      {count_join("p", PEOPLE, "a.block_id")}
      WHERE {{which}} GROUP BY meant.id) s
WHERE s.id = g.id AND (g.households, g.people) IS DISTINCT FROM (s.households, s.people)
"""  # noqa: S608  (nothing in it comes from outside)
_OF_BLOCKS = """
meant.id IN (SELECT o.grid_id FROM block_assignment o WHERE o.block_id = ANY(:blocks))
"""


def sum_grids(
    session: Session,
    *,
    community_id: int | None = None,
    blocks: Collection[int] | None = None,
) -> None:
    """Sum what is counted in blocks into the grids of every plan; 0 where no block is in use.

    Parameters
    ----------
    community_id, blocks
        Only the grids of a community, or those that some blocks lie in; all when both are None.
    """
    values: dict[str, Any]
    if blocks is not None:
        which, values = _OF_BLOCKS, {"blocks": [int(i) for i in blocks]}
    elif community_id is not None:
        which, values = "meant.community_id = :community", {"community": community_id}
    else:
        which, values = "true", {}
    session.execute(text(_SUM.format(which=which)), values)
