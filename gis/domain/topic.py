"""Topics of incidents: what is counted, in both languages, and what must not be shown row by row.

The categories follow the events of city management (appearance, construction, street order,
emergencies) and the seven kinds of information of the survey (work safety, disputes, public
security). A sensitive topic is only ever shown as counts, and small counts are suppressed.
"""

from __future__ import annotations

from dataclasses import dataclass

CATEGORIES = {
    "environment": ("环境卫生", "Environment"),
    "facilities": ("公共设施", "Public facilities"),
    "order": ("街面秩序", "Street order"),
    "construction": ("规划建设", "Construction"),
    "safety": ("安全隐患", "Safety hazards"),
    "security": ("社会治安", "Public security"),
    "disputes": ("矛盾纠纷", "Disputes"),
}
"""Category code -> (Chinese, English) name."""


@dataclass(frozen=True)
class Topic:
    """One kind of incident that is counted on its own.

    Parameters
    ----------
    code
        Stable name in files and tables.
    zh, en
        Names shown to people.
    category
        A key of `CATEGORIES`.
    sensitive
        Whether it is shown only as an aggregate with small-number suppression.
    """

    code: str
    zh: str
    en: str
    category: str
    sensitive: bool = False


TOPICS: dict[str, Topic] = {
    topic.code: topic
    for topic in (
        Topic("rubbish", "垃圾堆积", "Rubbish", "environment"),
        Topic("noise", "噪声扰民", "Noise", "environment"),
        Topic("flooding", "内涝积水", "Flooding", "environment"),
        Topic("road_damage", "道路破损", "Road damage", "facilities"),
        Topic("street_lighting", "路灯故障", "Street lighting", "facilities"),
        Topic("illegal_parking", "违规停车", "Illegal parking", "order"),
        Topic("street_vending", "占道经营", "Street vending", "order"),
        Topic("illegal_building", "违章搭建", "Illegal building", "construction"),
        Topic("fire_hazard", "消防隐患", "Fire hazard", "safety"),
        Topic("traffic", "交通事故", "Traffic accident", "safety"),
        Topic("theft", "盗窃", "Theft", "security"),
        Topic("neighbour_dispute", "邻里纠纷", "Neighbour dispute", "disputes", sensitive=True),
        Topic("domestic_dispute", "家庭矛盾", "Domestic dispute", "disputes", sensitive=True),
    )
}
"""Every topic by its code."""


def topic_name(code: str, language: str) -> str:
    """Name a topic in a language; an unknown code names itself.

    Examples
    --------
    >>> topic_name("noise", "zh"), topic_name("noise", "en"), topic_name("kites", "en")
    ('噪声扰民', 'Noise', 'kites')
    """
    topic = TOPICS.get(code)
    if topic is None:
        return code
    return topic.zh if language.startswith("zh") else topic.en
