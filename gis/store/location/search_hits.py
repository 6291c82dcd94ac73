"""Answers of the search box: names and doors with their community, their grid and their bounds."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from gis.domain.access import Scope
from gis.store.area.visible import communities_of, visible_in_text
from gis.store.location.named_records import for_each_table


@dataclass(frozen=True)
class Hit:
    """One answer, with where to fly to.

    Parameters
    ----------
    kind
        ``grid``, ``address`` or a kind of `gis.store.tables.location.search.NAME_KINDS`.
    name, name_en
        The thing by name; for an address its text.
    community, community_en, town, town_en
        Where it lies; None when in several or none.
    grid_code
        Of the grid in force at the point; None when the point is in none.
    lon, lat
        A point of it, degrees.
    bounds
        West, south, east, north of all of it.
    code
        Division or grid code; None for anything else.
    """

    kind: str
    name: str
    name_en: str | None
    community: str | None
    community_en: str | None
    town: str | None
    town_en: str | None
    grid_code: str | None
    lon: float
    lat: float
    bounds: tuple[float, float, float, float]
    code: str | None


_PLACED = "SELECT r.block_id, r.geom, r.geom FROM {table} r WHERE r.id = n.record_id"
_DESCRIBED = """
SELECT n.kind, n.name, n.name_en, u.code, m.block_id, n.community_id,
  ST_X(m.point) AS lon, ST_Y(m.point) AS lat, m.box, o.place
FROM unnest(CAST(:names AS int[])) WITH ORDINALITY AS o(id, place)
JOIN search_name n ON n.id = o.id
LEFT JOIN division_unit u ON u.id = n.unit_id
LEFT JOIN LATERAL (
    SELECT a.block_id, a.geom AS point, e.box FROM (
        SELECT ST_SetSRID(ST_Extent(x.geom)::geometry, 4326) AS box,
          percentile_disc(0.5) WITHIN GROUP (ORDER BY x.id) AS middle
        FROM search_door d JOIN address x ON x.id = d.address_id
        WHERE d.name_id = n.id
          AND (CAST(:blocks AS int[]) IS NULL OR x.block_id = ANY(:blocks))) e
    JOIN address a ON a.id = e.middle
    WHERE n.unit_id IS NULL AND n.record_id IS NULL
    UNION ALL {records}
    UNION ALL SELECT NULL, ST_PointOnSurface(u.geom), ST_Envelope(u.geom) WHERE u.id IS NOT NULL
) m ON true
WHERE m.point IS NOT NULL AND {visible}
""".replace("{records}", " UNION ALL ".join(for_each_table(_PLACED))).replace(
    "{visible}", visible_in_text("n.community_id")
)
_ANSWER = """
SELECT f.kind, f.name, f.name_en, f.code, f.lon, f.lat,
  c.name AS community, c.name_en AS community_en, t.name AS town, t.name_en AS town_en,
  g.code AS grid_code,
  ST_XMin(f.box) AS west, ST_YMin(f.box) AS south, ST_XMax(f.box) AS east, ST_YMax(f.box) AS north
FROM ({found}) AS f
LEFT JOIN division_unit c ON c.id = f.community_id
LEFT JOIN division_unit t ON t.id = c.parent_id
LEFT JOIN live_plan lp ON lp.community_id = f.community_id
LEFT JOIN block_assignment ba ON ba.plan_id = lp.plan_id AND ba.block_id = f.block_id
LEFT JOIN grid g ON g.id = ba.grid_id
ORDER BY {order}
"""


def described(
    session: Session, scope: Scope, names: list[Row], blocks: list[int] | None
) -> list[Hit]:
    """Give the answer to each name, in order; doors outside the blocks are not looked at."""
    ids = [n.id for n in names]
    values = {"names": ids, "blocks": blocks, "communities": communities_of(scope)}
    return placed(session, _DESCRIBED, values, "place")


def placed(session: Session, found: str, values: dict, order: str) -> list[Hit]:
    """Give what a query finds among the names in ``values``, with its community and grid."""
    if not values["names"]:
        return []
    ordered = ", ".join(f"f.{o}" if "(" not in o else o for o in order.split(", "))
    query = _ANSWER.replace("{found}", found).replace("{order}", ordered)
    return [hit_of(row) for row in session.execute(text(query), values)]


def hit_of(row: Row) -> Hit:
    """Give a row with all columns of an answer as one."""
    return Hit(
        kind=row.kind,
        name=row.name,
        name_en=row.name_en,
        community=row.community,
        community_en=row.community_en,
        town=row.town,
        town_en=row.town_en,
        grid_code=row.grid_code,
        lon=round(row.lon, 6),
        lat=round(row.lat, 6),
        bounds=tuple(round(b, 6) for b in (row.west, row.south, row.east, row.north)),
        code=row.code,
    )
