"""What follows when records have come: what waited for them is adopted, their names are found."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.actions.ground.membership import settle_ground
from gis.actions.location.search import refresh_records, refresh_search
from gis.actions.plan.block_loads import count_blocks
from gis.actions.plan.given_blocks import adopt_blocks
from gis.domain.kinds import KINDS
from gis.errors import Message
from gis.store.register import waiting_residents


def adopt_waiting(work: Work, kind: str) -> tuple[dict[str, int], list[Message]]:
    """Let what waits for records of a kind be adopted by them; people count in their household.

    Returns
    -------
    settled, told
        How many rows found their household, community or block, by kind; what a person has to know
        of those that could not be used.
    """
    takes_in = any(other.belongs_to == kind for other in KINDS.values())
    adopted = waiting_residents.adopt_residents(work.session) if takes_in else 0
    if adopted or KINDS[kind].belongs_to:
        count_blocks(work.session, now=work.now, kinds=(KINDS[kind].belongs_to or kind,))
    if takes_in:
        return _some(residents=adopted), []
    if kind != "communities":
        return {}, []
    settled = settle_ground(work.session, work.scope)
    n_blocks, told = adopt_blocks(work)
    return settled | _some(blocks=n_blocks), told


def count_adoptable(session: Session, household_numbers: Collection[str]) -> dict[str, int]:
    """Count what households with some numbers would adopt, as `adopt_waiting` tells it."""
    return _some(residents=waiting_residents.count_residents_of(session, household_numbers))


def _some(**numbers: int) -> dict[str, int]:
    return {name: n for name, n in numbers.items() if n}


def refresh_names(session: Session, kind: str) -> None:
    """Let the search box find records of a kind by the names that they have now."""
    if kind in ("addresses", "communities"):
        refresh_search(session)
    if KINDS[kind].found_by_name:
        refresh_records(session)
