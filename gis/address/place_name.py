"""Names of towns, communities and villages, in the form they are compared in."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeVar

import numpy as np

from gis.address.names import compact

Texts = TypeVar("Texts", str, np.ndarray)
"""A text, or an array of them."""

_of_peoples = re.compile(r"(.{2,}?)(?:[一-龥]{1,3}族)+乡$").match


@lru_cache(maxsize=65_536)
def core_name(name: str) -> str:
    """Give a town's or community's name without its kind, for comparing.

    Examples
    --------
    >>> core_name("古榕社区"), core_name("高埂村"), core_name("cambridge"), core_name("镇")
    ('古榕', '高埂', 'cambridge', '镇')
    >>> core_name("三江水族乡"), core_name("塔石瑶族水族乡")
    ('三江', '塔石')
    """
    if match := _of_peoples(name):
        return match[1]
    for word in ("街道", "社区", "镇", "乡", "村", "里"):
        if name.endswith(word) and len(name) > len(word) + 1:
            return name.removesuffix(word)
    return compact(name)


def village_street(community: Texts, estate: Texts) -> Texts:
    """Name what house numbers of a village without streets count within."""
    return "@" + community + "/" + estate
