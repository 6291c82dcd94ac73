"""What happened to a plan as a page tells it: editions and steps in one line, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from gis.store.plan.plan_history import EditionEvent, PlanHistory, StepEvent


@dataclass(frozen=True)
class Moment:
    """One entry of the timeline; ``edition`` is set where one can go back to it."""

    title: str
    by: str
    at: datetime
    note: str
    detail: str = ""
    edition: int | None = None
    badge: str = ""


def moments_of(history: PlanHistory) -> list[Moment]:
    """Tell the editions and steps of a plan, newest first.

    How the first edition came about is told once, by the edition.
    """
    begun = {"draw", "branch", "import"}
    steps = [_told_step(s) for s in history.steps if s.step not in begun]
    editions = [_told_edition(e) for e in history.editions]
    return sorted([*steps, *editions], key=lambda m: m.at, reverse=True)


def _told_edition(event: EditionEvent) -> Moment:
    names = {
        "drawn": _("drawn"),
        "edited": _("edited"),
        "merged": _("edits of two people merged"),
        "reverted": _("gone back to an earlier edition"),
        "imported": _("imported"),
        "branched": _("branched from another plan"),
    }
    detail = ""
    if event.edition > 1 and event.households is not None:
        detail = _(
            "%(blocks)s blocks, %(households)s households moved",
            blocks=f"{event.blocks:,}",
            households=f"{event.households:,}",
        )
    title = _("Edition %(n)s: %(what)s", n=event.edition, what=names.get(event.kind, event.kind))
    return Moment(title, event.by or _("the system"), event.at, event.note, detail, event.edition)


def _told_step(event: StepEvent) -> Moment:
    by = _("the system") if event.by == "system" else event.by
    return Moment(step_name(event), by, event.at, event.note, badge=_BADGES.get(event.step, ""))


def step_name(event: StepEvent) -> str:
    """Name a step in the language of the page, with its day where it has one."""
    day = _written(event.effective_from)
    names = {
        "rename": _("renamed"),
        "submit": _("submitted for approval"),
        "approve": _("approved"),
        "return": _("returned with remarks"),
        "publish": _("published, in force from %(day)s", day=day),
        "withdraw": _("publication withdrawn"),
        "begin": _("came into force as announced"),
        "supersede": _("superseded from %(day)s by another plan", day=day),
        "retire": _("put away"),
    }
    return names.get(event.step, event.step)


_BADGES = {"approve": "good", "publish": "good", "begin": "good", "return": "warn"}


def _written(day: date | None) -> str:
    return day.isoformat() if day else "–"
