"""What the checker says: figures by grid, by border and in total, and every rule broken."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

BAND_RULES = frozenset({"below_minimum", "above_maximum"})
"""Rules about size; a division that breaks no other one is sound."""


@dataclass(frozen=True)
class Violation:
    """One rule that a division breaks, where, in words."""

    rule: str
    message: str
    grid: int | None = None
    blocks: tuple = ()


@dataclass(frozen=True)
class DivisionQuality:
    """What was measured.

    Parameters
    ----------
    grids
        One row per grid number: weight, people and workload (when the blocks have them), area_m2,
        deviation, people_deviation, workload_deviation (from the mean of the basic grids, as a
        share of it; NaN for an exclusive grid), compactness, reock, n_blocks, n_parts, exclusive
        (label or None), border_m (shared with other grids), barrier_share and <kind>_share (of
        that border, along barriers; NaN without barriers), straddled_m (river, rail and motorway
        through its inside), straddled_kind (the longest of them, or ''), straddles (held together
        only across them), cut_off (weight on the smaller sides), in_band.
    borders
        One row per pair of neighbouring grids: grid_a, grid_b, length_m, <kind>_m (a metre counts
        for the strongest barrier within reach), barrier_m (their sum).
    totals
        Sums, means and worst values of the whole division.
    violations
        Everything that breaks a rule.
    """

    grids: pd.DataFrame
    borders: pd.DataFrame
    totals: dict[str, float]
    violations: tuple[Violation, ...] = field(default_factory=tuple)

    @property
    def is_sound(self) -> bool:
        """Tell whether only the band, if anything, is broken."""
        return all(v.rule in BAND_RULES for v in self.violations)

    @property
    def is_valid(self) -> bool:
        """Tell whether no rule at all is broken."""
        return not self.violations
