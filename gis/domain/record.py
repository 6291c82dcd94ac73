"""What each kind of record consists of: the fields every importer, generator and export share.

One list per kind: the readers in `gis.exchange` check files against it, generators make frames
of it, `gis.actions.provenance.imports` stores it. A frame of a kind has exactly these columns
(missing optional ones are added as None); shapes are in column ``geometry``, EPSG:4326, lon lat.
"""

from __future__ import annotations

from dataclasses import dataclass, field

BARRIER_KINDS = ("river", "rail", "motorway", "main_road", "minor_road", "path", "wall")
"""Strongest first; a grid border along the earlier ones is cheaper."""

ROAD_KINDS = ("motorway", "main_road", "minor_road", "path")
LAND_COVER_KINDS = ("water", "green", "farmland", "built_up")
COMPOUND_KINDS = ("compound", "courtyard", "hamlet", "institution")
RESIDENT_CATEGORIES = ("registered", "permanent", "floating")
PLACE_KINDS = (
    "school",
    "hospital",
    "market",
    "park",
    "office",
    "worship",
    "shop",
    "station",
    "other",
)


@dataclass(frozen=True)
class Field:
    """One column of a kind of record.

    Parameters
    ----------
    name
        Column name, the same in frames, files and tables.
    type
        ``text``, ``integer``, ``number``, ``date``, ``datetime``, ``code`` or ``choice``.
    required
        Whether a row without it is refused.
    choices
        Allowed values of a ``choice``.
    synonyms
        Usual names of the column in files (compared without case, spaces and underscores).
    """

    name: str
    type: str = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class RecordKind:
    """A kind of record: its fields, its shapes, and the field that names a row.

    Parameters
    ----------
    name
        Plural word of the command line, such as ``households``.
    fields
        All columns but ``geometry``.
    geometry
        Allowed shapes (``polygon``, ``line``, ``point``); empty for pure tables.
    geometry_required
        Whether a row without a shape is refused (else it may be located by address).
    key
        Field that must be unique in the file and identifies the row on re-import, or None.
    """

    name: str
    fields: tuple[Field, ...]
    geometry: tuple[str, ...] = ()
    geometry_required: bool = False
    key: str | None = None
    by_name: dict[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the fields by name."""
        object.__setattr__(self, "by_name", {f.name: f for f in self.fields})


_ADDRESS_PARTS = (
    Field("town", synonyms=("乡镇", "镇", "街道", "city")),
    Field("community", synonyms=("社区", "村", "neighborhood", "neighbourhood")),
    Field("street", synonyms=("路", "街路巷", "street_name", "addr:street")),
    Field("number", synonyms=("号", "门牌号", "housenumber", "addr:housenumber", "stnum")),
    Field("estate", synonyms=("小区", "compound", "estate_name")),
    Field("building", synonyms=("栋", "楼栋", "building_number")),
    Field("stairwell", synonyms=("单元", "entrance")),
    Field("room", synonyms=("室", "房号", "unit", "apartment")),
)
"""The parts of an address, largest first; the same eight words in the register and the parser."""

ADDRESS_PARTS = tuple(f.name for f in _ADDRESS_PARTS)

_LOCATED = (
    Field("address_text", synonyms=("address", "地址", "住址", "location", "full_addr")),
    Field("lon", "number", synonyms=("longitude", "经度", "x", "lng")),
    Field("lat", "number", synonyms=("latitude", "纬度", "y")),
)
_SYNTHETIC = Field("synthetic", "choice", choices=("true", "false"))
_EXCLUSIVE = Field("exclusive", "choice", choices=("true", "false"), synonyms=("专属", "专属网格"))

KINDS: dict[str, RecordKind] = {
    kind.name: kind
    for kind in (
        RecordKind(
            "communities",
            (
                Field("code", "code", required=True, synonyms=("division_code", "区划代码")),
                Field("name", required=True, synonyms=("名称", "社区名称")),
                Field("name_en"),
                Field("town_name", synonyms=("乡镇名称", "district")),
                Field("county_name", synonyms=("县名称",)),
                Field("minimum", "integer"),
                Field("target", "integer"),
                Field("maximum", "integer"),
            ),
            ("polygon",),
            geometry_required=True,
            key="code",
        ),
        RecordKind(
            "barriers",
            (
                Field("kind", "choice", choices=BARRIER_KINDS, synonyms=("class", "类型")),
                Field("name", synonyms=("street", "名称")),
                Field("left_from", "integer", synonyms=("L_From",)),
                Field("left_to", "integer", synonyms=("L_To",)),
                Field("right_from", "integer", synonyms=("R_From",)),
                Field("right_to", "integer", synonyms=("R_To",)),
                Field("bridge", "choice", choices=("true", "false")),
            ),
            ("line", "polygon"),
            geometry_required=True,
        ),
        RecordKind(
            "land_cover",
            (
                Field("kind", "choice", required=True, choices=LAND_COVER_KINDS),
                Field("name"),
            ),
            ("polygon",),
            geometry_required=True,
        ),
        RecordKind(
            "buildings",
            (
                Field("reference", synonyms=("id", "building_id", "编号", "ML")),
                Field("name", synonyms=("名称",)),
                Field("kind", synonyms=("use", "building", "用途")),
                Field("levels", "integer", synonyms=("stories", "层数", "building:levels")),
                Field("dwellings", "integer", synonyms=("est_dwellings", "户数")),
                _SYNTHETIC,
            ),
            ("polygon",),
            geometry_required=True,
        ),
        RecordKind(
            "compounds",
            (
                Field("reference", synonyms=("id",)),
                Field("name", synonyms=("名称", "小区")),
                Field("kind", "choice", choices=COMPOUND_KINDS),
                _EXCLUSIVE,
                _SYNTHETIC,
            ),
            ("polygon",),
            geometry_required=True,
        ),
        RecordKind(
            "blocks",
            (
                Field("reference", required=True, synonyms=("block_id", "id", "CODEBASE")),
                Field("community_code", "code"),
            ),
            ("polygon",),
            geometry_required=True,
            key="reference",
        ),
        RecordKind(
            "addresses",
            (
                Field("reference", synonyms=("address_id", "id", "编号")),
                Field("text", synonyms=("address", "address_text", "标准地址", "full_addr")),
                *_ADDRESS_PARTS,
                Field("lon", "number", synonyms=("longitude", "经度", "x")),
                Field("lat", "number", synonyms=("latitude", "纬度", "y")),
                _SYNTHETIC,
            ),
            ("point", "polygon"),
        ),
        RecordKind(
            "households",
            (
                Field("number", required=True, synonyms=("household_number", "户号", "id")),
                Field("head_name", synonyms=("户主", "户主姓名")),
                Field("phone", synonyms=("电话", "联系电话")),
                Field("people", "integer", synonyms=("人数", "household_size")),
                *_LOCATED,
                _SYNTHETIC,
            ),
            ("point",),
            key="number",
        ),
        RecordKind(
            "residents",
            (
                Field("household_number", required=True, synonyms=("户号",)),
                Field("name", required=True, synonyms=("姓名",)),
                Field("sex", "choice", choices=("male", "female", "unknown"), synonyms=("性别",)),
                Field("birth_date", "date", synonyms=("出生日期",)),
                Field("relation", synonyms=("与户主关系",)),
                Field("category", "choice", choices=RESIDENT_CATEGORIES, synonyms=("人口类别",)),
                _SYNTHETIC,
            ),
        ),
        RecordKind(
            "places",
            (
                Field("name", required=True, synonyms=("名称",)),
                Field("kind", "choice", choices=PLACE_KINDS, synonyms=("类型",)),
                _EXCLUSIVE,
                *_LOCATED,
                _SYNTHETIC,
            ),
            ("point", "polygon"),
        ),
        RecordKind(
            "incidents",
            (
                Field("number", required=True, synonyms=("incident_number", "事件编号", "id")),
                Field("topic", required=True, synonyms=("category", "类别", "事件类别")),
                Field(
                    "occurred_at",
                    "datetime",
                    required=True,
                    synonyms=("date", "datetime", "发生时间"),
                ),
                Field("closed_at", "datetime", synonyms=("closed", "办结时间", "结案时间")),
                Field("description", synonyms=("描述", "内容")),
                *_LOCATED,
                _SYNTHETIC,
            ),
            ("point",),
            key="number",
        ),
    )
}
"""Every kind of record by its plural name."""
