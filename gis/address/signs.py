"""The signs that tell names apart: 东 and 西, 一 and 二, A and B, North and South, Old and New.

Two names that differ in such a sign are two places, however long and alike the rest: they are never
one misspelt. The same sign written otherwise is equal before names come here (`normalise`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA, Levenshtein

from gis.address.numeral import STEMS
from gis.address.sound import sound_of
from gis.address.western_words import DIRECTION_WORDS, ORDINAL_NUMBERS, TYPE_WORDS

_NUMERALS = "〇零一二三四五六七八九十两"
_COUNTED = frozenset(_NUMERALS + STEMS[:4] + "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_PLACED = frozenset("东南西北中前后上下左右内外新老旧大小头尾")
_SIGNS = _COUNTED | _PLACED
_MOVABLE = frozenset("中大小头尾")
"""Signs that tell nothing by their place: 心中 is 中心 by a slip; 河东 and 东河 are two names."""

_KINDS = frozenset("期区院苑园段组队坊里村弄巷栋门街路道条城庭寨屯\ue000\ue001\ue002\ue003\ue004")
"""What a sign stands before: 东院 is not 东区, 一巷 not 一路."""

_ROADS = frozenset("路街\ue001\ue002")
"""Kinds that people take for one another, 滨江东街 for 滨江东路, but for numbered ones."""

_kind_words = (
    ("小区", "\ue000"), ("大道", "\ue001"), ("大街", "\ue002"), ("大厦", "\ue003"),
    ("大楼", "\ue003"), ("大院", "院"),
)  # fmt: skip
"""Words for kinds of places, whose 小, 大 and 中 tell nothing."""

_CENTRE = "\ue004"
"""中心 as a kind: at the end of a name (文化中心), not in 中心大道."""

_LOOK_ALIKE = {
    "东": "车乐", "西": "酉", "中": "申", "大": "太天夫犬", "小": "少", "上": "土", "下": "卞",
    "北": "比", "左": "佐", "右": "石", "新": "亲", "老": "考", "旧": "归", "千": "干",
    "八": "人入",
}  # fmt: skip
_of_direction = re.compile(
    "(northeast|northwest|southeast|southwest|north|south|east|west)(?=.{2})"
).match
_POSITIONS = DIRECTION_WORDS | frozenset(
    ["upper", "lower", "old", "new", "inner", "outer", "middle", "front", "back", "little", "great"]
    + ["extension", "connector", "big", "left", "right", "top", "bottom", "county", "state"]
)
_numbered = re.compile(r"[0-9]+(?:st|nd|rd|th|[a-z])?(?:[-/.][0-9]+)*|[a-z]").fullmatch


@lru_cache(maxsize=200_000)
def tells_apart(written: str, known: str) -> bool:
    """Whether a name that is written has another distinguishing sign than a known one.

    Parameters
    ----------
    written, known
        Normalised; Western names with their spaces.

    Examples
    --------
    >>> [tells_apart("滨江东路", k) for k in ("滨江西路", "滨江路", "滨汇东路", "滨江东街")]
    [True, True, False, False]
    >>> [tells_apart("east broadway", k) for k in ("west broadway", "broadway", "east broadwy")]
    [True, True, False]
    """
    if written == known:
        return False
    if written.isascii() and known.isascii():
        return _differ_in_words(written, known)
    return _differ_in_signs(_without_kinds(written), _without_kinds(known))


# -- Chinese -------------------------------------------------------------------------------------


@lru_cache(maxsize=65_536)
def _without_kinds(name: str) -> str:
    name = name.replace(" ", "")
    for word, sign in _kind_words:
        if word in name:
            name = name.replace(word, sign)
    return name[:-2] + _CENTRE if name.endswith("中心") else name


def _differ_in_signs(written: str, known: str) -> bool:
    if _is_swapped(written, known):
        return False
    for step in Levenshtein.editops(written, known):
        what, i, j = step.tag, step.src_pos, step.dest_pos
        if what == "replace":
            if _is_other(written, i, known, j):
                return True
        else:
            name, at = (written, i) if what == "delete" else (known, j)
            if name[at] in _SIGNS and not _is_doubled(name, at):
                return True
    return False


def _is_other(written: str, i: int, known: str, j: int) -> bool:
    """Whether a sign replaced by another makes it another name; one of like sound or look not."""
    a, b = written[i], known[j]
    if a in _KINDS and b in _KINDS:
        before = {written[i - 1], known[j - 1]} if i and j else set()
        if a in _ROADS and b in _ROADS:
            return not before.isdisjoint(_COUNTED)
        return not before.isdisjoint(_SIGNS)
    if (a in _SIGNS and b in _SIGNS) or (a in STEMS and b in STEMS):
        return True
    if a not in _SIGNS and b not in _SIGNS:
        return False
    sign, other = (a, b) if a in _SIGNS else (b, a)
    return sound_of(sign) != sound_of(other) and other not in _LOOK_ALIKE.get(sign, "")


def _is_swapped(written: str, known: str) -> bool:
    """Whether a sign of size or middle has only changed places with one that tells nothing."""
    if len(written) != len(known):
        return False
    at = next((i for i, (a, b) in enumerate(zip(written, known, strict=True)) if a != b), -1)
    if at < 0 or written[at : at + 2] != known[at : at + 2][::-1]:
        return False
    one, other = tuple(written[at : at + 2])
    signs = {one, other} & _SIGNS
    return written[at + 2 :] == known[at + 2 :] and len(signs) == 1 and signs <= _MOVABLE


def _is_doubled(name: str, at: int) -> bool:
    """Whether a sign stands beside itself by a slip; of numerals and letters that is another."""
    return name[at] in _PLACED and name[at] in (name[at - 1 : at] + name[at + 1 : at + 2])


# -- Western -------------------------------------------------------------------------------------


class _Words(NamedTuple):
    """The words of a name: those that tell names apart, sorted; parts of words; the others."""

    signs: tuple[str, ...]
    begun: tuple[tuple[str, str], ...]
    rest: tuple[str, ...]


@lru_cache(maxsize=65_536)
def _words_of(name: str) -> _Words:
    words = name.split()
    signs, begun, rest = [], [], []
    for i, word in enumerate(words):
        around = {*words[i - 1 : i + 2]} if i else {*words}
        is_initial = len(word) == 1 and 0 < i < len(words) - 1 and not TYPE_WORDS & around
        if word in _POSITIONS or word in ORDINAL_NUMBERS or (_numbered(word) and not is_initial):
            signs.append(word)
            continue
        if match := _of_direction(word):
            begun.append((match[1], word[match.end() :]))
        rest.append(word)
    return _Words(tuple(sorted(signs)), tuple(begun), tuple(rest))


def _differ_in_words(written: str, known: str) -> bool:
    a, b = _words_of(written), _words_of(known)
    if any(OSA.distance(r, s) <= 1 and p != q for p, r in a.begun for q, s in b.begun):
        return True
    if a.signs == b.signs:
        return False
    more, fewer = [*a.signs], []
    for sign in b.signs:
        if sign in more:
            more.remove(sign)
        else:
            fewer.append(sign)
    return not (
        all(_is_misspelt(s, b.rest, a.rest) for s in more)
        and all(_is_misspelt(s, a.rest, b.rest) for s in fewer)
    )


def _is_misspelt(sign: str, there: tuple[str, ...], here: tuple[str, ...]) -> bool:
    """Whether a word of the other name can only be this sign, misspelt (noth for north)."""
    if len(sign) < 4 or sign[0].isdigit():
        return False
    rivals = [w for w in (*_POSITIONS, *ORDINAL_NUMBERS) if w != sign]
    return any(
        OSA.distance(word, sign) == 1 and all(OSA.distance(word, r) > 1 for r in rivals)
        for word in there
        if word not in here
    )
