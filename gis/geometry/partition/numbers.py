"""Which number each grid bears: kept by the majority, new ones by place, none used twice.

Source of the order at first issue: DB6101/T 3185-2024 (west to east, north to south).
"""

from __future__ import annotations

import numpy as np

from gis.errors import InvalidInput
from gis.geometry.numbering import reading_order
from gis.geometry.partition.request import Request

FIRST_EXCLUSIVE = 901
"""Exclusive grids are numbered from here; common ones end before."""


def number_grids(request: Request, part: np.ndarray, ground: np.ndarray) -> np.ndarray:
    """Give the number of each part's grid: (k,).

    A part keeps the number that holds a lock in it or at least half of whose weight it holds. The
    others get the next numbers above all that were ever issued, in reading order.

    Parameters
    ----------
    part
        (n,) part of each block, from 0, the exclusive ones last.
    ground
        (k,) polygons of the parts in metres.

    Raises
    ------
    InvalidInput
        All numbers of a kind are used up.
    """
    kept = keep_numbers(request, part)
    order = np.argsort(reading_order(ground))
    exclusive = np.zeros(len(ground), bool)
    exclusive[part[request.label >= 0]] = True
    used = request.issued | set(request.number[request.number >= 0].tolist())
    number = np.zeros(len(ground), np.int64)
    for kind, first, last in ((False, 1, FIRST_EXCLUSIVE - 1), (True, FIRST_EXCLUSIVE, 999)):
        taken = [n for n in used if first <= n <= last]
        following = max(taken, default=first - 1) + 1
        for p in order[exclusive[order] == kind]:
            if p in kept and first <= kept[p] <= last:
                number[p] = kept[p]
                continue
            number[p] = following
            following += 1
        if following > last + 1:
            raise InvalidInput(
                "the numbers {first} to {last} of this community are used up; a number "
                "is never used twice, so give the community a new code",
                first=first,
                last=last,
            )
    return number


def keep_numbers(request: Request, part: np.ndarray) -> dict[int, int]:
    """Find which part keeps which number it had.

    Examples
    --------
    Of grid 7 the greater half stays in part 1, which keeps the number:

    >>> import geopandas as gpd, shapely
    >>> from gis.geometry.partition.request import read_request
    >>> blocks = gpd.GeoDataFrame({"block_id": [1, 2, 3], "households": [10, 10, 20]},
    ...                           geometry=shapely.box([0, 1, 2], 0, [1, 2, 3], 1))
    >>> request = read_request(blocks, weight="households", minimum=1, maximum=99,
    ...                        previous={1: 7, 2: 7, 3: 7})
    >>> keep_numbers(request, np.array([0, 1, 1]))
    {1: 7}
    """
    kept: dict[int, int] = {}
    load = request.weight + 1e-6
    for number in np.unique(request.number[request.number >= 0]):
        mine = request.number == number
        firm = load[mine] + 1e9 * request.locked[mine]
        by_part = np.bincount(part[mine], firm, int(part.max()) + 1)
        best = int(np.argmax(by_part))
        if by_part[best] >= 0.5 * by_part.sum() and best not in kept:
            kept[best] = int(number)
    return kept
