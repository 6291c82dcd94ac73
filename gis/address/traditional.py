"""Traditional characters that names and addresses use, and their simplified forms."""

from __future__ import annotations

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
SIMPLER = dict(zip(_TRADITIONAL, _SIMPLIFIED, strict=True))
"""Traditional character to simplified one."""
