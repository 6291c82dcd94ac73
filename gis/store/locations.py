"""Where things are: reading what waits to be located, writing where it was found."""

from __future__ import annotations

from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import func, select, text
from sqlalchemy.orm import DeclarativeBase, Session

from gis.domain.record import ROAD_KINDS
from gis.store.bulk import read_frame, read_geoframe
from gis.store.tables import Address, AddressAlias, Barrier, Household, Incident, Place

SUBJECTS: dict[str, type[DeclarativeBase]] = {
    "households": Household,
    "incidents": Incident,
    "places": Place,
}
"""What is located by address or coordinates."""

_PARTS = ("town", "community", "street", "number", "estate", "building", "stairwell", "room")


_FOUND = (
    "lon",
    "lat",
    "community_id",
    "block_id",
    "address_id",
    "level",
    "score",
    "status",
    "evidence",
)


def register_frame(session: Session) -> pd.DataFrame:
    """Read the address register: address_id, text, parts, lon, lat, community_id, block_id."""
    return read_frame(
        session,
        select(
            Address.id.label("address_id"),
            Address.text,
            *(getattr(Address, p) for p in _PARTS),
            func.ST_X(Address.geom).label("lon"),
            func.ST_Y(Address.geom).label("lat"),
            Address.community_id,
            Address.block_id,
        )
        .where(Address.geom.is_not(None))
        .order_by(Address.id),
    )


def street_frame(session: Session) -> gpd.GeoDataFrame:
    """Read the named roads: name, house number ranges, geometry."""
    return read_geoframe(
        session,
        select(
            Barrier.name,
            Barrier.left_from,
            Barrier.left_to,
            Barrier.right_from,
            Barrier.right_to,
            func.ST_AsBinary(Barrier.geom).label("geometry"),
        )
        .where(Barrier.name.is_not(None), Barrier.kind.in_(ROAD_KINDS))
        .order_by(Barrier.id),
    )


def alias_map(session: Session) -> dict[str, int]:
    """Give the address that people decided a text means."""
    query = select(AddressAlias.text_key, AddressAlias.address_id)
    return dict(session.execute(query.where(AddressAlias.address_id.is_not(None))).all())


def unlocated_addresses(session: Session) -> pd.DataFrame:
    """Read register entries with a point but no block: id, lon, lat, community_id."""
    return read_frame(
        session,
        select(
            Address.id,
            func.ST_X(Address.geom).label("lon"),
            func.ST_Y(Address.geom).label("lat"),
            Address.community_id,
        ).where(Address.block_id.is_(None), Address.geom.is_not(None)),
    )


def waiting(session: Session, subject: str, *, everything: bool = False) -> pd.DataFrame:
    """Read what is to be located: id, address_text, lon, lat (as given).

    Without ``everything`` only what has no accepted place in a block; decisions of people stay.
    """
    model = SUBJECTS[subject]
    query = select(
        model.id,
        model.address_text,
        model.given_lon.label("lon"),
        model.given_lat.label("lat"),
    ).where(model.level != "pin")
    if not everything:
        query = query.where((model.status != "accepted") | model.block_id.is_(None))
    return read_frame(session, query.order_by(model.id))


def write_locations(session: Session, subject: str, found: pd.DataFrame, now: datetime) -> int:
    """Store where things were found, changing only rows that differ.

    Parameters
    ----------
    found
        ``id, lon, lat, community_id, block_id, address_id, level, score, status, evidence``.

    Returns
    -------
    int
        Rows changed.
    """
    if found.empty:
        return 0
    columns = list(_FOUND)
    table = SUBJECTS[subject].__tablename__
    session.execute(
        text(
            "CREATE TEMP TABLE located (id uuid, lon float8, lat float8, community_id int,"
            " block_id int, address_id int, level text, score float8, status text, evidence text)"
            " ON COMMIT DROP"
        )
    )
    cursor = session.connection().connection.cursor()
    plain = found[["id", *columns]].astype(object)
    plain = plain.where(plain.notna(), None)
    with cursor.copy(f"COPY located (id, {', '.join(columns)}) FROM STDIN") as copy:
        for row in plain.itertuples(index=False):
            copy.write_row([v.item() if isinstance(v, np.generic) else v for v in row])
    statement = _MERGE.replace("{table}", table)
    changed = session.execute(text(statement), {"now": now}).rowcount
    session.execute(text("DROP TABLE located"))
    return changed


_MERGE = """
UPDATE {table} AS t
SET geom = ST_SetSRID(ST_MakePoint(l.lon, l.lat), 4326),
    community_id = COALESCE(l.community_id, t.community_id), block_id = l.block_id,
    address_id = l.address_id, level = l.level, score = l.score, status = l.status,
    evidence = l.evidence, located_at = :now
FROM located AS l
WHERE t.id = l.id
  AND (t.geom, t.block_id, t.address_id, t.level, t.status, t.score, t.evidence, t.community_id)
      IS DISTINCT FROM
      (ST_SetSRID(ST_MakePoint(l.lon, l.lat), 4326), l.block_id, l.address_id, l.level, l.status,
       l.score, l.evidence,
       COALESCE(l.community_id, t.community_id))
"""


def write_address_blocks(
    session: Session, ids: np.ndarray, community: np.ndarray, block: np.ndarray
) -> None:
    """Store community and block of register entries."""
    session.execute(
        text(
            "UPDATE address SET community_id = v.community_id, block_id = v.block_id"
            " FROM unnest(CAST(:ids AS int[]), CAST(:communities AS int[]), CAST(:blocks AS int[]))"
            " AS v(id, community_id, block_id) WHERE address.id = v.id"
        ),
        {
            "ids": [int(i) for i in ids],
            "communities": [None if c is None else int(c) for c in community],
            "blocks": [None if b is None else int(b) for b in block],
        },
    )
