"""Organisations: social organisations and non-public firms, with a seat and a contact person."""

from __future__ import annotations

from gis.domain.kinds.fields import SYNTHETIC, located_fields
from gis.domain.kinds.kind import SHAPE, Field, Identity, RecordKind, named

CATEGORIES = {
    "social_organisation": ("社会组织", "social organisation"),
    "non_public_organisation": ("非公经济组织", "non-public organisation"),
    "other": ("其他组织", "other"),
}
"""What the survey's registers tell apart, and what it is called in Chinese and English."""

KIND = RecordKind(
    "organisations",
    (
        Field("name", required=True, synonyms=("名称", "单位名称", "企业名称"), zh="组织名称"),
        Field(
            "category",
            "choice",
            choices=tuple(CATEGORIES),
            synonyms=("类别", "类型", "kind"),
            zh="组织类别",
            default="other",
            words=CATEGORIES,
        ),
        Field(
            "registration_number",
            synonyms=("登记号", "注册号", "信用代码", "registration", "credit_code"),
            zh="统一社会信用代码",
        ),
        Field("members", "integer", synonyms=("从业人数", "会员数", "employees"), zh="成员人数"),
        *located_fields(personal=False),
        Field(
            "contact_name",
            synonyms=("负责人", "法定代表人", "contact"),
            zh="联系人",
            personal=True,
        ),
        Field("contact_phone", synonyms=("电话", "phone"), zh="联系电话", personal=True),
        SYNTHETIC,
    ),
    geometry=("point", "polygon"),
    zh="组织",
    en="organisations",
    one_zh="组织",
    one_en="organisation",
    identities=(
        *named("registration_number", "name", "category", "address_text", SHAPE),
        Identity(("name", "address_text"), needs=("address_text",)),
        Identity(("name", SHAPE), needs=(SHAPE,)),
    ),
    one_if_alike=True,
    tells_apart=("name", "address_text"),
    tells_of_real=True,
    found_by_name=True,
    counted_as="organisations",
    listed=("name", "category", "registration_number", "members", "address_text"),
)
