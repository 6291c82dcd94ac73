"""Vector tiles of the ground: what is drawn under everything else. Nothing personal is in them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis.errors import NotFound
from gis.store.tables import ImportBatch

LAYERS = ("context", "doors")
HIGHEST_ZOOM = 22
_HALF_WORLD_M = 20037508.342789244
PIXELS = 1024
"""Side of a tile on the screen: tile z is what a map at zoom z + 2 shows."""

_KINDS_FROM_TILE = {
    "river": 6,
    "motorway": 6,
    "main_road": 7,
    "rail": 8,
    "minor_road": 10,
    "path": 12,
    "wall": 14,
}
_NAMED_FROM_TILE = {
    "river": 8,
    "motorway": 8,
    "main_road": 8,
    "minor_road": 12,
    "path": 14,
}


@cache
def _query() -> str:
    return Path(__file__).with_name("sql").joinpath("context_tile.sql").read_text("utf-8")


def check_tile(layer: str, z: int, x: int, y: int) -> None:
    """Refuse a layer or tile that does not exist."""
    if layer not in LAYERS or not 0 <= z <= HIGHEST_ZOOM or not (0 <= x < 2**z and 0 <= y < 2**z):
        raise NotFound(
            "there is no tile {layer}/{z}/{x}/{y}; layers: {layers}",
            layer=layer,
            z=z,
            x=x,
            y=y,
            layers=", ".join(LAYERS),
        )


def context_tile(session: Session, z: int, x: int, y: int) -> bytes:
    """Cut one tile of the ground; empty bytes where there is nothing.

    Uses the GiST indexes on ``geom_3857``.
    """
    check_tile("context", z, x, y)
    kinds = [kind for kind, first in _KINDS_FROM_TILE.items() if z >= first]
    named = [kind for kind, first in _NAMED_FROM_TILE.items() if z >= first]
    tolerance = _HALF_WORLD_M / 2**z / PIXELS
    values = {"z": z, "x": x, "y": y, "kinds": kinds, "named": named, "tolerance": tolerance}
    return bytes(session.execute(text(_query()), values).scalar_one() or b"")


def ground_version(session: Session) -> str:
    """Give a token that changes whenever ground is imported, or an import is undone."""
    newest, undone = session.execute(
        select(func.max(ImportBatch.id), func.count(ImportBatch.undone_at))
    ).one()
    return f"{newest or 0}.{undone}"
