"""Invented people: names in the style of the place, telephone numbers nobody has, residents.

Pure. Every name is put together at random and every number lies in a range that is not given to
anyone, so no row means a living person.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from gis.synthetic.town import make_frame

SURNAMES_ZH = np.array(
    list("杨吴石龙王李张陆潘姚韦陈刘黄周罗欧莫蒙林宋唐何彭邓梁覃胡") + ["欧阳"], dtype=object
)
GIVEN_ZH = {
    "male": list("志建国明文军伟强勇刚毅峰鹏辉斌松柏林海波江涛山岩启承泽宇浩然俊杰昌盛"),
    "female": list("秀英丽芳兰梅霞燕珍玉凤琴月娟红慧敏静雅婷晓春桂香彩云莲花妹姣欣怡雨"),
}
_STEMS_DE = "Brunn Stein Wald Matt Ried Feld Bach Tann Egg Halden Wies Lärch Mühl Stall Burg Rain"
_ENDS_DE = "ler inger mann er hofer egger igger eler"
_MALE_DE = (
    "Anton Beat Christian Daniel Emil Fabian Georg Hugo Jakob Karl Lukas Marco Noah "
    "Otto Peter Roman Simon Thomas Urs Werner"
)
_FEMALE_DE = (
    "Anna Barbara Carmen Doris Elena Franziska Gabi Helen Irene Julia Karin Laura "
    "Maria Nina Olga Petra Rita Sandra Theres Ursula"
)
GIVEN_DE = {
    "male": _MALE_DE.split(),
    "female": _FEMALE_DE.split(),
}
SURNAMES_DE = np.array([s + e for s in _STEMS_DE.split() for e in _ENDS_DE.split()], dtype=object)


def chinese_names(
    sex: NDArray[np.bool_], rng: Generator, *, surname: NDArray[np.object_] | None = None
) -> NDArray[np.object_]:
    """Invent Chinese names, one per row; ``sex`` is True for female."""
    n = len(sex)
    family = rng.choice(SURNAMES_ZH, size=n) if surname is None else surname
    first, second = _two_given(sex, rng, GIVEN_ZH)
    return family + first + np.where(rng.random(n) < 0.75, second, "")


def western_names(
    sex: NDArray[np.bool_], rng: Generator, *, surname: NDArray[np.object_] | None = None
) -> NDArray[np.object_]:
    """Invent names in the style of the Alpine Rhine valley; ``sex`` is True for female."""
    family = rng.choice(SURNAMES_DE, size=len(sex)) if surname is None else surname
    first, _ = _two_given(sex, rng, GIVEN_DE)
    return first + " " + family


def _two_given(
    sex: NDArray[np.bool_], rng: Generator, words: dict[str, list[str]]
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    n = len(sex)
    female, male = (np.array(words[s], dtype=object) for s in ("female", "male"))
    draw = [np.where(sex, rng.choice(female, n), rng.choice(male, n)) for _ in range(2)]
    return draw[0], draw[1]


def surname_of(names: NDArray[np.object_], *, script: str) -> NDArray[np.object_]:
    """Give the family name of each name.

    Examples
    --------
    >>> surname_of(np.array(["欧阳明", "石秀英"], dtype=object), script="zh").tolist()
    ['欧阳', '石']
    """
    if script == "zh":
        return np.array([n[:2] if n.startswith("欧阳") else n[:1] for n in names], dtype=object)
    return np.array([n.split(" ", 1)[1] for n in names], dtype=object)


def fictional_phones(n: int, *, script: str, rng: Generator) -> NDArray[np.object_]:
    """Invent telephone numbers in ranges that belong to nobody.

    Chinese ones begin 139 0000, Liechtenstein ones +423 000.
    """
    last = rng.integers(0, 10_000, size=n)
    start = "1390000" if script == "zh" else "+423 000 "
    return np.array([f"{start}{k:04d}" for k in last], dtype=object)


def invent_names(
    sex: NDArray[np.bool_],
    rng: Generator,
    *,
    script: str,
    surname: NDArray[np.object_] | None = None,
) -> NDArray[np.object_]:
    """Invent names in a script, ``zh`` or ``western``."""
    invent = chinese_names if script == "zh" else western_names
    return invent(sex, rng, surname=surname)


def sample_residents(
    households: pd.DataFrame, rng: Generator, *, script: str, n_households: int, today: date
) -> pd.DataFrame:
    """Invent the members of some households: head, spouse, children, parents.

    Parameters
    ----------
    households
        Frame of kind ``households``.
    n_households
        How many of them get residents.
    today
        Day on which the ages are drawn.
    """
    chosen = np.sort(rng.permutation(len(households))[:n_households])
    some = households.iloc[chosen]
    rows = np.repeat(np.arange(len(some)), some["people"].astype(int))
    place = np.arange(len(rows)) - np.searchsorted(rows, rows, side="left")
    head = some["head_name"].to_numpy(dtype=object)[rows]
    sex = rng.random(len(rows)) < 0.5
    names = invent_names(sex, rng, script=script, surname=surname_of(head, script=script))
    category = rng.choice(
        np.array(["registered", "permanent", "floating"], dtype=object),
        size=len(some),
        p=[0.78, 0.12, 0.10],
    )
    return make_frame(
        "residents",
        {
            "household_number": some["number"].to_numpy(dtype=object)[rows],
            "name": np.where(place == 0, head, names),
            "sex": np.where(sex, "female", "male").astype(object),
            "birth_date": _birth_dates(place, rng, today),
            "relation": _relations(place),
            "category": category[rows],
            "synthetic": np.full(len(rows), "true", dtype=object),
        },
    )


def _relations(place: NDArray[np.int64]) -> NDArray[np.object_]:
    words = np.array(["head", "spouse", "child", "child", "parent", "other"], dtype=object)
    return words[np.minimum(place, len(words) - 1)]


def _birth_dates(place: NDArray[np.int64], rng: Generator, today: date) -> NDArray[np.object_]:
    middle = np.array([48, 46, 14, 11, 74, 35])[np.minimum(place, 5)]
    spread = np.array([13, 13, 7, 6, 6, 18])[np.minimum(place, 5)]
    years = np.clip(rng.normal(middle, spread), 0.1, 98)
    days = np.datetime64(today) - (years * 365.25).astype("timedelta64[D]")
    return np.array(days.astype("datetime64[D]").tolist(), dtype=object)
