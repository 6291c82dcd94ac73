"""What a person is shown of a household: the one rule behind every list, page and number.

In the grids assigned to a worker everything is in clear. Where a role reads the households of a
community (``household.view``) names and addresses are shown page by page, and numbers are masked:
one at a time is shown for a reason that is said, so many a day. All else is not there.
"""

from __future__ import annotations

from enum import Enum

from gis.domain.access import Scope

MOST_LISTED = 200
"""Rows of people on one page of a list, at most."""

USUALLY_LISTED = 100
LEAST_REASON, MOST_REASON = 4, 300


class Sight(Enum):
    """How much is shown."""

    NOTHING = 0
    MASKED = 1
    CLEAR = 2


def sight_of(scope: Scope, community_id: int | None, grid_code: str | None) -> Sight:
    """Say how much of a household a person is shown.

    Parameters
    ----------
    community_id, grid_code
        Where the household is, by the plan in force; the grid is None where there is none.

    Examples
    --------
    >>> worker = Scope(1, "w", "W", frozenset({"worker"}), frozenset({7}), frozenset({"007001"}))
    >>> sight_of(worker, 7, "007001"), sight_of(worker, 7, "007002")
    (<Sight.CLEAR: 2>, <Sight.NOTHING: 0>)
    >>> manager = Scope(2, "m", "M", frozenset({"community_manager"}), frozenset({7}))
    >>> sight_of(manager, 7, "007001"), sight_of(manager, 8, "008001")
    (<Sight.MASKED: 1>, <Sight.NOTHING: 0>)
    """
    if scope.may("household.view_own_grid") and grid_code in scope.grid_codes:
        return Sight.CLEAR
    if scope.may("household.view") and scope.covers(community_id):
        return Sight.MASKED
    return Sight.NOTHING


def mask_phone(phone: str | None) -> str | None:
    """Hide the middle of a phone number.

    Examples
    --------
    >>> mask_phone("13800131234"), mask_phone("2321"), mask_phone(None)
    ('138****1234', '****', None)
    """
    if not phone:
        return None
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 9 else "****"
