"""Spoiling clean address texts the way people do, written without looking at any parser.

Pure. It shares no code and no word list with `gis.address`, so that a geocoder tested with it is
not tested against its own rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

LOOKALIKES = {
    "滨": "宾", "榕": "溶", "州": "洲", "城": "成", "兴": "新", "园": "圆", "苑": "院", "华": "花",
    "江": "汪", "民": "明", "福": "富", "安": "按", "龙": "笼", "凤": "风", "景": "锦", "庭": "廷",
    "阳": "杨", "寨": "塞", "坝": "贝", "场": "厂", "梨": "黎", "仁": "人", "丰": "峰", "府": "俯",
}  # fmt: skip
DIGITS_ZH = "零一二三四五六七八九"
UNKNOWN_STREETS_ZH = ("解放大道", "老供销社后面巷", "机械厂宿舍路", "三岔口新街", "文昌阁路")
UNKNOWN_STREETS_WESTERN = ("Sonnenhofgasse", "Alte Mühlestrasse", "Am Kanalweg", "Hinterdorfweg")

Spoil = Callable[[str, Generator], str]


def _pick(rng: Generator, choices: Sequence[str]) -> str:
    return choices[int(rng.integers(len(choices)))]


def _lookalike(text: str, rng: Generator) -> str:
    able = [i for i, c in enumerate(text) if c in LOOKALIKES]
    if not able:
        return text
    i = able[int(rng.integers(len(able)))]
    return text[:i] + LOOKALIKES[text[i]] + text[i + 1 :]


def _letters(text: str) -> list[int]:
    """Positions of letters that are followed by another letter (both scripts)."""
    return [i for i in range(len(text) - 1) if text[i].isalpha() and text[i + 1].isalpha()]


def _swap_letters(text: str, rng: Generator) -> str:
    able = _letters(text)
    if not able:
        return text
    i = able[int(rng.integers(len(able)))]
    return text[:i] + text[i + 1] + text[i] + text[i + 2 :]


def _lose_letter(text: str, rng: Generator) -> str:
    able = _letters(text)
    if not able:
        return text
    i = able[int(rng.integers(len(able)))]
    return text[:i] + text[i + 1 :]


def _double_letter(text: str, rng: Generator) -> str:
    able = _letters(text)
    if not able:
        return text
    i = able[int(rng.integers(len(able)))]
    return text[: i + 1] + text[i:]


def _zh_without_town(text: str, rng: Generator) -> str:
    return re.sub(r"^.*?(?:镇|乡|街道)", "", text, count=1)


def _zh_without_community(text: str, rng: Generator) -> str:
    return re.sub(r"(?<=[镇乡道])[^镇乡路街巷号]*?(?:社区|村)", "", text, count=1)


def _zh_with_province(text: str, rng: Generator) -> str:
    return _pick(rng, ("贵州省", "贵州省黔东南州", "贵州省榕江县", "榕江县", "贵州 榕江 ")) + text


def _zh_without_number(text: str, rng: Generator) -> str:
    return re.sub(r"\d+号(?!楼)", "", text, count=1)


def _zh_building_words(text: str, rng: Generator) -> str:
    return text.replace("栋", _pick(rng, ("幢", "号楼", "座", "#", "栋楼")))


def _zh_dashes(text: str, rng: Generator) -> str:
    return re.sub(r"(\d+)栋(\d+)单元(\d+)室", r"\1-\2-\3", text)


def _zh_without_room(text: str, rng: Generator) -> str:
    return re.sub(r"(?:\d+单元)?\d+室$", "", text)


def _zh_numerals(text: str, rng: Generator) -> str:
    return re.sub(r"(?<!\d)\d(?=[号栋单])", lambda m: DIGITS_ZH[int(m[0])], text)


def _zh_full_width(text: str, rng: Generator) -> str:
    return text.translate({ord("0") + k: chr(ord("０") + k) for k in range(10)})


def _zh_remark(text: str, rng: Generator) -> str:
    return text + _pick(rng, ("附近", "旁边", "对面", "（楼下）", " 门口", "一楼铺面"))


def _zh_spaces(text: str, rng: Generator) -> str:
    return re.sub(r"(镇|社区|村|路|街|号)", lambda m: m[0] + _pick(rng, (" ", ",", "，", "")), text)


def _zh_unknown_street(text: str, rng: Generator) -> str:
    street = _pick(rng, UNKNOWN_STREETS_ZH)
    if re.search(r"(?:社区|村)[^社村号]*?(?:路|街|巷|大道)", text):
        return re.sub(r"(社区|村)[^社村号]*?(?:大道|路|街|巷)", rf"\1{street}", text, count=1)
    return re.sub(r"(社区|村).*$", rf"\1{street}{int(rng.integers(1, 200))}号", text)


def _western_abbreviation(text: str, rng: Generator) -> str:
    short = _pick(rng, ("str.", "str", "straße", "strase"))
    text = re.sub(r"strasse", short, text)
    return re.sub(r"Strasse", short.capitalize(), text)


def _western_umlauts(text: str, rng: Generator) -> str:
    to = _pick(rng, ("plain", "e"))
    for a, b in (("ä", "a"), ("ö", "o"), ("ü", "u"), ("Ä", "A"), ("Ö", "O"), ("Ü", "U")):
        text = text.replace(a, b if to == "plain" else b + "e")
    return text


def _western_number_first(text: str, rng: Generator) -> str:
    return re.sub(r"^([^,\d]+?) (\d+[a-z]?)(?=,|$)", r"\2 \1", text)


def _western_without_number(text: str, rng: Generator) -> str:
    return re.sub(r" \d+[a-z]?(?=,|$)", "", text, count=1)


def _western_without_place(text: str, rng: Generator) -> str:
    return text.split(",")[0]


def _western_case(text: str, rng: Generator) -> str:
    return text.upper() if rng.random() < 0.5 else text.lower()


def _western_unknown_street(text: str, rng: Generator) -> str:
    return re.sub(r"^[^,\d]+", _pick(rng, UNKNOWN_STREETS_WESTERN) + " ", text)


def _western_remark(text: str, rng: Generator) -> str:
    return text + _pick(rng, (", 2. Stock", " (Hinterhaus)", ", c/o Nachbar", " beim Brunnen"))


SPOILS_ZH: dict[str, tuple[float, Spoil]] = {
    "without_town": (2.0, _zh_without_town),
    "without_community": (1.5, _zh_without_community),
    "with_province": (1.0, _zh_with_province),
    "without_number": (1.5, _zh_without_number),
    "building_words": (1.5, _zh_building_words),
    "dashes": (1.5, _zh_dashes),
    "without_room": (1.0, _zh_without_room),
    "numerals": (0.7, _zh_numerals),
    "full_width": (0.7, _zh_full_width),
    "spaces": (1.0, _zh_spaces),
    "remark": (1.0, _zh_remark),
    "lookalike": (2.0, _lookalike),
    "swapped_letters": (0.5, _swap_letters),
    "lost_letter": (0.8, _lose_letter),
    "unknown_street": (0.8, _zh_unknown_street),
}
"""Name of what is done -> (how usual it is, how it is done), for Chinese addresses."""

SPOILS_WESTERN: dict[str, tuple[float, Spoil]] = {
    "abbreviation": (2.0, _western_abbreviation),
    "umlauts": (1.0, _western_umlauts),
    "number_first": (0.7, _western_number_first),
    "without_number": (1.5, _western_without_number),
    "without_place": (1.5, _western_without_place),
    "case": (1.0, _western_case),
    "remark": (0.8, _western_remark),
    "swapped_letters": (1.2, _swap_letters),
    "lost_letter": (1.0, _lose_letter),
    "double_letter": (0.8, _double_letter),
    "unknown_street": (0.8, _western_unknown_street),
}
"""The same for Western addresses."""


def _shares_up_to(spoils: dict[str, tuple[float, Spoil]]) -> NDArray[np.float64]:
    """Add up how usual each is, to 1: a random number falls below the one that is drawn."""
    up_to = np.cumsum([usual for usual, _ in spoils.values()])
    return up_to / up_to[-1]


_UP_TO = {True: _shares_up_to(SPOILS_ZH), False: _shares_up_to(SPOILS_WESTERN)}


def noise_address(text: str, rng: Generator, *, script: str) -> tuple[str, str]:
    """Spoil one address in one way that changes it.

    Parameters
    ----------
    text
        Clean standard address.
    rng
        Source of randomness.
    script
        ``zh`` or ``western``.

    Returns
    -------
    noisy, what
        The spoilt text and the name of what was done; ``""`` when nothing fits the text.
    """
    spoils = SPOILS_ZH if script == "zh" else SPOILS_WESTERN
    names = list(spoils)
    up_to = _UP_TO[script == "zh"]
    for _ in range(8):
        name = names[int(up_to.searchsorted(rng.random(), side="right"))]
        noisy = spoils[name][1](text, rng)
        if noisy != text and noisy.strip():
            return noisy, name
    return text, ""


def noise_addresses(
    texts: Sequence[str], rng: Generator, *, share: float, script: str
) -> tuple[list[str], list[str]]:
    """Spoil a share of clean addresses, some of them twice.

    Returns
    -------
    noisy, what
        Texts in the order given, and what was done to each (two names joined by ``+``, ``""``
        for untouched ones).
    """
    noisy, what = list(texts), [""] * len(texts)
    for i in (rng.random(len(noisy)) < share).nonzero()[0]:
        noisy[i], what[i] = noise_address(noisy[i], rng, script=script)
        if what[i] and rng.random() < 0.15:
            again, more = noise_address(noisy[i], rng, script=script)
            if more and more != what[i]:
                noisy[i], what[i] = again, f"{what[i]}+{more}"
    return noisy, what
