"""What every page about a fictional Chinese town must say, in both languages."""

from __future__ import annotations

from gis.synthetic.town import Notice

NOTICES = (
    Notice(
        "synthetic",
        "本页地图与数据全部为程序生成的模拟数据：边界、河流、道路、建筑、住户、居民、电话、场所和事件"
        "均为虚构，不指向任何真实个人或地点。",
        "Map and data on this page are synthetic: boundaries, rivers, roads, buildings, "
        "households, residents, telephone numbers, places and incidents are invented and mean "
        "no real person or place.",
    ),
    Notice(
        "names",
        "仅区划名称和代码为真实（china-division 2.7.0，源自国家统计局）。",
        "Only the names and codes of divisions are real (china-division 2.7.0, after the National "
        "Bureau of Statistics of China).",
    ),
    Notice(
        "scale",
        "规模参照 2016 年古州镇调查：约 10.7 万人，三分之一在河谷中心，一半在城市社区；"
        "各社区户数为虚构。",
        "The scale follows the survey of Guzhou town of 2016: about 107,000 people, a third in the "
        "valley centre, half in urban communities; households per community are invented.",
    ),
)
