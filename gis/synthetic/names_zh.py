"""Invented Chinese names of streets, lanes, compounds, hamlets, institutions and rivers.

Pure. The names of the large and the small river of the first town are those of the real place;
everything drawn under them is fictional.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.random import Generator

_STREET_WORDS = [
    "建设",
    "民族",
    "朝阳",
    "迎宾",
    "兴隆",
    "富民",
    "安康",
    "和平",
    "团结",
    "文化",
    "新华",
    "人民",
    "光明",
    "东风",
    "西环",
    "南门",
    "北辰",
    "长安",
    "永兴",
    "崇文",
    "振兴",
    "友谊",
    "青年",
    "胜利",
    "五一",
    "红星",
    "幸福",
    "太平",
    "永安",
    "德胜",
    "古榕",
    "都柳",
    "侗乡",
    "苗岭",
    "月亮山",
    "车江",
    "三宝",
    "榕城",
    "沿河",
    "桂花",
    "翠屏",
    "龙岗",
    "凤山",
    "金桥",
    "银河",
    "学府",
    "工业",
    "商贸",
    "体育",
    "站前",
    "环山",
    "丰收",
    "茶山",
    "百花",
]
_LANE_FIRST = "福禄寿喜安康永泰和顺兴隆德仁义信文武春秋石井竹柳桂榕梨枣盐油布米豆铁银铜书墨"
_LANE_LAST = "家园井坊门桥塘坪台巷湾坡头里仓"
_COMPOUND_FIRST = [
    "锦绣",
    "阳光",
    "江景",
    "翠湖",
    "金桂",
    "龙腾",
    "凤凰",
    "富康",
    "世纪",
    "东方",
    "华府",
    "盛世",
    "天和",
    "百合",
    "榕湖",
    "滨江",
    "丽都",
    "香樟",
    "银杏",
    "帝景",
    "碧水",
    "御景",
    "康泰",
    "和谐",
    "宏源",
    "金色",
    "书香",
    "水岸",
    "云山",
    "紫荆",
    "都柳",
    "侗韵",
    "苗岭",
    "鼓楼",
    "月亮",
    "万和",
]
_COMPOUND_LAST = ["花园", "小区", "家园", "苑", "新村", "名城", "华庭", "公寓", "雅居", "广场"]
_HAMLET_FIRST = "上下中大小新老岩平高塘坳坪河坡水田茶竹杉枫桐岭沟井石龙凤牛马".strip()
INSTITUTION_NAMES = {
    "hospital": ("人民医院", "中医院"),
    "school": ("第一小学", "第一中学", "第二小学", "民族中学", "第三小学", "实验幼儿园"),
    "market": ("中心农贸市场", "城南集贸市场"),
    "office": ("政务服务中心", "文化站"),
    "worship": ("萨玛祠",),
    "park": ("榕树公园", "滨江公园", "鼓楼广场", "烈士陵园"),
}
LARGE_RIVERS = ("都柳江", "清水江", "乌江", "芙蓉江", "赤水河", "北盘江", "南盘江", "红水河")
SMALL_RIVERS = ("寨蒿河", "平永河", "朗洞河", "八开河", "乐里河", "平江河", "忠诚河", "三江河")

BROOK_WORDS = (
    "龙井", "白岩", "杉木", "清水", "高岩", "响水", "竹坪", "黄泥", "石板", "枫香", "鱼塘", "老寨",
    "茶坡", "牛角", "双江", "凉亭", "花桥", "月塘", "梨树", "油榨",
)  # fmt: skip


def street_names(first: str, rng: Generator) -> list[str]:
    """List names for the streets of a centre; the ring and the river roads come first.

    Parameters
    ----------
    first
        Word for the large river road, such as 滨江.
    """
    words = [str(w) for w in rng.permutation(_STREET_WORDS)]
    ends = rng.choice(["路", "路", "路", "街", "大道"], size=len(words))
    fixed = ["环城路", f"{first}东路", f"{first}西路", f"{first}南路", f"{first}北路", "中心大道"]
    more = [f"{w}{s}" for s in ("一路", "二路", "支路") for w in words]
    return fixed + [w + str(e) for w, e in zip(words, ends, strict=True)] + more


def lane_names(n: int, rng: Generator) -> list[str]:
    """List different lane names."""
    pairs = [a + b + "巷" for a, b in product(_LANE_FIRST, _LANE_LAST) if b != "巷"]
    return _take(pairs, n, rng)


def compound_names(n: int, rng: Generator) -> list[str]:
    """List different compound names."""
    return _take([a + b for a, b in product(_COMPOUND_FIRST, _COMPOUND_LAST)], n, rng)


def hamlet_names(n: int, rng: Generator) -> list[str]:
    """List different hamlet names of one village."""
    return _take([c + "寨" for c in _HAMLET_FIRST], n, rng)


def _take(names: list[str], n: int, rng: Generator) -> list[str]:
    """Take `n` names at random; numbered ones when there are not enough."""
    mixed = [names[i] for i in rng.permutation(len(names))]
    rounds = int(np.ceil(n / len(names)))
    return (mixed + [f"{m}{'二三四五六七八九'[k]}" for k in range(rounds - 1) for m in mixed])[:n]
