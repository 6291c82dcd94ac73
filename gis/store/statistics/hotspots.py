"""Hot and cold grids of a topic and period: counted, classified, and said in words of the table."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.analysis.hotspots import classify_hotspots
from gis.analysis.neighbourhoods import Neighbours
from gis.database.bulk import read_geoframe
from gis.domain.access import Scope
from gis.domain.period import Period
from gis.geometry.adjacency import border_segments
from gis.geometry.borders import pair_index
from gis.store.area.visible import visible
from gis.store.statistics.by_level import PER, statistics
from gis.store.tables import Grid, LivePlan


def find_hotspots(
    session: Session, scope: Scope, *, topic: str, period: Period, alpha: float = 0.05
) -> pd.DataFrame:
    """Classify the grids in force: more or fewer incidents than their people let expect.

    Neighbours of a grid are those it has a border with. What small numbers hide takes no part, as
    if nobody lived there, so that no class is made from a hidden count.

    Parameters
    ----------
    topic, period
        As `gis.store.statistics.by_level.statistics` takes them.
    alpha
        Share of false ones among the finds that is accepted.

    Returns
    -------
    table
        One row per grid in order of code: ``code, name, name_en, parent, people, incidents,
        expected, rate_per_1000, z, p_value, gi_bin, suppressed``; ``gi_bin`` is missing where a
        count is suppressed or nobody lives.

    Raises
    ------
    NotAllowed, InvalidInput
        As `statistics` refuses.
    """
    table = statistics(session, scope, by="grid", topic=topic, period=period)
    shown = ~table["suppressed"].to_numpy(bool) & (table["people"].to_numpy() > 0)
    found = classify_hotspots(
        table["incidents"].fillna(0).to_numpy(float),
        np.where(shown, table["people"], 0),
        _neighbours(session, scope, table["code"].tolist()),
        alpha=alpha,
    )
    known = ["code", "name", "name_en", "parent", "people", "incidents"]
    return table[known].assign(
        expected=found["expected"].where(shown),
        rate_per_1000=found["rate"] * PER,
        z=found["z"],
        p_value=found["p_value"],
        gi_bin=found["gi_bin"].astype("Int64").where(shown),
        suppressed=table["suppressed"],
    )


def _neighbours(session: Session, scope: Scope, codes: list[str]) -> Neighbours:
    """Give for each grid, by its code, the rows of the grids it has a border with."""
    query = (
        select(Grid.code, func.ST_AsBinary(Grid.geom).label("geometry"))
        .join(LivePlan, LivePlan.plan_id == Grid.plan_id)
        .where(visible(scope, Grid.community_id), Grid.geom.is_not(None))
    )
    grids = read_geoframe(session, query)
    row_of = {code: row for row, code in enumerate(codes)}
    grids = grids[grids["code"].isin(row_of)]
    met = border_segments(np.asarray(grids.geometry.array, dtype=object))
    pairs, _ = pair_index(met.left, met.right)
    rows = grids["code"].map(row_of).to_numpy(dtype=int)
    near: list[list[int]] = [[] for _ in codes]
    for one, other in rows[pairs].tolist():
        near[one].append(other)
        near[other].append(one)
    return near
