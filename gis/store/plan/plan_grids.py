"""The grids of a plan by their number, and who works under their codes."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.store.plan.balance import works_on
from gis.store.tables import Grid, GridCode, GridWorker, UserAccount


class GridName(NamedTuple):
    """What a saved grid is called."""

    id: int
    code: str
    kind: str
    name: str | None


def grid_names(session: Session, plan_id: int) -> dict[int, GridName]:
    """Give the saved grids of a plan by number."""
    query = select(Grid.number, Grid.id, Grid.code, Grid.kind, Grid.name)
    rows = session.execute(query.where(Grid.plan_id == plan_id).order_by(Grid.number))
    return {row.number: GridName(*row[1:]) for row in rows}


def workers_of(session: Session, community_id: int, *, today: date) -> dict[str, str]:
    """Give the name of the worker of each grid code of a community on a day."""
    query = (
        select(GridWorker.grid_code, UserAccount.name)
        .join(GridCode, GridCode.code == GridWorker.grid_code)
        .join(UserAccount, UserAccount.id == GridWorker.user_id)
        .where(GridCode.community_id == community_id, works_on(today))
    )
    return dict(session.execute(query).all())
