"""Working copies of drafts in the database: saved assignments, unsaved changes, steps, editions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, Text, cast, delete, func, literal_column, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.domain.editing import UNASSIGNED, Move, Step
from gis.store.tables import (
    Block,
    BlockAssignment,
    Grid,
    Plan,
    PlanEdition,
    PlanStep,
    PlanWorkspace,
    UserAccount,
)


def saved_numbers(session: Session, plan_id: int) -> dict[int, int]:
    """Give the grid number of each block in use under the newest edition of a plan, 0 for none."""
    assigned = (
        select(BlockAssignment.block_id, Grid.number)
        .join(Grid, Grid.id == BlockAssignment.grid_id)
        .where(BlockAssignment.plan_id == plan_id)
        .subquery()
    )
    community = select(Plan.community_id).where(Plan.id == plan_id).scalar_subquery()
    query = (
        select(Block.id, func.coalesce(assigned.c.number, UNASSIGNED))
        .outerjoin(assigned, assigned.c.block_id == Block.id)
        .where(Block.community_id == community, Block.retired_at.is_(None))
        .order_by(Block.id)
    )
    return dict(session.execute(query).all())


def edition_stamp(session: Session, plan_id: int) -> tuple[int, str]:
    """Give the newest edition of a plan and the transaction that wrote it.

    An edition whose transaction was taken back leaves its number to the next one; the transaction
    tells the two apart.
    """
    xmin = cast(literal_column("plan.xmin"), Text)
    query = select(Plan.edition, xmin).where(Plan.id == plan_id)
    edition, stamp = session.execute(query).one()
    return edition, stamp


def numbers_at(
    session: Session, plan: Plan, edition: int, newest: Mapping[int, int]
) -> dict[int, int]:
    """Give the grid number of each block under an edition, from those of the newest."""
    later = (
        select(PlanEdition.moves)
        .where(PlanEdition.plan_id == plan.id, PlanEdition.edition > edition)
        .order_by(PlanEdition.edition.desc())
    )
    numbers = dict(newest)
    for moves in session.scalars(later):
        numbers |= {m.block: m.before for m in read_moves(moves) if m.block in numbers}
    return numbers


def find_workspace(
    session: Session, plan_id: int, user_id: int | None, *, for_update: bool = False
) -> PlanWorkspace | None:
    """Find a person's working copy of a plan."""
    query = _of_person(plan_id, user_id)
    return session.scalars(query.with_for_update() if for_update else query).one_or_none()


def _of_person(plan_id: int, user_id: int | None) -> Select[PlanWorkspace]:
    return select(PlanWorkspace).where(
        PlanWorkspace.plan_id == plan_id, PlanWorkspace.user_id.is_not_distinct_from(user_id)
    )


def open_workspace(
    session: Session, plan: Plan, user_id: int | None, now: datetime
) -> PlanWorkspace:
    """Begin a working copy at the newest edition of a plan; two pages may ask at once."""
    values = {
        "plan_id": plan.id,
        "user_id": user_id,
        "base_edition": plan.edition,
        "locks": sorted(plan.locks),
        "opened_at": now,
        "changed_at": now,
    }
    session.execute(insert(PlanWorkspace).values(**values).on_conflict_do_nothing())
    return session.scalars(_of_person(plan.id, user_id).with_for_update()).one()


def list_others(session: Session, plan_id: int, user_id: int | None) -> list[Row]:
    """List the other people with unsaved changes of a plan: name, changed_at."""
    query = (
        select(UserAccount.name, PlanWorkspace.changed_at)
        .join(UserAccount, UserAccount.id == PlanWorkspace.user_id)
        .where(
            PlanWorkspace.plan_id == plan_id,
            PlanWorkspace.user_id.is_distinct_from(user_id),
            PlanWorkspace.changes != {},
        )
        .order_by(PlanWorkspace.changed_at.desc())
    )
    return list(session.execute(query))


def workspaces_of(session: Session, plan_ids: Iterable[int]) -> list[PlanWorkspace]:
    """List the working copies of some plans, locked until the end of the transaction."""
    query = select(PlanWorkspace).where(PlanWorkspace.plan_id.in_(list(plan_ids)))
    return list(session.scalars(query.order_by(PlanWorkspace.id).with_for_update()))


def list_steps(session: Session, workspace_id: int) -> list[PlanStep]:
    """List the steps of a working copy in their order, undone ones too."""
    query = select(PlanStep).where(PlanStep.workspace_id == workspace_id).order_by(PlanStep.seq)
    return list(session.scalars(query))


def find_step(session: Session, workspace_id: int, seq: int) -> Step | None:
    """Get one step of a working copy."""
    row = session.get(PlanStep, (workspace_id, seq))
    return None if row is None else read_step(row)


def seq_of(session: Session, workspace_id: int, client_id: UUID) -> int | None:
    """Tell whether a step that a browser names was taken already, and as which."""
    return session.scalar(
        select(PlanStep.seq).where(
            PlanStep.workspace_id == workspace_id, PlanStep.client_id == client_id
        )
    )


def count_steps(session: Session, workspace_id: int) -> int:
    """Count the steps of a working copy, undone ones too."""
    query = select(func.coalesce(func.max(PlanStep.seq), 0))
    return session.scalars(query.where(PlanStep.workspace_id == workspace_id)).one()


def add_step(
    session: Session, workspace: PlanWorkspace, step: Step, client_id: UUID, now: datetime
) -> int:
    """Put a step behind those that count; what was undone before can no longer be done again."""
    session.execute(
        delete(PlanStep).where(
            PlanStep.workspace_id == workspace.id, PlanStep.seq > workspace.position
        )
    )
    workspace.position += 1
    row = PlanStep(
        workspace_id=workspace.id,
        seq=workspace.position,
        client_id=client_id,
        at=now,
        **written(step),
    )
    session.add(row)
    session.flush()
    return workspace.position


def largest_number(session: Session, plan_id: int, *, below: int) -> int:
    """Give the largest grid number ever used in a plan, unsaved steps and editions counted."""
    stored = session.scalars(select(Grid.number).where(Grid.plan_id == plan_id))
    steps = (
        select(PlanStep.moves)
        .join(PlanWorkspace, PlanWorkspace.id == PlanStep.workspace_id)
        .where(PlanWorkspace.plan_id == plan_id)
    )
    editions = select(PlanEdition.moves).where(PlanEdition.plan_id == plan_id)
    kept = [*session.scalars(steps), *session.scalars(editions)]
    used = {*stored, *(n for moves in kept for m in moves for n in m[1:])}
    return max((n for n in used if n < below), default=UNASSIGNED)


def add_edition(
    session: Session,
    plan: Plan,
    moves: Iterable[Move],
    *,
    kind: str,
    note: str,
    saved_by: int | None,
    now: datetime,
) -> int:
    """Keep what a newer edition of a plan changed; gives its number."""
    plan.edition += 1
    session.add(
        PlanEdition(
            plan_id=plan.id,
            edition=plan.edition,
            kind=kind,
            note=note,
            moves=write_moves(moves),
            saved_by=saved_by,
            saved_at=now,
        )
    )
    session.flush()
    return plan.edition


def find_edition(session: Session, plan_id: int, edition: int) -> PlanEdition | None:
    """Find an edition of a plan."""
    return session.get(PlanEdition, (plan_id, edition))


def first_edition(session: Session, plan_id: int) -> PlanEdition:
    """Get the edition that every plan begins with."""
    return session.get_one(PlanEdition, (plan_id, 1))


def editions_of(session: Session, plan_ids: Iterable[int]) -> list[PlanEdition]:
    """List the editions of some plans."""
    query = select(PlanEdition).where(PlanEdition.plan_id.in_(list(plan_ids)))
    return list(session.scalars(query))


def list_editions(session: Session, plan_id: int) -> list[Row]:
    """List the editions of a plan, newest first: edition, kind, note, moves, saved_at, by."""
    query = (
        select(
            PlanEdition.edition,
            PlanEdition.kind,
            PlanEdition.note,
            PlanEdition.moves,
            PlanEdition.saved_at,
            UserAccount.name.label("by"),
        )
        .outerjoin(UserAccount, UserAccount.id == PlanEdition.saved_by)
        .where(PlanEdition.plan_id == plan_id)
        .order_by(PlanEdition.edition.desc())
    )
    return list(session.execute(query))


def read_step(row: PlanStep) -> Step:
    """Give a stored step as the rules of editing take it."""
    moves = tuple(read_moves(row.moves))
    return Step(row.kind, moves, frozenset(row.locked), frozenset(row.unlocked))


def written(step: Step) -> dict:
    """Give a step as it is stored."""
    return {
        "kind": step.kind,
        "moves": write_moves(step.moves),
        "locked": sorted(step.locked),
        "unlocked": sorted(step.unlocked),
    }


def read_moves(stored: Collection[Sequence[int]]) -> Iterable[Move]:
    """Give stored moves."""
    return (Move(*move) for move in stored)


def write_moves(moves: Iterable[Move]) -> list[list[int]]:
    """Give moves as they are stored: block, number before, number after."""
    return [[m.block, m.before, m.after] for m in moves]
