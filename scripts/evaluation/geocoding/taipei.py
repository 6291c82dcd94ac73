"""Thefts in Taipei with official ranges of house numbers: the range is the truth, not a point."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gis.address.parse import parse_many
from scripts.evaluation.geocoding.judge import timed
from scripts.evaluation.geocoding.table import Row

if TYPE_CHECKING:
    from scripts.evaluation.geocoding.setting import Setting

_RANGE = r"(?<!之)(?<!\d)(\d+)\s*[~～-]\s*(\d+)\s*號"


def ranges(setting: Setting) -> Iterator[Row]:
    """Read every official range to its street and both ends; no register is needed."""
    table = pd.read_csv(setting.data / "taipei" / "incidents_theft.csv.gz", dtype=str)
    texts = table["發生地點"].dropna()
    ends = texts.str.extract(_RANGE).dropna().astype(int)
    texts = texts[ends.index].tolist()
    with timed() as clock:
        read = parse_many(texts)
    whole = np.array(
        [
            bool(a.street) and a.kind == "block" and [a.number_from, a.number_to] == sorted(e)
            for a, e in zip(read, ends.to_numpy().tolist(), strict=True)
        ]
    )
    missed = [
        {"case": "taipei", "verdict": "unread", "text": t, "truth": f"{e[0]}~{e[1]}",
         "evidence": f"{a.kind} {a.street} {a.number_from}~{a.number_to}"}
        for t, a, e, ok in zip(texts, read, ends.to_numpy(), whole, strict=True) if not ok
    ]  # fmt: skip
    setting.looked_at.append(pd.DataFrame(missed))
    yield Row(
        "taipei", "ours, reading only", len(texts), right=100 * float(whole.mean()),
        wrong=100 * float(1 - whole.mean()),
        rows_s=len(texts) / clock.seconds, cpu_s=clock.cpu_s,
        note=f"{len(missed)} ranges not read to street and both ends;"
        " no house numbers of the town are known, so nothing is placed",
    )  # fmt: skip
