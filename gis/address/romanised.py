"""Chinese addresses in Latin letters, pinyin or English: Xueyuan Lu 8 Hao, No. 8 Xueyuan Road.

The names of the register are spelt in pinyin when the first such text comes; a text is written in
characters by them, and then read like any other. What it holds besides is left to a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from gis.address.names import split_type

_TYPES = {
    "路": ("lu", "road", "rd"),
    "街": ("jie", "street", "st"),
    "大街": ("dajie", "street", "st", "avenue", "ave"),
    "巷": ("xiang", "lane", "ln", "alley"),
    "大道": ("dadao", "avenue", "ave", "boulevard", "blvd", "road", "rd"),
    "胡同": ("hutong", "lane"),
    "小区": ("xiaoqu", "estate", "community"),
    "花园": ("huayuan", "garden", "gardens"),
    "新村": ("xincun",),
    "公寓": ("gongyu", "apartments"),
    "家园": ("jiayuan",),
}
_SIDES = {"east": "dong", "west": "xi", "south": "nan", "north": "bei", "middle": "zhong",
          "e": "dong", "w": "xi", "s": "nan", "n": "bei", "mid": "zhong"}  # fmt: skip
_ORDINALS = {"first": "yi", "second": "er", "third": "san", "fourth": "si", "fifth": "wu"}
_UNITS = (
    ("号", r"(?:no|number|hao)\.? ?(\d+)|(\d+) ?hao"),
    ("栋", r"(?:building|bldg|block) (\d+)|(\d+) ?(?:haolou|dong|zhuang)"),
    ("单元", r"unit (\d+)|(\d+) ?danyuan"),
    ("室", r"(?:room|rm|apt|flat) (\d+)|(\d+) ?shi"),
)
_words = re.compile(r"[a-z]+|\d+")
_first_number = re.compile(r"^(\d+) |(?<= )(\d+)$|^(\d+)$")
_HAN = re.compile("[\u3400-\u9fff]").search
_MOST_WORDS = 5


class Romanised:
    """The names of a register by their pinyin.

    Parameters
    ----------
    names
        Streets and estates, normalised; those without Chinese characters are left out.
    """

    def __init__(self, names: Iterable[str]) -> None:
        from gis.address.pinyin import pinyin_spellings  # a large dictionary, seldom needed

        self._names: dict[tuple[str, str], list[str]] = defaultdict(list)
        for name in sorted(set(names)):
            if not _HAN(name) or name.startswith("@"):
                continue
            base, kind = split_type(name)
            for spelling in pinyin_spellings(base):
                for word in _TYPES.get(kind, ()):
                    self._names["".join(spelling), word].append(name)

    def texts(self, text: str) -> list[tuple[str, bool]]:
        """Give what a text may be in characters, and whether all of it was read.

        Examples
        --------
        >>> Romanised(["学院路"]).texts("No. 8 Xueyuan Road")
        [('学院路8号', True)]
        """
        plain = unicodedata.normalize("NFKD", text).casefold()
        words = _words.findall("".join(c for c in plain if not unicodedata.combining(c)))
        for end, word in enumerate(words):
            for start in range(max(0, end - _MOST_WORDS), end):
                base = "".join(_SIDES.get(w, _ORDINALS.get(w, w)) for w in words[start:end])
                if names := self._names.get((base, word)):
                    rest = " ".join(words[:start] + words[end + 1 :])
                    detail, left = _detail_of(rest)
                    return [(name + detail, not left) for name in dict.fromkeys(names)]
        return []


def _detail_of(rest: str) -> tuple[str, str]:
    """Give number, building, stairwell and room of the other words, and what is left of them."""
    found = {}
    for sign, pattern in _UNITS:
        if match := re.search(rf"\b(?:{pattern})\b", rest):
            found[sign] = match[1] or match[2]
            rest = f"{rest[: match.start()]} {rest[match.end() :]}".strip()
    if "号" not in found and (match := _first_number.search(f"{rest} ".strip() + " " * bool(rest))):
        found["号"] = next(filter(None, match.groups()))
        rest = (rest[: match.start()] + rest[match.end() :]).strip()
    return "".join(found[s] + s for s, _ in _UNITS if s in found), rest.strip()
