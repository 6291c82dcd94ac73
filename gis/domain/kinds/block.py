"""Blocks given by a file instead of being built; what is stored of them has its own rules."""

from __future__ import annotations

from gis.domain.kinds.kind import Field, RecordKind

KIND = RecordKind(
    "blocks",
    (
        Field(
            "reference", required=True, synonyms=("block_id", "id", "CODEBASE"), zh="最小单元编号"
        ),
        Field("community_code", "code", zh="社区代码"),
    ),
    zh="最小单元",
    en="blocks",
    geometry=("polygon",),
    geometry_required=True,
    key="reference",
)
