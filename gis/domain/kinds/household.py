"""Households: the people of one dwelling. Personal data."""

from __future__ import annotations

from gis.domain.kinds.fields import SYNTHETIC, located_fields
from gis.domain.kinds.kind import Field, Identity, RecordKind

KIND = RecordKind(
    "households",
    (
        Field("number", required=True, synonyms=("household_number", "户号", "id"), zh="户号"),
        Field("head_name", synonyms=("户主", "户主姓名"), zh="户主姓名", personal=True),
        Field("phone", synonyms=("电话", "联系电话"), zh="联系电话", personal=True),
        Field("people", "integer", synonyms=("人数", "household_size"), zh="人数", default=1),
        *located_fields(personal=True),
        SYNTHETIC,
    ),
    zh="住户",
    en="household records",
    one_zh="住户",
    one_en="household",
    geometry=("point",),
    key="number",
    identities=(Identity(("number",), is_name=True),),
    tells_apart=("head_name", "phone", "address_text"),
    on_buildings=True,
    tells_of_real=True,
    counted_as="households",
)
