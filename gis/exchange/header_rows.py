"""Rows that speak of the columns or of other rows: explanations, examples, headings, new headers.

Such rows stand among the records of tables made by hand. Taken for records they would be stored;
each function says what a row is, the caller what becomes of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from gis.domain.kinds import KINDS
from gis.exchange.columns import cell_text, plain_name
from gis.exchange.table import Value

_EXPLAINING = """
必填 选填 可选 必须 非必填 是否必填 文本 文字 字符 字符串 文本型 整数 整型 数字 数值 数值型
小数 浮点 日期 时间 日期型 下拉 必填项 选填项 唯一 自动 枚举 单选 多选
string text varchar char integer int number numeric float double decimal date datetime timestamp
boolean bool required optional mandatory unique key
"""
_WORDS = frozenset(plain_name(word) for word in _EXPLAINING.split())
_NAMES = frozenset(
    plain_name(name) for kind in KINDS.values() for field in kind.fields for name in field.names
)
_EXAMPLE = re.compile(
    r"^[(（【\[]?(?:填写|填表)?(?:示例|样例|范例|举例|例如|例)(?:[)）】\]]|\s*[:：]|\s*\d*$)"
    r"|^[(\[]?(?:example|sample|e\.g\.)(?:[)\]]|\s*:|\s*\d*$)",
    re.IGNORECASE,
)
_ORDERED = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十]{1,3}[)）]"
    r"|[附续]?表\s*[一二三四五六七八九十\d]+|第[一二三四五六七八九十\d]+[部章节片]分?)"
)
_DIGIT = re.compile(r"\d")
MIN_WIDTH = 3
"""In narrower tables a single cell says nothing."""

MIN_SHARE = 0.8


def explains_columns(cells: Sequence[str], known: Collection[str]) -> bool:
    """Say whether a row names the columns once more or tells how to fill them.

    Parameters
    ----------
    cells
        Its filled cells as text.
    known
        Folded names of the columns of the kind.

    Examples
    --------
    >>> explains_columns(["number", "people", "head"], {"number", "people"})
    True
    >>> explains_columns(["必填", "整数"], set()), explains_columns(["H1", "3"], {"number"})
    (True, False)
    """
    if len(cells) < 2 or any(cell.isnumeric() for cell in cells):
        return False
    folded = [plain_name(cell) for cell in cells]
    return 2 * sum(name in known or name in _WORDS for name in folded) > len(folded)


def is_example(first: str) -> bool:
    """Say whether a row shows how to fill the table, by its first cell.

    Examples
    --------
    >>> is_example("示例：H0001"), is_example("例"), is_example("示范小学"), is_example("Example")
    (True, True, False, True)
    """
    return bool(_EXAMPLE.match(first))


def begins_another_table(row: Sequence[Value]) -> bool:
    """Say whether a row consists of names of columns, of whatever kind.

    Examples
    --------
    >>> begins_another_table(["姓名", None, "性别"]), begins_another_table(["学校", "school"])
    (True, False)
    """
    n_named = 0
    for cell in row:
        if cell is None or cell == "":
            continue
        if not isinstance(cell, str) or _DIGIT.search(cell) or plain_name(cell) not in _NAMES:
            return False
        n_named += 1
    return n_named >= 2


def is_ordered_heading(text: str) -> bool:
    """Say whether a cell alone in its row heads the rows under it.

    Examples
    --------
    >>> is_ordered_heading("一、东风社区"), is_ordered_heading("一中")
    (True, False)
    """
    return bool(_ORDERED.match(text))


def lone_names(rows: Sequence[Sequence[Value]]) -> list[int]:
    """Find rows of one cell that is no code, in a column where all others have codes.

    Parameters
    ----------
    rows
        Cells, each row as wide as the table.

    Returns
    -------
    positions
        Of the rows that are headings rather than records.

    Examples
    --------
    >>> rows = [["东风社区", None, None], ["H1", 3, "a"], ["H2", 2, "b"], ["H3", None, None]]
    >>> lone_names(rows)
    [0]
    """
    if not rows or len(rows[0]) < MIN_WIDTH:
        return []
    lone = {}
    for position, row in enumerate(rows):
        if sum(cell is not None and cell != "" for cell in row) == 1:
            column, text = next((i, cell_text(cell)) for i, cell in enumerate(row) if cell)
            if text and not _DIGIT.search(text):
                lone[position] = column
    coded = {column for column in set(lone.values()) if _is_coded(rows, column, lone)}
    return [position for position, column in lone.items() if column in coded]


def _is_coded(rows: Sequence[Sequence[Value]], column: int, lone: Collection[int]) -> bool:
    others = [cell_text(row[column]) for i, row in enumerate(rows) if i not in lone and row[column]]
    n_coded = sum(bool(_DIGIT.search(cell)) for cell in others)
    return bool(others) and n_coded >= MIN_SHARE * len(others)
