"""Grammar of Western addresses, on text normalised by `normalise_western`.

House number first (``12a main street n``) or last (``landstrasse 12a``), units, blocks of
numbers, intersections, and numbers a spreadsheet turned into dates (``13-nov`` was 11-13).
"""

from __future__ import annotations

import re
from dataclasses import replace

from gis.address.address import Address
from gis.address.western_words import (
    DIRECTION_WORDS,
    LEADING_TYPES,
    MONTHS,
    NUMBER_WORDS,
    TYPE_WORDS,
    UNIT_WORDS,
)

_house_number = re.compile(
    r"(\d{1,6})([a-z]{1,2})?(?:([-/~])(\d{1,6})?([a-z]{1,3})?(?:/(\d+))?([a-z])?)?"
)
_mangled = re.compile(rf"(\d{{1,2}})-({'|'.join(MONTHS)})")
_suffix = re.compile(r"[a-z]|1/2")
_zip_code = re.compile(r"\d{4,5}(?:-\d{4})?")
_CROSSING_WORDS = frozenset(["&", "@", "/", "at", "and"])
_OPPOSITE_WORDS = frozenset(["opp", "opposite", "near", "nr", "behind", "between", "corner", "off"])
_FILLERS = frozenset(["no", "nr", "number", "of", "the"])


def parse_western(text: str) -> Address:
    """Read a normalised Western address; parts not found stay empty.

    Examples
    --------
    >>> a = parse_western("12 1/2 main street north , apartment 3b , springfield , ma 01101")
    >>> a.number, a.street, a.room, a.town
    ('12-1/2', 'main street north', '3b', 'springfield')
    >>> parse_western("landstrasse 12a").number
    '12a'
    >>> parse_western("elm street @ oak avenue").cross_street
    'oak avenue'
    >>> a = parse_western("1300 block of t street")
    >>> a.kind, a.number_from, a.number_to
    ('block', 1300, 1399)
    """
    words, notes = _without_brackets(text.split())
    pieces = _pieces(words)
    if not pieces:
        return Address(kind="none", notes=notes)
    first = pieces[0]
    crossing = next((i for i, w in enumerate(first) if w in _CROSSING_WORDS and i > 0), None)
    if crossing is not None and crossing + 1 < len(first):
        read = _read_crossing(first[:crossing], first[crossing + 1 :], pieces[1:], notes)
        if read is not None:
            return read
        first = first[:crossing]
    first = [w for w in first if w not in "&@/"]
    return _read_address(first, pieces[1:], notes)


def _without_brackets(words: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Drop what is in brackets and words such as ``opp``, which are noted as vague."""
    kept, depth, notes = [], 0, ()
    for word in words:
        depth += (word == "(") - (word == ")" and depth > 0)
        if word in _OPPOSITE_WORDS and (depth or word != "off"):
            notes = ("vague_position",)
        elif not depth and word not in "()":
            kept.append(word)
    return kept, notes


def _pieces(words: list[str]) -> list[list[str]]:
    """Split at commas; empty pieces are dropped."""
    pieces: list[list[str]] = [[]]
    for word in words:
        if word == ",":
            pieces.append([])
        else:
            pieces[-1].append(word)
    return [p for p in pieces if p]


def _read_crossing(
    first: list[str], second: list[str], rest: list[list[str]], notes: tuple[str, ...]
) -> Address | None:
    a, b = _read_address(first, [], notes), _read_address(second, rest, ())
    if a.number and not b.number and b.street:
        return None
    if not a.street or not b.street:
        return None
    if a.street == b.street:
        return replace(a, town=a.town or b.town)
    return Address(
        town=b.town or a.town,
        street=a.street,
        cross_street=b.street,
        kind="intersection",
        notes=notes,
    )


def _read_address(words: list[str], rest: list[list[str]], notes: tuple[str, ...]) -> Address:
    if len(words) == 1 and rest and (_house_number.fullmatch(words[0])):
        words, rest = words + rest[0], rest[1:]
    kind, number, low, high, words, more = _read_number(words)
    room, words = _read_unit(words)
    street, town = _split_town(words)
    for piece in rest:
        unit, left = _read_unit(piece, is_street=False)
        room = room or unit
        town = town or _town_of(left)
    if number == "" and kind == "address":
        number, low, high, street = _number_at_end(street)
    if not street:
        kind = "none"
    return Address(
        town, "", " ".join(street), number, "", "", "", room,
        kind, "", "", low, high, (*notes, *more),
    )  # fmt: skip


def _read_number(
    words: list[str],
) -> tuple[str, str, int, int, list[str], tuple[str, ...]]:
    """Give kind, number, first and last integer, the other words and notes."""
    nothing = ("address", "", -1, -1, words, ())
    if len(words) < 2:
        return nothing
    head = NUMBER_WORDS.get(words[0], words[0])
    if dated := _mangled.fullmatch(head):
        return _read_dated_number(dated, words[1:])
    match = _house_number.fullmatch(head)
    if match is None:
        garbled = head[0].isdecimal() and len(words) > 2
        return ("address", "", -1, -1, words[1:], ("number_unread",)) if garbled else nothing
    low, words = int(match[1]), words[1:]
    if len(words) > 2 and words[0].isdecimal() and "block" not in words[:2]:
        return "address", "", -1, -1, words[1:], ("number_unread",)
    if len(words) > 2 and words[0] == "-" and words[1].isdecimal():
        words = words[2:]
    if "block" in words[:2]:
        return _read_block(low, match, words[words.index("block") + 1 :])
    if len(words) > 1 and _suffix.fullmatch(words[0]) and match[3] is None and not match[2]:
        if words[0] == "1/2":
            return "address", f"{low}-1/2", low, low, words[1:], ()
        if words[1] not in TYPE_WORDS:
            return "address", f"{low}{words[0]}", low, low, words[1:], ()
    return ("address", *_number_parts(match), words, ())


def _number_parts(match: re.Match[str]) -> tuple[str, int, int]:
    """Give number and its ends: 7-a is 7a, 45-47 a range of houses, 12-1 the annex 1 of 12."""
    low = int(match[1])
    number = f"{low}{match[2] or ''}"
    second, letters, fraction = match[4], match[5], match[6]
    if fraction:
        return f"{number}-{second}/{fraction}{letters or match[7] or ''}", low, low
    if second is None:
        return f"{number}{letters or ''}", low, low
    high = int(second)
    is_range = high > low and (high - low) % 2 == 0 and high - low <= 98
    return f"{number}-{high}{letters or ''}", low, high if is_range else low


def _read_dated_number(
    dated: re.Match[str], words: list[str]
) -> tuple[str, str, int, int, list[str], tuple[str, ...]]:
    """Undo a spreadsheet: 13-nov was typed 11-13."""
    low, high = MONTHS[dated[2]], int(dated[1])
    ends = (low, high) if high > low else (low, low)
    return "address", f"{low}-{high}", *ends, words, ("number_from_date",)


def _read_block(
    low: int, match: re.Match[str], words: list[str]
) -> tuple[str, str, int, int, list[str], tuple[str, ...]]:
    high = int(match[4]) if match[4] else low - low % 100 + 99
    words = words[1:] if words[:1] == ["of"] else words
    return "block", "", min(low, high), max(low, high), words, ()


def _read_unit(words: list[str], *, is_street: bool = True) -> tuple[str, list[str]]:
    """Take ``apt 3b`` or ``# 12`` out of the words."""
    for i, word in enumerate(words[:-1]):
        if word in UNIT_WORDS and (word == "#" or i > 0 or not is_street):
            after = i + 2 if words[i + 1] == "#" and i + 2 < len(words) else i + 1
            return words[after], words[:i] + words[after + 1 :]
    return "", words


def _split_town(words: list[str]) -> tuple[list[str], str]:
    """Cut the street after its type word and direction; what follows is the town."""
    if words and words[0] in LEADING_TYPES:
        return words, ""
    for i, word in enumerate(words):
        if i > 0 and word in TYPE_WORDS:
            end = i + 1
            while end < len(words) and words[end] in TYPE_WORDS | DIRECTION_WORDS:
                end += 1
            rest = words[end:]
            if rest and any(w in TYPE_WORDS for w in rest) and end - i == 1:
                continue
            if rest and rest[0][0].isdigit():
                return words, ""
            return words[:end], _town_of(rest)
    return words, ""


def _town_of(words: list[str]) -> str:
    """Drop postal codes and two-letter states from the words of a town."""
    kept = [w for w in words if not _zip_code.fullmatch(w)]
    if len(kept) > 1 and len(kept[-1]) == 2:
        kept = kept[:-1]
    return "" if len(" ".join(kept)) <= 2 else " ".join(kept)


def _number_at_end(words: list[str]) -> tuple[str, int, int, list[str]]:
    """Read a trailing house number: landstrasse 12a, strasse 3 b."""
    if len(words) > 2 and _suffix.fullmatch(words[-1]) and words[-2].isdecimal():
        words = [*words[:-2], words[-2] + words[-1]]
    match = _house_number.fullmatch(words[-1]) if len(words) > 1 else None
    if match is None or words[-2] in ("route", "rt", "highway"):
        return "", -1, -1, words
    left = words[:-1]
    while len(left) > 1 and left[-1] in _FILLERS:
        left = left[:-1]
    return (*_number_parts(match), left)
