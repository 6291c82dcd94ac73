"""What files of an existing division consist of, and what the grids in them are called.

A row is the outline of a grid, a block with its grid, or a household with its grid. Files call
grids by codes of 15 digits, by the last three of them, or by any name.
"""

from __future__ import annotations

import re
import unicodedata

from gis.domain.kinds import Field, RecordKind

_GRID_NAMES = (
    "grid_code", "code", "grid_id", "grid_no", "网格编码", "网格代码", "网格编号", "网格号",
    "网格", "网格名称", "编码", "编号", "名称", "name", "id",
)  # fmt: skip
_GRID = Field("grid", synonyms=_GRID_NAMES)
_GRID_IN_TABLE = Field("grid", synonyms=_GRID_NAMES[:-1])

GRIDS = RecordKind("grids", (_GRID,), ("polygon",), geometry_required=True)
BLOCK_TABLE = RecordKind(
    "blocks of grids",
    (
        Field("block", "integer", required=True, synonyms=("block_id", "最小单元", "单元编号")),
        _GRID_IN_TABLE,
    ),
)
HOUSEHOLD_TABLE = RecordKind(
    "households of grids",
    (
        Field(
            "household",
            required=True,
            synonyms=("household_number", "number", "户号", "户编号", "household_id"),
        ),
        _GRID_IN_TABLE,
    ),
)
DIVISION_FILES = (GRIDS, BLOCK_TABLE, HOUSEHOLD_TABLE)
"""What the rows of a file may be, the likeliest first."""


def plain_label(text: str) -> str:
    """Write what a file calls a grid in one way: narrow digits, no space, three digits or fifteen.

    Examples
    --------
    >>> plain_label(" ７ "), plain_label("522632100009 007"), plain_label("河东片")
    ('007', '522632100009007', '河东片')
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    digits = re.sub(r"[\s\-]", "", plain)
    if not (digits.isascii() and digits.isdigit()):
        return plain
    return digits.zfill(3) if len(digits) <= 3 else digits


_NO_GRID_WORDS = """
无 無 暂无 没有 未分配 未划分 未划入 未编入 未定 待定 待分配 空 不详
none null nil n/a na nan unassigned unallocated - -- — —— / ?
"""
"""What tables write where a block or household is in no grid yet."""

_NO_GRID = frozenset(_NO_GRID_WORDS.split())


def names_no_grid(text: str) -> bool:
    """Say whether a cell of a table means that there is no grid: 0, 无, unassigned.

    Examples
    --------
    >>> names_no_grid("0"), names_no_grid("000"), names_no_grid("未分配"), names_no_grid("010")
    (True, True, True, False)
    """
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    return plain in _NO_GRID or (plain.strip("0") in ("", ".") and plain != "")


def community_of_label(label: str) -> str | None:
    """Give the community that a label names: the first 12 of 15 digits.

    Examples
    --------
    >>> community_of_label("522632100009007"), community_of_label("007")
    ('522632100009', None)
    """
    whole = len(label) == 15 and label.isascii() and label.isdigit()
    return label[:12] if whole else None


def code_of_label(label: str, community_code: str) -> str | None:
    """Give the grid code that a label means in a community; None when it means none.

    Examples
    --------
    >>> code_of_label("007", "522632100009"), code_of_label("000", "522632100009")
    ('522632100009007', None)
    """
    if not (label.isascii() and label.isdigit()) or int(label[-3:]) == 0:
        return None
    if len(label) == 3:
        return community_code + label
    return label if community_of_label(label) == community_code else None
