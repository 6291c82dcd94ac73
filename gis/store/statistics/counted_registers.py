"""How many records of each register lie in every unit of a level, beside what else is counted."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from gis.domain.access import Scope
from gis.domain.kinds import KINDS, RecordKind
from gis.store.area.visible import visible
from gis.store.tables import Block, BlockAssignment, DivisionUnit, Grid, LivePlan
from gis.store.tables.kinds import ToLocate, kinds_with

COUNTED_REGISTERS = tuple(k for k in KINDS.values() if k.listed and k.counted_as)
"""Kinds whose records are counted as they stand, whatever the topic and the period."""

_DIGITS = {"community": 12, "town": 9, "county": 6}
"""Digits of a code that are those of its unit; the rest is noughts."""


def with_registers(
    session: Session,
    scope: Scope,
    table: pd.DataFrame,
    *,
    by: str,
    plan: int | None = None,
    kinds: Sequence[RecordKind] = COUNTED_REGISTERS,
) -> pd.DataFrame:
    """Add a column for each counted register: its located records in each row's unit.

    Parameters
    ----------
    table
        With the ``code`` of each unit of the level ``by``.
    plan
        Id of the plan whose grids are counted; None means the plans in force.
    kinds
        The registers.
    """
    for kind in kinds:
        query = _in_grids(kind, scope, plan) if by == "grid" else _in_units(kind, scope, by)
        counts = dict(session.execute(query).all())
        counted = table["code"].map(counts).fillna(0).astype("int64")
        table = table.assign(**{str(kind.counted_as): counted})
    return table


def _in_grids(kind: RecordKind, scope: Scope, plan: int | None) -> Select:
    model = kinds_with(ToLocate)[kind.name]
    query = (
        select(Grid.code, func.count())
        .select_from(model)
        .join(BlockAssignment, BlockAssignment.block_id == model.block_id)
        .join(Grid, Grid.id == BlockAssignment.grid_id)
        .where(model.status == "accepted", visible(scope, Grid.community_id))
        .group_by(Grid.code)
    )
    if plan is not None:
        return query.where(Grid.plan_id == plan)
    return query.where(Grid.plan_id.in_(select(LivePlan.plan_id)))


def _in_units(kind: RecordKind, scope: Scope, by: str) -> Select:
    model = kinds_with(ToLocate)[kind.name]
    code = func.rpad(func.left(DivisionUnit.code, _DIGITS[by]), 12, "0").label("unit")
    return (
        select(code, func.count())
        .select_from(model)
        .join(Block, Block.id == model.block_id)
        .join(DivisionUnit, DivisionUnit.id == Block.community_id)
        .where(model.status == "accepted", visible(scope, Block.community_id))
        .group_by(code)
    )
