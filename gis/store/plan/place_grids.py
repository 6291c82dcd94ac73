"""Which grid a place was in on any day, under the plan that was in force then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from gis.domain.access import Scope, require
from gis.errors import InvalidInput
from gis.store.ground.locate import block_at
from gis.store.plan.balance import works_on
from gis.store.tables import GridWorker, UserAccount

_GRIDS = """
SELECT DISTINCT ON (p.id)
       u.code AS community_code, u.name AS community, u.name_en AS community_en,
       g.code AS grid_code, g.kind, g.name AS grid_name, p.id AS plan_id, p.name AS plan_name,
       p.effective_from, p.effective_to, b.id AS block_id, p.community_id
FROM block b
JOIN block_assignment a ON a.block_id = b.id
JOIN plan p ON p.id = a.plan_id AND p.state IN ('published', 'superseded')
JOIN grid g ON g.id = a.grid_id
JOIN division_unit u ON u.id = p.community_id
WHERE {which}
ORDER BY p.id, (a.carried AND b.parent_id IS NULL),
         EXISTS (SELECT 1 FROM block child WHERE child.parent_id = b.id), b.id
"""
"""One row per plan: by the block it was drawn on, else its children, else what was carried."""

_POINT = "ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)"
_AT_POINT = text(_GRIDS.format(which=f"b.geom && {_POINT} AND NOT ST_Disjoint(b.geom, {_POINT})"))
_OF_BLOCK = text(_GRIDS.format(which="b.id = :block"))


@dataclass(frozen=True)
class PlaceInGrid:
    """The grid a place is or was in from one day to another (None: since, or until further)."""

    community_code: str
    community: str
    community_en: str | None
    grid_code: str
    kind: str
    grid_name: str | None
    plan_id: int
    plan_name: str
    effective_from: date
    effective_to: date | None

    def holds_on(self, day: date) -> bool:
        """Say whether the plan was in force on a day; a plan ends where the next begins."""
        ended = self.effective_to is not None and self.effective_to <= day
        return self.effective_from <= day and not ended


def list_grids_of_place(
    session: Session, scope: Scope, lon: float, lat: float
) -> list[PlaceInGrid]:
    """List the grids a place was, is and is announced to be in, the earliest first.

    On a border the block with the smaller id decides, as everywhere. Uses ``ix_block_geom``.

    Raises
    ------
    NotAllowed
        The person may not look at plans.
    InvalidInput
        No place on earth.
    """
    require(scope, "plan.view")
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InvalidInput(
            "{lon}, {lat} is no place; expected a longitude and a latitude", lon=lon, lat=lat
        )
    rows = list(session.execute(_AT_POINT, {"lon": lon, "lat": lat}))
    if not rows:
        near = block_at(session, lon, lat)
        rows = _of_block(session, near.block_id) if near is not None else []
    shown = [row for row in rows if scope.covers(row.community_id)]
    return [_shown(row) for row in _one_at_a_time(shown)]


def grid_at(session: Session, scope: Scope, lon: float, lat: float, on: date) -> PlaceInGrid | None:
    """Find the grid a place was in on a day; None where no plan of the area was in force."""
    return next((g for g in list_grids_of_place(session, scope, lon, lat) if g.holds_on(on)), None)


def worker_on(session: Session, grid_code: str, on: date) -> str | None:
    """Give the name of the worker of a grid on a day."""
    query = (
        select(UserAccount.name)
        .join(GridWorker, GridWorker.user_id == UserAccount.id)
        .where(GridWorker.grid_code == grid_code, works_on(on))
    )
    return session.scalar(query)


def _of_block(session: Session, block_id: int) -> list[Row]:
    return list(session.execute(_OF_BLOCK, {"block": block_id}))


def _one_at_a_time(rows: list[Row]) -> list[Row]:
    """Leave one community's row where two meet in the place: that of the smaller block id."""
    kept: list[Row] = []
    for row in sorted(rows, key=lambda r: (r.block_id, r.effective_from)):
        if not any(_overlap(row, other) for other in kept):
            kept.append(row)
    return sorted(kept, key=lambda r: r.effective_from)


def _overlap(a: Row, b: Row) -> bool:
    end_a, end_b = a.effective_to or date.max, b.effective_to or date.max
    return a.effective_from < end_b and b.effective_from < end_a


def _shown(row: Row) -> PlaceInGrid:
    return PlaceInGrid(*(getattr(row, name) for name in PlaceInGrid.__dataclass_fields__))
