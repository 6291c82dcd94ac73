"""How grids of many plans follow those before: overlaps, codes, lineage, workers; set by set.

Uses the primary key of ``block_assignment`` and ``ix_grid_code``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from gis.domain.lineage import Descent, Overlap
from gis.store.counts.counted import count_join
from gis.store.plan.balance import has_worker
from gis.store.plan.former_grids import overlaps_between
from gis.store.tables import DivisionUnit, Grid, GridCode, GridLineage, GridWorker, Plan
from gis.words.measures import HOUSEHOLDS

_OVERLAPS = text(f"""
SELECT sums.plan, before.code AS parent, grid.code AS child, sums.households, sums.area_m2
FROM (
    SELECT pair.plan, f.grid_id AS before_id, a.grid_id,
           coalesce(sum(h.n), 0) AS households, sum(b.area_m2) AS area_m2
    FROM unnest(CAST(:plans AS int[]), CAST(:bases AS int[])) AS pair (plan, base)
    JOIN block_assignment a ON a.plan_id = pair.plan
    JOIN block b ON b.id = a.block_id AND b.retired_at IS NULL
    {count_join("h", HOUSEHOLDS, "b.id")}
    LEFT JOIN block_assignment f ON f.plan_id = pair.base AND f.block_id = b.id
    GROUP BY pair.plan, f.grid_id, a.grid_id
) AS sums
JOIN grid ON grid.id = sums.grid_id
LEFT JOIN grid before ON before.id = sums.before_id
ORDER BY sums.plan, before.code, grid.code
""")  # noqa: S608  (nothing in it comes from outside)


def overlaps_of_plans(
    session: Session, pairs: Mapping[int, int | None]
) -> dict[int, list[Overlap]]:
    """Sum the blocks of plans by the grid they are in, and were in under the base of each plan.

    Plans of which some block has no grid in the base are asked one by one: their blocks may have
    been built anew.
    """
    values = {"plans": list(pairs), "bases": list(pairs.values())}
    found: dict[int, list[Overlap]] = defaultdict(list)
    for row in session.execute(_OVERLAPS, values):
        found[row.plan].append(
            Overlap(row.parent, row.child, int(row.households), float(row.area_m2))
        )
    for plan_id, base_id in pairs.items():
        known = found[plan_id]
        if not known or (base_id is not None and not all(o.parent for o in known)):
            found[plan_id] = overlaps_between(session, plan_id, base_id)
    return dict(found)


def codes_of_plans(session: Session, plan_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """Give the codes of some plans in order, each with the kind of its grid."""
    query = select(Grid.plan_id, Grid.code, Grid.kind).where(Grid.plan_id.in_(plan_ids))
    found: dict[int, dict[str, str]] = {plan_id: {} for plan_id in plan_ids}
    for plan_id, code, kind in session.execute(query.order_by(Grid.plan_id, Grid.code)):
        found[plan_id][code] = kind
    return found


def codes_of_communities(
    session: Session, community_ids: Collection[int]
) -> tuple[dict[int, str], dict[int, set[str]]]:
    """Give the division code of communities, and the grid codes ever in force in each."""
    units = select(DivisionUnit.id, DivisionUnit.code).where(DivisionUnit.id.in_(community_ids))
    query = select(GridCode.community_id, GridCode.code).where(
        GridCode.community_id.in_(community_ids), GridCode.issued_at.is_not(None)
    )
    issued: dict[int, set[str]] = {c: set() for c in community_ids}
    for community_id, code in session.execute(query):
        issued[community_id].add(code)
    return dict(session.execute(units).all()), issued


def recode_plans(session: Session, changes: Sequence[tuple[Plan, str, str]]) -> None:
    """Give grids of open plans other codes, all at once (they may change places).

    Parameters
    ----------
    changes
        Plan, code before and code after.
    """
    if not changes:
        return
    codes = {(plan.community_id, after) for plan, _, after in changes}
    rows = [{"code": c, "community_id": i, "issued_at": None} for i, c in sorted(codes)]
    session.execute(upsert(GridCode.__table__).on_conflict_do_nothing(), rows)
    session.execute(
        text(
            "UPDATE grid SET code = c.after FROM unnest(CAST(:plans AS int[]),"
            " CAST(:before AS text[]), CAST(:after AS text[])) AS c (plan, before, after)"
            " WHERE grid.plan_id = c.plan AND grid.code = c.before"
        ),
        {
            "plans": [plan.id for plan, _, _ in changes],
            "before": [before for _, before, _ in changes],
            "after": [after for _, _, after in changes],
        },
    )


def issue_codes(session: Session, plan_ids: Collection[int], now: datetime) -> None:
    """Issue the codes of plans that come into force; those issued before keep their day."""
    session.execute(
        update(GridCode)
        .where(
            GridCode.code.in_(select(Grid.code).where(Grid.plan_id.in_(plan_ids))),
            GridCode.issued_at.is_(None),
        )
        .values(issued_at=now)
        .execution_options(synchronize_session=False)
    )


def retire_codes(session: Session, codes: Collection[str], day: date, now: datetime) -> set[str]:
    """Retire codes; who worked under them ends on a day. Gives the codes somebody had."""
    if not codes:
        return set()
    off = {"synchronize_session": False}
    session.execute(
        update(GridCode).where(GridCode.code.in_(codes)).values(retired_at=now),
        execution_options=off,
    )
    standing = GridWorker.grid_code.in_(codes) & (
        GridWorker.valid_to.is_(None) | (GridWorker.valid_to > day)
    )
    released = set(session.scalars(select(GridWorker.grid_code).where(standing)))
    later = delete(GridWorker).where(standing, GridWorker.valid_from >= day)
    session.execute(later, execution_options=off)
    session.execute(update(GridWorker).where(standing).values(valid_to=day), execution_options=off)
    return released


def add_lineages(
    session: Session,
    descents: Iterable[tuple[Plan, Descent]],
    day: date,
    *,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Store what the grids of plans in force got from those before."""
    rows = [
        {
            "community_id": plan.community_id,
            "plan_id": plan.id,
            "parent_code": d.parent,
            "child_code": d.child,
            "households": d.households,
            "effective_from": day,
            "at": now,
            "actor_id": actor_id,
            "reason": d.reason,
        }
        for plan, d in descents
    ]
    if rows:
        session.execute(insert(GridLineage), rows)


def count_unstaffed(session: Session, plan_ids: Collection[int], day: date) -> dict[int, int]:
    """Count the grids of plans whose code has no worker on a day."""
    query = (
        select(Grid.plan_id, func.count())
        .where(Grid.plan_id.in_(plan_ids), ~has_worker(day))
        .group_by(Grid.plan_id)
    )
    return dict(session.execute(query).all())
