"""The blocks of exclusive grids (专属网格): schools, hospitals, markets that stand for themselves.

A compound or place is one by its mark ``exclusive``, never by its kind: not every school is a
grid of its own.
"""

from __future__ import annotations

from collections import Counter

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.domain.access import Scope
from gis.store.area.visible import communities_of, visible_in_text
from gis.store.tables.kinds import MayBeGrid, tables_with

_COMPOUNDS = text("""
SELECT block_id, id, name FROM (
    SELECT b.id AS block_id, c.id, c.name, ST_Area(ST_Intersection(b.geom, c.geom)) AS shared,
           ST_Area(b.geom) AS of_block, ST_Area(c.geom) AS of_compound
    FROM compound c JOIN block b ON b.community_id = c.community_id AND b.geom && c.geom
    WHERE c.exclusive AND c.community_id = :community AND b.retired_at IS NULL
) AS pairs
WHERE shared > least(of_block, of_compound) / 2
ORDER BY shared, id DESC
""")

_IN_BLOCK = f"""
SELECT block_id, CAST(id AS text) AS id, name FROM {{table}}
WHERE exclusive AND status = 'accepted' AND community_id = :community AND block_id IS NOT NULL
  AND {visible_in_text("community_id")}
ORDER BY id DESC
"""  # noqa: S608  (nothing in it comes from outside)


def exclusive_blocks(session: Session, scope: Scope, community_id: int) -> dict[int, str]:
    """Give the name of the exclusive grid of each block in use that belongs to one.

    A compound takes the blocks that lie mostly in it, or that most of it lies in; a place takes
    its block, unless a compound has it.
    """
    values = {"community": community_id, "communities": communities_of(scope)}
    marked = tables_with(MayBeGrid)
    places = [text(_IN_BLOCK.replace("{table}", table.__tablename__)) for table in marked]
    owners: dict[int, tuple[str, str]] = {}
    for query in (*places, _COMPOUNDS):
        for block, key, name in session.execute(query, values):
            owners[block] = (str(key), name or "")
    shared = Counter(name for _, name in set(owners.values()))
    return {
        block: name if name and shared[name] == 1 else f"{name} {key}".strip()
        for block, (key, name) in sorted(owners.items())
    }
