"""Communities whose blocks are out of date once records are stored: their ground has changed."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from gis.actions.provenance.delivery import Compared
from gis.domain.kinds.kind import SHAPE
from gis.geometry.same_shape import shape_classes
from gis.store.area import divisions
from gis.store.ground.blocks import BARRIER_REACH_DEGREES, communities_with_blocks


def stale_communities(
    session: Session, compared: list[Compared], outlines: gpd.GeoDataFrame | None = None
) -> tuple[str, ...]:
    """List the codes of communities with blocks that are to be built anew.

    Parameters
    ----------
    compared
        Records beside what is stored; only barriers, buildings and compounds are ground.
    outlines
        Communities about to be stored, or None.
    """
    kind = compared[0].kind if compared else "communities"
    if kind not in ("communities", "barriers", "buildings", "compounds"):
        return ()
    built = communities_with_blocks(session)
    if not built:
        return ()
    shapes = divisions.every_outline(session)
    shapes = shapes[shapes["id"].isin(built)].reset_index(drop=True)
    if outlines is not None:
        return _redrawn(shapes, outlines)
    if kind == "barriers":
        return _crossed(shapes, compared[0])
    codes = dict(zip(shapes["id"], shapes["code"], strict=True))
    return tuple(sorted({codes[c] for c in _communities(compared[0]) if c in codes}))


def _redrawn(stored: gpd.GeoDataFrame, outlines: gpd.GeoDataFrame) -> tuple[str, ...]:
    known = outlines[outlines["code"].isin(stored["code"])]
    former = stored.set_index("code").loc[known["code"]].geometry
    before, after = shape_classes(former.to_numpy(), known.geometry.to_numpy())
    return tuple(sorted(known["code"][before != after]))


def _touched(compared: Compared) -> np.ndarray:
    """Say which rows change the ground; (m,) bool."""
    found = compared.found
    none = np.zeros(len(compared.rows), dtype=bool)
    said = [found.changed.get(c, none) for c in (SHAPE, "kind", "bridge", "exclusive")]
    return np.logical_or.reduce([found.is_new, *said])


def _communities(compared: Compared) -> set[int]:
    """Give the communities that the touched rows lie in, or lay in."""
    rows = _touched(compared)
    known = rows & ~compared.found.is_new
    before = compared.stored["community_id"].iloc[compared.found.stored[known]]
    either = pd.concat([compared.rows["community_id"][rows], before])
    return {int(c) for c in either.dropna()}


def _crossed(outlines: gpd.GeoDataFrame, compared: Compared) -> tuple[str, ...]:
    """Give the communities that touched lines, as they are or were, reach."""
    rows = _touched(compared)
    known = rows & ~compared.found.is_new
    before = compared.stored["geom"].iloc[compared.found.stored[known]]
    lines = np.array([*compared.rows["geom"][rows], *before], dtype=object)
    if not len(lines):
        return ()
    reach = shapely.buffer(np.array(outlines.geometry), BARRIER_REACH_DEGREES)
    hit = shapely.STRtree(lines).query(reach, predicate="intersects")[0]
    return tuple(sorted(outlines["code"].iloc[np.unique(hit)]))
