"""Questions that a person is asked: what answers leave open, counted for each 1,000 records.

A question is a distinct text whose status is review or none; a coarse acceptance of a text that
names a house counts too, because somebody will ask where the house is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from gis.address.parse import parse_many

COARSE = ("estate", "intersection", "street", "community", "town")
REPEATED = 0.5
"""Share of the records after the first week whose writer wrote in it, and writes the same again."""


def is_question(texts: Sequence[str], found: pd.DataFrame) -> np.ndarray:
    """Say of each record whether its text is a question; (n,) bool."""
    status, level = found["status"].to_numpy(), found["level"].to_numpy()
    asked = status != "accepted"
    coarse = np.flatnonzero(~asked & np.isin(level, COARSE))
    read = parse_many([texts[i] for i in coarse])
    asked[coarse] = [bool(a.number or a.building or a.room) for a in read]
    return asked


def questions_per_1000(texts: Sequence[str], found: pd.DataFrame) -> float:
    """Count the distinct texts that are questions, for each 1,000 records.

    Examples
    --------
    >>> found = pd.DataFrame({"status": ["review", "review", "accepted", "accepted"]})
    >>> found["level"] = ["number", "number", "street", "number"]
    >>> questions_per_1000(["榕江路1号", "榕江路1号", "榕江路2号", "榕江路3号"], found)
    500.0
    """
    asked = is_question(texts, found)
    distinct = {t for t, q in zip(texts, asked.tolist(), strict=True) if q}
    return 1000 * len(distinct) / max(len(texts), 1)


def weeks(n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw which texts come in a first week, and which in a week after it.

    The first fifth of the texts comes in the first week. Of as many records in the later week a
    share of `REPEATED` comes from people who wrote in the first and write the same way again; the
    others are new.
    """
    size = n // 5
    first = np.arange(size)
    repeated = rng.choice(first, int(size * REPEATED))
    new = np.arange(size, size + size - len(repeated))
    return first, np.concatenate([repeated, new])
