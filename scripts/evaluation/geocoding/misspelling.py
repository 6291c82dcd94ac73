"""Misspelling Chinese names: characters of near sound or near shape, swapped, lost, doubled.

Imports nothing of `gis`. Near in sound means the same pinyin without tone, or one that many
speakers do not tell apart (zh/z, ch/c, sh/s, n/l, h/f, -ng/-n), among the 3,755 common characters
of GB 2312.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from functools import cache

from numpy.random import Generator
from pypinyin import lazy_pinyin

NEAR_SHAPES = (
    "榕溶", "州洲", "坝贝", "场扬", "园圆", "苑宛", "滨宾", "桥侨", "江汪", "民艮", "福副", "安按",
    "龙尤", "凤风", "景影", "庭廷", "阳阴", "寨塞", "古占", "车东", "士土", "未末", "己已", "大太",
    "天夫", "木本", "林材", "村材", "平半", "日曰", "田由", "人入", "八入", "千干", "王玉", "主玉",
    "白百", "目自", "西酉", "石右", "左右", "兴共", "新亲", "建健", "设没", "迎仰", "富宫", "康庚",
    "和知", "团困", "结洁", "文交", "华毕", "光先", "明朋", "红江", "星呈", "永水", "崇祟", "振赈",
    "友反", "青清", "胜性", "德得", "城诚", "桂挂", "翠萃", "屏并", "岗冈", "金全", "银根", "河何",
    "学字", "府付", "商滴", "贸贺", "体休", "育盲", "站战", "前煎", "环坏", "丰半", "茶荼", "花化",
    "锦绵", "绣诱", "湖糊", "腾滕", "世也", "纪记", "盛盔", "丽而", "香杳", "樟障", "御卸", "碧碧",
    "高亮", "埂梗", "武式", "兑兄", "打扎", "摆罢", "领岭", "真直", "料科", "里理", "吉古", "仁仃",
    "梨犁", "塘糖", "月用", "口日", "堡保", "宰辛", "归旧", "岑芩", "党堂", "同洞", "定宝", "乐东",
    "都部", "塔搭", "水永", "加如", "计讣", "乌鸟", "色包", "向问", "便使", "略路", "苗亩", "利和",
)  # fmt: skip
_SOUNDS = (
    ("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("h", "f"), ("ang", "an"), ("eng", "en"),
    ("ing", "in"),
)  # fmt: skip


def _sound(syllable: str) -> str:
    """Fold what many speakers do not tell apart."""
    for one, other in _SOUNDS[:3]:
        syllable = re.sub(f"^{one}", other, syllable)
    syllable = re.sub("^l(?=[aeiou])", "n", syllable)
    syllable = re.sub("^h(?=u)", "f", syllable)
    return re.sub("(?<=[aei])ng$", "n", syllable)


@cache
def _by_sound() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for high in range(0xB0, 0xD8):
        for low in range(0xA1, 0xFF):
            try:
                char = bytes([high, low]).decode("gb2312")
            except UnicodeDecodeError:
                continue
            found[_sound(lazy_pinyin(char)[0])].append(char)
    return found


@cache
def _by_shape() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for a, b in NEAR_SHAPES:
        found[a].append(b)
        found[b].append(a)
    return found


def _replaced(name: str, rng: Generator, choices: Callable[[str], list[str]]) -> str:
    able = [(i, o) for i, c in enumerate(name) if (o := [x for x in choices(c) if x != c])]
    if not able:
        return name
    i, others = able[int(rng.integers(len(able)))]
    return name[:i] + others[int(rng.integers(len(others)))] + name[i + 1 :]


def near_sound(name: str, rng: Generator) -> str:
    """Write one character as another of near sound."""
    return _replaced(name, rng, lambda c: _by_sound().get(_sound(lazy_pinyin(c)[0]), []))


def near_shape(name: str, rng: Generator) -> str:
    """Write one character as another of near shape."""
    return _replaced(name, rng, lambda c: _by_shape().get(c, []))


def swapped_letters(name: str, rng: Generator) -> str:
    """Swap two neighbouring characters."""
    i = int(rng.integers(len(name) - 1))
    return name[:i] + name[i + 1] + name[i] + name[i + 2 :]


def lost_letter(name: str, rng: Generator) -> str:
    """Lose a character of a name of three or more."""
    i = int(rng.integers(len(name)))
    return name[:i] + name[i + 1 :] if len(name) > 2 else name


def doubled_letter(name: str, rng: Generator) -> str:
    """Write a character twice."""
    i = int(rng.integers(len(name)))
    return name[: i + 1] + name[i:]


MISSPELLINGS = {
    "near_sound": near_sound,
    "near_shape": near_shape,
    "swapped_letters": swapped_letters,
    "lost_letter": lost_letter,
    "doubled_letter": doubled_letter,
}
"""Kind of misspelling to what it does."""
