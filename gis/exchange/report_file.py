"""Write a report as JSON: whole or not at all, dates as ISO text, no NaN."""

from __future__ import annotations

import json
import math
from pathlib import Path

from gis.exchange.writers import replace_file


def write_report(path: str | Path, report: object) -> None:
    """Write nested lists and mappings as JSON.

    Raises
    ------
    InvalidInput
        The path cannot be written.
    """
    text = json.dumps(_plain(report), ensure_ascii=False, indent=1, default=str, allow_nan=False)
    replace_file(Path(path), lambda part: part.write_text(f"{text}\n", "utf-8"))


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
