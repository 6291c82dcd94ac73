"""Recording who was shown whom: exact, page by page; one's own households once a day.

Every list, page and number of people passes here (`gis.domain.disclosure` says what it shows).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from gis.actions.access.work import Work
from gis.domain.disclosure import LEAST_REASON, MOST_REASON, Sight
from gis.domain.sign_in import printable
from gis.errors import InvalidInput, LimitReached
from gis.store.access import disclosures
from gis.store.access.disclosures import NUMBER, SEEN

MOST_IN_ENTRY = 500
"""Households named in one entry of the audit trail; more are told in several."""


@dataclass(frozen=True)
class Shown:
    """A household that was shown, where it is and how much of it."""

    id: UUID
    grid_code: str | None
    sight: Sight


def record_shown(
    work: Work,
    action: str,
    shown: Sequence[Shown],
    *,
    about: tuple[str, object] | None = None,
    community_id: int | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Record what was shown: the households by id, and all their grids.

    One's own in clear are recorded once a day each; everything else every time it is shown.
    ``about`` is the object of the entry (kind and id); else it is the household, where it is one.
    """
    if about is None:
        about = ("household", shown[0].id) if len(shown) == 1 else ("household", None)
    own = [s.id for s in shown if s.sight is Sight.CLEAR]
    new = set(own if work.scope.user_id is None else _not_yet_today(work, own))
    told = [s for s in shown if s.sight is Sight.MASKED or s.id in new]
    for start in range(0, len(told), MOST_IN_ENTRY):
        part = told[start : start + MOST_IN_ENTRY]
        grids = sorted({s.grid_code for s in part if s.grid_code})
        work.audit(
            action,
            object_kind=about[0],
            object_id=about[1],
            community_id=community_id,
            detail={
                "rows": len(part),
                "masked": all(s.sight is Sight.MASKED for s in part),
                "grids": grids,
                "households": [str(s.id) for s in part],
                **(detail or {}),
            },
        )


def _not_yet_today(work: Work, ids: Sequence[UUID]) -> list[UUID]:
    account = work.scope.account_id
    return disclosures.note_shown(work.session, account, work.now.date(), SEEN, ids)


def record_number(
    work: Work,
    household_id: UUID,
    *,
    reason: str | None,
    most: int,
    community_id: int,
) -> None:
    """Record that a number outside the own grids is shown; refuse without reason or past the limit.

    The same household's number counts once a day.

    Raises
    ------
    InvalidInput
        No reason was given.
    LimitReached
        As many numbers as are allowed were shown today.
    """
    said = printable(" ".join((reason or "").split()), MOST_REASON)
    if len(said) < LEAST_REASON:
        raise InvalidInput("say in a few words why this number is needed; the reason is recorded")
    user_id, day = work.scope.user_id or 0, work.now.date()
    if work.scope.user_id is not None:
        disclosures.begin_count(work.session, user_id)
        again = disclosures.was_shown(work.session, user_id, day, NUMBER, household_id)
        if not again and disclosures.count_shown(work.session, user_id, day, NUMBER) >= most:
            raise LimitReached(
                "{most} numbers outside your grids were shown to you today, which is the most"
                " allowed; more can be shown tomorrow",
                most=most,
            )
        disclosures.note_shown(work.session, user_id, day, NUMBER, [household_id])
    work.audit(
        "household.reveal_phone",
        object_kind="household",
        object_id=household_id,
        community_id=community_id,
        detail={"reason": said},
    )
