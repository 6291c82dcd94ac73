"""Buildings: what no grid may cut, and what coordinates of households are checked by."""

from __future__ import annotations

from gis.domain.kinds.fields import SYNTHETIC
from gis.domain.kinds.kind import SHAPE, Field, RecordKind, named

KIND = RecordKind(
    "buildings",
    (
        Field("reference", synonyms=("id", "building_id", "编号", "ML"), zh="编号"),
        Field("name", synonyms=("名称",), zh="名称"),
        Field("kind", synonyms=("use", "building", "用途"), zh="用途"),
        Field("levels", "integer", synonyms=("stories", "层数", "building:levels"), zh="层数"),
        Field("dwellings", "integer", synonyms=("est_dwellings", "户数"), zh="户数"),
        SYNTHETIC,
    ),
    zh="建筑",
    en="buildings",
    geometry=("polygon",),
    geometry_required=True,
    identities=named("reference", SHAPE),
    one_if_alike=True,
    checks=("lies_in_community",),
)
