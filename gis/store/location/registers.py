"""Versions of the address register: what tells them apart, and which names changed between them."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis.database.bulk import read_frame
from gis.store.tables import AddressAlias, RegisterKey, RegisterVersion

_MARKS = {
    "addresses": (
        "SELECT concat(count(*), ':', sum(hashtextextended(concat_ws(chr(31), id, text, town,"
        " community, street, number, estate, building, stairwell, room, ST_X(geom), ST_Y(geom)),"
        " 0))) FROM address WHERE geom IS NOT NULL"
    ),
    "streets": (
        "SELECT concat(count(*), ':', sum(hashtextextended(concat_ws(chr(31), name, left_from,"
        " left_to, right_from, right_to, md5(ST_AsBinary(geom))), 0)))"
        " FROM barrier WHERE name IS NOT NULL"
    ),
    "decisions": (
        "SELECT concat(count(*), ':', sum(hashtextextended(concat_ws(chr(31), text_key,"
        " address_id, ST_AsEWKT(geom)), 0))) FROM address_alias"
    ),
    "outlines": (
        "SELECT concat(count(*), ':', sum(hashtextextended(concat_ws(chr(31), code,"
        " md5(ST_AsBinary(geom))), 0))) FROM division_unit WHERE level = 'community'"
    ),
    "blocks": (
        "SELECT concat(count(*), ':', sum(id), ':', max(id)) FROM block WHERE retired_at IS NULL"
    ),
}


def read_marks(session: Session) -> dict[str, str]:
    """Read marks of everything that geocoding answers from; equal marks mean nothing changed."""
    return {name: session.scalar(text(query)) for name, query in _MARKS.items()}


def newest_version(session: Session) -> RegisterVersion | None:
    """Find the newest version."""
    return session.scalars(
        select(RegisterVersion).order_by(RegisterVersion.id.desc()).limit(1)
    ).first()


def add_version(
    session: Session, marks: dict[str, str], digests: pd.Series, *, now: datetime
) -> int:
    """Record a new version and which keys changed in it; gives its number.

    Parameters
    ----------
    digests
        Digest (int64) by key, for every key there is now.
    """
    version = RegisterVersion(marks=marks, made_at=now)
    session.add(version)
    session.flush()
    session.execute(text("CREATE TEMP TABLE now_key (key text, digest bigint) ON COMMIT DROP"))
    cursor = session.connection().connection.cursor()
    with cursor.copy("COPY now_key FROM STDIN") as copy:
        for key, digest in zip(digests.index, digests.tolist(), strict=True):
            copy.write_row((key.replace("\x00", ""), digest))
    for statement in (_PUT_KEYS, _LOSE_KEYS):
        session.execute(text(statement), {"version": version.id})
    session.execute(text("DROP TABLE now_key"))
    return version.id


_PUT_KEYS = """
INSERT INTO register_key (key, digest, version)
SELECT key, digest, :version FROM now_key
ON CONFLICT (key) DO UPDATE SET digest = excluded.digest, version = excluded.version
WHERE register_key.digest IS DISTINCT FROM excluded.digest
"""
_LOSE_KEYS = """
UPDATE register_key k SET digest = NULL, version = :version
WHERE k.digest IS NOT NULL AND NOT EXISTS (SELECT 1 FROM now_key n WHERE n.key = k.key)
"""


def changed_keys(session: Session, since: int) -> set[str]:
    """List the keys under which something changed after a version."""
    return set(session.scalars(select(RegisterKey.key).where(RegisterKey.version > since)))


def live_keys(session: Session) -> set[str]:
    """List the keys the register has now."""
    return set(session.scalars(select(RegisterKey.key).where(RegisterKey.digest.is_not(None))))


def decision_frame(session: Session) -> pd.DataFrame:
    """Read what people decided texts mean: text, address_id, lon, lat (of a pin)."""
    return read_frame(
        session,
        select(
            AddressAlias.text_key.label("text"),
            AddressAlias.address_id,
            func.ST_X(AddressAlias.geom).label("lon"),
            func.ST_Y(AddressAlias.geom).label("lat"),
        ).order_by(AddressAlias.text_key),
    )
