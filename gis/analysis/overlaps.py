"""What two divisions of the same blocks have in common, grid by grid."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from gis.domain.lineage import Overlap


@dataclass(frozen=True)
class GridChange:
    """Blocks that lie in one grid under a plan and in another under a second plan."""

    from_code: str | None
    to_code: str
    blocks: int
    households: int
    people: int


def sum_overlaps(blocks: pd.DataFrame) -> list[GridChange]:
    """Sum blocks by ``before`` (the code under one plan, '' for none) and ``code`` under another.

    Parameters
    ----------
    blocks
        ``before, code, households, people``.
    """
    keys = [blocks["before"].to_numpy(), blocks["code"].to_numpy()]
    sums = blocks.assign(blocks=1)[["blocks", "households", "people"]].groupby(keys).sum()
    changes = [
        GridChange(str(parent) or None, child, *(int(n) for n in row))
        for (parent, child), row in zip(sums.index, sums.to_numpy(), strict=True)
    ]
    return sorted(changes, key=lambda c: (-c.households, c.from_code or "", c.to_code))


def continuing_grids(overlaps: list[GridChange]) -> dict[str, str]:
    """Say which new grid continues which old one by its households; each at most once.

    Examples
    --------
    >>> continuing_grids([GridChange("1", "8", 5, 90, 200), GridChange("2", "8", 1, 10, 20)])
    {'1': '8', '2': ''}
    """
    heaviest = sorted(
        (o for o in overlaps if o.from_code is not None),
        key=lambda o: (-o.households, -o.blocks, o.from_code != o.to_code, o.from_code, o.to_code),
    )
    goes_on = {o.from_code: "" for o in heaviest if o.from_code is not None}
    taken: set[str] = set()
    for overlap in heaviest:
        before, after = overlap.from_code, overlap.to_code
        if before is not None and not goes_on[before] and after not in taken:
            goes_on[before] = after
            taken.add(after)
    return goes_on


def overlaps_of(blocks: pd.DataFrame, child: pd.Series, former: pd.Series) -> list[Overlap]:
    """Sum blocks by the grid they were in and the grid they are in.

    Parameters
    ----------
    blocks
        ``block_id, households, area_m2``.
    child, former
        By block id: the grid now, and the code before (blocks not in it were in none).

    Examples
    --------
    >>> blocks = pd.DataFrame({"block_id": [7, 8], "households": [60, 40], "area_m2": [1.0, 2.0]})
    >>> overlaps_of(blocks, pd.Series({7: "3", 8: "3"}), pd.Series({7: "1"}))
    [Overlap(parent=None, child='3', households=40, area_m2=2.0), \
Overlap(parent='1', child='3', households=60, area_m2=1.0)]
    """
    ids = blocks["block_id"]
    keys = [ids.map(former).astype(object).fillna("").to_numpy(), ids.map(child).to_numpy()]
    sums = blocks[["households", "area_m2"]].groupby(keys).sum()
    return [
        Overlap(str(parent) or None, grid, int(row.households), float(row.area_m2))
        for (parent, grid), row in zip(sums.index, sums.itertuples(), strict=True)
    ]
