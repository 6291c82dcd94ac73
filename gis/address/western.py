"""Grammar of Western addresses, on text normalised by `normalise_western`.

House number first (``12a main street n``) or last (``landstrasse 12a``), units, blocks of
numbers, intersections, and numbers a spreadsheet turned into dates (``13-nov`` was 11-13).
"""

from __future__ import annotations

import re

from gis.address.address import Address
from gis.address.western_number import (
    Numbering,
    is_number,
    read_number,
    read_number_at_end,
    split_after_number,
)
from gis.address.western_unit import Unit, leading_unit, read_unit
from gis.address.western_words import (
    BETWEEN_WORDS,
    BUILDING_WORDS,
    CROSSING_WORDS,
    DIRECTION_WORDS,
    FLOOR_WORDS,
    HOUSE_PARTS,
    LEADING_TYPES,
    NUMBER_WORDS,
    STATES,
    TYPE_WORDS,
    UNIT_WORDS,
    VAGUE_WORDS,
)

_zip_code = re.compile(r"\d{4,5}(?:-\d{4})?")
_before_crossing = re.compile(
    r"^(?:(?:the )?(?:corner|cor|intersection|int|crossing|ecke)(?: of)? )"
)
_in_front = re.compile(r"^(?:in )?(?:front|rear|side|back)(?: side)? of |^at ")
_post_box = re.compile(r"^(?:(?:po|p o|post office) box|postfach)\b")
_SIDES = "(?:north|south|east|west)(?:east|west)?"
_away = re.compile(
    r"(?:(?:about |approx |approximately )?\d+(?:\.\d+)? ?"
    r"(?:m|metres?|meters?|ft|fort|feet|foot|yards?|yds?|miles?|mi|km|blocks?) )?"
    rf"(?:(?:to the )?{_SIDES} (?:side )?of|(?<=[a-z] )from|next door(?: to)?"
    r"|(?:the )?house (?:next to|behind|opposite|beside)|down from|up from) "
)
_NEXT_DOOR = frozenset(["door", "side", "street", "road", "the", "to", "it", "of", "way"])
_TITLES = frozenset(["mr", "mrs", "ms", "miss", "dr", "doctor", "prof", "family"])
_VAGUE = ("vague_position",)

Pieces = list[list[str]]


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
    words, far = _without_distance(words)
    notes = (*notes, *far)
    unit, pieces = _leading_units(_without_people(_without_post_box(_split(words, ","))))
    if not pieces:
        return Address(kind="none", notes=notes)
    pieces[0], more = _without_position(pieces[0])
    pieces = _town_apart(_town_last(pieces))
    return _read_crossing(pieces, (*notes, *more)) or _read_address(pieces, (*notes, *more), unit)


# -- before the street ----------------------------------------------------------------------------


def _without_brackets(words: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Drop what is in brackets, but parts of a house; vague words there are noted."""
    kept: list[str] = []
    notes: tuple[str, ...] = ()
    depth = 0
    for word in words:
        depth += (word == "(") - (word == ")" and depth > 0)
        if depth and word in VAGUE_WORDS:
            notes = _VAGUE
        elif word not in "()" and (not depth or word in HOUSE_PARTS):
            kept.append(word)
    return kept, notes


def _split(words: list[str], mark: str) -> Pieces:
    """Split at a mark; empty pieces are dropped."""
    pieces: Pieces = [[]]
    for word in words:
        if word == mark:
            pieces.append([])
        else:
            pieces[-1].append(word)
    return [p for p in pieces if p]


def _without_post_box(pieces: Pieces) -> Pieces:
    """Drop post boxes; where nothing but a town is left beside one, nothing is left."""
    kept = [p for p in pieces if not _post_box.match(" ".join(p))]
    lies = any(_has_type(p) or is_number(p[0]) or is_number(p[-1]) for p in kept)
    return kept if lies or len(kept) == len(pieces) else []


def _without_distance(words: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Drop how far from the address something is: 50 m north of 123 main street."""
    match = _away.match(" ".join(words))
    return (words, ()) if match is None else (" ".join(words)[match.end() :].split(), _VAGUE)


def _without_people(pieces: Pieces) -> Pieces:
    """Drop names of people before the house: j doe, 123 main street."""
    at = next((i for i, p in enumerate(pieces) if is_number(p[0]) and _has_type(p)), 0)
    before = pieces[:at]
    if any(any(c.isdigit() for w in p for c in w) or _has_type(p) for p in before):
        return pieces
    units = UNIT_WORDS | BUILDING_WORDS | FLOOR_WORDS | HOUSE_PARTS.keys() | VAGUE_WORDS
    people = [p for p in before if units.isdisjoint(p) and _is_person(p)]
    return [p for p in pieces if p not in people]


def _is_person(piece: list[str]) -> bool:
    """Whether words look like a person and not a place: an initial or a title among few words."""
    return len(piece) <= 4 and (
        any(len(w) == 1 for w in piece[:-1]) or not _TITLES.isdisjoint(piece)
    )


def _leading_units(pieces: Pieces) -> tuple[Unit, Pieces]:
    """Take units written before the house: apt 3b, 12 main street."""
    unit = Unit()
    while len(pieces) > 1:
        found, left = read_unit(pieces[0], is_street=False)
        if left or found == Unit():
            break
        unit, pieces = unit.joined(found), pieces[1:]
    if pieces and (led := leading_unit(pieces[0])) is not None:
        found, left = led
        if left and is_number(left[0]):
            unit, pieces = unit.joined(found), [left, *pieces[1:]]
    return unit, pieces


def _without_position(words: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Drop words such as ``corner of`` and ``in front of``; ``opposite`` is noted as vague."""
    text = " ".join(words)
    crossing = _before_crossing.sub("", text).split()
    words = crossing if _mark_of(crossing) > 0 else _in_front.sub("", text).split()
    words = words or text.split()
    if words and words[0] in VAGUE_WORDS and len(words) > 1:
        return words[2:] if words[1:2] in (["of"], ["to"], ["from"]) else words[1:], _VAGUE
    return words, ()


def _town_last(pieces: Pieces) -> Pieces:
    """Move a town written first behind the street: 9490 vaduz, staedtle 32."""
    if len(pieces) < 2 or len(pieces[0]) < 2 or not _zip_code.fullmatch(pieces[0][0]):
        return pieces
    named = all(w.isalpha() for w in pieces[0][1:]) and not TYPE_WORDS.intersection(pieces[0])
    numbered = is_number(pieces[1][-1]) or is_number(pieces[1][0])
    return [*pieces[1:], pieces[0]] if named and numbered and len(pieces[1]) > 1 else pieces


# -- crossings ------------------------------------------------------------------------------------


def _town_apart(pieces: Pieces) -> Pieces:
    """Part off the town of a form whose cross street was left empty: ames street & cambridge."""
    first, rest = pieces[0], pieces[1:]
    at = _mark_of(first)
    state = bool(rest) and (rest[0][0] in STATES or _zip_code.fullmatch(rest[0][0]) is not None)
    before, after = first[: max(at, 0)], first[at + 1 :]
    if at > 0 and after and state and _has_type(before) and not _has_type(after):
        return [before, after, *rest]
    return pieces


def _read_crossing(pieces: Pieces, notes: tuple[str, ...]) -> Address | None:
    """Read two streets; None where there are none, or where it is a house at a crossing."""
    first, rest = _with_cross(pieces[0]), pieces[1:]
    town: list[str] = []
    if _mark_of(first) < 0 and rest and _mark_of(rest[0]) > 0 and not is_number(first[0]):
        at = _mark_of(rest[0])
        town, first, rest = rest[0][:at], [*first, *rest[0][at:]], rest[1:]
    at = _mark_of(first)
    if at <= 0:
        return None
    mark, before, after = first[at], first[:at], first[at + 1 :]
    after = after[1:] if after[:1] == ["of"] else after
    if end := next((i for i, w in enumerate(after) if w in CROSSING_WORDS), 0):
        after = after[:end]
    if not after or is_number(before[0]) or is_number(after[0]):
        return None
    if mark in VAGUE_WORDS:
        if mark in BETWEEN_WORDS or not _has_type(after):
            return None
        notes = (*notes, *_VAGUE)
    a = _read_address([before], notes, Unit(), spelt_numbers=False)
    b = _read_address([after, *rest], (), Unit(), spelt_numbers=False)
    if not a.street or not b.street or a.number:
        return None
    town_name = b.town or a.town or _town_of(town)
    if a.street == b.street:
        return a._replace(town=town_name)
    return Address(
        town=town_name, street=a.street, cross_street=b.street, kind="intersection", notes=notes
    )


def _with_cross(words: list[str]) -> list[str]:
    """Read the x of main street x oak avenue as the word between two streets."""
    at = words.index("x") if "x" in words[1:-1] else 0
    if at and _has_type(words[:at]) and _has_type(words[at + 1 :]):
        return [*words[:at], "&", *words[at + 1 :]]
    return words


def _mark_of(words: list[str]) -> int:
    """Give where the word between two streets stands, -1 where there is none."""
    marks = (i for i, w in enumerate(words) if w in CROSSING_WORDS or w in VAGUE_WORDS)
    return next((i for i in marks if i > 0 or words[i] in CROSSING_WORDS), -1)


def _has_type(words: list[str]) -> bool:
    return not TYPE_WORDS.isdisjoint(words) or any(w.endswith("strasse") for w in words)


# -- one street -----------------------------------------------------------------------------------


def _read_address(
    pieces: Pieces, notes: tuple[str, ...], unit: Unit, *, spelt_numbers: bool = True
) -> Address:
    words, rest, more = _first_of(pieces)
    if not words:
        return Address(kind="none", notes=notes)
    if len(words) == 1 and rest and is_number(words[0]):
        words, rest = words + rest[0], rest[1:]
    read = Numbering("address", "", -1, -1, words)
    if spelt_numbers or words[0] not in NUMBER_WORDS:
        read = read_number(words)
    words = read.words
    if read.number and len(words) > 1 and words[0] in HOUSE_PARTS and words[0] != "front":
        unit, words = unit.joined(Unit(room=HOUSE_PARTS[words[0]])), words[1:]
    if read.number and len(words) > 3 and (led := leading_unit(words)) is not None:
        unit, words = unit.joined(led[0]), led[1]
    inside, words = read_unit(words)
    unit = unit.joined(inside)
    street, town = _split_town(words)
    for piece in rest:
        inside, left = read_unit(piece, is_street=False)
        unit = unit.joined(inside)
        town = town or _town_of(left)
    if read.number == "" and read.kind == "address":
        street, after = split_after_number(street)
        town = town or _town_of(after)
        last = read_number_at_end(street)
        read, street = last._replace(notes=(*read.notes, *last.notes)), last.words
    if all(is_number(w) or not w[-1].isalnum() for w in street):
        return Address(kind="none", notes=(*notes, *read.notes))
    return Address(
        town, "", " ".join(street), read.number, "", unit.building, "", unit.dwelling,
        read.kind, "", "", read.low, read.high, (*notes, *more, *read.notes),
    )  # fmt: skip


def _first_of(pieces: Pieces) -> tuple[list[str], Pieces, tuple[str, ...]]:
    """Give the piece with the street, up to words of position, and the other pieces."""
    first, rest = pieces[0], pieces[1:]
    numbered = is_number(first[0])
    at = next((i for i, w in enumerate(first) if i > 0 and w in VAGUE_WORDS), 0)
    more = _VAGUE if at and (not numbered or _NEXT_DOOR.issuperset(first[at + 1 :])) else ()
    if any(len(p) <= 2 and p[0] in VAGUE_WORDS for p in rest):
        more = _VAGUE
    first = first[:at] if at else first
    if not (numbered and len(first) > 3 and first[1] in CROSSING_WORDS and is_number(first[2])):
        at = _mark_of(first)
        number_last = 0 < at == len(first) - 2 and is_number(first[-1])
        first = [w for w in first if w not in CROSSING_WORDS] if number_last or at <= 0 else first
        first = first[: _mark_of(first)] if _mark_of(first) > 0 else first
    return first, rest, more


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
            if rest and rest[0][0].isdigit() and not _zip_code.fullmatch(rest[0]):
                return words, ""
            return words[:end], _town_of(rest)
    if len(words) > 2 and words[-1] in STATES:
        words = words[:-1]
    return words, ""


def _town_of(words: list[str]) -> str:
    """Drop postal codes and two-letter states from the words of a town."""
    kept = [w for w in words if not _zip_code.fullmatch(w)]
    if len(kept) > 1 and (kept[-1] in STATES or len(kept[-1]) == 2):
        kept = kept[:-1]
    return "" if len(" ".join(kept)) <= 2 else " ".join(kept)
