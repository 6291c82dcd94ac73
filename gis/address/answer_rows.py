"""Answers laid out as rows: the columns every geocoded text gets."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gis.address.match import Match, evidence_of, status_of
from gis.address.whole_key import EVIDENCE

COLUMNS = (
    "address_id",
    "lon",
    "lat",
    "level",
    "score",
    "status",
    "n_candidates",
    "evidence",
    "margin",
    "error_m",
    "number_from",
    "number_to",
)


@dataclass(frozen=True)
class EntryRows:
    """The entries of a register, ready to be answered with.

    Parameters
    ----------
    ids, levels
        Address id and level of each entry, arrays of objects.
    lon, lat
        Its position in degrees.
    """

    ids: np.ndarray
    levels: np.ndarray
    lon: np.ndarray
    lat: np.ndarray

    def frame(self, rows: np.ndarray, said: np.ndarray) -> pd.DataFrame:
        """Answer with entries all of whose parts were written."""
        levels = self.levels[rows]
        admin = np.array([evidence_of(EVIDENCE.get(k, ())) for k in range(3)], dtype=object)
        one = np.ones(len(rows))
        numbers = np.full(len(rows), -1, np.int64)
        return pd.DataFrame(
            {
                "address_id": pd.Series(self.ids[rows], dtype=object),
                "lon": self.lon[rows],
                "lat": self.lat[rows],
                "level": pd.Series(levels, dtype=object),
                "score": one,
                "status": pd.Series(np.full(len(rows), "accepted", object), dtype=object),
                "n_candidates": one.astype(np.int64),
                "evidence": pd.Series(levels + "_exact;" + admin[said], dtype=object),
                "margin": one,
                "error_m": np.full(len(rows), np.nan),
                "number_from": numbers,
                "number_to": numbers,
            }
        )


def frame_of(answers: list[Match], ids: list[Hashable]) -> pd.DataFrame:
    """Lay out answers as rows."""
    return pd.DataFrame(
        {
            "address_id": pd.Series(
                [ids[m.row] if m.row >= 0 else None for m in answers], dtype=object
            ),
            "lon": np.array([m.lon for m in answers], dtype=float),
            "lat": np.array([m.lat for m in answers], dtype=float),
            "level": [m.level for m in answers],
            "score": np.array([m.score for m in answers], dtype=float),
            "status": [status_of(m) for m in answers],
            "n_candidates": np.array([m.n_candidates for m in answers], dtype=np.int64),
            "evidence": [evidence_of(m.codes) for m in answers],
            "margin": [m.score if m.margin != m.margin else m.margin for m in answers],
            "error_m": np.array([m.error_m for m in answers], dtype=float),
            "number_from": np.array([m.number_from for m in answers], dtype=np.int64),
            "number_to": np.array([m.number_to for m in answers], dtype=np.int64),
        }
    )


def in_order(whole: pd.DataFrame, read: pd.DataFrame, is_whole: np.ndarray) -> pd.DataFrame:
    """Join the entries found whole and the other answers, in the order of the texts."""
    at = np.flatnonzero(is_whole)
    order = np.empty(len(is_whole), np.int64)
    order[at] = np.arange(len(at))
    order[~is_whole] = np.arange(len(at), len(is_whole))
    joined = {c: np.concatenate([whole[c].to_numpy(), read[c].to_numpy()])[order] for c in COLUMNS}
    joined["address_id"] = pd.Series(joined["address_id"], dtype=object)
    return pd.DataFrame(joined)


def object_array(values: list[Hashable]) -> np.ndarray:
    """Give values as an array that takes them as they are, tuples too."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
