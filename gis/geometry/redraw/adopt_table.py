"""A division taken over from a table of blocks, or of the households in them. Pure."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gis.errors import InvalidInput
from gis.geometry.redraw.adoption import Adoption, adopt_shares
from gis.geometry.redraw.ground import WorkingGround
from gis.geometry.redraw.locks import as_codes


def adopt_table(
    ground: WorkingGround,
    table: pd.DataFrame,
    *,
    block: str = "block_id",
    code: str = "code",
    weight: str | None = None,
) -> Adoption:
    """Give each block to the grid that most rows of a table name: blocks, or households in them.

    Parameters
    ----------
    table
        One row per block, or one per household with the block it lies in.
    block, code, weight
        Columns with the block's id, the grid's code, and what a row counts (1 unless given).

    Raises
    ------
    InvalidInput
        A column is missing, or no row names a block of the ground.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from gis.geometry.redraw.ground import make_working_ground
    >>> blocks = gpd.GeoDataFrame({"block_id": [1, 2], "households": 3},
    ...     geometry=shapely.box([0, 10], 0, [10, 20], 10), crs=32632)
    >>> ground = make_working_ground(blocks, minimum=1, maximum=99)
    >>> homes = pd.DataFrame({"block_id": [1, 1, 1, 2, 9], "code": ["a", "a", "b", "b", "b"]})
    >>> adoption = adopt_table(ground, homes)
    >>> adoption.code.tolist(), adoption.cut[["code", "other"]].values.tolist()
    (['a', 'b'], [['a', 'b']])
    """
    for column in (block, code, *([weight] if weight else [])):
        if column not in table:
            raise InvalidInput(
                "the table has no column '{column}', only {columns}",
                column=column,
                columns=list(table.columns),
            )
    row = table[block].map(ground.row_of)
    given = as_codes(table[code].to_numpy(dtype=object))
    counts = np.ones(len(table)) if weight is None else table[weight].fillna(0).to_numpy(float)
    usable = row.notna().to_numpy() & (given != "")
    names = sorted(set(given[given != ""].tolist()))
    if not usable.any():
        raise InvalidInput(
            "no row of the table names a block of this community and a grid; check "
            "the columns '{block}' and '{code}'",
            block=block,
            code=code,
        )
    place = np.searchsorted(np.array(names), given[usable])
    share = np.zeros((ground.n_blocks, len(names)))
    np.add.at(share, (row[usable].to_numpy(np.int64), place), counts[usable])
    total = share.sum(axis=1, keepdims=True)
    share = np.divide(share, total, out=np.zeros_like(share), where=total > 0)
    totals = {
        "rows": float(len(table)),
        "unknown_blocks": float((table[block].notna() & row.isna()).sum()),
        "without_block": float(table[block].isna().sum()),
        "without_code": float((given == "").sum()),
    }
    return adopt_shares(ground, names, share, totals, [])
