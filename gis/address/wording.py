"""What people write around a Chinese address, and parts in another order than the usual.

Works on text normalised by `normalise_chinese`; gives the address alone, largest part first.
"""

from __future__ import annotations

import re

_ADMIN_END = "(?:街道|社区|[镇乡村里])"
_FRONT_END = f"(?:[省州县]|{_ADMIN_END})"
_lead = re.compile(
    r"^(?:(?:家庭|详细|现居|居住|户籍|联系|收货|工作)?(?:住址|地址)|户籍地|居住地|现居住[在于]?|居住[在于]"
    r"|[家现暂]住(?:址|[在于])?|住[在于]|位于|[在于](?=.{2,12}(?:[省市县镇乡村]|社区|街道)))[:,\s]*"
)
_phone = re.compile(
    r"[,\s]*\(?(?:(?:(?:联系)?(?:电话|手机|方式)|TEL|T)(?:号码?)?|号码)?[:.\s]*"
    r"(?<!\d)(?<!\d-)(?:\+?86-?)?(?:1[3-9]\d(?:-?\d{4}){2}|0\d{2,3}-\d{7,8})(?![\d号])\)?"
)
_bracket = re.compile(r"\(([^()]*)\)")
_is_admin = re.compile(rf"(?=[^\d]*$).{{1,24}}?{_ADMIN_END}$").match
_is_detail = re.compile(
    r"(?:[0-9A-Z]{1,4}栋)?(?:\d{1,2}单元)?(?:\d{1,2}[楼层])?(?:\d{1,4}(?:室|号|房)?)?$"
).match
_starts_with_admin = re.compile(rf"^[^\d,(]{{1,14}}?{_FRONT_END}").match
_is_plate = re.compile(
    r"[^\d,]{1,12}(?:大道|[路街巷弄]|[东南西北中]?段)\d+(?:-\d+)?(?:号.{0,5})?$"
).match
_has_plate = re.compile(r"(?:大道|[路街巷弄段])\d+(?:-\d+)?号").search
_OF_ESTATE = "(?:(?<=[新城]村)|(?<=里))[0-9A-Z]{1,4}(?:栋|单元|室)"
"""What is called 新村 or 里 and followed by a building is an estate, no village."""

_admin_front = re.compile(rf"^(?:[^\d,(]{{1,22}}{_FRONT_END}(?![路街巷]|{_OF_ESTATE}))?")
_remark = re.compile(
    r"(?<=[号栋室户]),[^,\d]{0,6}(?:白天|晚上|夜间|夜里|平时|周末|上班|下班|在家|外出|敲门|有狗|空置|请勿"
    r"|[无没有]人(?=$|在|住|居|接|应|看))[^,\d]{0,6}$"
)
"""Who is in, and when: no name of a place has such words."""

_may_be_unusual = re.compile(r"[(),]|\d{6}|\d{3}-\d{7}").search
_is_parted = re.compile("[(),]").search
_may_have_phone = re.compile(r"\d{3}-?\d{4}").search
_has_long_number = re.compile(r"\d{3}(?:\d{8}|-\d{7})").search
_postcode = re.compile(
    r"^(?:邮政?编码?:?|〒)?[0-8]\d{5}[,\s]*(?=[^\d号栋室,~-])|(?<=[^\d,\s-])[,\s]*\(?(?:邮政?编码?:?)?[0-8]\d{5}\)?$"
)
_has_postcode = re.compile(r"^(?:邮\D{1,4}|〒)?\d{6}(?!\d)|(?<!\d)\d{6}\)?$").search
_number_first = re.compile(r"^(\d+(?:-\d+)?号)([^\d,号]{2,12}(?:大道|大街|胡同|[路街巷弄]))$")
LEADS = frozenset("家现暂住居地位在于户详联收工")


def in_usual_order(text: str) -> str:
    """Cut off what is no address, and put its parts in the usual order.

    Examples
    --------
    >>> in_usual_order("建设路12号(古榕社区),电话13812345678")
    '古榕社区建设路12号'
    >>> in_usual_order("建设路12号13812345678,白天无人")
    '建设路12号'
    >>> in_usual_order("古榕社区和平新村3栋501室,建设路12号")
    '古榕社区建设路12号和平新村3栋501室'
    >>> in_usual_order("家住榕江县阳光小区3栋501室,建设路12号")
    '榕江县建设路12号阳光小区3栋501室'
    >>> in_usual_order("阳光小区3栋501室,古州镇古榕社区")
    '古州镇古榕社区阳光小区3栋501室'
    >>> [in_usual_order(t) for t in ("〒430000学院路8号", "8号学院路", "(学院路8号)")]
    ['学院路8号', '学院路8号', '学院路8号']
    """
    if not _may_be_unusual(text) and text[:1] not in LEADS and not text[:1].isdigit():
        return text
    if _has_postcode(text):
        text = _postcode.sub("", text)
    if text[:1].isdigit():
        text = _number_first.sub(r"\2\1", text)
    if not (text[:1] in LEADS or _is_parted(text) or _has_long_number(text)):
        return text
    text = _phone.sub("", text) if _may_have_phone(text) else text
    text = _lead.sub("", text) if text[:1] in LEADS else text
    text = _remark.sub("", _without_brackets(text).strip(" ,"))
    segments = [s for s in (part.strip() for part in text.split(",")) if s]
    if len(segments) < 2:
        return text.replace(",", "")
    first, last = segments[0], segments[-1]
    if _is_admin(last) and not _starts_with_admin(first):
        return last + "".join(segments[:-1])
    if _is_plate(last) and not _has_plate("".join(segments[:-1])):
        before = "".join(segments[:-1])
        front = _admin_front.match(before)
        cut = front.end() if front else 0
        return before[:cut] + last + before[cut:]
    return text


def _without_brackets(text: str) -> str:
    """Take brackets off; what names a town or community in them goes to the front."""
    if "(" not in text and ")" not in text:
        return text
    while match := _bracket.search(text):
        inside = match[1].strip(" ,")
        rest = text[: match.start()] + text[match.end() :]
        if not rest.strip(" ,"):
            return inside
        if _is_detail(inside):
            return text[: match.start()] + inside + text[match.end() :]
        front = inside if _is_admin(inside) and not _starts_with_admin(rest) else ""
        text = front + rest
    return text.replace("(", "").replace(")", "")
