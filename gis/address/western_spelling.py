"""One spelling for Western addresses: lower case, no accents, short words written out.

Idempotent, and total on any text. Words are separated by one space; of the signs only
``& @ , / # ( )`` are kept as words, and ``- / . ~`` inside what begins with a digit.
"""

from __future__ import annotations

import re
import unicodedata

from gis.address.western_routes import write_routes
from gis.address.western_words import (
    DIRECTION_WORDS,
    FULL_WORDS,
    LATER_ORDINALS,
    LEADING_WORDS,
    NUMBERED_TYPES,
    ORDINAL_NUMBERS,
    STREET_TYPES,
    TENS,
    TYPE_WORDS,
    UNIT_WORDS,
)

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−﹣", "-"),
        **dict.fromkeys("～〜∼˜", "~"),
        **dict.fromkeys(";；\n\r\v\f", ","),
        **dict.fromkeys("[{", "("),
        **dict.fromkeys("]}", ")"),
        **dict.fromkeys("'’`´", None),
        "+": "&",
        "⁄": "/",
    }
)
_no_address = re.compile(
    r"[\s\W]*(?:n\s*/\s*a|na|nil|none|null|nan|unknown|unk|tbd|tba|undefined|missing"
    r"|not (?:known|available|given|applicable|stated)|no (?:fixed )?(?:address|abode))[\s\W]*"
)
_entity = re.compile(r"&amp(?:,|\b)")
_vulgar_fraction = re.compile(r"(?<=\d)(?=[¼½¾⅓⅔⅛])")
_initials = re.compile(r"\b([a-z])\.(?=[a-z]\b)")
_spaced_dash = re.compile(
    r"(?<=\d)\s*-\s*(?=\d|[a-z]\b)|(?<=\d)\s+(?:to|thru|through|bis)\s+(?=\d)"
)
_phone = re.compile(
    r"(?:\b(?:tel|phone|ph|cell|mobile|fax)\b[.:]?\s*)?(?<![\d-])(?:\+?1[-. ]?)?"
    r"\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}(?![\d-])"
)
_care_of = re.compile(r"\b(?:c/o|care of|attn\.?:?|attention:)\s*[^,\d]+(?:,|(?=\d))")
_land_code = re.compile(r"\b(?:fl|li|ch|at|de|a|d)-(?=\d{4,5}\b)")
_tokens = re.compile(r"\d[^\W_]*(?:[-/~.][^\W_]+)*|[^\W_]+|[&@,#/()]")
_ordinal = re.compile(r"\d+(?:st|nd|rd|th)")
_SHORT_TYPES = frozenset(s for shorts in STREET_TYPES.values() for s in shorts) | TYPE_WORDS
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_LETTERS = frozenset("nsew")
_NUMBER_SIGNS = frozenset(["no", "nr", "num", "number"])


def normalise_western(text: str) -> str:
    """Normalise a text by the Western rules: words in lower case, one space between.

    Examples
    --------
    >>> normalise_western("MT.AUBURN ST @ Bay State Rd"), normalise_western("Landstraße 12a")
    ('mount auburn street @ bay state road', 'landstrasse 12a')
    >>> normalise_western("No. 8½ N.W. 42nd St."), normalise_western("n/a")
    ('8 1/2 northwest 42nd street', '')
    """
    plain = _plain(text)
    if _no_address.fullmatch(plain):
        return ""
    tokens = _tokens.findall(plain)
    words: list[str] = []
    at_beginning, after_unit = True, False
    for i, token in enumerate(tokens):
        following = tokens[i + 1 : i + 3]
        if _is_number_sign(token, following, not words):
            continue
        if _is_bare_ordinal(token, following, words):
            token = ordinal_of(int(token))
        keeps = after_unit or (at_beginning and _is_letter_street(token, following))
        leads = at_beginning and bool(following)
        words.append(token if keeps else _full(token, leads))
        word = words[-1]
        still = at_beginning and not _ordinal.fullmatch(word)
        at_beginning = not word[0].isalpha() and (still or token in "&@,/")
        after_unit = token in UNIT_WORDS
    return write_routes(" ".join(_joined_ordinals(words)))


def ordinal_of(number: int) -> str:
    """Give the ordinal as it is written in street names: first to tenth in words.

    Examples
    --------
    >>> ordinal_of(1), ordinal_of(21), ordinal_of(112)
    ('first', '21st', '112th')
    """
    ending = "th" if number % 100 in (11, 12, 13) else _ENDINGS.get(number % 10, "th")
    return FULL_WORDS.get(f"{number}{ending}", f"{number}{ending}")


def _is_bare_ordinal(token: str, following: list[str], words: list[str]) -> bool:
    """Whether a number is a street's own, its ending left off: 31 St is 31st St."""
    if not token.isdecimal() or len(token) > 3 or not following or int(token) == 0:
        return False
    if following[0] not in NUMBERED_TYPES:
        return False
    after = following[1] if len(following) > 1 else ""
    if not words or words[-1] in ("&", "@", "/"):
        return after in ("", "&", "@", "/", "and", "at", ",")
    if words[-1] in DIRECTION_WORDS:
        return len(words) > 1 and words[-2][0].isdigit()
    return words[-1][0].isdigit() and not _ordinal.fullmatch(words[-1])


def _joined_ordinals(words: list[str]) -> list[str]:
    """Write ordinals above ten in digits: twenty first, eleventh."""
    if not any(w in TENS or w in LATER_ORDINALS for w in words):
        return words
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] in TENS and word in ORDINAL_NUMBERS and word != "tenth":
            joined[-1] = ordinal_of(TENS[joined[-1]] + int(ORDINAL_NUMBERS[word]))
        else:
            joined.append(ordinal_of(LATER_ORDINALS[word]) if word in LATER_ORDINALS else word)
    return joined


def _plain(text: str) -> str:
    """Fold case, width, accents and signs; drop what cannot be seen."""
    if text.isascii():
        text = text.casefold().translate(_SIGNS)
    else:
        text = _vulgar_fraction.sub(" ", text)
        text = unicodedata.normalize("NFKC", text).casefold().translate(_SIGNS)
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if c <= "~" or not _is_unseen(c))
    if "&" in text:
        text = _entity.sub("&", text)
    text = _care_of.sub("", _phone.sub("", text))
    if "." in text:
        text = _initials.sub(r"\1", text)
    return _spaced_dash.sub("-", _land_code.sub("", text) if "-" in text else text)


def _is_unseen(sign: str) -> bool:
    return unicodedata.category(sign) in ("Mn", "Me", "Cf")


def _full(token: str, at_beginning: bool) -> str:
    word = (LEADING_WORDS if at_beginning else FULL_WORDS).get(token, token)
    return f"{word}asse" if word.endswith("str") and len(word) > 4 else word


def _is_number_sign(token: str, following: list[str], is_first: bool) -> bool:
    """Whether a token says only that a number follows: no. 12, and # 12 at the very beginning."""
    signs = token in _NUMBER_SIGNS or (is_first and token == "#")
    return signs and bool(following) and following[0][0].isdecimal()


def _is_letter_street(token: str, following: list[str]) -> bool:
    """Whether a direction's letter is itself the name: 12 E Street, but 12 E Park Ave."""
    if token not in _LETTERS or not following or following[0] not in _SHORT_TYPES:
        return False
    return len(following) < 2 or following[1] not in _SHORT_TYPES
