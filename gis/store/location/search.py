"""What the search box answers: names and doors within the area a person may see.

Names are found by the prefix of a key (``ix_search_key_key``), doors by name and prefix
(``ix_search_door_door``), misspelt names by trigrams (``ix_search_key_trigrams``). No person and
no household is looked for here.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from gis.address.typed import typed_form
from gis.address.wanted import Wanted, readings_of
from gis.domain.access import Scope
from gis.store.area.visible import communities_of, in_own_grids, visible_in_text
from gis.store.location.named_records import for_each_table
from gis.store.location.search_hits import Hit, described, hit_of, placed
from gis.store.tables import BlockAssignment, Grid, LivePlan

MOST = 20
"""At most so many answers are given."""

_FIRST_WORD_HITS = 300
_NAMES_WITH_DOORS = 60
_SHORTEST_MISSPELT = 4


@dataclass(frozen=True)
class _Area:
    """What may be seen: the communities of a scope, and of them some blocks (None: all)."""

    scope: Scope
    blocks: list[int] | None

    @property
    def values(self) -> dict:
        return {"communities": communities_of(self.scope), "blocks": self.blocks}


def search(session: Session, scope: Scope, typed: str, *, limit: int = 10) -> list[Hit]:
    """Find names, addresses and grids by what has been typed so far, the likeliest first.

    Parameters
    ----------
    scope
        Communities of the area; for someone who is only a worker, the own grids.
    typed
        Chinese, Latin, pinyin or initials; a number after (or before) the name finds the door.
    """
    limit = max(1, min(limit, MOST))
    area = _area_of(session, scope)
    readings = readings_of(typed)
    if not readings:
        return _grids(session, area, typed_form(typed), limit)
    found = _by_name(session, area, readings[0], limit)
    for reading in readings[1:]:
        found = _doors(session, area, reading, limit) + found
    if not found:
        found = _misspelt(session, area, readings, limit)
    return _distinct(found)[:limit]


def _area_of(session: Session, scope: Scope) -> _Area:
    everyone = ("plan.view", "statistics.view", "household.view", "review.decide")
    if any(map(scope.may, everyone)):
        return _Area(scope, None)
    own_blocks = (
        select(BlockAssignment.block_id)
        .join(Grid, Grid.id == BlockAssignment.grid_id)
        .join(LivePlan, LivePlan.plan_id == Grid.plan_id)
        .where(in_own_grids(scope, Grid.code))
    )
    return _Area(scope, list(session.scalars(own_blocks)))


_RECORD_SEEN = " OR ".join(
    for_each_table(
        "EXISTS (SELECT 1 FROM {table} r WHERE r.id = n.record_id AND r.block_id = ANY(:blocks))"
    )
)
_SEEN = f"""
  {visible_in_text("n.community_id")}
  AND (CAST(:blocks AS int[]) IS NULL OR EXISTS (
        SELECT 1 FROM search_door sd JOIN address sa ON sa.id = sd.address_id
        WHERE sd.name_id = n.id AND sa.block_id = ANY(:blocks))
      OR {_RECORD_SEEN})
"""  # noqa: S608  (nothing in it comes from outside)
_RANKED = """
ORDER BY exact DESC, rank, CASE n.kind WHEN 'community' THEN 0 WHEN 'town' THEN 1
  WHEN 'estate' THEN 2 WHEN 'street' THEN 2 WHEN 'village' THEN 3 WHEN 'county' THEN 4
  WHEN 'address' THEN 5 ELSE 2 END, length(n.name), n.n_doors DESC, n.name, n.id
LIMIT :limit
"""
_BY_KEY = f"""
WITH hits AS MATERIALIZED (
    SELECT k.name_id, min(k.rank) AS rank, bool_or(k.key = :typed) AS exact
    FROM search_key k WHERE k.key LIKE :prefix GROUP BY k.name_id)
SELECT n.id, n.kind, n.name, n.name_en, n.unit_id, n.record_id, hits.rank, hits.exact
FROM hits JOIN search_name n ON n.id = hits.name_id
WHERE {_SEEN} {_RANKED}
"""  # noqa: S608  (nothing in it comes from outside)
_BY_LIKENESS = f"""
WITH hits AS MATERIALIZED (
    SELECT k.name_id, min(1 - similarity(k.key, :typed)) AS rank, false AS exact
    FROM search_key k WHERE k.key % :typed GROUP BY k.name_id ORDER BY rank LIMIT 100)
SELECT n.id, n.kind, n.name, n.name_en, n.unit_id, n.record_id, hits.rank, hits.exact
FROM hits JOIN search_name n ON n.id = hits.name_id
WHERE {_SEEN} {_RANKED}
"""  # noqa: S608  (nothing in it comes from outside)


def _by_name(session: Session, area: _Area, wanted: Wanted, limit: int) -> list[Hit]:
    names = _names(session, area, wanted, limit)
    return _grids(session, area, wanted.name, limit) + described(
        session, area.scope, names, area.blocks
    )


def _names(session: Session, area: _Area, wanted: Wanted, limit: int) -> list[Row]:
    """Find names that begin with what was typed, or whose words begin with the typed words."""
    values = area.values | {"typed": wanted.name, "prefix": _prefix(wanted.name), "limit": limit}
    found = list(session.execute(text(_BY_KEY), values))
    if found or len(wanted.words) < 2:
        return found
    first = wanted.words[0]
    values |= {"typed": first, "prefix": _prefix(first), "limit": _FIRST_WORD_HITS}
    rows = session.execute(text(_BY_KEY), values)
    return [r for r in rows if _has_words(r, wanted.words)][:limit]


def _has_words(row: Row, words: tuple[str, ...]) -> bool:
    own = [typed_form(w) for w in f"{row.name} {row.name_en or ''}".split()]
    return all(any(o.startswith(w) for o in own) for w in words)


def _misspelt(session: Session, area: _Area, readings: list[Wanted], limit: int) -> list[Hit]:
    for wanted in reversed(readings):
        if len(wanted.name) < _SHORTEST_MISSPELT:
            continue
        values = area.values | {"typed": wanted.name, "limit": limit}
        names = list(session.execute(text(_BY_LIKENESS), values))
        if wanted.door and (doors := _doors_of(session, area, names, wanted.door, limit)):
            return doors
        if names:
            return described(session, area.scope, names, area.blocks)
    return []


def _prefix(typed: str) -> str:
    """Write a LIKE pattern; typed forms hold letters and digits only."""
    return f"{typed}%"


# -- doors --------------------------------------------------------------------------------------

_DOORS = """
SELECT
  'address' AS kind, a.text AS name, NULL AS name_en, NULL AS code, a.block_id, a.community_id,
  ST_X(a.geom) AS lon, ST_Y(a.geom) AS lat, a.geom AS box,
  d.door = :door AS exact, d.door LIKE :door || '-%' AS inside, o.place, d.door
FROM unnest(CAST(:names AS int[])) WITH ORDINALITY AS o(id, place)
JOIN search_door d ON d.name_id = o.id AND d.door LIKE :prefix
JOIN address a ON a.id = d.address_id
WHERE CAST(:blocks AS int[]) IS NULL OR a.block_id = ANY(:blocks)
"""
_FIRST_DOORS = f"""
SELECT * FROM ({_DOORS}) AS found
ORDER BY exact DESC, place, inside DESC, length(door), door LIMIT :limit
"""  # noqa: S608


def _doors(session: Session, area: _Area, wanted: Wanted, limit: int) -> list[Hit]:
    names = _names(session, area, wanted, _NAMES_WITH_DOORS)
    grids = [
        g
        for n in names
        if n.unit_id and wanted.door.isdigit()
        for g in _grids_of(session, area, n.unit_id, wanted.door.zfill(3))
    ]
    return grids + _doors_of(session, area, names, wanted.door, limit)


def _doors_of(session: Session, area: _Area, names: list[Row], door: str, limit: int) -> list[Hit]:
    values = {
        "names": [n.id for n in names if n.unit_id is None and n.record_id is None],
        "door": door,
        "prefix": _prefix(door),
        "blocks": area.blocks,
        "limit": limit,
    }
    return placed(
        session, _FIRST_DOORS, values, "exact DESC, place, inside DESC, length(f.door), door"
    )


# -- grids ---------------------------------------------------------------------------------------

_GRIDS = f"""
SELECT 'grid' AS kind, g.code AS name, NULL AS name_en, g.code, g.code AS grid_code,
  ST_X(ST_PointOnSurface(g.geom)) AS lon, ST_Y(ST_PointOnSurface(g.geom)) AS lat,
  c.name AS community, c.name_en AS community_en, t.name AS town, t.name_en AS town_en,
  ST_XMin(g.geom) AS west, ST_YMin(g.geom) AS south, ST_XMax(g.geom) AS east,
  ST_YMax(g.geom) AS north
FROM grid g JOIN live_plan lp ON lp.plan_id = g.plan_id
JOIN division_unit c ON c.id = g.community_id LEFT JOIN division_unit t ON t.id = c.parent_id
WHERE g.geom IS NOT NULL AND g.code LIKE :prefix
  AND {visible_in_text("g.community_id")}
  AND (CAST(:blocks AS int[]) IS NULL OR EXISTS (
        SELECT 1 FROM block_assignment ba WHERE ba.grid_id = g.id AND ba.block_id = ANY(:blocks)))
ORDER BY g.code LIMIT :limit
"""  # noqa: S608  (nothing in it comes from outside)


def _grids(session: Session, area: _Area, typed: str, limit: int) -> list[Hit]:
    """Find grids by the beginning of their code."""
    if not (typed.isdigit() and len(typed) >= 6):
        return []
    values = area.values | {"prefix": _prefix(typed), "limit": limit}
    return [hit_of(row) for row in session.execute(text(_GRIDS), values)]


def _grids_of(session: Session, area: _Area, unit_id: int, number: str) -> list[Hit]:
    """Find a grid by its number within a community (古榕社区 003)."""
    code = session.scalar(text("SELECT code FROM division_unit WHERE id = :id"), {"id": unit_id})
    return _grids(session, area, f"{code}{number}", 1) if len(number) == 3 else []


def _distinct(found: list[Hit]) -> list[Hit]:
    seen: dict[tuple, Hit] = {}
    for hit in found:
        seen.setdefault((hit.kind, hit.name, hit.community, hit.lon, hit.lat), hit)
    return list(seen.values())
