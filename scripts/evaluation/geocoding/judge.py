"""Answers beside the truth: the figures of a row, and the rows a person should look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter, process_time

import numpy as np
import pandas as pd

from gis.address.distance import METRES_PER_DEGREE
from gis.address.geocoder import Geocoder
from scripts.evaluation.geocoding.questions import questions_per_1000
from scripts.evaluation.geocoding.table import Row

FAR_M = 300.0
"""An accepted answer farther than this from the recorded point counts as wrong."""

FIRST = 3
"""Candidates a person sees without scrolling."""

GROUPS = {
    "house": ("room", "unit", "building", "number"),
    "interpolated": ("interpolated",),
    "estate": ("estate",),
    "crossing": ("intersection",),
    "street": ("street",),
    "place": ("community", "town"),
}
"""Column of the table to the levels it sums."""


@dataclass
class Clock:
    """Seconds by the clock and of the processor."""

    seconds: float = 0.0
    cpu_s: float = 0.0


@contextmanager
def timed() -> Iterator[Clock]:
    """Measure what is done inside."""
    clock, wall, cpu = Clock(), perf_counter(), process_time()
    yield clock
    clock.seconds, clock.cpu_s = perf_counter() - wall, process_time() - cpu


def offsets_m(found: pd.DataFrame, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Give the distance of each answer from its recorded point in metres; nan without answer."""
    x = (found["lon"].to_numpy() - lon) * np.cos(np.radians(lat))
    return METRES_PER_DEGREE * np.hypot(x, found["lat"].to_numpy() - lat)


def judge(
    case: str,
    method: str,
    found: pd.DataFrame,
    *,
    is_right: np.ndarray,
    texts: list[str] | None = None,
    among_first: np.ndarray | None = None,
    offset_m: np.ndarray | None = None,
    clock: Clock | None = None,
    note: str = "",
    detail: bool = False,
) -> Row:
    """Make a row of the table.

    Parameters
    ----------
    found
        Answers with ``level`` and ``status``, one for each text.
    is_right
        Whether each answer is the true one, shape (n,).
    texts
        What was asked, for counting questions.
    among_first
        Whether the right one is among the first candidates, shape (n,); counted in review only.
    offset_m
        Distance of each answer from the recorded point, shape (n,).
    """
    n = max(len(found), 1)
    level, status = found["level"].to_numpy(), found["status"].to_numpy()
    accepted = status == "accepted"
    share = {c: 100 * float(np.isin(level, names).sum()) / n for c, names in GROUPS.items()}
    seen = np.zeros(len(found), bool) if among_first is None else among_first
    return Row(
        case,
        method,
        len(found),
        **share,
        accepted=100 * float(accepted.sum()) / n,
        review=100 * float((status == "review").sum()) / n,
        none=100 * float((status == "none").sum()) / n,
        right=100 * float((accepted & is_right).sum()) / n,
        wrong=100 * float((accepted & ~is_right).sum()) / n,
        right_in_review=100 * float((seen & (status == "review")).sum()) / n,
        **_distances(accepted, offset_m),
        questions=None if texts is None else questions_per_1000(texts, found),
        rows_s=len(found) / clock.seconds if clock and clock.seconds else None,
        cpu_s=clock.cpu_s if clock else None,
        note=note,
        detail=detail,
    )


def _distances(accepted: np.ndarray, offset_m: np.ndarray | None) -> dict[str, float]:
    if offset_m is None or not accepted.any():
        return {}
    metres = offset_m[accepted]
    return {
        "median_m": float(np.nanmedian(metres)),
        "p95_m": float(np.nanpercentile(metres, 95)),
        "over_300": 100 * float((metres > FAR_M).mean()),
    }


def right_among_first(
    geocoder: Geocoder,
    texts: list[str],
    found: pd.DataFrame,
    is_right: Callable[[int, pd.DataFrame], np.ndarray],
) -> np.ndarray:
    """Say for each text in review whether the right one is among its first candidates.

    Parameters
    ----------
    is_right
        Row number and its candidates to whether each candidate is the right one.
    """
    hit = np.zeros(len(texts), bool)
    for i in np.flatnonzero(found["status"].to_numpy() == "review").tolist():
        shown = geocoder.candidates(texts[i], k=FIRST)
        hit[i] = bool(np.any(is_right(i, shown)))
    return hit


def to_look_at(
    case: str,
    texts: list[str],
    found: pd.DataFrame,
    *,
    is_right: np.ndarray,
    among_first: np.ndarray,
    truth: list[str],
    offset_m: np.ndarray | None = None,
) -> pd.DataFrame:
    """Give the rows that were accepted and wrong, and those that were not resolved."""
    accepted = found["status"].to_numpy() == "accepted"
    verdict = np.where(accepted & ~is_right, "wrong", "")
    verdict = np.where(~accepted & ~among_first, "unresolved", verdict)
    table = pd.DataFrame({"case": case, "verdict": verdict, "text": texts})
    for name in ("level", "status", "score", "n_candidates", "evidence", "lon", "lat"):
        table[name] = found[name].to_numpy()
    table["truth"] = truth
    table["offset_m"] = np.nan if offset_m is None else np.round(offset_m, 0)
    return table[verdict != ""]
