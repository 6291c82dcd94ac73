"""How well the grids of a plan share out the households."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


class DrawnGrid(Protocol):
    """What is known of a grid; one that has ``border_m`` is weighed by it."""

    households: int
    compactness: float | None
    barrier_share: float | None


@dataclass(frozen=True)
class Balance:
    """How well the grids of one plan share out the households.

    Parameters
    ----------
    n_grids
        Number of grids.
    in_band
        Share of households that live in a grid between minimum and maximum; None without any.
    worst_deviation, mean_deviation
        Largest (signed) and mean absolute deviation of a grid from the target, as a share of it.
    compactness
        Mean over the grids; None when unknown.
    barrier_share
        Share of the border between grids that follows a barrier; None when unknown.
    out_of_band
        Number of grids outside the band.
    """

    n_grids: int
    in_band: float | None
    worst_deviation: float | None
    mean_deviation: float | None
    compactness: float | None
    barrier_share: float | None
    out_of_band: int


def measure_balance(
    grids: Iterable[DrawnGrid], *, minimum: int, target: int, maximum: int
) -> Balance:
    """Sum up the balance of a plan from its grids.

    Examples
    --------
    >>> from types import SimpleNamespace as Row
    >>> grids = [Row(households=h, compactness=0.5, barrier_share=None) for h in (300, 600)]
    >>> balance = measure_balance(grids, minimum=300, target=400, maximum=500)
    >>> balance.in_band, balance.worst_deviation, balance.out_of_band, balance.barrier_share
    (0.3333333333333333, 0.5, 1, None)
    """
    grids = list(grids)
    total = sum(g.households for g in grids)
    inside = [g.households for g in grids if minimum <= g.households <= maximum]
    deviations = [(g.households - target) / target for g in grids] if target else []
    return Balance(
        n_grids=len(grids),
        in_band=sum(inside) / total if total else None,
        worst_deviation=max(deviations, key=abs, default=None),
        mean_deviation=_mean([abs(d) for d in deviations]),
        compactness=_mean([g.compactness for g in grids]),
        barrier_share=_border_share(grids),
        out_of_band=len(grids) - len(inside),
    )


def _border_share(grids: list[DrawnGrid]) -> float | None:
    """Weigh the shares of the grids by their borders; plain mean where these are not known."""
    known = [(g.barrier_share, getattr(g, "border_m", None)) for g in grids]
    shares = [share for share, _ in known if share is not None]
    weighed = [(s, length_m) for s, length_m in known if s is not None and length_m is not None]
    if len(weighed) < len(shares):
        return _mean(shares)
    total = sum(length_m for _, length_m in weighed)
    return sum(share * length_m for share, length_m in weighed) / total if total else None


def _mean(values: Iterable[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return sum(known) / len(known) if known else None
