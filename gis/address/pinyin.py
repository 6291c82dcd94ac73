"""Search keys of names: as written, in pinyin, and by pinyin initials.

Pure. Importing it loads the dictionary of phrases (about 55 MB), so it is for making keys;
answering what a person types needs `gis.address.typed` only. About 13,000 different names a
second; what repeats is remembered.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import Any

from pypinyin import lazy_pinyin

from gis.address.typed import typed_form

OTHER_READINGS = {
    "长": "zhang", "重": "chong", "朝": "chao", "都": "du", "单": "shan", "曾": "zeng",
    "乐": "yue", "行": "hang", "六": "lu", "柏": "bo", "侗": "tong", "厦": "xia", "解": "xie",
    "堡": "pu", "埔": "bu", "蚌": "beng", "盛": "cheng", "弄": "long", "巷": "hang",
    "会": "hui", "藏": "cang", "宿": "xiu", "参": "shen", "降": "xiang", "大": "dai",
    "洞": "tong", "番": "fan", "尉": "yu", "石": "dan", "泊": "po", "沈": "chen", "华": "hua",
    "调": "diao", "传": "zhuan", "便": "pian", "盖": "ge", "仇": "chou", "查": "zha",
    "莞": "wan", "涡": "guo", "浒": "xu", "碌": "liu", "燕": "yan", "应": "ying",
    "相": "xiang", "省": "xing", "圩": "xu", "峒": "tong", "垌": "tong", "坊": "fang",
}  # fmt: skip
"""A second reading of characters that place names use in both."""

MOST_SPELLINGS = 4
"""A name with several such characters is spelt in at most so many ways."""


def pinyin_spellings(name: str) -> tuple[tuple[str, ...], ...]:
    """Spell a name in pinyin, one syllable a character; the likeliest spelling first.

    Parameters
    ----------
    name
        A name; what is not Chinese stays as it is, in one piece.

    Examples
    --------
    >>> pinyin_spellings("古榕3栋"), len(pinyin_spellings("朝阳路"))
    ((('gu', 'rong', '3', 'dong'),), 2)
    """
    pieces = _pieces(name)
    spellings = [tuple(syllable for _, syllable in pieces)]
    for spelling in product(*(_readings(char, syllable) for char, syllable in pieces)):
        if spelling not in spellings:
            spellings.append(spelling)
        if len(spellings) == MOST_SPELLINGS:
            break
    return tuple(spellings)


@lru_cache(maxsize=100_000)
def search_keys(name: str) -> tuple[str, ...]:
    """Give everything by which a search box should find a name.

    Parameters
    ----------
    name
        A name of a street, estate, community, place or grid, in any script.

    Returns
    -------
    keys
        In the form of `gis.address.typed.typed_form`, each once: the name, then for a Chinese
        name its pinyin and its initials, then other readings of both; for a Latin name the name
        from each later word on, and with German umlauts written out.

    Examples
    --------
    >>> search_keys("古榕社区")
    ('古榕社区', 'gurongshequ', 'grsq')
    >>> search_keys("朝阳路")
    ('朝阳路', 'zhaoyanglu', 'zyl', 'chaoyanglu', 'cyl')
    >>> search_keys("Mount Auburn Street"), search_keys("Rütistrasse")
    (('mountauburnstreet', 'auburnstreet', 'street'), ('rutistrasse', 'ruetistrasse'))
    """
    keys = [typed_form(name)]
    if keys[0].isascii() or not any(map(_is_han, keys[0])):
        keys += _latin_keys(name)
    else:
        for spelling in pinyin_spellings(keys[0]):
            keys += ["".join(spelling), _initials(spelling)]
    return tuple(key for key in dict.fromkeys(keys) if key)


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or char >= "\U00020000"


def _pieces(name: str) -> list[tuple[str, str]]:
    """Cut a name into Chinese characters with their syllable, and runs of other characters."""
    pieces: list[tuple[str, str]] = []
    other = ""
    one_by_one: Any = list  # of what is not Chinese; the library's types know texts only
    syllables = lazy_pinyin(name, errors=one_by_one, v_to_u=False)
    for char, syllable in zip(name, syllables, strict=True):
        if char != syllable:
            pieces += [(other, other)] * bool(other) + [(char, syllable)]
            other = ""
        else:
            other += char
    return pieces + [(other, other)] * bool(other)


def _readings(char: str, syllable: str) -> tuple[str, ...]:
    """Give the readings of a character; lü is typed as lv, and as lu where there is no ü."""
    readings = [syllable, OTHER_READINGS.get(char, syllable)]
    if char != syllable and "v" in syllable:
        readings.append(syllable.replace("v", "u"))
    return tuple(dict.fromkeys(readings))


def _initials(spelling: tuple[str, ...]) -> str:
    return "".join(s if s[0].isdigit() else s[0] for s in spelling)


def _latin_keys(name: str) -> list[str]:
    words = [typed_form(word) for word in name.split()]
    later = ["".join(words[i:]) for i in range(1, len(words))]
    spelt_out = name.casefold()
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        spelt_out = spelt_out.replace(umlaut, letters)
    return [*later, typed_form(spelt_out)]
