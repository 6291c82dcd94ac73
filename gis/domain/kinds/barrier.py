"""Barriers: the lines that cut the ground; a named road among them is a street as well."""

from __future__ import annotations

from gis.domain.kinds.kind import FLAG, SHAPE, Field, Identity, RecordKind

BARRIER_KINDS = ("river", "rail", "motorway", "main_road", "minor_road", "path", "wall")
"""Strongest first; a grid border along the earlier ones is cheaper."""

ROAD_KINDS = ("motorway", "main_road", "minor_road", "path")

_RANGES = ("left_from", "left_to", "right_from", "right_to")

KIND = RecordKind(
    "barriers",
    (
        Field(
            "kind",
            "choice",
            choices=BARRIER_KINDS,
            synonyms=("class", "类型"),
            zh="类型",
            default="minor_road",
        ),
        Field("name", synonyms=("street", "名称"), zh="名称"),
        Field("left_from", "integer", synonyms=("L_From",), zh="左侧起号"),
        Field("left_to", "integer", synonyms=("L_To",), zh="左侧止号"),
        Field("right_from", "integer", synonyms=("R_From",), zh="右侧起号"),
        Field("right_to", "integer", synonyms=("R_To",), zh="右侧止号"),
        Field("bridge", "choice", choices=FLAG, zh="是否桥梁"),
    ),
    zh="阻隔线",
    en="barriers",
    geometry=("line", "polygon"),
    geometry_required=True,
    identities=(
        Identity((SHAPE, "kind", "name", *_RANGES)),
        Identity((SHAPE,), needs=(SHAPE,)),
    ),
    one_if_alike=True,
)
