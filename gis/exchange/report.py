"""A list of defects as a table that people can sort, filter and send back with the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pandas as pd

from gis.errors import Defect

COLUMNS = ("file", "layer", "row", "field", "code", "message")


def defect_table(defects: Iterable[Defect]) -> pd.DataFrame:
    """Write defects as rows of `COLUMNS`, in the order given.

    Examples
    --------
    >>> defect_table([Defect("is empty", file="a.csv", row=3, field="name")])["row"].tolist()
    [3]
    """
    rows = [[getattr(defect, column) for column in COLUMNS] for defect in defects]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def summary(defects: Iterable[Defect]) -> list[str]:
    """Count defects by field and rule, most frequent first, one line each.

    Examples
    --------
    >>> summary([Defect("is empty", row=i, field="name", code="missing") for i in (1, 2)])
    ['2 × name: missing (first in row 1)']
    """
    counts: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], int | None] = {}
    for defect in defects:
        key = (defect.field or "row", defect.code)
        counts[key] += 1
        first.setdefault(key, defect.row)
    return [
        f"{n} × {field}: {code}"
        + (f" (first in row {first[field, code]})" if first[field, code] is not None else "")
        for (field, code), n in counts.most_common()
    ]
