"""Two who decide at the same moment about records near one another are both counted."""

from threading import Thread

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from gis.actions.plan.block_loads import count_blocks
from gis.database.engine import open_engine, transaction
from gis.store.tables import BlockAssignment, Grid, Household
from tests.counted import counts_of
from tests.factories import NOW

WAITING = """
    SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE NOT granted AND datname = current_database()
"""


def take_back(session: Session, household: Household) -> None:
    """Send a household back to a person, and count what its block holds now."""
    session.execute(
        text("UPDATE household SET status = 'review' WHERE id = :id"), {"id": household.id}
    )
    count_blocks(session, now=NOW, kinds=["households"], blocks=[household.block_id])


@pytest.mark.parametrize("same_block", [True, False])
def test_both_are_counted(fresh_town, same_block):
    engine = open_engine(fresh_town)
    with transaction(engine) as session:
        where = select(Household, Grid).join(
            BlockAssignment, BlockAssignment.block_id == Household.block_id
        )
        rows = session.execute(where.join(Grid, Grid.id == BlockAssignment.grid_id)).all()
        first, grid = rows[0]
        second = next(
            h
            for h, g in rows
            if h is not first and g.id == grid.id and (h.block_id == first.block_id) is same_block
        )
        before = grid.households
        session.expunge_all()

    def decide_too() -> None:
        with transaction(engine) as session:
            take_back(session, second)

    other = Thread(target=decide_too)
    with transaction(engine) as session:
        take_back(session, first)
        other.start()
        with engine.connect() as looking:
            while not looking.scalar(text(WAITING)):
                looking.rollback()
    other.join()
    with transaction(engine) as session:
        assert session.get(Grid, grid.id).households == before - 2
        left = select(Household.block_id).where(Household.status == "accepted")
        blocks = session.scalars(left).all()
        assert counts_of(session, "households") == {b: blocks.count(b) for b in set(blocks)}
    engine.dispose()
