"""Words that place a thing beside a Chinese address, not at it: 隔壁, 对面, 东侧, 往北50米.

What stands before such a word is the address; what follows it (旁边小卖部) is the thing itself,
whose own place nobody wrote. 门口, 楼下 and 院内 are at the house.
"""

from __future__ import annotations

import re

_SIDE = "[东南西北]{1,2}"
_METRES = (
    r"(?:约|大约)?(?:\d+(?:\.\d+)?|[一二三四五六七八九十百几]+)(?:多|余|来)?(?:米|公尺|M|步|里路)"
)
_BESIDE = (
    f"斜?对(?:面|过|门|角|街)|隔壁|旁(?:边|侧)?|边上|侧(?:面|边)|附近|周(?:边|围)|一带|沿线"
    f"|[左右](?:侧|边|面|邻|手)|{_SIDE}(?:侧|邻|面|边|方向|隔壁|角|临)|毗邻|紧邻|相邻"
    f"|[前后](?:面|边|侧|方|头|院|排|{_METRES})|背(?:后|面)|以{_SIDE}"
    rf"|[往向朝](?:{_SIDE}|[前后左右里内外])(?=$|约|\d|[走行过一二三四五六七八九十百])"
    f"|(?:{_SIDE})?{_METRES}|之间|中间|交界|交汇"
)
_OF_HOUSE = "(?:楼|屋|房|院|院子|院墙|大门|门口|门)?"
_END = r"(?:处|约|大约|左右|的?地方|位置)*"
_after_plate = re.compile(
    rf"(?<=[号栋室元户层\d])(?:{_OF_HOUSE}(?:{_BESIDE})|院?{_SIDE}$)(?![户门单栋幢街路巷村寨屯]|大道)"
)
_at_the_door = re.compile(
    r"(?:门[口前]处?|楼[下上]|院[内里]|内(?:部|侧)?处?|里(?:面|边|头)|口处?|大门口?)$"
)
_at_end = re.compile(
    rf"(?:(?<=[号栋室户元]){_OF_HOUSE})?(?:附近|旁边?|边|斜?对[面过门]|隔壁|一带|后面?|前面|以{_SIDE}|周[边围]|边上|背后"
    rf"|[往向朝]{_SIDE}{_METRES}|交界处?|之间|间|{_SIDE}[侧邻面边]|前?{_METRES}){_END}$"
)
_in_front = re.compile(r"(?<=[号栋楼室\d])[前后]处?$")
_leading = re.compile(r"^(?:靠近|临近|邻近|毗邻|紧邻|紧靠|挨着|距离?|离)(?=.{3})")
_side_of_road = re.compile(rf"(?<=[路街巷道])(?:{_SIDE}|[左右])[侧边](?=\d)")
_may_place = re.compile(
    r"[近旁边面带后前过门角侧邻壁围处尺口下上内里间界汇]|[号栋室户东南西北][东南西北]|[东南西北]$|米|靠|挨|距|离|以|往|向|朝"
).search
_beside_flat = re.compile(
    r"^(.*[0-9A-Z]栋.*\d(?:室|户|号?房))的?(?:斜?对[面门]|对过|隔壁|旁边?|边上)$"
).match
_DOOR_ENDS = frozenset("口前处下上内里部侧面边头门")
_FLAT_ENDS = frozenset("面门过壁旁边上")
_ENDS = frozenset("近旁边面门过壁带后前东南西北围上米尺M步路界处间侧邻约右方置")
"""Last signs of words of position: most texts end in a number or a plate, and need no search."""

VAGUE = ("vague_position",)
_BESIDE_FLAT = ("beside_flat",)
"""What is beside or opposite one flat of a building is in that building."""


def split_position(text: str) -> tuple[str, tuple[str, ...]]:
    """Cut off words of position and what follows them; the note says that the place is only near.

    Examples
    --------
    >>> split_position("学院路8号旁边小卖部"), split_position("学院路8号往东50米")
    (('学院路8号', ('vague_position',)), ('学院路8号', ('vague_position',)))
    >>> split_position("阳光小区3栋501室对面"), split_position("阳光小区3栋对面")
    (('阳光小区3栋501室', ('beside_flat',)), ('阳光小区3栋', ('vague_position',)))
    >>> [split_position(t)[0] for t in ("学院路8号门口", "学院路南侧8号", "场前街8号")]
    ['学院路8号', '学院路8号', '场前街8号']
    """
    if not _may_place(text):
        return text, ()
    if "侧" in text or "边" in text:
        text = _side_of_road.sub("", text)
    text, led = _leading.subn("", text)
    notes = VAGUE if led else ()
    at_door = _at_the_door.search(text) if text[-1:] in _DOOR_ENDS else None
    if at_door and at_door.start() > 1 and text[at_door.start() - 1] not in "路街":
        text = text[: at_door.start()]
    if not led and text[-1:] in _FLAT_ENDS and (flat := _beside_flat(text)):
        return flat[1], _BESIDE_FLAT
    found = _after_plate.search(text)
    if not found and text[-1:] in _ENDS:
        found = _in_front.search(text) or _at_end.search(text)
    if found and found.start() > 1:
        return text[: found.start()], VAGUE
    return text, notes
