"""Grammar of Chinese addresses, mainland and Taiwan, on text normalised by `normalise_chinese`.

Read left to right: 省市县 (region), 乡镇街道 (town), 社区/村/里 (community), 组/寨, street with
段巷弄, 号, 小区 (estate), then 栋-单元-层-室 from the first marker of that tail. What stands
between the house number and the tail is taken as the estate, whatever its last word.
"""

from __future__ import annotations

import re
from functools import lru_cache

from gis.address.address import Address
from gis.address.numeral import STEMS
from gis.address.position_words import VAGUE, split_position
from gis.address.region import read_region

_X = r"[^\d\s,/(~号栋省市县区镇乡村街路巷弄]"
_Y = r"[^\d\s,/(~号栋街路巷弄道]"
_MORE_THAN_PLACE = "小区|花园|公寓|家园|安置|广场|大厦|[路街巷](?![上头口]?村)"

_OF_VILLAGERS = "民(?![族主生权俗乐政航强富])"
_town = re.compile(
    rf"({_X}{{1,8}}?(?:街道|镇|乡)(?!政府(?![路街巷])|卫生|中学|中心(?!大道|[路街巷])|派出|社区|{_MORE_THAN_PLACE}))"
)
_community = re.compile(
    rf"({_Y}[新城]村(?!{_MORE_THAN_PLACE}|{_OF_VILLAGERS})|{_Y}{{1,12}}?(?:社区|(?<![新城])村(?!{_MORE_THAN_PLACE}|{_OF_VILLAGERS}|大[街道]))"
    rf"|{_Y}{{0,3}}[街路巷弄道][上头口]?村(?!{_MORE_THAN_PLACE}|{_OF_VILLAGERS}))"
)
_hamlet = re.compile(
    rf"({_Y}{{0,6}}?(?:\d+|{_Y})[组队](?!团)|{_Y}{{1,5}}?(?:自然寨|自然村|寨|屯)(?!{_MORE_THAN_PLACE}))"
)
_village_of_taiwan = re.compile(rf"({_X}{{2,3}}里)(?=\d+邻|{_X}{{2,6}}(?:路|街|大道|\d))")
_group = re.compile(rf"({_Y}{{0,6}}?(?:\d+|{_Y})[组队])(?=\d+号|$)")
_number_of_estate = re.compile(r"([^\d,]{2,12}?)(?=\d+(?:-\d+)?号(?:附\d+号?)?(?:$|[^\d]))")
_shop_on_floor = re.compile(r"^(?:[一二三四五六七八九十底]+[楼层]|铺面|门面|商铺|店面|门市)+")
_is_estate = re.compile(r".+(?:小区|花园|家园|公寓|广场|新村|[苑庭城居院舍区])$").match
_neighbourhood = re.compile(r"\d+邻")
_ROAD = (
    "大道|大街|公路(?![段局所站管])|国道|省道|胡同|环线|路|街|巷|(?<![街通下])道"
    "|(?<=[一二三四五六七八九十])条(?:胡同)?"
)
_street = re.compile(
    rf"((?:{_Y}{{0,6}}[一二三四五六七八九十]+号(?:公路|路|街)|大道路|{_Y}{{1,12}}?(?:{_ROAD}))"
    rf"(?!(?<=公路)[段局所站管]|[路街道巷场](?!口))(?:{_Y}{{0,4}}?(?:{_ROAD})(?!口))?"
    rf"(?:[东南西北中上下]段|\d+段)?(?:\d+巷)?(?:\d+弄)?)"
)
_number = re.compile(
    rf"(?:第)?([{STEMS}])?(\d+)(?:([-~])(\d+))?([A-Z{STEMS}])?(?:之(\d+))?"
    r"(?:号(?!楼)|[巷弄](?<=~....)|(?=$|[,(]|附\d))"
    rf"(?:院)?(?:附(\d+)号?|之(\d+)|-(\d+)(?![\d-])|([{STEMS}])(?![栋座门楼室]|单元))?"
)
_FEWEST_IN_RANGE = 20
"""12-35号 spans houses 12 to 35; a smaller second number is an annex of the first (12-3号)."""

_range_of_annexes = re.compile(r"(\d+)之\d+~\d+号")
_range_of_lanes = re.compile(r"(\d+)~(\d+)[巷弄]")
_before_digits = re.compile(r"([^\d]+)\d+([号栋])(\d)?")
_annex = re.compile(r"附(\d+)号")
_marker = re.compile(
    r"[A-Z]-\d+(?:-\d+)?|[0-9A-Z甲乙丙丁]{1,4}栋|[东南西北]栋|\d+(?:单元|层|楼|室|房|门|梯)|\d+-\d+|[A-Z]?\d+[A-Z]?号?(?=$|,)"
)
_tail = re.compile(
    r"(?:([0-9A-Z甲乙丙丁东南西北]{1,4})栋)?-?"
    r"(?:([0-9A-Z甲乙丙丁东南西北中左右]{1,3})(?:单元|梯|门))?-?"
    r"(?:(\d+)(?:层|楼))?(?:之(\d+))?-?"
    r"(?:([A-Z]?-?\d+(?:-\d+)*[A-Z]?)(?:室|号房|房|号|户)?)?"
)
_brackets = re.compile(r"\([^)]*\)|[()]")
_crossing = re.compile(
    rf"(.*?(?:{_ROAD}|\d[段巷弄]))(?:口)?(?:/|与|和|及|&|跟|、|,)(.*?(?:{_ROAD}|\d[段巷弄]))"
    r"(?:交叉路?口?|交汇处?|交界处?|路?口)?(?:附近|处)?$"
)
_inside = re.compile(
    r"(?<=[号栋元楼])(?:地下(?:停?车[库场]|[室\d一二三]层?)|负[一二三\d]+[层楼]?|车库|阁楼|储藏室|架空层|天台|楼顶)+$"
)
"""Parts of a house that have no number of their own."""

_may_cross = re.compile(r"[/&,与和及跟]").search


def parse_chinese(text: str) -> Address:
    """Read a normalised Chinese address; parts not found stay empty.

    Examples
    --------
    >>> a = parse_chinese("古州镇古榕社区榕江大道12号附3阳光小区3栋2单元501室")
    >>> a.town, a.community, a.street, a.number
    ('古州镇', '古榕社区', '榕江大道', '12-3')
    >>> a.estate, a.building, a.stairwell, a.room
    ('阳光小区', '3', '2', '501')
    >>> a = parse_chinese("台北市信义区富台里忠孝东路5段295巷6弄1~30号")
    >>> a.street, a.kind, a.number_from, a.number_to
    ('忠孝东路5段295巷6弄', 'block', 1, 30)
    >>> parse_chinese("公园路/信阳街").cross_street
    '信阳街'
    """
    plain = _brackets.sub("", text) if "(" in text or ")" in text else text
    plain = plain.strip(" ,").replace("路路", "路").replace("街街", "街")
    plain, notes = split_position(plain)
    plain = _inside.sub("", plain)
    if _may_cross(plain) and (crossing := _read_crossing(plain, notes)) is not None:
        return crossing
    return _read_address(plain.replace(",", ""), notes)


def _read_crossing(text: str, notes: tuple[str, ...]) -> Address | None:
    match = _crossing.match(text)
    if match is None:
        return None
    first = _read_address(match[1], notes)
    second = _read_address(match[2], ())
    if not first.street or not second.street or first.number or second.number:
        return None
    if first.street == second.street:
        return first
    return Address(
        town=first.town,
        community=first.community,
        street=first.street,
        region=first.region,
        cross_street=second.street,
        kind="intersection",
        notes=notes,
    )


def _read_address(text: str, notes: tuple[str, ...]) -> Address:
    region, town, community, group, street, estate, at = _front_of(text)
    number, low, high, is_range, at = _read_number(text, at, bool(street or community or group))
    between, building, stairwell, room, rest = _read_tail(text, at)
    if "beside_flat" in notes:
        notes, room = (notes, "") if building and room else (VAGUE, room)
    if rest or (number and group and between) or _shop_on_floor.match(between):
        notes = (*notes, "unread_text")
        between = _shop_on_floor.sub("", between) if building and not group else ""
    if stairwell and not building and not street and _is_estate(group):
        building, number, low, high = number, "", -1, -1
    estate = f"{group}{estate or between}"
    kind = "block" if is_range else "address"
    if not (street or estate or community or town):
        kind = "none"
    return Address(
        town, community, street, number, estate, building, stairwell, room,
        kind, region, "", low, high, notes,
    )  # fmt: skip


def _front_of(text: str) -> tuple[str, str, str, str, str, str, int]:
    """Read what stands before the house number; remembered, as neighbours share it.

    What is before the first digits does not depend on them where a 号 or 栋 follows, only on
    whether another digit comes next; one such text stands for all.
    """
    match = _before_digits.match(text)
    if match is None:
        return _read_front(text)
    return _read_front_once(f"{match[1]}1{match[2]}{'1' if match[3] else ''}")


def _read_front(text: str) -> tuple[str, str, str, str, str, str, int]:
    region, town, community, group, at = _read_places(text)
    street, estate, at = _read_street(text, at)
    if not street and not group and (loose := _group.match(text, at)):
        group, at = loose[1], loose.end()
    if not street and not group and (loose := _number_of_estate.match(text, at)):
        group, at = loose[1].strip("-~ "), loose.end()
    return region, town, community, group, street, estate, at


_read_front_once = lru_cache(maxsize=65_536)(_read_front)


def _read_places(text: str) -> tuple[str, str, str, str, int]:
    """Give region, town, community, villager group, and where the rest begins."""
    at = read_region(text)
    region = text[:at]
    town = community = group = ""
    if match := _town.match(text, at):
        town, at = match[1], match.end()
    if match := _community.match(text, at):
        community, at = match[1], match.end()
        if not town and (match := _town.match(text, at)):
            town, at = match[1], match.end()
        if match := _hamlet.match(text, at):
            group, at = match[1], match.end()
    elif region and (match := _village_of_taiwan.match(text, at)):
        community, at = match[1], match.end()
    if match := _neighbourhood.match(text, at):
        at = match.end()
    return region, town, community, group, at


def _read_street(text: str, at: int) -> tuple[str, str, int]:
    """Give street, an estate written before it, and where the rest begins."""
    match = _street.match(text, at)
    if match is None:
        return "", "", at
    street, estate = match[1], ""
    cut = street.find("小区") + 2
    if cut > 2 and len(street) - cut >= 2:
        estate, street = street[:cut], street[cut:]
    return street, estate, match.end()


def _read_number(text: str, at: int, has_place: bool) -> tuple[str, int, int, bool, int]:
    """Give number, its first and last integer, whether it is a range, and where the rest begins."""
    if "~" in text and (match := _range_of_lanes.match(text, at)):
        low, high = int(match[1]), int(match[2])
        return "", min(low, high), max(low, high), True, match.end()
    if "~" in text and has_place and (match := _range_of_annexes.match(text, at)):
        low = int(match[1][:9])
        return str(low), low, low, False, match.end()
    match = _number.match(text, at) if has_place else None
    if match is None:
        match = _annex.match(text, at) if has_place else None
        return ("", -1, -1, False, at) if match is None else (match[0][:-1], -1, -1, False, at)
    stem, digits, mark, second, letter, *annexes, last = match.groups("")
    low = int(digits[:9])
    if second and (mark == "~" or int(second[:9]) - low >= _FEWEST_IN_RANGE):
        ends = sorted((low, int(second[:9])))
        return "", ends[0], ends[1], True, match.end()
    annex = second or next(filter(None, annexes), "")
    number = f"{low}{letter or stem or last}" + (f"-{int(annex[:9])}" if annex else "")
    return number, low, _end_of_stretch(low, second), False, match.end()


def _end_of_stretch(low: int, second: str) -> int:
    """Give the last number of what may be a stretch of one side (12-16号), else the number itself.

    Whether it is one, or the 16th annex of 12, only the register can tell.
    """
    high = int(second[:9]) if second else low
    return high if high > low and (high - low) % 2 == 0 else low


def _read_tail(text: str, at: int) -> tuple[str, str, str, str, str]:
    """Give what stands before the tail, building, stairwell, room, and what was left over."""
    if at == len(text):
        return "", "", "", "", ""
    marker = _marker.search(text, at)
    if marker is None:
        return text[at:].strip("-~号 "), "", "", "", ""
    before = text[at : marker.start()].strip("-~ ")
    return before, *_read_marked_once(text[marker.start() :])


def _read_marked(text: str) -> tuple[str, str, str, str]:
    """Give building, stairwell, room and what was left over of a tail from its first marker."""
    match = _tail.match(text)
    assert match is not None, "every part of a tail may be missing"
    building, stairwell, floor, annex, room = (g or "" for g in match.groups())
    *outer, room = room.split("-")
    if outer and not building and (len(outer) > 1 or not stairwell):
        building = outer.pop(0)
    if outer and not stairwell:
        stairwell = outer.pop(0)
    room = _room_with_floor(room, floor, annex)
    return _plain(building), _plain(stairwell), room, text[match.end() :].strip("-~, ")


_read_marked_once = lru_cache(maxsize=65_536)(_read_marked)


def _room_with_floor(room: str, floor: str, annex: str) -> str:
    """Join floor and room: floor 5 room 3 is 503, a floor alone is itself a dwelling (3楼)."""
    if floor and not room:
        return f"{floor}楼{annex and f'-{annex}'}"
    if floor and room.isdecimal() and len(room) <= 2:
        return f"{floor}{int(room):02d}"
    return room


def _plain(number: str) -> str:
    return number.lstrip("0") or number
