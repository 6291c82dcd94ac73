"""Reading households: what is shown by `gis.domain.disclosure`, recorded in `access`."""

from __future__ import annotations

from uuid import UUID

from gis.actions.access.disclosure import Shown, record_number, record_shown
from gis.actions.access.work import Work
from gis.domain.disclosure import USUALLY_LISTED, Sight
from gis.store.register import households
from gis.store.register.households import HouseholdDetail, HouseholdPage


def read_households(
    work: Work,
    *,
    grid_code: str | None = None,
    after: UUID | None = None,
    limit: int = USUALLY_LISTED,
) -> HouseholdPage:
    """Give a page of the households a person may read, along the streets, grid by grid."""
    page = households.list_households(
        work.session, work.scope, grid_code=grid_code, after=after, limit=limit
    )
    shown = [Shown(r.id, r.grid_code, r.sight) for r in page.rows]
    record_shown(work, "household.list", shown)
    return page


def open_household(work: Work, household_id: UUID) -> HouseholdDetail:
    """Open one household: its name in clear, its phone by the rule."""
    detail = households.get_household(work.session, work.scope, household_id)
    shown = Shown(household_id, detail.row.grid_code, detail.row.sight)
    record_shown(work, "household.view", [shown], community_id=detail.community_id)
    return detail


def reveal_phone(
    work: Work,
    household_id: UUID,
    *,
    reason: str | None = None,
    most: int = 50,
) -> str | None:
    """Give the whole phone number of one household.

    One's own needs no reason and counts against no limit: it is in clear anyway.

    Raises
    ------
    NotFound
        There is no such household, or it is not the person's.
    InvalidInput, LimitReached
        Outside the own grids: no reason was given, or ``most`` were shown today.
    """
    phone, community_id, grid_code, sight = households.phone_of(
        work.session, work.scope, household_id
    )
    if sight is Sight.CLEAR or phone is None:
        shown = [Shown(household_id, grid_code, sight)]
        record_shown(work, "household.view", shown, community_id=community_id)
    else:
        record_number(
            work,
            household_id,
            reason=reason,
            most=most,
            community_id=community_id,
        )
    return phone
