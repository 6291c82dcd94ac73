"""Blocks of files that came before the community they lie in; no map and no plan reads them."""

from __future__ import annotations

from collections.abc import Collection

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from gis.database.bulk import as_multi, copy_frame, read_geoframe
from gis.store.tables import WaitingBlock


def read_waiting_blocks(session: Session) -> gpd.GeoDataFrame:
    """Read the blocks that wait: id, reference, geometry in EPSG:4326, in the order they came."""
    shape = func.ST_AsBinary(WaitingBlock.geom).label("geometry")
    query = select(WaitingBlock.id, WaitingBlock.reference, shape).order_by(WaitingBlock.id)
    return read_geoframe(session, query)


def keep_waiting(session: Session, blocks: gpd.GeoDataFrame, file_name: str) -> None:
    """Let blocks of a file wait: ``reference``, geometry in EPSG:4326."""
    columns = {
        "reference": blocks["reference"].to_numpy(),
        "file_name": np.full(len(blocks), file_name, dtype=object),
        "geom": as_multi(blocks.geometry),
    }
    copy_frame(session, WaitingBlock, pd.DataFrame(columns))


def let_go(session: Session, ids: Collection[int]) -> None:
    """Take blocks out of those that wait."""
    session.execute(delete(WaitingBlock).where(WaitingBlock.id.in_([int(i) for i in ids])))
