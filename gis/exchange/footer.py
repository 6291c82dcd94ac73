"""Lines of a table that are no records: totals, and who filled it in, checked it, signed it.

A total begins with a word for it. A line under a table holds nothing but labels such as 填表人 or
"Prepared by", what stands after them, dates, page numbers and remarks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_TOTAL_ZH = re.compile(
    r"^[(\[【]?(?:本页|本表|本月|本年|全年|以上|各?[社县镇村区组]|全[社县镇村区市]区?|.{0,6}[社县镇村区组街路])?"
    r"(?:合计|总计|小计|共计|累计|总数|总和|总户数|总人数|户数合计|人数合计|平均|平均值"
    r"|合計|總計|小計|共計)"
    r"(?:$|[:：()（）\[\]】/、,，=]|\d|[户人栋套个条行名口])"
)
_COUNTED_ZH = re.compile(
    r"^(?:以上|本页|本表)?共(?:有|计)?[\d〇零一二三四五六七八九十百千万两]+[户人栋套个条行名口页]"
)
_TOTAL_EN = re.compile(
    r"^(?:(?:grand|sub|page|over-?all)[ -]?)?(?:totals?|sums?|averages?)"
    r"(?:$|[:.=(\d]| (?:of |no\b|number|house|people|persons|resid|rows|count|all\b|\d))"
)
_TOTAL_WORDS_EN = re.compile(r"^(?:(?:grand|sub)[ -]?totals?|subtotals?)")

_LABELS_ZH = """
填表 填报 制表 制单 审核 审批 审定 审查 复核 核对 校对 校核 经办 经手 承办 负责 主管 分管 联系人
录入 登记人 采集人 调查人 统计人 统计员 会计 领导 备注 注 附注 说明 备 日期 时间 填写 单位 盖章
签字 签名 签章 印章 公章 数据来源 资料来源 来源 打印 导出 截止 截至 电话 联系电话 制作 编制
上报 报送 报表 页码 填表须知 填表说明
填報 製表 審核 複核 備註 註 單位 蓋章 簽字 簽名 負責 經辦 聯絡人
"""
_AFTER_LABEL_ZH = (
    r"(?:人|员|者|单位|單位|部门|部門|机关|时间|時間|日期|情况|意见|意見|表|领导|负责人|信息)*"
)
_ANY_LABEL_ZH = "|".join(sorted(_LABELS_ZH.split(), key=len, reverse=True))
_LABEL_ZH = re.compile(
    rf"^[(\[【*※]*(?:{_ANY_LABEL_ZH}){_AFTER_LABEL_ZH}"
    r"(?:[(（][^)）]*[)）]?)?[)\]】]*(?:[:：_—.、 ].*|(?<=[注明])\d.*)?$"
)
_LABEL_EN = re.compile(
    r"^\*{0,3}(?:(?:prepared|checked|approved|reviewed|verified|completed|compiled|filled(?: in)?"
    r"|signed|submitted|reported|entered|recorded|printed|exported|authori[sz]ed|certified|created"
    r"|generated|counted|drawn up)\b(?: ?(?:by|on|at|from)\b| date\b|:|$)"
    r"|(?:signatures?|sign|stamp|seal|dated?|notes?|n\.b\.|nb|remarks?|comments?|(?:data )?sources?"
    r"|page|contact|tel|telephone|phone|name of (?:clerk|officer)|as of)"
    r"(?:\s*(?:[:.(_—-]|\d).*|(?: date| no| and date)?:?$)"
    r"|end of (?:table|file|list|report|data)\b)"
)
_LINE = re.compile(
    r"盖章|签字|签章|签名|蓋章|簽字|以下空白|此页无正文|^[-=—_*#\s.…]+$|^[(（]?完[)）]?$|^end\.?$"
)
_PAGE = re.compile(r"^第\d+页|共\d+页$|^page \d+|^\d+\s*/\s*\d+页?$|^-\s*\d+\s*-$")
_DAY = re.compile(
    r"^(?:\d{2,4}|[〇零一二三四五六七八九十]{2,4}|\s*_*)年(?:[\d一二三四五六七八九十]{1,2}|\s*_*)月"
    r"(?:(?:[\d一二三四五六七八九十]{1,3}|\s*_*)[日号])?$|^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}$"
)
_PLAIN_NUMBER = re.compile(
    r"^[-+]?[\d,.\s]*\d[\d,.]*\s*[%户人栋套个条行名口]?$|^[-–—/\\]+$|^#.*$|^0$"
)
_REMARK = re.compile(r"[:：。;；]")
MIN_WIDTH = 3
"""Narrower tables have no lines that can be told from records by a single filled cell."""


def may_be_line(first: str) -> bool:
    """Say whether a row that begins with this text may be a total or a label: a quick sieve.

    Examples
    --------
    >>> may_be_line("合 计"), may_be_line("Prepared by"), may_be_line("H00001")
    (True, True, False)
    """
    if first.isascii() and first.isdigit():
        return False
    text = _folded(first)
    tight = text.replace(" ", "")
    return bool(
        _TOTAL_ZH.match(tight)
        or _COUNTED_ZH.match(tight)
        or _TOTAL_EN.match(text)
        or _is_label(text)
    )


def is_total(cells: Sequence[str]) -> bool:
    """Say whether a row sums others up; ``cells`` are its filled cells as text.

    Examples
    --------
    >>> is_total(["合 计", "5"]), is_total(["Total", "12"]), is_total(["本页小计：", "共3户"])
    (True, True, True)
    >>> is_total(["Total", "shop", "rue du Lac"]), is_total(["总计局宿舍", "5"])
    (False, False)
    """
    first = _folded(cells[0])
    tight = first.replace(" ", "")
    if _TOTAL_ZH.match(tight) or _COUNTED_ZH.match(tight):
        return True
    if not _TOTAL_EN.match(first):
        return False
    rest = [_folded(cell) for cell in cells[1:]]
    return bool(_TOTAL_WORDS_EN.match(first)) or all(map(_is_plain, rest))


def _is_plain(text: str) -> bool:
    return bool(_PLAIN_NUMBER.match(text) or _LABEL_EN.match(text) or _label_zh(text))


def footer_label(cells: Sequence[str], width: int) -> str | None:
    """Give the label of a row that only says who made the table, when, or what is to be noted.

    Parameters
    ----------
    cells
        Its filled cells as text.
    width
        Columns of the table.

    Returns
    -------
    label
        The words before any name or number, for a message; None for a row that may be a record.

    Examples
    --------
    >>> footer_label(["填表人：张三", "审核：李四"], 6), footer_label(["制表人", "张三"], 6)
    ('填表人', '制表人')
    >>> footer_label(["Prepared by: J. Doe"], 6), footer_label(["2024年3月5日"], 6)
    ('prepared by', '2024年3月5日')
    >>> footer_label(["H00001", "学院路1号", "3"], 6), footer_label(["H00001"], 6) is None
    (None, True)
    """
    first = _folded(cells[0])
    if width >= MIN_WIDTH and len(cells) == 1 and _is_line(first):
        return _before_name(first)
    if not _is_label(first) or len(cells) > max(4, width // 2 + 1):
        return None
    texts = [first, *map(_folded, cells[1:])]
    after_label = False
    for text in texts:
        if _is_label(text):
            after_label = not _has_own_value(text)
        elif after_label or _DAY.match(text) or _PAGE.match(text):
            after_label = False
        else:
            return None
    if len(texts) == 2 and width <= 2 and not _has_own_value(texts[0]):
        return None
    return _before_name(texts[0])


def _is_label(text: str) -> bool:
    return bool(_label_zh(text) or _LABEL_EN.match(text))


def _label_zh(text: str) -> re.Match[str] | None:
    return _LABEL_ZH.match(re.sub(r"(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])", "", text))


def _is_line(text: str) -> bool:
    """Say whether a row of one filled cell is a remark, a date, a page number or a signature."""
    tight = text.replace(" ", "")
    whole = _LINE.search(text) or _PAGE.match(tight) or _PAGE.match(text) or _DAY.match(tight)
    return bool(whole or _is_label(text) or (len(text) > 8 and _REMARK.search(text)))


def _has_own_value(text: str) -> bool:
    return bool(re.search(r"[:：]\s*\S", text))


def _before_name(text: str) -> str:
    """Cut a line before what may be a person's name."""
    label = re.split(r"[:：(（_]", text)[0].strip() or text
    return label[:12]


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()
