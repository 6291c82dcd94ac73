"""Numbers as people write them in cells: 3人, 十二户, grouped, or in degrees and minutes."""

from __future__ import annotations

import re
import unicodedata

from gis.exchange.numerals import count_from_chinese

_UNITS = {
    "people": "人 口 口人 口之家 个人 名 位 个 p person persons people pers ppl resident residents"
    " member members inhabitants",
    "dwellings": "户 套 家 间 dwelling dwellings unit units flat flats home homes household"
    " households apartments",
    "levels": "层 楼 层楼 f fl floor floors level levels storey storeys story stories",
    **dict.fromkeys(("minimum", "target", "maximum"), "户 household households hh"),
    **dict.fromkeys(("left_from", "left_to", "right_from", "right_to"), "号"),
}
"""Units that a count may be written with, by field; another unit is another thing."""

_WITH_UNIT = re.compile(r"^(?P<number>[+-]?[\d,'’]*\.?\d+)\s*(?P<unit>[^\d\s.,+-][^\d+-]*)$")
_GROUPED_COUNT = re.compile(r"^\d{1,3}(?P<mark>[,'’])\d{3}(?:(?P=mark)\d{3})*(?:\.0+)?$")
_GROUPED = re.compile(r"^[+-]?(?:\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,})$")
_DECIMAL_COMMA = re.compile(r"^[+-]?\d{1,3},\d{4,}$")
_METRES = re.compile(r"\s*(?:m|米|metres?|meters?)$")

_SIGNS = {
    "°": "ºo˚∘度⁰d",
    "'": "′‘’ʹ´`分m＇ʼ′",
    '"': "″“”ʺ秒s＂〃",
}
_SIGN = {other: sign for sign, others in _SIGNS.items() for other in others}
_HEMISPHERES = {"东经": "e", "西经": "w", "北纬": "n", "南纬": "s", "東經": "e", "西經": "w"}
_HEMISPHERES |= {"北緯": "n", "南緯": "s", "东": "e", "西": "w", "北": "n", "南": "s"}
_DEGREES = re.compile(
    r"^(?P<sign>[+-]?)(?P<d>\d{1,3}(?:\.\d+)?)\s*(?:°|:|\s)\s*"
    r"(?:(?P<m>\d{1,2}(?:\.\d+)?)\s*(?:'|:|\s|$)\s*"
    r"(?:(?P<s>\d{1,2}(?:\.\d+)?)\s*(?:\"|''|$))?)?$"
)
_SECONDS = re.compile(r"[m'′’分]\s*\d{1,2}(?:\.\d+)?$", re.IGNORECASE)
_AXES = {"lon": "ew", "lat": "ns"}


def plain_count(text: str, field: str) -> str:
    """Write a count as a plain number: unit off, groups joined, Chinese numeral in digits.

    What is no such count stays as it is, for the caller to refuse.

    Parameters
    ----------
    text
        The cell, width folded.
    field
        Whose units may stand behind the number.

    Examples
    --------
    >>> plain_count("3人", "people"), plain_count("1'234 persons", "people")
    ('3', '1234')
    >>> plain_count("十二户", "dwellings"), plain_count("廿三", "people")
    ('12', '23')
    >>> plain_count("5户", "people"), plain_count("三四人", "people")
    ('5户', '三四人')
    """
    number = _without_unit(text, field)
    if _GROUPED_COUNT.match(number):
        return re.sub(r"[,'’]", "", number)
    count = count_from_chinese(number)
    return number if count is None else str(count)


def _without_unit(text: str, field: str) -> str:
    """Take a known unit off a count in digits or numerals; other text stays as it is."""
    units = _UNITS.get(field, "").split()
    match = _WITH_UNIT.match(text)
    if match and match["unit"].strip(" .").casefold() in units:
        return match["number"]
    for unit in sorted(units, key=len, reverse=True):
        number = text.removesuffix(unit).rstrip()
        if number != text and count_from_chinese(number) is not None:
            return number
    return text


def without_groups(text: str) -> str:
    """Take thousands separators out where they can be nothing else, and metres.

    A comma that can only be a decimal point becomes one.

    Examples
    --------
    >>> without_groups("3,456,789.5"), without_groups("500,123.45 m"), without_groups("114,124")
    ('3456789.5', '500123.45', '114,124')
    >>> without_groups("114,1247"), without_groups("114,12")
    ('114.1247', '114,12')
    """
    text = _METRES.sub("", text)
    if _DECIMAL_COMMA.match(text):
        return text.replace(",", ".")
    return text.replace(",", "") if _GROUPED.match(text) else text


def degrees_from_text(text: str, axis: str) -> float | None:
    """Read an angle as surveyors, maps and telephones write it; None where it is none.

    Parameters
    ----------
    text
        Such as ``114°07′29″``, ``E114.12``, ``北纬30度5分17秒`` or ``30d5m17s``.
    axis
        ``lon`` or ``lat``.

    Raises
    ------
    ValueError
        It is an angle of the other axis, or has 60 minutes or seconds and more.

    Examples
    --------
    >>> round(degrees_from_text("114°07′29″E", "lon"), 6), degrees_from_text("30d5m", "lat")
    (114.124722, 30.083333333333332)
    >>> degrees_from_text("W 0.5°", "lon"), degrees_from_text("114,12", "lon") is None
    (-0.5, True)
    """
    rest, is_south = _without_south(text.strip())
    plain = _folded(rest)
    plain, hemisphere = (plain, "s") if is_south else _without_hemisphere(plain)
    if hemisphere and hemisphere not in _AXES[axis]:
        raise ValueError("names the other axis; is it in the wrong column?")
    match = _DEGREES.match(plain if re.search(r"[°:\s]", plain) else f"{plain}°")
    is_bare = re.fullmatch(r"[+-]?[\d.]+", plain) and not hemisphere
    if match is None or is_bare or (hemisphere and match["sign"]):
        return None
    degrees, minutes, seconds = (float(match[part] or 0) for part in "dms")
    if minutes >= 60 or seconds >= 60:
        raise ValueError("has 60 minutes or seconds, or more; write it as 114.1247")
    if (match["m"] and "." in match["d"]) or (match["s"] and "." in match["m"]):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    return -value if match["sign"] == "-" or hemisphere in ("w", "s") else value


def _folded(text: str) -> str:
    folded = "".join(_SIGN.get(sign, sign) for sign in text)
    folded = unicodedata.normalize("NFKC", folded).casefold()
    return "".join(_SIGN.get(sign, sign) for sign in folded).replace("''", '"').strip()


def _without_south(text: str) -> tuple[str, bool]:
    """Take an S for south off; an s after minutes is the sign of seconds."""
    if re.match(r"s[\s:.]*\d", text, re.IGNORECASE):
        return text[1:].lstrip(" :."), True
    body = text[:-1].rstrip()
    if text[-1:] in ("s", "S") and not _SECONDS.search(body):
        return body, True
    return text, False


def _without_hemisphere(text: str) -> tuple[str, str]:
    """Part the letter or word of a hemisphere from the angle."""
    for words in (_HEMISPHERES, {letter: letter for letter in "ewn"}):
        for word, letter in words.items():
            if text.startswith(word):
                return text.removeprefix(word).strip(" :.,"), letter
            if text.endswith(word):
                return text.removesuffix(word).strip(" ,"), letter
    return text, ""
