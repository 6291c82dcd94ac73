"""One spelling for the ordinals inside Chinese names: 二期, whether 2期, 第二期, 贰期 or II期.

Names keep their ordinals in Chinese characters, as most registers do; house, building, stairwell
and room numbers are digits (see `gis.address.normalise`). Works on text folded by NFKC.
"""

from __future__ import annotations

import re

from gis.address.numeral import NUMERAL_CLASS, chinese_from_arabic

_HAN = "\u3400-\u9fff"
_NOUN = "期|区(?!间)|条|坊|苑|园(?!区|林)|村(?!民|委)|路(?!口)|街(?!口|道)|大道|大街|环路"
_PART_NOUN = "号|组|栋|幢|座|单元|段|巷|弄|院"
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_ROMAN = {
    "I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10,
}  # fmt: skip
_ROMAN_SIGNS = {0x2160 + n: str(n + 1) for n in range(12)} | {
    0x2170 + n: str(n + 1) for n in range(12)
}

has_roman_sign = re.compile("[\u2160-\u216b\u2170-\u217b]").search
may_have_ordinal = re.compile(
    rf"第[\d{NUMERAL_CLASS}]|\d(?:{_NOUN})|[壹贰叁肆伍陆柒捌玖拾佰仟]|[IVX](?:{_NOUN}|{_PART_NOUN})"
).search
_ordinal_sign = re.compile(rf"第(?=[\d{NUMERAL_CLASS}]+(?:{_NOUN}|{_PART_NOUN}))")
_counted = re.compile(rf"第(\d{{1,2}})(?=[{_HAN}])(?!{_PART_NOUN}|层|室)")
_digits = re.compile(
    rf"(?<=[{_HAN}])(?<![{NUMERAL_CLASS}])([1-9]\d?)(?={_NOUN})|(?<!\d)([1-9]\d?)(?=期|条)|^([1-9]\d?)(?=[路街]\d)"
)
_roman = re.compile(
    rf"(?<![A-Z])(?:(VIII|VII|VI|IV|IX|III|II)(?={_NOUN}|{_PART_NOUN})|([IVX])(?=期))"
)
_formal = re.compile(rf"[壹贰叁肆伍陆柒捌玖拾佰仟]+(?={_NOUN})")


def read_roman_signs(text: str) -> str:
    """Write the signs Ⅰ to Ⅻ as numbers; to be done before NFKC, which makes letters of them.

    Examples
    --------
    >>> read_roman_signs("Ⅲ号楼")
    '3号楼'
    """
    return text.translate(_ROMAN_SIGNS)


def write_ordinals(text: str) -> str:
    """Write the ordinals of names one way; writing twice changes nothing more.

    Examples
    --------
    >>> [write_ordinals(t) for t in ("碧桂园第2期", "碧桂园II期", "阳光花园3区", "建设贰路")]
    ['碧桂园二期', '碧桂园二期', '阳光花园三区', '建设二路']
    >>> write_ordinals("第1小学"), write_ordinals("学院路第123号"), write_ordinals("2012路")
    ('第一小学', '学院路123号', '2012路')
    """
    text = _ordinal_sign.sub("", text)
    text = _roman.sub(lambda m: chinese_from_arabic(_ROMAN[m[0]]), text)
    text = (
        _counted.sub(lambda m: f"第{chinese_from_arabic(int(m[1]))}", text)
        if "第" in text
        else text
    )
    text = _digits.sub(lambda m: chinese_from_arabic(int(m[0])), text)
    return _formal.sub(lambda m: m[0].translate(_FORMAL), text)
