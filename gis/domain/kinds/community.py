"""Communities: the ground that is divided into grids. What is stored of them has its own rules."""

from __future__ import annotations

from gis.domain.kinds.kind import Field, Identity, RecordKind

KIND = RecordKind(
    "communities",
    (
        Field("code", "code", required=True, synonyms=("division_code", "区划代码"), zh="区划代码"),
        Field("name", required=True, synonyms=("名称", "社区名称"), zh="社区名称"),
        Field("name_en", zh="英文名称"),
        Field("town_name", synonyms=("乡镇名称", "district"), zh="乡镇名称"),
        Field("county_name", synonyms=("县名称",), zh="县名称"),
        Field("minimum", "integer", zh="网格最少户数"),
        Field("target", "integer", zh="网格目标户数"),
        Field("maximum", "integer", zh="网格最多户数"),
    ),
    zh="社区边界",
    en="community outlines",
    geometry=("polygon",),
    geometry_required=True,
    key="code",
    identities=(Identity(("code",), is_name=True),),
    waits_for_community=False,
)
