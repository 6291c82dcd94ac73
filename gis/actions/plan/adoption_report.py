"""What is told of a division that was taken over: every block cut, gap, overlap and repair."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields

import numpy as np

from gis.geometry.redraw.adoption import Adoption
from gis.geometry.redraw.faults import Fault
from gis.geometry.redraw.ground import WorkingGround
from gis.geometry.redraw.moves import list_moves

RULES = {
    "cut": "the file cuts this block; it goes to the grid with the larger share",
    "gap": "ground of the community lies in no grid of the file",
    "outside": "grids of the file reach beyond the community; that ground is left out",
    "overlap": "two grids of the file overlap",
    "without_grid": "the file puts this block in no grid",
    "empty_grid": "this grid got no block",
    "not_connected": "this grid is in several parts in the file",
    "exclusive": "ground of an exclusive place; it is a grid of its own",
    "repaired": "moved so that every block has a grid and every grid hangs together",
    "row_without_grid": "this row names no grid",
    "row_without_block": "this household is not located yet",
    "unknown": "this row names no block or household that is known",
    "twice": "an earlier row puts the same household or block in another grid; that row counts",
    "elsewhere": "this row lies in another community",
    "code_settled": "the grid gets another code than in the file",
    "not_repaired": "this rule is still broken",
}
"""Every kind of finding, in words."""


@dataclass(frozen=True)
class Finding:
    """One line of the report.

    Parameters
    ----------
    rule
        A key of `RULES`.
    row
        Row in the file.
    block
        Id of a block.
    grid, other
        Grids as the file calls them (``code_settled``: the new code is ``other``).
    share, other_share
        Of the block, that each of the two holds.
    households, area_m2
        What it is about.
    """

    rule: str
    row: int | None = None
    block: int | None = None
    grid: str | None = None
    other: str | None = None
    share: float | None = None
    other_share: float | None = None
    households: int | None = None
    area_m2: float | None = None

    def as_row(self) -> dict:
        """Give the finding as a row of a table, with its rule in words."""
        return {**asdict(self), "words": RULES[self.rule]}


FINDING_COLUMNS = (*(f.name for f in fields(Finding)), "words")
"""Columns of the report."""


def findings_of(adoption: Adoption, ground: WorkingGround) -> list[Finding]:
    """List what a division taken over cuts, leaves out, covers twice or tears."""
    return [
        *_cut(adoption, ground),
        *_totals(adoption),
        *(Finding("overlap", grid=a, other=b, area_m2=m2) for a, b, m2 in adoption.overlaps),
        *_without(adoption.without, ground),
        *(Finding("empty_grid", grid=name) for name in adoption.empty),
        *_torn(adoption.faults, ground),
    ]


def _cut(adoption: Adoption, ground: WorkingGround) -> Iterable[Finding]:
    for cut in adoption.cut.itertuples():
        yield Finding(
            "cut",
            block=int(cut.block_id),
            grid=str(cut.code),
            other=str(cut.other) or None,
            share=float(cut.share),
            other_share=float(cut.other_share),
            households=int(ground.households[cut.row]),
        )


def _totals(adoption: Adoption) -> Iterable[Finding]:
    for rule in ("gap", "outside"):
        area_m2 = adoption.totals.get(f"{rule}_m2", 0.0)
        if area_m2 >= LEAST_M2:
            yield Finding(rule, area_m2=round(area_m2, 1))


LEAST_M2 = 1.0
"""Gaps and overhangs smaller than this in all are not told."""


def _without(rows: np.ndarray, ground: WorkingGround) -> Iterable[Finding]:
    for row in rows.tolist():
        yield Finding(
            "without_grid",
            block=int(ground.block_id[row]),
            households=int(ground.households[row]),
            area_m2=round(float(ground.area_m2[row]), 1),
        )


def _torn(faults: Sequence[Fault], ground: WorkingGround) -> Iterable[Finding]:
    for fault in faults:
        if fault.rule == "not_connected":
            apart = ground.households[list(fault.blocks)].sum()
            yield Finding("not_connected", grid=fault.codes[0], households=int(apart))


def repairs_between(
    before: np.ndarray, after: np.ndarray, ground: WorkingGround, *, rule: str = "repaired"
) -> list[Finding]:
    """List the blocks that go to another grid than the file says."""
    return [
        Finding(
            rule,
            block=int(ground.block_id[row]),
            grid=move.was or None,
            other=move.now,
            households=int(ground.households[row]),
        )
        for move in list_moves(before, after)
        for row in move.rows
    ]


def codes_settled(
    labels: Mapping[int, str], wished: Mapping[int, str | None], codes: Mapping[int, str]
) -> list[Finding]:
    """List the grids that do not get the code that the file gives them."""
    return [
        Finding("code_settled", grid=labels[n], other=codes[n])
        for n in sorted(codes)
        if wished[n] is not None and wished[n] != codes[n]
    ]
