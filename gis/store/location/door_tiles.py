"""Vector tiles of doors: what stands on houses, within an area; nothing of who lives there."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.domain.access import Scope
from gis.store.area.visible import communities_of

FIRST_TILE = 15
"""Farther off there is no room for house numbers, and tiles are empty."""


@cache
def _query() -> str:
    return Path(__file__).with_name("sql").joinpath("door_tile.sql").read_text("utf-8")


def door_tile(session: Session, scope: Scope, z: int, x: int, y: int) -> bytes:
    """Cut one tile of doors (``kind`` number, building, stairwell; ``name``); it may be empty."""
    if z < FIRST_TILE:
        return b""
    values = {"z": z, "x": x, "y": y, "communities": communities_of(scope)}
    return bytes(session.execute(text(_query()), values).scalar_one() or b"")
