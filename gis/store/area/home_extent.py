"""Where a person's communities lie: the box a map opens at, and what lies far outside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.domain.access import Scope
from gis.geometry.neighbourhood import find_strays
from gis.store.area.visible import visible
from gis.store.tables import DivisionUnit

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class HomeExtent:
    """The extent of a map that one community far away does not blow up.

    Parameters
    ----------
    bounds
        West, south, east, north of the communities that lie together.
    outside
        Names of those that lie far from most others.
    """

    bounds: Bounds
    outside: tuple[str, ...] = ()


def home_extent(session: Session, scope: Scope) -> HomeExtent | None:
    """Find the box of a person's communities; None without any outline.

    Communities far from more than half of the others are outside; where no group holds more than
    half, everything is inside.
    """
    geom = DivisionUnit.geom
    corners = (func.ST_XMin(geom), func.ST_YMin(geom), func.ST_XMax(geom), func.ST_YMax(geom))
    query = select(DivisionUnit.name, *corners).where(
        DivisionUnit.level == "community",
        DivisionUnit.valid_to.is_(None),
        geom.is_not(None),
        visible(scope, DivisionUnit.id),
    )
    rows = session.execute(query.order_by(DivisionUnit.code)).all()
    if not rows:
        return None
    boxes = np.array([row[1:] for row in rows], dtype=float)
    is_out = find_strays(boxes, None) > 0
    home = boxes[~is_out] if not is_out.all() else boxes
    names = [row[0] for row, out in zip(rows, is_out, strict=True) if out and not is_out.all()]
    west, south = home[:, :2].min(axis=0)
    east, north = home[:, 2:].max(axis=0)
    return HomeExtent((float(west), float(south), float(east), float(north)), tuple(names))
