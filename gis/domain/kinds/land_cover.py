"""Land cover: water, green and the like, drawn behind everything; comes with barriers or OSM."""

from __future__ import annotations

from gis.domain.kinds.kind import SHAPE, Field, Identity, RecordKind

LAND_COVER_KINDS = ("water", "green", "farmland", "built_up")

KIND = RecordKind(
    "land_cover",
    (
        Field("kind", "choice", required=True, choices=LAND_COVER_KINDS, zh="地表类型"),
        Field("name", zh="地物名称"),
    ),
    zh="地表覆盖",
    en="land cover",
    geometry=("polygon",),
    geometry_required=True,
    identities=(
        Identity((SHAPE, "kind", "name")),
        Identity((SHAPE, "kind"), needs=(SHAPE,)),
    ),
    one_if_alike=True,
    waits_for_community=False,
    from_files=False,
)
