"""Compounds and courtyards: ground that belongs together; an exclusive one is a grid of its own."""

from __future__ import annotations

from gis.domain.kinds.fields import EXCLUSIVE, SYNTHETIC
from gis.domain.kinds.kind import SHAPE, Field, RecordKind, named

COMPOUND_KINDS = ("compound", "courtyard", "hamlet", "institution")

KIND = RecordKind(
    "compounds",
    (
        Field("reference", synonyms=("id",), zh="小区编号"),
        Field("name", synonyms=("名称", "小区"), zh="名称"),
        Field("kind", "choice", choices=COMPOUND_KINDS, zh="小区类型", default="compound"),
        EXCLUSIVE,
        SYNTHETIC,
    ),
    zh="院落",
    en="compounds",
    geometry=("polygon",),
    geometry_required=True,
    identities=named("reference", SHAPE),
    one_if_alike=True,
    checks=("lies_in_community",),
)
