"""What is told of a community that was drawn: sizes, balance, borders, time, and what changes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from gis.actions.plan.division_request import MEASURES, DivisionRequest
from gis.actions.plan.grid_codes import preview_change
from gis.domain.lineage import PlanChange
from gis.geometry.partition import Division
from gis.geometry.quality import BARRIER_KINDS
from gis.store.area.divisions import Community
from gis.store.plan.plans import known_plan

BRIEF = ("community", "name", "plan", "grids", "smallest", "largest", "share_in_band", "codes")
"""Columns that tell at a glance how a drawing went."""


def drawn_row(
    session: Session,
    community: Community,
    plan_id: int,
    request: DivisionRequest,
    division: Division,
) -> dict:
    """Give the report of one drawing.

    ``off_…`` is the largest deviation of a common grid from the mean of the measure, as a share
    of it; ``borders`` the share of the border between grids along each kind of barrier;
    ``first_valid_s`` and ``final_s`` the seconds until the first division inside the band (none:
    None) and until the last improvement; ``share_kept`` the households that keep their grid.
    """
    load = request.blocks.set_index("block_id")[list(MEASURES)]
    sums = load.groupby(division.assignment).sum()
    special = {division.assignment[b] for b in request.exclusive}
    common = sums[~sums.index.isin(special)]
    size = common[request.weight]
    within = size[(size >= request.minimum) & (size <= request.maximum)]
    totals = division.quality.totals
    return {
        "community": community.code,
        "name": community.name,
        "plan": plan_id,
        "grids": len(sums),
        **{measure: _whole(sums[measure].sum()) for measure in MEASURES},
        "smallest": _whole(size.min()) if len(size) else None,
        "largest": _whole(size.max()) if len(size) else None,
        "share_in_band": _rounded(within.sum() / size.sum()) if size.sum() else None,
        **{f"off_{measure}": _off(common[measure]) for measure in MEASURES},
        "barrier_share": _rounded(totals.get("barrier_share")),
        "borders": _borders(totals),
        "straddled_m": _rounded(totals.get("straddled_m"), 1),
        "compactness": _rounded(division.quality.grids["compactness"].mean()),
        "first_valid_s": _rounded(division.first_valid_s, 2),
        "final_s": _rounded(division.history[-1][0], 2) if division.history else None,
        **_change(preview_change(session, known_plan(session, plan_id))),
        "flags": sorted({f.rule for f in division.flags}),
    }


def in_words(row: dict) -> dict:
    """Give a report as people read it: what becomes of the codes, borders and flags in words."""
    change = None
    if row["codes_kept"] is not None:
        change = f"{row['codes_kept']} kept, {len(row['codes_new'])} new"
        change += f", {len(row['codes_retired'])} retired" if row["codes_retired"] else ""
    plain = {n: v for n, v in row.items() if n not in ("codes_kept", "codes_new", "codes_retired")}
    borders = ", ".join(f"{kind} {share:.0%}" for kind, share in row["borders"].items())
    return plain | {"borders": borders, "codes": change, "flags": ", ".join(row["flags"])}


def in_band(row: dict) -> bool:
    """Tell whether every household of a drawn community is in a grid inside the band."""
    return row["share_in_band"] == 1.0


def _change(change: PlanChange | None) -> dict:
    if change is None:
        return dict.fromkeys(("share_kept", "moving", "codes_kept", "codes_new", "codes_retired"))
    return {
        "share_kept": _rounded(change.share_kept),
        "moving": change.moving,
        "codes_kept": len(change.kept),
        "codes_new": list(change.new),
        "codes_retired": list(change.retired),
    }


def _borders(totals: dict) -> dict[str, float | None]:
    found = {kind: totals.get(f"{kind}_share") for kind in BARRIER_KINDS}
    return {kind: _rounded(share) for kind, share in found.items() if share and share == share}


def _off(sums: pd.Series) -> float | None:
    mean = sums.mean()
    return _rounded(np.abs(sums / mean - 1).max()) if mean else None


def _rounded(value: float | None, digits: int = 3) -> float | None:
    return None if value is None or not np.isfinite(value) else round(float(value), digits)


def _whole(value: float) -> int | float:
    return int(value) if float(value).is_integer() else round(float(value), 1)
