"""Places: key sites and institutions with a name and a spot; an exclusive one is a grid."""

from __future__ import annotations

from gis.domain.kinds.fields import EXCLUSIVE, SYNTHETIC, located_fields
from gis.domain.kinds.kind import SHAPE, Field, Identity, RecordKind

_KINDS = {
    "school": ("学校", "school"),
    "hospital": ("医院", "hospital"),
    "market": ("市场", "market"),
    "park": ("公园", "park"),
    "office": ("办公", "office"),
    "worship": ("宗教", "worship"),
    "shop": ("商店", "shop"),
    "station": ("车站", "station"),
    "other": ("其他", "other"),
}
PLACE_KINDS = tuple(_KINDS)

KIND = RecordKind(
    "places",
    (
        Field("name", required=True, synonyms=("名称",), zh="名称"),
        Field(
            "kind",
            "choice",
            choices=PLACE_KINDS,
            words=_KINDS,
            synonyms=("类型",),
            zh="类型",
            default="other",
        ),
        EXCLUSIVE,
        *located_fields(personal=False),
        SYNTHETIC,
    ),
    zh="场所",
    en="place records",
    one_zh="场所",
    one_en="place",
    geometry=("point", "polygon"),
    identities=(
        Identity(("name", "kind", "address_text", SHAPE)),
        Identity(("name", "address_text"), needs=("address_text",)),
        Identity(("name", SHAPE), needs=(SHAPE,)),
    ),
    one_if_alike=True,
    tells_of_real=True,
    found_by_name=True,
)
