"""A digest of records that come from no file: the same content gives the same digest."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import shapely


def frame_digest(frame: pd.DataFrame) -> str:
    """Give the SHA-256 of a frame's content, for records that come from no file."""
    digest = hashlib.sha256()
    for name in frame.columns:
        digest.update(name.encode())
        column = frame[name]
        if name == "geometry":
            values = b"".join(w or b"-" for w in shapely.to_wkb(np.array(column, dtype=object)))
        else:
            values = "\x1f".join(column.astype("string").fillna("")).encode()
        digest.update(values)
    return digest.hexdigest()
