"""Why a match was made: one table of codes with their words, weight and doubt.

A match carries codes; its score is the product of their weights, and one doubtful code sends it
to a person. Words are made here only, in both languages, so codes can be stored and compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from gis.errors import InvalidInput

LEVELS = (
    "room",
    "unit",
    "building",
    "number",
    "interpolated",
    "estate",
    "intersection",
    "street",
    "community",
    "town",
    "none",
)
"""Finest first."""

RANK = {level: i for i, level in enumerate(LEVELS)}


@dataclass(frozen=True)
class Evidence:
    """One reason.

    Parameters
    ----------
    en, zh
        Its words.
    weight
        Factor on the score, in (0, 1].
    doubt
        Whether a person must look.
    """

    en: str
    zh: str
    weight: float = 1.0
    doubt: bool = False


EVIDENCE: dict[str, Evidence] = {
    "alias": Evidence("decided before by a person", "此前已由人工确认"),
    "room_exact": Evidence("room as in the register", "房号与地址库一致"),
    "unit_exact": Evidence("stairwell as in the register", "单元与地址库一致"),
    "building_exact": Evidence("building as in the register", "楼栋与地址库一致"),
    "number_exact": Evidence("street and number as in the register", "街路与门牌号与地址库一致"),
    "estate_exact": Evidence("estate as in the register", "小区与地址库一致", 0.9),
    "interpolated": Evidence("between two known numbers", "位于两个已知门牌号之间", 0.8),
    "street_range": Evidence(
        "within the number range of a street side", "位于道路一侧门牌范围内", 0.8
    ),
    "position_unsure": Evidence(
        "the position may be off by more than 60 m", "位置误差可能超过60米", 0.8, True
    ),
    "number_passed_over": Evidence(
        "no side of the street has this number", "道路两侧门牌范围均不含此号", 0.85, True
    ),
    "sources_apart": Evidence(
        "the register and the street's number ranges put it far apart",
        "地址库位置与道路门牌范围相距较远",
        0.8,
        True,
    ),
    "intersection_exact": Evidence("the two streets meet there", "两条道路在此相交", 0.95),
    "streets_close": Evidence(
        "the two streets come close but share no node", "两条道路接近但不相交", 0.8
    ),
    "streets_apart": Evidence("the two streets do not meet", "两条道路不相交", 0.6, True),
    "cross_street_unknown": Evidence("cross street unknown", "相交道路未知", 0.7, True),
    "street_only": Evidence("street only", "仅匹配到道路", 0.5, True),
    "community_only": Evidence("community only", "仅匹配到社区（村）", 0.3, True),
    "town_only": Evidence("town only", "仅匹配到乡镇（街道）", 0.15, True),
    "street_whole": Evidence(
        "no house number is written: the middle of the street", "未写门牌号，取道路中点", 0.45
    ),
    "community_whole": Evidence(
        "only the community is written: its middle", "仅写社区（村），取其中点", 0.3
    ),
    "beside_flat": Evidence(
        "beside a flat: the building that flat is in", "某户旁边，取该户所在楼栋", 0.85
    ),
    "number_range": Evidence("a range of numbers, not one house", "门牌号范围而非单一门牌", 0.8),
    "number_missing": Evidence("no house number given", "缺少门牌号", 0.8, True),
    "number_unknown": Evidence("house number not in the register", "门牌号不在地址库中", 0.7, True),
    "suffix_dropped": Evidence("number without its suffix", "忽略门牌号附号", 0.9),
    "suffix_added": Evidence(
        "register has this number with a suffix only", "地址库中该门牌号仅有附号", 0.9
    ),
    "suffix_unknown": Evidence(
        "number known without this 甲, 乙, … only, or with other suffixes only",
        "地址库中无此附号（甲、乙等）",
        0.8,
        True,
    ),
    "range_end": Evidence("one end of the number range", "取门牌范围的一端", 0.9),
    "number_from_date": Evidence("number read back from a date", "门牌号由日期还原", 0.8),
    "number_spelt": Evidence("house number written as a word", "门牌号以文字书写", 0.98),
    "number_unread": Evidence("house number not readable", "门牌号无法识别", 0.8, True),
    "detail_unknown": Evidence(
        "building or room not in the register", "楼栋或房号不在地址库中", 0.95
    ),
    "detail_unproved": Evidence(
        "no town is written, and what is known of this name has no such building or room",
        "未写行政区划，且该名称下无此楼栋或房号",
        0.9,
        True,
    ),
    "street_abbreviated": Evidence("street name abbreviated", "道路名称为简写", 0.95),
    "street_partial": Evidence("part of the street name", "道路名称不完整", 0.85),
    "type_missing": Evidence("street type missing", "缺少道路类型", 0.9),
    "type_differs": Evidence("street type differs", "道路类型不同", 0.8),
    "name_fuzzy": Evidence("name spelt differently", "名称写法不同", 0.85),
    "name_unsure": Evidence("name only resembles", "名称仅相似", 0.75, True),
    "name_near": Evidence("the only such name there, spelt differently", "当地唯一的相近名称", 0.9),
    "another_street": Evidence(
        "not there, but on a street of nearly this name", "该路无此地址，近名道路上有", 0.3, True
    ),
    "several_places": Evidence("several places match", "有多个地点匹配", 0.7, True),
    "spread_out": Evidence("the matching entries lie far apart", "匹配条目分布较散", 0.7, True),
    "chosen_by_position": Evidence("chosen by the given position", "依据给定坐标选定", 0.95),
    "far_from_position": Evidence("far from the given position", "与给定坐标相距较远", 0.6, True),
    "community_agrees": Evidence("community agrees", "社区一致"),
    "town_agrees": Evidence("town agrees", "乡镇一致"),
    "community_differs": Evidence("another community than written", "与所写社区不一致", 0.6, True),
    "town_differs": Evidence("another town than written", "与所写乡镇不一致", 0.6, True),
    "community_near": Evidence("community spelt differently", "社区名称写法不同", 0.95),
    "community_unsure": Evidence("community only resembles", "社区名称仅相似", 0.8, True),
    "community_unknown": Evidence("community not in the register", "地址库中无此社区", 0.7, True),
    "community_overruled": Evidence(
        "another community than written, but all else agrees", "与所写社区不一致，其余各项一致", 0.8
    ),
    "town_near": Evidence("town spelt differently", "乡镇名称写法不同", 0.95),
    "town_unsure": Evidence("town only resembles", "乡镇名称仅相似", 0.8, True),
    "town_unread": Evidence(
        "town not readable, community in one town only", "乡镇名称无法识别，该社区仅一处", 0.9
    ),
    "town_unknown": Evidence("town not in the register", "地址库中无此乡镇", 0.8, True),
    "admin_unchecked": Evidence("town or community cannot be checked", "行政区划无法核对", 0.92),
    "no_admin": Evidence("no administrative part", "未写行政区划", 0.9),
    "name_elsewhere": Evidence(
        "other towns have this name too, and none is written",
        "其他乡镇也有此名，而文中未写",
        0.9,
        True,
    ),
    "estate_missing": Evidence("hamlet or estate not written", "未写自然寨或小区", 0.8, True),
    "estate_differs": Evidence("another estate than written", "与所写小区不一致", 0.5, True),
    "parts_disagree": Evidence("street and estate lie apart", "门牌与小区位置不一致", 0.6, True),
    "sign_differs": Evidence(
        "another street or estate: a sign that tells names apart differs",
        "路名或小区名中的区别字（方位、序号、字母等）不同",
        0.5,
        True,
    ),
    "number_differs": Evidence(
        "another house or yard number than written", "与所写门牌号（院号）不一致", 0.4, True
    ),
    "building_differs": Evidence("another building than written", "与所写楼栋不一致", 0.4, True),
    "stairwell_differs": Evidence("another stairwell than written", "与所写单元不一致", 0.4, True),
    "room_differs": Evidence("another room than written", "与所写房号不一致", 0.4, True),
    "region_differs": Evidence(
        "another province, city or county than written", "与所写省、市、县（区）不一致", 0.3, True
    ),
    "region_unchecked": Evidence(
        "province, city or county cannot be checked, and no town or community agrees",
        "省、市、县（区）无法核对，且无相符的乡镇或社区",
        0.8,
        True,
    ),
    "yard_missing": Evidence(
        "the number of the yard is not written, and several have such a building",
        "未写院号，多个院内有此楼栋",
        0.7,
        True,
    ),
    "romanised": Evidence("read in Latin letters", "由拼音或英文写法识别", 0.9),
    "vague_position": Evidence("near the place, not at it", "位置为附近而非准确地点", 0.8, True),
    "unread_text": Evidence("part of the text was not understood", "部分文字未能识别", 0.95),
    "no_coordinates": Evidence("register entry without coordinates", "地址库条目无坐标", 0.8, True),
    "position_interpolated": Evidence(
        "entry without coordinates, placed between its neighbours",
        "条目无坐标，按相邻门牌推算",
        0.8,
    ),
    "same_block": Evidence("all of them lie in one block", "各候选地点均在同一最小单元内"),
    "coordinates": Evidence("coordinates as given", "采用所给坐标"),
    "coordinates_finer": Evidence(
        "the given coordinates say more than the text and agree with it",
        "所给坐标比文本更精确，且与文本不矛盾",
    ),
    "far_from_given": Evidence("far from the given coordinates", "与所给坐标相距较远", 0.6, True),
    "outside": Evidence("outside every community", "不在任何社区范围内", 0.6, True),
    "nothing_read": Evidence("no address in the text", "文本中没有地址", 0.0, True),
    "nothing_found": Evidence("nothing in the register matches", "地址库中没有匹配项", 0.0, True),
}
"""Every evidence code."""


@cache
def score_of(codes: tuple[str, ...]) -> float:
    """Multiply the weights of the codes.

    Examples
    --------
    >>> score_of(("number_exact", "no_admin"))
    0.9
    """
    score = 1.0
    for code in codes:
        score *= EVIDENCE[code].weight
    return round(score, 4)


@cache
def is_doubtful(codes: tuple[str, ...]) -> bool:
    """Whether any code asks for a person."""
    return any(EVIDENCE[code].doubt for code in codes)


def explain(codes: str, language: str = "en") -> str:
    """Say evidence codes in words.

    Parameters
    ----------
    codes
        Codes joined by ``;``, as in the ``evidence`` column.
    language
        ``en`` or ``zh``.

    Examples
    --------
    >>> explain("number_exact;no_admin")
    'street and number as in the register; no administrative part'
    >>> explain("number_exact;no_admin", "zh")
    '街路与门牌号与地址库一致；未写行政区划'
    """
    if language not in ("en", "zh"):
        raise InvalidInput(f"language: expected en or zh, got {language!r}")
    known = [EVIDENCE[code] for code in codes.split(";") if code in EVIDENCE]
    return ("；" if language == "zh" else "; ").join(getattr(e, language) for e in known)
