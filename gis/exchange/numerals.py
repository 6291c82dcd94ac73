"""Chinese numerals as counts: 三, 十二, 廿三, 壹佰, 一万二千; read where a count is expected only.

A numeral that people use for more than one number is none: 三四 (three or four), 二三十, 一百五.
"""

from __future__ import annotations

import re

_DIGITS = "零一二三四五六七八九"
_TENS = ((1000, "千"), (100, "百"), (10, "十"))
_SECTIONS = ((10**8, "亿"), (10**4, "万"))
_SCALES = {sign: scale for scale, sign in (*_SECTIONS, *_TENS)}
_PLAIN = str.maketrans(
    "〇○Ｏ両两兩壹弌贰貳弍叁參叄弎肆伍陆陸柒捌玖拾佰仟萬億",
    "零零零二二二一一二二二三三三三四五六六七八九十百千万亿",
)
_JOINED = {"廿": "二十", "卄": "二十", "卅": "三十", "卌": "四十"}
_NUMERAL = re.compile(rf"[{_DIGITS}十百千万亿]+")
_BY_DIGIT = re.compile(r"[一二三四五六七八九][零一二三四五六七八九]*零[零一二三四五六七八九]*")
_MIXED = re.compile(r"(?P<number>\d{1,4}(?:\.\d{1,4})?)(?P<scale>[百千万亿])")
_FREE_ZERO = re.compile(r"零(?=[一二三四五六七八九]?[十百千万亿])")
LARGEST = 10**12
"""Numerals say less than this."""


def count_from_chinese(text: str) -> int | None:
    """Read a Chinese numeral; None for any other text and for one that may be two numbers.

    Examples
    --------
    >>> [count_from_chinese(n) for n in ("三", "廿三", "壹佰", "两千零五", "一万二千", "二〇三")]
    [3, 23, 100, 2005, 12000, 203]
    >>> [count_from_chinese(n) for n in ("1.2万", "3百", "三四", "二三十", "一百五", "三人", "3")]
    [12000, 300, None, None, None, None, None]
    """
    plain = text.translate(_PLAIN)
    for sign, words in _JOINED.items():
        plain = plain.replace(sign, words)
    mixed = _MIXED.fullmatch(plain)
    if mixed:
        return _whole(mixed["number"], _SCALES[mixed["scale"]])
    if _BY_DIGIT.fullmatch(plain):
        return int("".join(str(_DIGITS.index(sign)) for sign in plain))
    if not _NUMERAL.fullmatch(plain):
        return None
    number = _added_up(plain)
    is_sure = number < LARGEST and _bare(plain) == _bare(chinese_from_count(number))
    return number if is_sure else None


def chinese_from_count(number: int) -> str:
    """Write a count below `LARGEST` as a Chinese numeral.

    Examples
    --------
    >>> [chinese_from_count(n) for n in (0, 10, 105, 110, 20_300, 10_000_001)]
    ['零', '十', '一百零五', '一百一十', '二万零三百', '一千万零一']
    """
    written = "".join(_sections(number)) or _DIGITS[0]
    return written.removeprefix("一") if written.startswith("一十") else written


def _sections(number: int) -> list[str]:
    """Write number by number of four digits, with a zero where one begins with zeros."""
    parts: list[str] = []
    for scale, sign in (*_SECTIONS, (1, "")):
        section, number = divmod(number, scale)
        if section:
            parts += [_DIGITS[0]] * bool(parts and section < 1000) + [_four_digits(section), sign]
    return parts


def _four_digits(section: int) -> str:
    written, has_gap = "", False
    for scale, sign in (*_TENS, (1, "")):
        digit, section = divmod(section, scale)
        if digit:
            written += _DIGITS[0] * (has_gap and bool(written)) + _DIGITS[digit] + sign
        has_gap = not digit
    return written


def _added_up(plain: str) -> int:
    """Add up a numeral, whether it is well formed or not."""
    total = section = digit = 0
    for sign in plain:
        scale = _SCALES.get(sign, 0)
        if not scale:
            digit = _DIGITS.index(sign)
        elif scale >= 10**4:
            total, section, digit = (total + section + digit) * scale, 0, 0
        else:
            section, digit = section + (digit or 1) * scale, 0
    return total + section + digit


def _bare(written: str) -> str:
    """Drop what may be left out: a zero before a scale, the one of one ten."""
    return _FREE_ZERO.sub("", written).replace("一十", "十")


def _whole(number: str, scale: int) -> int | None:
    whole, _, decimals = number.partition(".")
    n_digits = len(decimals)
    value, rest = divmod(int(whole + decimals) * scale, 10**n_digits)
    return None if rest else value
