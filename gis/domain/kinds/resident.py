"""Residents: one person of a household each; one whose household has not come waits for it."""

from __future__ import annotations

from gis.domain.kinds.fields import SYNTHETIC
from gis.domain.kinds.kind import Field, Identity, RecordKind

_CATEGORIES = {
    "registered": ("户籍人口", "registered"),
    "permanent": ("常住人口", "permanent"),
    "floating": ("流动人口", "floating"),
}
_SEXES = {"male": ("男", "male"), "female": ("女", "female"), "unknown": ("未知", "unknown")}

RESIDENT_CATEGORIES = tuple(_CATEGORIES)

KIND = RecordKind(
    "residents",
    (
        Field("household_number", required=True, synonyms=("户号",), zh="户号"),
        Field("name", required=True, synonyms=("姓名",), zh="姓名", personal=True),
        Field(
            "sex",
            "choice",
            choices=tuple(_SEXES),
            words=_SEXES,
            synonyms=("性别",),
            zh="性别",
            personal=True,
            default="unknown",
        ),
        Field("birth_date", "date", synonyms=("出生日期",), zh="出生日期", personal=True),
        Field("relation", synonyms=("与户主关系",), zh="与户主关系", personal=True),
        Field(
            "category",
            "choice",
            choices=RESIDENT_CATEGORIES,
            words=_CATEGORIES,
            synonyms=("人口类别",),
            zh="人口类别",
            personal=True,
            default="registered",
        ),
        SYNTHETIC,
    ),
    zh="居民",
    en="resident records",
    identities=(
        Identity(("household", "name", "birth_date", "sex", "relation", "category")),
        Identity(("household", "name", "birth_date"), needs=("birth_date",)),
        Identity(("household", "name"), lone=True),
    ),
    derived=("household",),
    belongs_to="households",
    waits_for_community=False,
    tells_of_real=True,
    checks=("has_household",),
)
