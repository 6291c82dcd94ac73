"""Division and grid codes.

Division code: 12 digits (6 county + 3 town + 3 community); unused levels are zero-filled.
Grid code: division code of its community + 3 digits; basic grids from 001, exclusive grids
from 901; a code is never used twice. After GB/T 2260, GB/T 10114 and the statistical
12-digit code; the 3-digit sequence and the 901 block are this project's configurable default.
"""

from __future__ import annotations

from collections.abc import Collection

from gis.errors import Conflict, InvalidInput

LEVELS = ("county", "town", "community")
FIRST_EXCLUSIVE = 901
TOWN_DIGITS = 9
"""A code begins with county and town."""
MOST_IN_A_TOWN = 999


def check_division_code(code: str) -> str:
    """Give back a 12-digit division code, or refuse it.

    Examples
    --------
    >>> check_division_code("522632100009")
    '522632100009'
    """
    if len(code) != 12 or not (code.isascii() and code.isdigit()):
        raise InvalidInput(
            "division code “{code}” must have 12 digits (6 county + 3 town + 3 community)",
            code=code,
        )
    return code


def level_of(code: str) -> str:
    """Tell the level of a division code from its zero-filled parts.

    Examples
    --------
    >>> [level_of(c) for c in ("522632000000", "522632100000", "522632100009")]
    ['county', 'town', 'community']
    """
    check_division_code(code)
    if code[6:] == "000000":
        return "county"
    return "town" if code[9:] == "000" else "community"


def town_code_of(code: str) -> str:
    """Give the code of the town that a community code lies in.

    Examples
    --------
    >>> town_code_of("522632100009")
    '522632100000'
    """
    return check_division_code(code)[:9] + "000"


def county_code_of(code: str) -> str:
    """Give the code of the county that a town or community code lies in.

    Examples
    --------
    >>> county_code_of("522632100009")
    '522632000000'
    """
    return check_division_code(code)[:6] + "000000"


def issue_grid_codes(
    community_code: str, count: int, *, issued: Collection[str] = (), exclusive: bool = False
) -> list[str]:
    """Issue the next free grid codes of a community, in order.

    Parameters
    ----------
    community_code
        12-digit code of the community.
    count
        How many codes.
    issued
        All codes ever issued in the community, in use or retired: none is given again.
    exclusive
        Codes for exclusive grids (901-999) instead of basic ones (001-900).

    Raises
    ------
    Conflict
        The three digits are used up.

    Examples
    --------
    >>> issue_grid_codes("522632100009", 2, issued={"522632100009001"})
    ['522632100009002', '522632100009003']
    """
    first, last = (FIRST_EXCLUSIVE, 999) if exclusive else (1, FIRST_EXCLUSIVE - 1)
    used = [int(c[12:]) for c in issued if c.startswith(community_code)]
    start = max([n for n in used if first <= n <= last], default=first - 1) + 1
    if start + count - 1 > last:
        raise Conflict(
            "community {community_code} has no {count} free grid codes left "
            "between {first} and {last}",
            community_code=community_code,
            count=count,
            first=first,
            last=last,
        )
    check_division_code(community_code)
    return [f"{community_code}{n:03d}" for n in range(start, start + count)]


def free_community_codes(town: str, used: Collection[str]) -> list[str]:
    """List the codes of communities that a town has left, in the order they are given.

    Parameters
    ----------
    town
        Nine digits of county and town.
    used
        All codes ever given, in use or not: none is given again. Numbers go on from the largest;
        gaps below it come last.

    Examples
    --------
    >>> free_community_codes("522632100", {"522632100003"})[:2]
    ['522632100004', '522632100005']
    """
    last = max((int(c[TOWN_DIGITS:]) for c in used if c.startswith(town)), default=0)
    numbers = [*range(last + 1, MOST_IN_A_TOWN + 1), *range(1, last)]
    codes = [check_division_code(f"{town}{n:03d}") for n in numbers]
    return [code for code in codes if code not in used]
