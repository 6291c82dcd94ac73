"""The address register as the geocoder wants it, and texts for entries that come in parts."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from gis.address.normalise import is_chinese

_SUFFIXES = {"number": "号", "building": "栋", "stairwell": "单元", "room": "室"}


def compose_text(parts: Mapping[str, object]) -> str:
    """Write an address out of its parts, in the order its script uses.

    Examples
    --------
    >>> compose_text({"community": "古榕社区", "street": "榕江大道", "number": "12"})
    '古榕社区榕江大道12号'
    >>> compose_text({"town": "Vaduz", "street": "Aeulestrasse", "number": "12a"})
    'Aeulestrasse 12a, Vaduz'
    """
    given = {k: str(v).strip() for k, v in parts.items() if not pd.isna(v) and str(v).strip()}
    if is_chinese("".join(given.values())):
        return "".join(_with_suffix(part, value) for part, value in given.items())
    door = [given.get("street"), given.get("number")]
    inside = [given.get(p) for p in ("estate", "building", "stairwell", "room")]
    outside = [given.get(p) for p in ("community", "town")]
    pieces = [" ".join(w for w in door if w), *(w for w in (*inside, *outside) if w)]
    return ", ".join(p for p in pieces if p)


def _with_suffix(part: str, value: str) -> str:
    suffix = _SUFFIXES.get(part, "")
    return value if not value[-1:].isdigit() else value + suffix
