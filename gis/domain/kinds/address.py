"""The address register: the doors that the geocoder finds things by."""

from __future__ import annotations

from gis.domain.kinds.fields import ADDRESS_FIELDS, ADDRESS_PARTS, SYNTHETIC
from gis.domain.kinds.kind import SHAPE, Field, Identity, RecordKind, named

KIND = RecordKind(
    "addresses",
    (
        Field("reference", synonyms=("address_id", "id", "编号"), zh="编号"),
        Field("text", synonyms=("address", "address_text", "标准地址", "full_addr"), zh="标准地址"),
        *ADDRESS_FIELDS,
        Field("lon", "number", synonyms=("longitude", "经度", "x"), zh="经度"),
        Field("lat", "number", synonyms=("latitude", "纬度", "y"), zh="纬度"),
        SYNTHETIC,
    ),
    zh="地址",
    en="addresses",
    geometry=("point", "polygon"),
    identities=(
        *named("reference", "text", *ADDRESS_PARTS, SHAPE),
        Identity(("text", *ADDRESS_PARTS), needs=("text",), lone=True),
    ),
    one_if_alike=True,
    derived=("text",),
    on_buildings=True,
    checks=("has_address",),
)
