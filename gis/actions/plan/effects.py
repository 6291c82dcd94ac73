"""What an edit does before anything is saved: figures of grids, broken rules, who changes grid."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from gis.actions.plan.working_ground import Standing, read_standing
from gis.actions.plan.workspace import WorkingCopy
from gis.domain.access import Scope
from gis.domain.editing import (
    UNASSIGNED,
    WorkingDivision,
    locked_blocks,
    locked_borders,
    locked_grids,
)
from gis.domain.lineage import settle_codes
from gis.geometry.redraw.faults import Fault, find_faults
from gis.geometry.redraw.figures import measure_grids
from gis.geometry.redraw.locks import Locks, place_locks
from gis.store.plan import plan_drafts
from gis.store.plan.grid_codes import community_code, issued_codes
from gis.store.plan.plan_grids import GridName, grid_names, workers_of

MOST_GRIDS = 999
"""A code has three digits for the grid."""

COUNTS = ("blocks", "households", "people", "special_care", "open_incidents")
"""What is counted of everything that changes grid."""


@dataclass(frozen=True)
class Impact:
    """What changes grid, and so worker, against the plan in force.

    ``moves``: one row per pair of grids, ``from_code, to_code`` and `COUNTS`; ``totals`` their sum.
    """

    totals: dict[str, int]
    moves: pd.DataFrame


@dataclass(frozen=True)
class Effect:
    """The effect of a working copy as pages and programs are told it.

    ``figures``: rows by grid number; ``codes``: the settled code of each number; ``names``: the
    saved grids by number; ``workers``: who works under a code; ``block_ids``: of the rows faults
    are about.
    """

    figures: pd.DataFrame
    totals: dict[str, float]
    faults: tuple[Fault, ...]
    impact: Impact
    codes: dict[int, str]
    names: dict[int, GridName]
    workers: dict[str, str]
    block_ids: np.ndarray


def standing_of(session: Session, scope: Scope, copy: WorkingCopy, *, today: date) -> Standing:
    """Give the ground of the community a working copy divides."""
    community = plan_drafts.community_of(session, scope, copy.plan.community_id)
    return read_standing(session, scope, community, copy.plan, today=today)


def measure_effect(
    session: Session,
    scope: Scope,
    copy: WorkingCopy,
    *,
    touched: Collection[int] | None = None,
    today: date,
) -> Effect:
    """Measure what a working copy is now.

    Parameters
    ----------
    touched
        Grids to give figures of; all when None.
    """
    standing = standing_of(session, scope, copy, today=today)
    labels = standing.labels_of(copy.division.number)
    which = None if touched is None else [str(n) for n in sorted(touched) if n != UNASSIGNED]
    figures = measure_grids(standing.ground, labels, which)
    figures.index = pd.Index([int(label) for label in figures.index], name="number")
    faults = find_faults(standing.ground, labels, locks_of(standing, copy.division))
    codes = settled_codes(session, copy, standing)
    return Effect(
        figures=figures,
        totals=_totals(standing, labels),
        faults=tuple(faults),
        impact=measure_impact(standing, copy.division, codes),
        codes=codes,
        names=grid_names(session, copy.plan.id),
        workers=workers_of(session, copy.plan.community_id, today=today),
        block_ids=standing.ground.block_id,
    )


def locks_of(standing: Standing, division: WorkingDivision) -> Locks:
    """Give the locks of a working copy as the pure functions take them.

    Locks of what is no longer there (a grid merged away, a border that was lost) hold nothing.
    """
    labels = standing.labels_of(division.number)
    there = set(labels.tolist()) - {""}
    row_of = standing.ground.row_of
    rows = [row_of[b] for b in sorted(locked_blocks(division.locks)) if b in row_of]
    beside = _touching(standing, labels)
    return place_locks(
        standing.ground,
        labels,
        grids=[str(n) for n in sorted(locked_grids(division.locks)) if str(n) in there],
        blocks=[row for row in rows if labels[row]],
        borders=[
            (str(a), str(b))
            for a, b in sorted(locked_borders(division.locks))
            if frozenset((str(a), str(b))) in beside
        ],
    )


def _touching(standing: Standing, labels: np.ndarray) -> set[frozenset[str]]:
    pairs = labels[standing.ground.edges]
    cut = pairs[pairs[:, 0] != pairs[:, 1]]
    return {frozenset(pair) for pair in np.unique(cut, axis=0).tolist()} if len(cut) else set()


def settled_codes(session: Session, copy: WorkingCopy, standing: Standing) -> dict[int, str]:
    """Give each grid number the code it would be published under today.

    By the rule of `gis.domain.lineage`: who keeps most households of a grid keeps its code.
    """
    numbers = sorted(copy.division.numbers())
    if not numbers:
        return {}
    community = community_code(session, copy.plan.community_id)
    named = {n: row.code for n, row in grid_names(session, copy.plan.id).items()}
    return settle_codes(
        community,
        {n: named.get(n) or _proposed(community, n) for n in numbers},
        standing.overlaps_of(copy.division.number),
        issued=issued_codes(session, copy.plan.community_id),
        exclusive=exclusive_numbers(standing, copy.division),
    )


def _proposed(community: str, number: int) -> str | None:
    return f"{community}{number:03d}" if number <= MOST_GRIDS else None


def exclusive_numbers(standing: Standing, division: WorkingDivision) -> set[int]:
    """Give the grids that hold ground of one exclusive name only."""
    ground = standing.ground
    if ground.is_common.all():
        return set()
    held: dict[int, set[str]] = {}
    for n, label in zip(
        standing.rows_of(division.number).tolist(), ground.exclusive.tolist(), strict=True
    ):
        held.setdefault(n, set()).add(label)
    held.pop(UNASSIGNED, None)
    return {n for n, labels in held.items() if labels != {""} and len(labels) == 1}


def measure_impact(standing: Standing, division: WorkingDivision, codes: dict[int, str]) -> Impact:
    """Count what would be in another grid than under the plan in force; nothing without one."""
    ground = standing.ground
    known, place = np.unique(standing.rows_of(division.number), return_inverse=True)
    after = np.array([codes.get(n, "") for n in known.tolist()], dtype="U15")[place]
    rows = np.flatnonzero((standing.former != "") & (after != standing.former))
    counts = pd.DataFrame(
        {
            "from_code": standing.former[rows],
            "to_code": after[rows],
            "blocks": 1,
            "households": ground.households[rows],
            "people": ground.loads[rows, 1],
            "special_care": standing.special_care[rows],
            "open_incidents": standing.open_incidents[rows],
        }
    )
    sums = counts.groupby(["from_code", "to_code"], as_index=False)[list(COUNTS)].sum()
    sums[list(COUNTS)] = sums[list(COUNTS)].astype(int)
    sums = sums.sort_values(["households", "from_code", "to_code"], ascending=[False, True, True])
    return Impact({name: int(sums[name].sum()) for name in COUNTS}, sums.reset_index(drop=True))


def _totals(standing: Standing, labels: np.ndarray) -> dict[str, float]:
    ground = standing.ground
    grids, place = np.unique(labels[labels != ""], return_inverse=True)
    weight = np.bincount(place, ground.weight[labels != ""], len(grids))
    common = np.ones(len(grids), bool)
    common[np.unique(place[~ground.is_common[labels != ""]])] = False
    within = (weight >= ground.minimum) & (weight <= ground.maximum) | ~common
    total = float(weight.sum())
    return {
        "grids": len(grids),
        "out_of_band": int((~within).sum()),
        "in_band_share": float(weight[within].sum() / total) if total else 1.0,
        "households": float(ground.households.sum()),
        "people": float(ground.loads[:, 1].sum()),
        "workload": float(ground.loads[:, 2].sum()),
    }
