"""How the blocks of each community stand: how many there are, since when, and what they lack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.domain.access import Scope
from gis.store.area.visible import visible
from gis.store.tables import Block, BlockBuild, DivisionUnit


@dataclass(frozen=True)
class BuiltCommunity:
    """A community and its blocks in use; ``built_at`` is None where it has none yet.

    ``buildings`` are those within it when they were built, ``across`` those of them that lie across
    a barrier and were kept whole.
    """

    code: str
    name: str
    name_en: str | None
    has_outline: bool
    blocks: int
    built_at: datetime | None
    buildings: int
    across: int


def list_built(session: Session, scope: Scope) -> Sequence[BuiltCommunity]:
    """List the communities of today in order of code, with how their blocks stand."""
    blocks = (
        select(Block.community_id, func.count().label("n"))
        .where(Block.retired_at.is_(None))
        .group_by(Block.community_id)
        .subquery()
    )
    query = (
        select(
            DivisionUnit.code,
            DivisionUnit.name,
            DivisionUnit.name_en,
            DivisionUnit.geom.is_not(None),
            func.coalesce(blocks.c.n, 0),
            BlockBuild.built_at,
            BlockBuild.report,
        )
        .outerjoin(blocks, blocks.c.community_id == DivisionUnit.id)
        .outerjoin(BlockBuild, (BlockBuild.community_id == DivisionUnit.id) & BlockBuild.current)
        .where(DivisionUnit.level == "community", DivisionUnit.valid_to.is_(None))
        .where(visible(scope, DivisionUnit.id))
        .order_by(DivisionUnit.code)
    )
    return [
        BuiltCommunity(
            code,
            name,
            name_en,
            has_outline,
            n,
            built_at,
            (report or {}).get("buildings", 0),
            (report or {}).get("buildings_across", 0),
        )
        for code, name, name_en, has_outline, n, built_at, report in session.execute(query)
    ]
