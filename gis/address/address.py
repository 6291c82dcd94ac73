"""The one record both grammars read an address into."""

from __future__ import annotations

from typing import NamedTuple

ADDRESS_PARTS = (
    "town",
    "community",
    "street",
    "number",
    "estate",
    "building",
    "stairwell",
    "room",
)
"""The parts of an address, largest first; the same words as the columns of a register."""

KINDS = ("address", "intersection", "block", "none")
"""``block`` is a stretch of numbers (``1300 block of X``, ``331~360號``), not one house."""


class Address(NamedTuple):
    """What was read in one address text; every part is normalised, "" where the text is silent.

    Parameters
    ----------
    town, community, street, number, estate, building, stairwell, room
        The eight parts. ``street`` includes section, lane and alley, because house numbers
        count within them; ``number`` includes its suffix (``12a``, ``12-1``).
    kind
        One of `KINDS`; ``none`` when nothing that could be a place was read.
    region
        Province, city and county, as far as written.
    cross_street
        The second street of an intersection.
    number_from, number_to
        First and last house number as integers; equal for a single number, -1 when there is none.
    notes
        Evidence codes of the reading itself, such as ``vague_position``.
    """

    town: str = ""
    community: str = ""
    street: str = ""
    number: str = ""
    estate: str = ""
    building: str = ""
    stairwell: str = ""
    room: str = ""
    kind: str = "address"
    region: str = ""
    cross_street: str = ""
    number_from: int = -1
    number_to: int = -1
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was read that could be looked up.

        Examples
        --------
        >>> Address(kind="none").is_empty, Address(street="main street").is_empty
        (True, False)
        """
        return not (self.street or self.estate or self.community or self.town or self.cross_street)
