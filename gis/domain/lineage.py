"""How grids go on from one plan to the next: which keep their code, and what became of the rest.

A grid keeps its code when at least half of its households stay in it. When it is split, the
larger part keeps the code; when grids are merged, the larger one survives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from scipy.optimize import linear_sum_assignment

from gis.domain.codes import FIRST_EXCLUSIVE, issue_grid_codes

HOUSEHOLDS_PER_M2 = 1e-9
"""Weight of ground beside households: breaks ties, and counts alone where nobody lives."""

REASONS = ("first", "kept", "moved", "split", "merged")


Child = TypeVar("Child", bound=Hashable)
"""What a new grid is called: its code, or its number while it has none."""


@dataclass(frozen=True)
class Overlap(Generic[Child]):
    """Ground that lies in one grid of a former plan (None: in none) and in one of a new plan.

    ``child`` is the new grid's code, or its number while it has none.
    """

    parent: str | None
    child: Child
    households: int
    area_m2: float = 0.0

    @property
    def weight(self) -> float:
        """Give what counts for the majority."""
        return self.households + HOUSEHOLDS_PER_M2 * self.area_m2


@dataclass(frozen=True)
class Descent:
    """One line of the history of codes: what a grid got from another, and why.

    ``reason``: ``first`` (there was no plan), ``kept`` (the same grid), ``split`` (a new code
    for what left a grid), ``merged`` (the rest of a grid whose code ends), else ``moved``.
    """

    parent: str | None
    child: str
    households: int
    reason: str


@dataclass(frozen=True)
class PlanChange:
    """What a plan changes against a former one."""

    households: int
    moving: int
    kept: tuple[str, ...]
    new: tuple[str, ...]
    retired: tuple[str, ...]

    @property
    def share_kept(self) -> float:
        """Give the share of households that keep their grid; 1 where nobody lives."""
        return 1 - self.moving / self.households if self.households else 1.0


def is_exclusive(code: str) -> bool:
    """Tell whether a grid code is one of an exclusive grid.

    Examples
    --------
    >>> is_exclusive("522632100009901"), is_exclusive("522632100009001")
    (True, False)
    """
    return int(code[12:]) >= FIRST_EXCLUSIVE


def kept_codes(
    overlaps: Iterable[Overlap[Child]], exclusive: Collection[Child] = ()
) -> dict[Child, str]:
    """Say which new grid keeps the code of which former one: most weight, each at most once.

    Parameters
    ----------
    overlaps
        All ground of the new plan, by the grid before and the grid after.
    exclusive
        New grids that are exclusive: they keep exclusive codes only, and others never do.

    Examples
    --------
    >>> a, b = "522632100009001", "522632100009002"
    >>> kept_codes([Overlap(a, 1, 60), Overlap(a, 2, 40), Overlap(b, 2, 90)])
    {1: '522632100009001', 2: '522632100009002'}
    """
    weight: dict[tuple[str, Child], float] = defaultdict(float)
    total: dict[str, float] = defaultdict(float)
    for o in overlaps:
        if o.parent is not None:
            weight[o.parent, o.child] += o.weight
            total[o.parent] += o.weight
    fit = {
        (parent, child): w
        for (parent, child), w in weight.items()
        if w >= total[parent] / 2 * (1 - 1e-12) and is_exclusive(parent) == (child in exclusive)
    }
    return _match(fit)


def _match(fit: Mapping[tuple[str, Child], float]) -> dict[Child, str]:
    parents = sorted({p for p, _ in fit})
    children = sorted({c for _, c in fit}, key=lambda c: (isinstance(c, str), c))
    table = np.zeros((len(parents), len(children)))
    for (parent, child), weight in fit.items():
        table[parents.index(parent), children.index(child)] = weight + 1e-6
    pairs = zip(*linear_sum_assignment(-table), strict=True)
    found = {children[c]: parents[p] for p, c in pairs if table[p, c] > 0}
    return {child: found[child] for child in children if child in found}


def settle_codes(
    community_code: str,
    proposed: Mapping[Child, str | None],
    overlaps: Sequence[Overlap[Child]],
    *,
    issued: Collection[str],
    exclusive: Collection[Child] = (),
) -> dict[Child, str]:
    """Give each grid of an open plan its code against the plan in force.

    A code is kept by the majority rule (`kept_codes`); a grid that keeps none has the code
    proposed for it while that was never in force, else the next number above all that were.
    So an open plan can be settled again at any time, and nothing changes without a cause.

    Parameters
    ----------
    proposed
        The grids in the order new codes are given, each with the code it has so far.
    issued
        Every code that is or was in force in the community.
    exclusive
        The grids that are exclusive: codes from 901.

    Raises
    ------
    Conflict
        The three digits are used up.

    Examples
    --------
    >>> a = "522632100009001"
    >>> settle_codes(a[:12], {1: a, 2: None}, [Overlap(a, 2, 60), Overlap(a, 1, 40)], issued={a})
    {1: '522632100009002', 2: '522632100009001'}
    """
    codes = kept_codes(overlaps, exclusive)
    taken = set(issued)
    for grid, code in proposed.items():
        if grid in codes or code is None or code in taken:
            continue
        if is_exclusive(code) == (grid in exclusive):
            codes[grid] = code
            taken.add(code)
    for special in (False, True):
        rest = [g for g in proposed if g not in codes and (g in exclusive) == special]
        fresh = issue_grid_codes(community_code, len(rest), issued=taken, exclusive=special)
        codes |= dict(zip(rest, fresh, strict=True))
    return {grid: codes[grid] for grid in proposed}


def trace_descent(overlaps: Iterable[Overlap]) -> list[Descent]:
    """Write the history of the codes of a plan that follows another, by parent and child.

    Parameters
    ----------
    overlaps
        By final codes.

    Examples
    --------
    >>> [d.reason for d in trace_descent([Overlap("1", "1", 60), Overlap("1", "3", 40)])]
    ['kept', 'split']
    """
    overlaps = sorted(overlaps, key=lambda o: (o.parent or "", o.child))
    parents = {o.parent for o in overlaps}
    children = {o.child for o in overlaps}
    main = {p: _heaviest(o for o in overlaps if o.parent == p).child for p in parents}
    source = {c: _heaviest(o for o in overlaps if o.child == c).parent for c in children}

    def reason(o: Overlap) -> str:
        if o.parent == o.child:
            return "kept"
        if o.parent is None:
            return "first"
        if o.parent not in children and main[o.parent] == o.child and o.child in parents:
            return "merged"
        return "split" if o.child not in parents and source[o.child] == o.parent else "moved"

    return [Descent(o.parent, str(o.child), o.households, reason(o)) for o in overlaps]


def _heaviest(overlaps: Iterable[Overlap]) -> Overlap:
    return max(overlaps, key=lambda o: (o.weight, str(o.child)))


def measure_change(overlaps: Iterable[Overlap], former: Collection[str]) -> PlanChange:
    """Sum up what a plan changes against the one with the codes ``former``.

    Examples
    --------
    >>> change = measure_change([Overlap("1", "1", 60), Overlap("1", "3", 40)], {"1", "2"})
    >>> change.moving, change.share_kept, change.new, change.retired
    (40, 0.6, ('3',), ('2',))
    """
    overlaps = list(overlaps)
    codes = {str(o.child) for o in overlaps}
    return PlanChange(
        households=sum(o.households for o in overlaps),
        moving=sum(o.households for o in overlaps if o.parent not in (None, o.child)),
        kept=tuple(sorted(codes & set(former))),
        new=tuple(sorted(codes - set(former))),
        retired=tuple(sorted(set(former) - codes)),
    )
