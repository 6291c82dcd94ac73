"""One spelling for the many ways of writing the same address.

`normalise` is idempotent and accepts any value. Chinese text (any Han character) keeps no spaces
around Han, writes house, building, stairwell and room numbers in digits, and one word for each
of 幢 座 号楼 #. Western text is lower case, without accents, with short words written out.
"""

from __future__ import annotations

import re
import unicodedata

from gis.address.numeral import NUMERAL_CLASS, arabic_from_chinese
from gis.address.ordinals import (
    has_roman_sign,
    may_have_ordinal,
    read_roman_signs,
    write_ordinals,
)
from gis.address.traditional import has_traditional, simplify
from gis.address.western_spelling import normalise_western

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_has_han = re.compile(f"[{_HAN}]").search

_UNSEEN = "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
_UNSEEN += "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufe0e\ufe0f\ufeff"
_FOLD = str.maketrans(
    {
        **dict.fromkeys(_UNSEEN),
        **dict.fromkeys("‐‑‒–—―−－ー﹣", "-"),
        **dict.fromkeys("～〜∼˜", "~"),
        **dict.fromkeys("【〔[「『〈《", "("),
        **dict.fromkeys("】〕]」』〉》", ")"),
        **dict.fromkeys("、。;；，", ","),
        "○": "〇",
        "×": "X",
    }
)
_spaced_range = re.compile(r"(?<=\d)\s+-\s+(?=\d)|(?<=\d)\s*~\s*(?=\d)|(?<=\d)[至到](?=\d)")
_range_of_plates = re.compile(r"(?<=\d)号(?:至|到|-|~)(?=\d{1,5}(?:号(?![楼栋幢])|$))")
_list_of_plates = re.compile(
    r"(?<!\d)(\d{1,4})(?:号?[,和与及]\d{1,4})*号?[,和与及](\d{1,4})号(?![楼栋幢\d])"
)
_plate_mark = re.compile(r"(?<=[路街巷道弄段村组寨])(?:NO\.? ?|#)(?=\d+(?![楼栋幢座#\d]))")
_building_mark = re.compile(r"#(\d{1,3})(?:楼|栋|幢|座)")
_unit_first = re.compile(r"(?<![\d栋])(\d{1,2})单元([0-9A-Z]{1,3})栋")
_space_by_han = re.compile(rf"(?<=[{_HAN}])\s+|\s+(?=[{_HAN}])")
_spaces = re.compile(r"\s+")
_END = f"(?=$|[0-9A-Z,(之-]|单元|[{NUMERAL_CLASS}])"
_UNIT = (
    "#|号(?!路|街|公路|大道|线)|单元|层|室|段|巷|弄|组|小组|村民小组|村小组|邻|梯|栋|幢"
    f"|[楼座]{_END}|[房队户]{_END}"
)
_numeral_before_unit = re.compile(
    f"[{NUMERAL_CLASS}]+(?={_UNIT})|[{NUMERAL_CLASS}]{{3,}}(?=号)|(?<=[附之])[{NUMERAL_CLASS}]+(?=$|号)"
    f"|(?<=[元栋号楼层])[{NUMERAL_CLASS}]{{2,}}$"
)
_building = re.compile(
    rf"(?<=[0-9A-Z甲乙丙丁])(?:号(?:楼(?![下上前后道梯])|栋|幢)|#(?:楼|栋)?|幢|栋楼|座{_END})"
)
_plate_sign = re.compile(
    r"((?:[路街巷道段弄组寨镇乡]|(?<!新)村|社区|委会),?\d+(?:-\d+)?)#(?!楼|栋|\d+单元|\d+-\d+(?![\d-]))"
)
_long_plate_sign = re.compile(
    rf"(?<=[{_HAN}])(?<![园苑院舍庭城场寓居府墅厦区村])(\d{{3,4}})#(?![楼栋幢座#\d])"
)
"""No estate has hundreds of buildings: 空烈294# is a house number."""

_estate_building = re.compile(
    r"((?:[园苑院舍庭城场寓居府墅厦]|[小属]区|新村)(?:\d{1,3}|[A-Z]))号(?=\d{1,2}(?:单元|-\d))"
)
_building_of_plate = re.compile(
    r"(号[^\d号]{1,10}(?:[园苑院舍庭城场寓居府墅厦]|[小属]区|新村)(?:\d{1,3}|[A-Z]))号$"
)
_dashed_numerals = re.compile(
    f"[{NUMERAL_CLASS}]{{1,3}}(?:-[{NUMERAL_CLASS}]{{1,4}}){{1,2}}(?=$|[室房号,(])"
)
_committee = re.compile(
    "(?<=社区),?(?:居?民委员会|居委会|居民委|村委会|委会)"
    "|(?<=村),?(?:村?民委员会|村委会|委会)(?![路街巷])"
    r"|(?<=街道)(?:办事处|办(?!公))|(?<=\d)(?:村民|村)?小(?=组)|(?<=\d)村民(?=组)"
    r"|第(?=\d+(?:组|栋|单元|层|号|室))"
)
_wordy = re.compile("委会|委员会|小组|街道办|村民|第").search
_lone_committee = re.compile("(?:居民委员会|居委会)(?![路街巷])")
_lone_village_committee = re.compile(
    f"(?:村民委员会|村委会|(?<=[{_HAN}])(?<![居人回市])民委员会)(?![路街巷])"
)
_FOLDED = re.escape("".join(map(chr, _FOLD)))
_folds = re.compile(f"[{_FOLDED}]").search
_has_space = re.compile(r"[\s~至到]").search
_has_building = re.compile("[楼幢座#]|号栋").search
_has_sign = re.compile(rf"[\s~至到楼幢座#委办民第{_FOLDED}]").search
_has_range = re.compile(r"\d(?:号[至到~-]|号?[和与及,])\d").search
_has_unit_first = re.compile("单元[0-9A-Z]{1,3}栋").search
_has_numeral_to_write = re.compile(
    f"[{NUMERAL_CLASS}](?:[#号单层室段巷弄组小村邻梯栋幢楼座房队户-]|$)"
).search
_has_part_after_plate = re.compile(r"号\d{1,2}[单-]").search
_ends_as_estate = re.compile("[园苑院舍庭城场寓居府墅厦区村][0-9A-Z]{1,3}号$").search


def text_of(value: object) -> str:
    """Give a value as text; "" for None and NaN.

    Examples
    --------
    >>> text_of(None), text_of(float("nan")), text_of(12.0), text_of(" x ")
    ('', '', '12', ' x ')
    """
    if isinstance(value, str):
        return value
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def is_chinese(text: str) -> bool:
    """Whether a text holds any Han character, and so is read by the Chinese rules.

    Examples
    --------
    >>> is_chinese("古州镇"), is_chinese("Main St")
    (True, False)
    """
    return _has_han(text) is not None


def normalise(value: object) -> str:
    """Write an address the one way all spellings of it share.

    Parameters
    ----------
    value
        Any text; other values are taken as text, None and NaN as "".

    Returns
    -------
    text
        The normalised text; normalising it again changes nothing.

    Examples
    --------
    >>> normalise("古榕社区居委会 榕江大道１２號 三幢二单元５０１室")
    '古榕社区榕江大道12号3栋2单元501室'
    >>> normalise("12 St. Mary's Rd., Apt #3"), normalise("7 Third ST  N")
    ('12 saint marys road , apt # 3', '7 third street north')
    """
    text = text_of(value)
    return normalise_chinese(text) if _has_han(text) else normalise_western(text)


def normalise_chinese(text: str) -> str:
    """Normalise a text by the Chinese rules.

    Examples
    --------
    >>> normalise_chinese("忠孝東路五段２９５巷6弄331 - 360號")
    '忠孝东路5段295巷6弄331~360号'
    """
    if has_roman_sign(text):
        text = read_roman_signs(text)
    text = unicodedata.normalize("NFKC", text).upper().strip()
    if has_traditional(text):
        text = simplify(text)
    if not _may_change(text):
        return text
    if _folds(text):
        text = unicodedata.normalize("NFKC", text.translate(_FOLD))
    if _has_space(text):
        text = _spaced_range.sub("~", text)
        text = _spaces.sub(" ", _space_by_han.sub("", text))
    while (rewritten := _rewrite(text)) != text:
        text = rewritten
    return text


def _may_change(text: str) -> bool:
    """Whether any rule may apply: quick tests, as most texts of a good file need none."""
    return bool(
        _has_sign(text)
        or _has_numeral_to_write(text)
        or may_have_ordinal(text)
        or _has_range(text)
        or _has_unit_first(text)
        or "NO" in text
        or _has_part_after_plate(text)
        or "小组" in text
        or "号栋" in text
        or (text.endswith("号") and _ends_as_estate(text))
    )


def _rewrite(text: str) -> str:
    """Apply each rule once; every rule shortens the text or leaves fewer numerals to change."""
    if _has_numeral_to_write(text):
        text = _numeral_before_unit.sub(_digits, text)
        text = _dashed_numerals.sub(_all_digits, text)
    if _has_part_after_plate(text):
        text = _estate_building.sub(r"\1栋", text)
    if text.endswith("号"):
        text = _building_of_plate.sub(r"\1栋", text)
    if "#" in text or "NO" in text:
        text = _plate_mark.sub("", text)
    if _has_building(text):
        text = _long_plate_sign.sub(r"\1号", _plate_sign.sub(r"\1号", text))
        text = _building_mark.sub(r"\1栋", _building.sub("栋", text))
    if _wordy(text):
        text = _committee.sub("", text)
        text = _lone_village_committee.sub("村", _lone_committee.sub("社区", text))
    if _has_unit_first(text):
        text = _unit_first.sub(r"\2栋\1单元", text)
    if _has_range(text):
        text = _list_of_plates.sub(_as_range, _range_of_plates.sub("~", text))
    return write_ordinals(text) if may_have_ordinal(text) else text


def _digits(match: re.Match[str]) -> str:
    return arabic_from_chinese(match[0])


def _all_digits(match: re.Match[str]) -> str:
    return "-".join(arabic_from_chinese(n) for n in match[0].split("-"))


def _as_range(match: re.Match[str]) -> str:
    """Write a list of rising house numbers (10号和12号) as the stretch from first to last."""
    rises = int(match[1]) < int(match[2])
    return f"{match[1]}~{match[2]}号" if rises else match[0]
