"""The parts of register entries: from their columns, or read in their text."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from gis.address.address import ADDRESS_PARTS
from gis.address.normalise import is_chinese, normalise, text_of
from gis.address.numeral import STEMS
from gis.address.parse import parse_many
from gis.address.region import NOWHERE, Region, read_region, region_of

_front = re.compile(r"^([^0-9]{0,28})")
_stem_first = re.compile(rf"^([{STEMS}])(\d+)")


def each_distinct(values: np.ndarray, function: Callable[[str], str]) -> np.ndarray:
    """Give the function of each value, asked once for each distinct one."""
    codes, distinct = pd.factorize(values)
    return np.array([function(v) for v in distinct], dtype=object)[codes]


def read_parts(frame: pd.DataFrame, grammar: str) -> dict[str, np.ndarray]:
    """Take the parts from their columns, and from the text where a row has none of them."""
    parts = {}
    for part in ADDRESS_PARTS:
        if part in frame.columns:
            values = np.array([text_of(v) for v in frame[part].tolist()], dtype=object)
            parts[part] = each_distinct(values, partial(normalise_part, part))
        else:
            parts[part] = np.full(len(frame), "", dtype=object)
    if "text" not in frame.columns or not len(frame):
        return parts
    silent = np.logical_and.reduce([parts[p] == "" for p in ("street", "number", "estate")])
    rows = np.flatnonzero(silent)
    addresses = parse_many(frame["text"].iloc[rows], grammar=grammar)
    for part in ADDRESS_PARTS:
        read = np.array([getattr(a, part) for a in addresses], dtype=object)
        empty = parts[part][rows] == ""
        parts[part][rows[empty]] = read[empty]
    return parts


def read_regions(frame: pd.DataFrame) -> tuple[np.ndarray, list[Region]]:
    """Give the code of each entry's region, and the regions: from ``region``, else from the text.

    Where all entries that tell one tell the same, the silent ones lie there too.
    """
    columns = [frame[c].map(text_of) for c in ("text", "region") if c in frame.columns]
    if not columns or not len(frame):
        return np.zeros(len(frame), np.int64), [NOWHERE]
    fronts = columns[0].str.extract(_front, expand=False).fillna("")
    if "region" in frame.columns:
        fronts = columns[-1].where(columns[-1] != "", fronts)
    codes, distinct = pd.factorize(fronts)
    spelt = [normalise(front) for front in distinct]
    read = [region_of(t[: read_region(t)]) if is_chinese(t) else NOWHERE for t in spelt]
    regions = list(dict.fromkeys(read))
    if len(regions) == 2 and NOWHERE in regions:
        regions.remove(NOWHERE)
    index = {r: i for i, r in enumerate(regions)}
    return np.array([index.get(r, 0) for r in read], np.int64)[codes], regions


def normalise_part(part: str, value: str) -> str:
    """Normalise one part given alone, so that it equals the same part read from a text.

    Examples
    --------
    >>> normalise_part("building", "3号楼"), normalise_part("room", "501室")
    ('3', '501')
    >>> normalise_part("building", "E"), normalise_part("building", "e栋")
    ('E', 'E')
    >>> normalise_part("number", "12号附3"), normalise_part("number", "7-A")
    ('12-3', '7a')
    >>> normalise_part("number", "甲15"), normalise_part("number", "15号甲")
    ('15甲', '15甲')
    """
    if part in ("town", "community", "street", "estate"):
        return normalise(value)
    if len(value) == 1 and part in ("building", "stairwell", "room"):
        return value.upper() if part != "room" else value.lower()
    text = normalise(f"{value}号" if part == "number" and is_chinese(value) else value)
    text = text.replace(" ", "")
    if part == "number":
        return _normalise_number(text)
    text = text.upper() if part != "room" else text
    for word in ("号楼", "栋", "单元", "室", "房", "户", "号"):
        text = text.removesuffix(word)
    return text.lstrip("0") or text


def _normalise_number(text: str) -> str:
    text = _stem_first.sub(r"\2\1", text)
    text = text.replace("号", "", 1).replace("附", "-").replace("之", "-").rstrip("号").lower()
    head, dash, tail = text.partition("-")
    if dash and tail.isalpha():
        return head + tail
    if text.endswith("1/2") and not dash and text[:-3].isdecimal():
        return f"{text[:-3]}-1/2"
    return text.strip("-")
