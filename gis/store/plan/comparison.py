"""Two plans of a community side by side: every grid's figures in both, and what lies elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pandas as pd
from sqlalchemy import Row
from sqlalchemy.orm import Session

from gis.analysis.overlaps import GridChange, continuing_grids, sum_overlaps
from gis.domain.access import Scope
from gis.errors import NotFound
from gis.store.plan.former_grids import assigned_blocks, former_codes
from gis.store.plan.plans import get_plan, list_grids
from gis.store.tables import Plan

FIGURES = ("households", "people", "workload", "deviation", "compactness", "barrier_share")
"""What is compared of every grid; ``deviation`` is from the target of households."""

Fate = Literal["kept", "recoded", "new", "gone"]


@dataclass(frozen=True)
class GridFigures:
    """The figures of a grid under one plan."""

    code: str
    kind: str
    households: int
    people: int
    workload: float | None
    deviation: float | None
    compactness: float | None
    barrier_share: float | None
    worker: str | None


@dataclass(frozen=True)
class GridDifference:
    """A grid under two plans; one side is missing when it is new, or was given up.

    ``moved_out`` and ``moved_in`` are households that leave it and come to it.
    """

    before: GridFigures | None
    after: GridFigures | None
    moved_out: int = 0
    moved_in: int = 0

    @property
    def fate(self) -> Fate:
        """``kept`` with its code, ``recoded``, ``new`` or ``gone``."""
        if self.before is None or self.after is None:
            return "new" if self.before is None else "gone"
        return "kept" if self.before.code == self.after.code else "recoded"


@dataclass(frozen=True)
class Comparison:
    """What differs from one plan to another of the same community.

    ``blocks``: those that lie in another grid; ``households`` all there are, ``moving`` those in
    another grid; ``by_code`` whether grids go on by their code, else by most of their households.
    """

    grids: tuple[GridDifference, ...]
    changes: tuple[GridChange, ...]
    blocks: tuple[int, ...]
    households: int
    moving: int
    by_code: bool

    @property
    def share_kept(self) -> float | None:
        """Share of the households that keep their grid."""
        return 1 - self.moving / self.households if self.households else None


def compare_whole(
    session: Session, scope: Scope, base_id: int, plan_id: int, *, target: int, today: date
) -> Comparison:
    """Compare two plans grid by grid, from ``base_id`` to ``plan_id``.

    A grid of a base that is or was in force goes on as the one with its code, else as the one that
    takes most of its households (see `gis.store.plan.plans.compare_plans`).

    Raises
    ------
    NotFound, NotAllowed
        No such plans in the area, or of two communities; the person may not look at plans.
    """
    plan, base = get_plan(session, scope, plan_id), get_plan(session, scope, base_id)
    if plan.community_id != base.community_id:
        raise NotFound("only plans of one community can be compared")
    blocks = assigned_blocks(session, plan.id)
    former = former_codes(session, base.id, blocks["block_id"].tolist())
    blocks["before"] = blocks["block_id"].map(former).astype(object).fillna("")
    overlaps = sum_overlaps(blocks)
    by_code = base.state in ("published", "superseded")
    goes_on = _going_on(session, scope, base, overlaps, by_code, today)
    differs = (blocks["before"] != "") & (blocks["before"].map(goes_on) != blocks["code"])
    changes = tuple(
        o for o in overlaps if o.from_code is not None and goes_on.get(o.from_code) != o.to_code
    )
    return Comparison(
        _pair(session, scope, base, plan, goes_on, changes, target, today),
        changes,
        tuple(int(b) for b in blocks["block_id"][differs]),
        int(blocks["households"].sum()),
        int(blocks["households"][differs].sum()),
        by_code,
    )


def _going_on(
    session: Session,
    scope: Scope,
    base: Plan,
    overlaps: list[GridChange],
    by_code: bool,
    today: date,
) -> dict[str, str]:
    """Give the code after of each grid before."""
    if not by_code:
        return continuing_grids(overlaps)
    return {g.code: g.code for g in list_grids(session, scope, base.id, today=today)}


def _pair(
    session: Session,
    scope: Scope,
    base: Plan,
    plan: Plan,
    goes_on: Mapping[str, str],
    changes: tuple[GridChange, ...],
    target: int,
    today: date,
) -> tuple[GridDifference, ...]:
    before, after = (
        {g.code: _figures(g, target) for g in list_grids(session, scope, p.id, today=today)}
        for p in (base, plan)
    )
    out = pd.Series(0, index=list(before)).add(_sums(changes, "from_code"), fill_value=0)
    into = pd.Series(0, index=list(after)).add(_sums(changes, "to_code"), fill_value=0)
    met = {new: old for old, new in goes_on.items() if new in after}
    pairs = [
        GridDifference(
            before.get(met.get(code, "")),
            own,
            int(out.get(met.get(code, ""), 0)),
            int(into.get(code, 0)),
        )
        for code, own in after.items()
    ]
    gone = [
        GridDifference(own, None, int(out.get(code, 0)), 0)
        for code, own in before.items()
        if code not in met.values()
    ]
    return (*pairs, *gone)


def _sums(changes: tuple[GridChange, ...], side: str) -> pd.Series:
    sums: dict[str, int] = {}
    for change in changes:
        code = getattr(change, side)
        sums[code] = sums.get(code, 0) + change.households
    return pd.Series(sums, dtype="int64")


def _figures(grid: Row, target: int) -> GridFigures:
    common = grid.kind == "basic" and target
    return GridFigures(
        grid.code,
        grid.kind,
        grid.households,
        grid.people,
        grid.workload,
        (grid.households - target) / target if common else None,
        grid.compactness,
        grid.barrier_share,
        grid.worker,
    )


def comparison_table(comparison: Comparison) -> pd.DataFrame:
    """Write a comparison as a table: a row per grid, each figure before and after."""
    rows = [
        {
            "fate": grid.fate,
            "code_before": grid.before.code if grid.before else None,
            "code_after": grid.after.code if grid.after else None,
            **{
                f"{name}_{when}": getattr(side, name) if side else None
                for name in FIGURES
                for when, side in (("before", grid.before), ("after", grid.after))
            },
            "households_out": grid.moved_out,
            "households_in": grid.moved_in,
            "worker_before": grid.before.worker if grid.before else None,
            "worker_after": grid.after.worker if grid.after else None,
        }
        for grid in comparison.grids
    ]
    return pd.DataFrame(rows)
