"""Incidents: what happened where and when; open until it is closed."""

from __future__ import annotations

from gis.domain.kinds.fields import SYNTHETIC, located_fields
from gis.domain.kinds.kind import Field, Identity, RecordKind

KIND = RecordKind(
    "incidents",
    (
        Field(
            "number", required=True, synonyms=("incident_number", "事件编号", "id"), zh="事件编号"
        ),
        Field("topic", required=True, synonyms=("category", "类别", "事件类别"), zh="事件类别"),
        Field(
            "occurred_at",
            "datetime",
            required=True,
            synonyms=("date", "datetime", "发生时间"),
            zh="发生时间",
        ),
        Field("closed_at", "datetime", synonyms=("closed", "办结时间", "结案时间"), zh="办结时间"),
        Field("description", synonyms=("描述", "内容"), zh="描述", personal=True),
        *located_fields(personal=True),
        SYNTHETIC,
    ),
    zh="事件",
    en="incident records",
    one_zh="事件",
    one_en="incident",
    geometry=("point",),
    key="number",
    identities=(Identity(("number",), is_name=True),),
    tells_apart=("topic", "occurred_at", "address_text"),
    tells_of_real=True,
    checks=("topic_is_known", "closed_after_it_occurred"),
    counted_as="incidents",
)
