"""The community each thing on the ground is stored with: read with its shape, written set-wise."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis.database.bulk import read_geoframe
from gis.store.tables.kinds import BelongsByPoint, LiesInBlock, kinds_with

MEMBERS = kinds_with(BelongsByPoint)
"""What belongs to the community that its inner point lies in."""

_WRITE = """
UPDATE {table} t SET community_id = v.community_id
FROM unnest(CAST(:ids AS int[]), CAST(:communities AS int[])) AS v(id, community_id)
WHERE t.id = v.id
"""


def read_members(session: Session, kind: str) -> gpd.GeoDataFrame:
    """Read all rows of a kind that outlines decide about: id, community_id, geometry.

    What lies in a block belongs to the block's community, so it is not among them.
    """
    model = MEMBERS[kind]
    query = select(model.id, model.community_id, func.ST_AsBinary(model.geom).label("geometry"))
    query = query.where(model.geom.is_not(None))
    follows_block = issubclass(model, LiesInBlock)
    if follows_block:
        query = query.where(model.block_id.is_(None))
    return read_geoframe(session, query.order_by(model.id))


def write_communities(
    session: Session, kind: str, ids: Sequence[int], communities: Sequence[int | None]
) -> None:
    """Store the community of rows of a kind; None: it lies in none."""
    statement = _WRITE.replace("{table}", MEMBERS[kind].__tablename__)
    values = {
        "ids": [int(i) for i in ids],
        "communities": [None if c is None else int(c) for c in communities],
    }
    session.execute(text(statement), values)


def count_outside(session: Session, kind: str) -> int:
    """Count the rows of a kind that lie in no community."""
    model = MEMBERS[kind]
    query = select(func.count()).select_from(model).where(model.community_id.is_(None))
    return session.scalar(query) or 0
