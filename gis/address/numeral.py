"""Chinese numerals to and from Arabic ones, as addresses write them."""

from __future__ import annotations

CHINESE_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")}
CHINESE_DIGITS |= {"〇": 0, "○": 0, "两": 2, "兩": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5}
CHINESE_DIGITS |= {"陆": 6, "柒": 7, "捌": 8, "玖": 9}
_SCALES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
NUMERAL_CLASS = "".join([*CHINESE_DIGITS, *_SCALES])
"""All characters of a Chinese numeral, for use inside a regex class."""

STEMS = "甲乙丙丁戊己庚辛壬癸"
"""The ten signs that count like a, b, c: 15号甲."""


def arabic_from_chinese(numeral: str) -> str:
    """Write a Chinese numeral in digits; digit by digit when it names no tens.

    Examples
    --------
    >>> [arabic_from_chinese(n) for n in ("十", "二十三", "一百零五", "五〇一", "千", "3")]
    ['10', '23', '105', '501', '1000', '3']
    """
    if not any(c in _SCALES for c in numeral):
        return "".join(str(CHINESE_DIGITS[c]) if c in CHINESE_DIGITS else c for c in numeral)
    total, digit = 0, -1
    for c in numeral:
        if c in _SCALES:
            total += (1 if digit < 0 else digit) * _SCALES[c]
            digit = -1
        else:
            value = CHINESE_DIGITS.get(c, int(c) if c.isdecimal() else 0)
            digit = value if digit <= 0 else digit * 10 + value
    return str(total + max(digit, 0))


def chinese_from_arabic(number: int) -> str:
    """Write a number from 1 to 99 in Chinese, as street names do.

    Examples
    --------
    >>> [chinese_from_arabic(n) for n in (3, 10, 12, 20, 45)]
    ['三', '十', '十二', '二十', '四十五']
    """
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十"
    return head + (digits[ones] if ones else "")
