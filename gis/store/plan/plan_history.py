"""What happened to a plan: its saved editions, and the steps of its life with who and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.domain.access import Scope
from gis.store.plan import workspaces
from gis.store.plan.plans import get_plan
from gis.store.tables import AuditEntry, UserAccount
from gis.words.events import event_of

STEPS = {
    "plan.draw": "draw",
    "plan.branch": "branch",
    "plan.import": "import",
    "plan.rename": "rename",
    "plan.submit": "submit",
    "plan.approve": "approve",
    "plan.return": "return",
    "plan.publish": "publish",
    "plan.withdraw": "withdraw",
    "plan.begin": "begin",
    "plan.supersede": "supersede",
    "plan.retire": "retire",
}
"""Events of the audit trail that are steps of a plan, and what each is called."""


@dataclass(frozen=True)
class EditionEvent:
    """One saved edition: how it came about, by whom, why, and how much changed grid."""

    edition: int
    kind: str
    by: str | None
    at: datetime
    note: str
    blocks: int
    households: int | None


@dataclass(frozen=True)
class StepEvent:
    """One step of a plan's life: who took it, when, and the words given with it.

    ``effective_from`` is the day a publication was made for, ``other_plan`` the plan that was
    branched from, replaced, or came in its place.
    """

    step: str
    by: str
    at: datetime
    note: str
    effective_from: date | None = None
    other_plan: int | None = None


@dataclass(frozen=True)
class PlanHistory:
    """Editions and steps of a plan, newest first."""

    editions: tuple[EditionEvent, ...]
    steps: tuple[StepEvent, ...]

    @property
    def remarks(self) -> tuple[StepEvent, ...]:
        """Give the steps somebody wrote words to, oldest first."""
        return tuple(step for step in reversed(self.steps) if step.note)


def read_history(session: Session, scope: Scope, plan_id: int) -> PlanHistory:
    """Read what happened to a plan of the area.

    Uses ``ix_audit_entry_object_kind_object_id``.

    Raises
    ------
    NotFound, NotAllowed
        No such plan in the area; the person may not look at plans.
    """
    get_plan(session, scope, plan_id)
    query = (
        select(AuditEntry, UserAccount.name)
        .outerjoin(UserAccount, UserAccount.id == AuditEntry.actor_id)
        .where(AuditEntry.object_kind == "plan", AuditEntry.object_id == str(plan_id))
        .order_by(AuditEntry.id.desc())
    )
    entries = session.execute(query).all()
    saved = {e.detail.get("edition"): e.detail.get("households") for e, _ in entries}
    editions = (
        EditionEvent(
            row.edition,
            row.kind,
            row.by,
            row.saved_at,
            row.note,
            len(row.moves),
            saved.get(row.edition),
        )
        for row in workspaces.list_editions(session, plan_id)
    )
    steps = (_step(e, name) for e, name in entries if event_of(e.action) in STEPS)
    return PlanHistory(tuple(editions), tuple(steps))


def _step(entry: AuditEntry, name: str | None) -> StepEvent:
    detail = entry.detail
    day = detail.get("effective_from")
    other = next(
        (detail[k] for k in ("from_plan", "replaces", "replaced_by") if detail.get(k)), None
    )
    return StepEvent(
        STEPS[event_of(entry.action)],
        name or entry.actor,
        entry.at,
        str(detail.get("note") or ""),
        date.fromisoformat(day) if day else None,
        other,
    )
