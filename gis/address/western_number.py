"""House numbers of Western addresses, first or last, single, ranges, blocks, and mangled ones.

A spreadsheet turns 11-13 into ``13-nov``; a hand slips a letter between digits (``5i75``); such
numbers are read, and the reading is noted as doubtful.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from gis.address.western_words import MONTHS, NUMBER_WORDS, TYPE_WORDS

WIDEST_RANGE = 98
"""A second number farther from the first is no range of houses."""

_number = re.compile(
    r"(\d{1,9})(?!st\b|nd\b|rd\b|th\b)([a-z]{1,2}|bis|ter)?(?:([-/~])(\d{1,9})?([a-z]{1,3})?(?:/(\d+))?([a-z])?)?"
)
_month = "|".join(MONTHS)
_day_month = re.compile(rf"(\d{{1,2}})-({_month})")
_date = re.compile(r"(?:\d{4}-(\d{1,2})-(\d{1,2})(?:t.*)?|(\d{1,2})/(\d{1,2})/\d{4})")
_letter_inside = re.compile(r"(\d+)([ilo])(\d+)")
_half = re.compile(r"(\d{1,9})\.50?")
_hundreds = re.compile(r"(\d+)xx")
_digits = re.compile(r"[0-9]{1,9}")
_suffix = re.compile(r"[a-z]|1/2|bis|ter")
_BLOCK_WORDS = frozenset(["block", "blk", "blocks"])
_ROUTES = frozenset(["route", "rt", "rte", "highway", "interstate", "us", "sr", "exit"])
_BEFORE_LAST = frozenset(["no", "nr", "number", "#"])


class Numbering(NamedTuple):
    """What was read of the number, and the words it leaves."""

    kind: str
    number: str
    low: int
    high: int
    words: list[str]
    notes: tuple[str, ...] = ()


def is_number(word: str) -> bool:
    """Whether a word alone is a house number or a range of them."""
    return _number.fullmatch(word) is not None


def read_number(words: list[str]) -> Numbering:
    """Read a number at the beginning of the words.

    Examples
    --------
    >>> read_number("45-47 elm street".split())[:4]
    ('address', '45-47', 45, 47)
    >>> read_number("block of 1300 main street".split())[:5]
    ('block', '', 1300, 1399, ['main', 'street'])
    """
    if len(words) < 2:
        return _none(words)
    if words[0] in _BLOCK_WORDS:
        return _block_first(words)
    if words[0] in MONTHS and words[1].isdecimal() and len(words) > 2:
        return _dated(MONTHS[words[0]], int(words[1]), words[2:])
    if words[0] in NUMBER_WORDS:
        low = int(NUMBER_WORDS[words[0]])
        return Numbering("address", str(low), low, low, words[1:], ("number_spelt",))
    head = words[0]
    if mangled := _mangled(head, words[1:]):
        return mangled
    if _is_pair(words) and (pair := _number.fullmatch(f"{head}-{words[2]}")):
        return _plain(pair, words[3:])
    block = head.removesuffix("-block")
    match = _number.fullmatch(block)
    if match is None:
        return _garbled(head, words)
    if block != head or words[1] in _BLOCK_WORDS:
        return _block(int(match[1]), match[4], words[1:])
    return _with_suffix(match, words[1:])


def read_number_at_end(words: list[str]) -> Numbering:
    """Read a number behind the street: landstrasse 12a, strasse 3 b."""
    if len(words) > 2 and _suffix.fullmatch(words[-1]) and words[-2].isdecimal():
        words = [*words[:-2], words[-2] + ("-1/2" if words[-1] == "1/2" else words[-1])]
    match = _number.fullmatch(words[-1]) if len(words) > 1 else None
    if match is None or words[-2] in _ROUTES or words[-3:-1] == ["county", "road"]:
        return _none(words)
    left = words[:-1]
    while len(left) > 1 and left[-1] in _BEFORE_LAST:
        left = left[:-1]
    return _plain(match, left)


def split_after_number(words: list[str]) -> tuple[list[str], list[str]]:
    """Part the words behind a number in their midst, a town: landstrasse 38 schaan.

    Examples
    --------
    >>> split_after_number("landstrasse 38 schaan".split())
    (['landstrasse', '38'], ['schaan'])
    >>> split_after_number("route 9 north".split())
    (['route', '9', 'north'], [])
    """
    for i in range(1, len(words) - 1):
        if is_number(words[i]) and words[i - 1] not in _ROUTES:
            after = words[i + 1 :]
            if len(after[0]) > 2 and all(w.isalpha() for w in after):
                return words[: i + 1], after
            return words, []
    return words, []


def word_of_number(number: str) -> str:
    """Give the word of a number up to ten, "" for others.

    Examples
    --------
    >>> word_of_number("7"), word_of_number("11")
    ('seven', '')
    """
    return next((word for word, digits in NUMBER_WORDS.items() if digits == number), "")


def _none(words: list[str], *notes: str) -> Numbering:
    return Numbering("address", "", -1, -1, words, notes)


def _plain(match: re.Match[str], words: list[str]) -> Numbering:
    """Give number and its ends: 7-a is 7a, 45-47 a range of houses, 12-1 the annex 1 of 12."""
    low = int(match[1])
    number = f"{low}{match[2] or ''}"
    second, letters, fraction = match[4], match[5], match[6]
    if fraction:
        number = f"{number}-{second}/{fraction}{letters or match[7] or ''}"
        return Numbering("address", number, low, low, words)
    if second is None:
        return Numbering("address", f"{number}{letters or ''}", low, low, words)
    high = int(second)
    number = f"{number}-{high}{letters or ''}"
    return Numbering("address", number, low, high if _is_range(low, high) else low, words)


def _is_range(low: int, high: int) -> bool:
    return low < high <= low + WIDEST_RANGE and (high - low) % 2 == 0


def _is_pair(words: list[str]) -> bool:
    """Whether the words begin with two house numbers: 45 and 47 elm street."""
    if len(words) < 4 or words[1] not in ("&", "and", "/"):
        return False
    both = _digits.fullmatch(words[0]) and _digits.fullmatch(words[2])
    return bool(both) and _is_range(int(words[0]), int(words[2]))


def _with_suffix(match: re.Match[str], words: list[str]) -> Numbering:
    """Read a number with what may stand apart from it: 12 a main street, 8 1/2 ash street."""
    low = int(match[1])
    bare = match[2] is None and match[3] is None
    if len(words) > 2 and words[0].isdecimal() and words[1] == "1/2" and words[2] in TYPE_WORDS:
        return _plain(match, [f"{words[0]} 1/2", *words[2:]])
    if len(words) > 2 and words[0].isdecimal() and words[1] not in TYPE_WORDS:
        return _none(words[1:], "number_unread")
    if len(words) > 1 and bare and _suffix.fullmatch(words[0]) and words[1] not in TYPE_WORDS:
        suffix = "-1/2" if words[0] == "1/2" else words[0]
        return Numbering("address", f"{low}{suffix}", low, low, words[1:])
    return _plain(match, words)


def _mangled(head: str, words: list[str]) -> Numbering | None:
    """Read a number that a spreadsheet or a hand has spoilt."""
    if match := _day_month.fullmatch(head):
        return _dated(MONTHS[match[2]], int(match[1]), words)
    if match := _date.fullmatch(head):
        while words and set(words[0]) == {"0"}:
            words = words[1:]
        return _dated(int(match[1] or match[3]), int(match[2] or match[4]), words)
    if match := _letter_inside.fullmatch(head):
        low = int(match[1] + match[2].replace("o", "0").strip("il") + match[3])
        return Numbering("address", str(low), low, low, words, ("number_unread",))
    if match := _half.fullmatch(head):
        low = int(match[1])
        return Numbering("address", f"{low}-1/2", low, low, words)
    if match := _hundreds.fullmatch(head):
        return _block(int(match[1]) * 100, None, words)
    return None


def _dated(low: int, high: int, words: list[str]) -> Numbering:
    """Undo a spreadsheet: 13-nov was typed 11-13."""
    end = high if _is_range(low, high) else low
    return Numbering("address", f"{low}-{high}", low, end, words, ("number_from_date",))


def _block(low: int, second: str | None, words: list[str]) -> Numbering:
    words = words[1:] if words[:1] and words[0] in _BLOCK_WORDS else words
    words = words[1:] if words[:1] == ["of"] else words
    high = int(second) if second else low - low % 100 + 99
    return Numbering("block", "", min(low, high), max(low, high), words)


def _block_first(words: list[str]) -> Numbering:
    rest = words[2:] if words[1] == "of" else words[1:]
    match = _number.fullmatch(rest[0]) if len(rest) > 1 else None
    return _none(words) if match is None else _block(int(match[1]), match[4], rest[1:])


def _garbled(head: str, words: list[str]) -> Numbering:
    if head[0].isdecimal() and len(words) > 2 and not head.endswith(("st", "nd", "rd", "th")):
        return _none(words[1:], "number_unread")
    return _none(words)
