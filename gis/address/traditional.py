"""Traditional characters to simplified ones, by the full tables of OpenCC."""

from __future__ import annotations

import re
from functools import lru_cache

from opencc import OpenCC

_CONVERTER = OpenCC("t2s")
_HAN = [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0xF900, 0xFB00)]


def _traditional_characters() -> str:
    """Give the characters that are written otherwise in simplified text, for a regex class."""
    plain = "".join(map(chr, _HAN))
    pairs = ((c, _CONVERTER.convert(c)) for c in plain)
    return "".join(re.escape(c) for c, simpler in pairs if simpler != c)


has_traditional = re.compile(f"[{_traditional_characters()}]").search
"""Match of the first character that may have a simplified form, else None."""


@lru_cache(maxsize=65_536)
def simplify(text: str) -> str:
    """Write a text in simplified characters; phrases decide where one has several (乾隆, 乾净).

    Examples
    --------
    >>> simplify("臺北市學院路8號"), simplify("乾隆路"), simplify("忠孝东路")
    ('台北市学院路8号', '乾隆路', '忠孝东路')
    """
    while has_traditional(text) and (simpler := _CONVERTER.convert(text)) != text:
        text = simpler
    return text
