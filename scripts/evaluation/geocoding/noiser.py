"""Spoiling Chinese addresses as people do, from their parts; kept apart from all parsing code.

It imports nothing of `gis`: neither rules nor word lists are shared with what it tests. Each spoilt
address says which kinds of noise it got, and which parts it still states truly, so that an answer
can be judged and a text that fits several places be told from one that does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.random import Generator

from scripts.evaluation.geocoding.misspelling import MISSPELLINGS

PARTS = ("town", "community", "street", "number", "estate", "building", "stairwell", "room")
REGIONS = ("贵州省黔东南苗族侗族自治州榕江县", "贵州省榕江县", "黔东南州榕江县", "榕江县", "", "")
HOW_MANY = (0.08, 0.47, 0.30, 0.15)
"""Share of the texts with 0, 1, 2 and 3 kinds of noise."""

DIGITS = "零一二三四五六七八九"
ENDINGS = {
    "town": ("水族乡", "瑶族水族乡", "街道", "镇", "乡"),
    "community": ("社区", "村"),
    "street": ("大道", "路", "街", "巷"),
    "estate": ("小区", "花园", "家园", "公寓", "家属区", "家属院", "宿舍", "寨"),
}


@dataclass
class Draft:
    """An address being spoilt.

    Parameters
    ----------
    parts
        What is written for each part.
    kept
        Parts that still say the truth.
    """

    parts: dict[str, str]
    kept: set[str]
    region: str = ""
    marks: dict[str, str] = field(default_factory=dict)
    order: str = "usual"
    before: str = ""
    after: str = ""
    finish: list[Callable[[str], str]] = field(default_factory=list)

    def drop(self, *names: str) -> bool:
        """Leave parts out; False when there is nothing to leave out."""
        if not any(self.parts[n] for n in names):
            return False
        for name in names:
            self.parts[name] = ""
            self.kept.discard(name)
        return True

    def text(self) -> str:
        """Write the address."""
        p = self.parts
        admin, plate, unit = p["town"] + p["community"], self.plate(), self.unit()
        street, estate = (p["street"] + plate, p["estate"]) if p["street"] else ("", p["estate"])
        if not p["street"]:
            estate += plate
        text = {
            "usual": f"{admin}{street}{estate}{unit}",
            "estate_first": f"{admin}{estate}{unit},{street}"
            if street
            else f"{admin}{estate}{unit}",
            "admin_last": f"{street}{estate}{unit}，{admin}",
            "admin_in_brackets": f"{street}{estate}{unit}（{admin}）",
            "community_first": f"{p['community']}{p['town']}{street}{estate}{unit}",
        }[self.order]
        text = f"{self.before}{self.region}{text}{self.after}"
        for change in self.finish:
            text = change(text)
        return text

    def plate(self) -> str:
        """Write the house number with its annex."""
        number, _, annex = self.parts["number"].partition("-")
        if not number:
            return ""
        house = self.marks.get("number", "号")
        if not annex:
            return number + house
        return self.marks.get("annex", "{}号附{}号").format(number, annex)

    def unit(self) -> str:
        """Write building, stairwell and room."""
        building, stairwell, room = (self.parts[n] for n in ("building", "stairwell", "room"))
        numbers = [n for n in (building, stairwell, room) if n]
        if "dash" in self.marks and len(numbers) > 1:
            return self.marks["dash"].join(numbers)
        words = zip(
            (building, stairwell, room),
            (
                self.marks.get("building", "栋"),
                self.marks.get("stairwell", "单元"),
                self.marks.get("room", "室"),
            ),
            strict=True,
        )
        return "".join(n + w for n, w in words if n)


Noise = Callable[[Draft, Generator, set[str]], bool]
"""Changes the draft and says whether it could."""


def _kind_of_name(part: str, name: str) -> str:
    """Give the end of a name that is not misspelt: its kind, a committee, the number of a group."""
    rest = re.search(r"(?:居委会|居民委员会|委会|民委员会)?[ ,，\u3000]*$", name)[0]
    rest = re.search(r"\d+组$", name)[0] if name.endswith("组") else rest
    own = name.removesuffix(rest)
    return next((e for e in ENDINGS[part] if own.endswith(e)), "") + rest


def _misspelt(kind: str) -> Noise:
    def spoil(draft: Draft, rng: Generator, known: set[str]) -> bool:
        names = [n for n in ("town", "community", "street", "estate") if len(draft.parts[n]) > 2]
        for name in rng.permutation(names).tolist():
            ending = _kind_of_name(name, draft.parts[name])
            own = draft.parts[name].removesuffix(ending)
            other = MISSPELLINGS[kind](own, rng) if len(own) > 1 else own
            if other != own and other + ending not in known:
                draft.parts[name] = other + ending
                return True
        return False

    return spoil


def _without(*names: str) -> Noise:
    def spoil(draft: Draft, rng: Generator, known: set[str]) -> bool:
        return draft.drop(*names)

    return spoil


def _without_estate(draft: Draft, rng: Generator, known: set[str]) -> bool:
    return bool(draft.parts["number"]) and draft.drop("estate")


def _without_street(draft: Draft, rng: Generator, known: set[str]) -> bool:
    return bool(draft.parts["street"] and draft.parts["estate"]) and draft.drop("street", "number")


def _marked(part: str, *words: str) -> Noise:
    def spoil(draft: Draft, rng: Generator, known: set[str]) -> bool:
        draft.marks[part] = str(rng.choice(words))
        return bool(draft.parts["number" if part == "annex" else part]) and (
            part != "annex" or "-" in draft.parts["number"]
        )

    return spoil


def _dashes(draft: Draft, rng: Generator, known: set[str]) -> bool:
    draft.marks["dash"] = "-"
    return bool(draft.parts["building"] and draft.parts["room"])


def _bare(part: str) -> Noise:
    """Leave off the word that says what kind a name is (古榕社区 as 古榕)."""

    def spoil(draft: Draft, rng: Generator, known: set[str]) -> bool:
        ending = next((e for e in ENDINGS[part] if draft.parts[part].endswith(e)), "")
        bare = draft.parts[part].removesuffix(ending)
        if not ending or len(bare) < 2 or bare in known:
            return False
        draft.parts[part] = bare
        return True

    return spoil


def _committee(draft: Draft, rng: Generator, known: set[str]) -> bool:
    name = draft.parts["community"]
    words = {"社": ("居委会", "居民委员会"), "村": ("村委会", "村民委员会", "委会")}
    kind = "社" if name.endswith("社区") else "村"
    if not name:
        return False
    draft.parts["community"] = name + str(rng.choice(words[kind])).removeprefix(
        "村" if kind == "村" else ""
    )
    return True


def _other_ending(part: str) -> Noise:
    """Write another kind of street or estate (阳光花园 as 阳光小区), unless that is known too."""

    def spoil(draft: Draft, rng: Generator, known: set[str]) -> bool:
        name = draft.parts[part]
        ending = next((e for e in ENDINGS[part][:4] if name.endswith(e)), "")
        other = name.removesuffix(ending) + str(
            rng.choice([e for e in ENDINGS[part][:3] if e != ending])
        )
        if not ending or other in known:
            return False
        draft.parts[part] = other
        return True

    return spoil


def _order(order: str) -> Noise:
    def spoil(draft: Draft, rng: Generator, known: set[str]) -> bool:
        needed = {"estate_first": ("street", "estate"), "community_first": ("town", "community")}
        draft.order = order
        if order.startswith("admin"):
            draft.region = ""
            return bool(draft.parts["town"] or draft.parts["community"])
        return all(draft.parts[n] for n in needed[order])

    return spoil


def _nearby(draft: Draft, rng: Generator, known: set[str]) -> bool:
    draft.after += str(rng.choice(["附近", "旁边", "对面", "旁"]))
    return True


def _remark(draft: Draft, rng: Generator, known: set[str]) -> bool:
    remarks = [
        "（自建房）",
        "(出租屋)",
        "一楼门面",
        "（张家）",
        "，二楼",
        "门口",
        "（有狗）",
        "，白天无人",
    ]
    draft.after += str(rng.choice(remarks))
    return True


def _phone(draft: Draft, rng: Generator, known: set[str]) -> bool:
    number = f"1{rng.choice([3, 5, 7, 8, 9])}{rng.integers(10**9):09d}"
    draft.after += str(rng.choice([" {}", "，电话{}", "(联系电话:{})", "，{}"])).format(number)
    return True


def _before(draft: Draft, rng: Generator, known: set[str]) -> bool:
    draft.before = str(rng.choice(["家住", "现住", "地址：", "位于", "住址:", "在"]))
    return True


def _full_width(draft: Draft, rng: Generator, known: set[str]) -> bool:
    wide = {ord("0") + k: chr(ord("０") + k) for k in range(10)}
    draft.finish.append(lambda text: text.translate(wide))
    return True


def _chinese_numerals(draft: Draft, rng: Generator, known: set[str]) -> bool:
    able = [n for n in ("number", "building", "stairwell", "room") if draft.parts[n].isdigit()]
    for name in able:
        draft.parts[name] = in_chinese(int(draft.parts[name]), name == "room")
    return bool(able)


def in_chinese(number: int, digit_by_digit: bool) -> str:
    """Write a number from 1 to 9999 in Chinese characters.

    Examples
    --------
    >>> in_chinese(501, True), in_chinese(123, False), in_chinese(12, False), in_chinese(105, False)
    ('五〇一', '一百二十三', '十二', '一百零五')
    """
    if digit_by_digit:
        return "".join(DIGITS[int(d)] for d in str(number)).replace("零", "〇")
    text, gap = "", False
    for scale, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, scale)
        if digit:
            text += "零" * (gap and bool(text)) + DIGITS[digit] + word
        gap = not digit
    return text.removeprefix("一") if text.startswith("一十") else text


def _spaces(draft: Draft, rng: Generator, known: set[str]) -> bool:
    mark = str(rng.choice([" ", "，", "  ", "\u3000", ","]))
    for name in ("town", "community", "street", "estate"):
        if draft.parts[name] and rng.random() < 0.6:
            draft.parts[name] += mark if draft.parts["number"] or name != "street" else ""
    return True


def _traditional(draft: Draft, rng: Generator, known: set[str]) -> bool:
    pairs = str.maketrans(
        "号栋单楼镇乡县区门东园广兴龙凤阳宝车", "號棟單樓鎮鄉縣區門東園廣興龍鳳陽寶車"
    )
    draft.finish.append(lambda text: text.translate(pairs))
    return True


def wrong_admin(draft: Draft, rng: Generator, others: tuple[list[str], list[str]]) -> bool:
    """Write another town or community of the county; needs a street or estate that tells."""
    if not (draft.parts["street"] or draft.parts["estate"]):
        return False
    part = "town" if rng.random() < 0.3 else "community"
    other = str(rng.choice(others[part == "community"]))
    if not draft.parts[part] or other == draft.parts[part]:
        return False
    draft.parts[part] = other
    draft.kept.discard(part)
    return True


NOISES: dict[str, tuple[float, Noise]] = {
    "near_sound": (5.0, _misspelt("near_sound")),
    "near_shape": (2.5, _misspelt("near_shape")),
    "swapped_letters": (1.0, _misspelt("swapped_letters")),
    "lost_letter": (1.5, _misspelt("lost_letter")),
    "doubled_letter": (1.0, _misspelt("doubled_letter")),
    "without_town": (4.0, _without("town")),
    "without_community": (4.0, _without("community")),
    "without_both": (2.0, _without("town", "community")),
    "without_street": (1.5, _without_street),
    "without_number": (1.0, _without("number")),
    "without_estate": (2.0, _without_estate),
    "without_stairwell": (1.0, _without("stairwell")),
    "without_room": (2.0, _without("stairwell", "room")),
    "building_word": (3.0, _marked("building", "幢", "座", "号楼", "#", "#楼", "号")),
    "number_word": (2.0, _marked("number", "號", "号院", "#")),
    "annex_word": (2.0, _marked("annex", "{}-{}号", "{}号之{}", "{}附{}号", "{}号附{}")),
    "stairwell_word": (1.0, _marked("stairwell", "门", "梯", "单元-")),
    "room_word": (1.5, _marked("room", "", "号", "房", "号房", "户")),
    "dashes": (3.0, _dashes),
    "full_width": (1.5, _full_width),
    "chinese_numerals": (2.0, _chinese_numerals),
    "traditional": (1.0, _traditional),
    "committee": (2.0, _committee),
    "bare_community": (2.0, _bare("community")),
    "bare_town": (1.0, _bare("town")),
    "bare_street": (0.5, _bare("street")),
    "bare_estate": (1.0, _bare("estate")),
    "other_street_word": (1.0, _other_ending("street")),
    "other_estate_word": (1.0, _other_ending("estate")),
    "estate_first": (1.0, _order("estate_first")),
    "admin_last": (1.0, _order("admin_last")),
    "admin_in_brackets": (1.0, _order("admin_in_brackets")),
    "community_first": (0.5, _order("community_first")),
    "nearby": (1.5, _nearby),
    "remark": (1.5, _remark),
    "phone": (1.5, _phone),
    "words_before": (1.0, _before),
    "spaces": (2.0, _spaces),
    "wrong_admin": (2.0, wrong_admin),
}
"""Kind of noise to how often it is drawn, and what it does."""


def spoil_register(register: pd.DataFrame, n: int, rng: Generator) -> pd.DataFrame:
    """Draw rows of a register and spoil each.

    Parameters
    ----------
    register
        With the columns of `PARTS`.

    Returns
    -------
    spoilt
        ``row`` (position in the register), ``text``, ``kinds`` joined by +, and for each part
        ``kept_…``: whether the text still states it truly.
    """
    rows = rng.choice(len(register), n, replace=n > len(register))
    known = {v for p in ("town", "community", "street", "estate") for v in register[p].unique()}
    others = ([*register["town"].unique()], [*register["community"].unique()])
    columns = [register[p].to_numpy()[rows].tolist() for p in PARTS]
    out = []
    for row, *values in zip(rows.tolist(), *columns, strict=True):
        parts = dict(zip(PARTS, values, strict=True))
        draft, kinds = _spoil(parts, rng, known, others)
        kept = {f"kept_{p}": p in draft.kept for p in PARTS}
        out.append({"row": row, "text": draft.text(), "kinds": "+".join(kinds), **kept})
    return pd.DataFrame(out)


def _spoil(
    parts: dict[str, str], rng: Generator, known: set[str], others: tuple[list[str], list[str]]
) -> tuple[Draft, list[str]]:
    names = list(NOISES)
    weights = np.array([NOISES[n][0] for n in names])
    draft = Draft(dict(parts), {p for p in PARTS if parts[p]}, str(rng.choice(REGIONS)))
    wanted, kinds = int(rng.choice(len(HOW_MANY), p=HOW_MANY)), []
    for name in rng.choice(names, 12, replace=False, p=weights / weights.sum()).tolist():
        if len(kinds) == wanted:
            break
        before = Draft(
            dict(draft.parts),
            set(draft.kept),
            draft.region,
            dict(draft.marks),
            draft.order,
            draft.before,
            draft.after,
            list(draft.finish),
        )
        noise = NOISES[name][1]
        if noise(draft, rng, others if noise is wrong_admin else known):
            kinds.append(name)
        else:
            draft = before
    return draft, kinds
