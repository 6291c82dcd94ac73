"""What came before that which it belongs to: residents without household, blocks without community.

Residents wait under the number of their household, and are nobody's until it comes; blocks of files
wait in a table of their own, which no map and no plan reads.
"""

from __future__ import annotations

from collections.abc import Collection

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import any_, delete, func, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from gis.database.bulk import as_multi, copy_frame, read_geoframe
from gis.store.tables import Resident, WaitingBlock

_ADOPT = text("""
UPDATE resident r SET household_id = h.id, household_number = NULL
FROM household h WHERE h.number = r.household_number
""")


def adopt_residents(session: Session) -> int:
    """Give residents who wait their household, where it has come; gives how many."""
    session.flush()
    return session.execute(_ADOPT).rowcount


def count_residents_of(session: Session, numbers: Collection[str]) -> int:
    """Count the residents who wait for households with some numbers."""
    wanted = any_(literal([str(n) for n in numbers], ARRAY(Text)))
    query = select(func.count()).select_from(Resident).where(Resident.household_number == wanted)
    return session.scalar(query) or 0


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
