"""What a person types into a search box, in the form search keys are compared in.

Pure. Keys are made by `gis.address.pinyin.search_keys`; a typed text finds a name when one of the
name's keys begins with, or holds, `typed_form` of the text.
"""

from __future__ import annotations

import unicodedata

_TRADITIONAL = (
    "號樓棟鄰區縣鄉鎮臺單層門東園廣場國學華灣與鐵車馬龍鳳陽陰寶橋衛興業農貿雲萬長樂壩"
    "廠莊塢嶺溝澗濱瀘滬蘇魯遼寧漢貴湯蘭賓館飯醫藥廳閣豐順義達發財強輝慶歡聖顯銀錢錦綠"
    "藍紅黃麗愛親頭邊後節時間開關營倉庫糧種雙齊線鎖舊亞聯經濟術藝師報電視訊鄭鄧劉陳張"
    "趙孫楊吳許呂譚顧謝韓馮葉蔣賀龔範嚴饒鍾羅畢"
)
_SIMPLIFIED = (
    "号楼栋邻区县乡镇台单层门东园广场国学华湾与铁车马龙凤阳阴宝桥卫兴业农贸云万长乐坝"
    "厂庄坞岭沟涧滨泸沪苏鲁辽宁汉贵汤兰宾馆饭医药厅阁丰顺义达发财强辉庆欢圣显银钱锦绿"
    "蓝红黄丽爱亲头边后节时间开关营仓库粮种双齐线锁旧亚联经济术艺师报电视讯郑邓刘陈张"
    "赵孙杨吴许吕谭顾谢韩冯叶蒋贺龚范严饶钟罗毕"
)
_SIMPLER = str.maketrans(dict(zip(_TRADITIONAL, _SIMPLIFIED, strict=True)))


def typed_form(text: str) -> str:
    """Fold width, case, accents and traditional forms; keep letters and digits only.

    Examples
    --------
    >>> typed_form("Gu Rong"), typed_form("榕江大道 １２號"), typed_form("Rütistraße 4a")
    ('gurong', '榕江大道12号', 'rutistrasse4a')
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(filter(str.isalnum, folded)).translate(_SIMPLER)
