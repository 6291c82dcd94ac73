"""How much of a decoded text can be a language: bytes in a wrong encoding mix scripts in a word.

Pure; knows scripts by the Unicode names of letters. GBK bytes that are valid UTF-8 give Cyrillic
beside Armenian (学院路 becomes ѧԺ·); UTF-8 read as Latin-1 gives control signs.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_RUN = re.compile(r"[^\W\d_]*[^\x00-\x7f](?:[^\W\d_]|[^\x00-\x7f])*")
_CJK = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "YI", "FULLWIDTH"})
_LATIN_END = "\u024f"
_HISTORIC = ("\u0460", "\u0489"), ("\u0500", "\u052f"), ("\u0250", "\u02ff"), ("\u0700", "\u085f")
"""Letters of dead spellings and phonetics: old and rare Cyrillic, IPA, Syriac to Mandaic."""


@dataclass(frozen=True)
class Legibility:
    """Signs beyond ASCII of a text: how many in all, in plausible words, and in impossible ones.

    Impossible are words of two scripts, dead letters and control signs; what is neither is short.
    """

    n_foreign: int
    n_plausible: int
    n_strange: int

    @property
    def share(self) -> float:
        """Give the share of plausible signs; 1 where all is ASCII."""
        return self.n_plausible / self.n_foreign if self.n_foreign else 1.0

    @property
    def is_strange(self) -> bool:
        """Say whether a third of the signs or more cannot be a language."""
        return self.n_strange * 3 >= max(1, self.n_foreign)


def legibility(text: str) -> Legibility:
    """Measure a text.

    Examples
    --------
    >>> legibility("学院路, Zürich, Москва 12°").share, legibility("ѧԺ·,ʯ·").share
    (1.0, 0.0)
    >>> legibility("ѧԺ·,ʯ·").is_strange, legibility("α, β").is_strange
    (True, False)
    """
    n_foreign = n_plausible = n_strange = 0
    for match in _RUN.finditer(text):
        before = text[match.start() - 1] if match.start() else ","
        for word, previous in _words(match[0], before):
            foreign = sum(not sign.isascii() for sign in word)
            n_foreign += foreign
            verdict = _verdict(word, previous)
            n_plausible += foreign * (verdict > 0)
            n_strange += foreign * (verdict < 0)
    return Legibility(n_foreign, n_plausible, n_strange)


def _words(run: str, before: str) -> list[tuple[str, str]]:
    """Cut a run into words of letters, signs of East Asia and symbols, each with its forerunner."""
    words: list[tuple[str, str]] = []
    kind = ""
    for sign in run:
        now = _kind(sign)
        if words and now == kind and now != "symbol":
            words[-1] = (words[-1][0] + sign, words[-1][1])
        else:
            words.append((sign, before))
        kind, before = now, sign
    return [(word, previous) for word, previous in words if not word.isascii()]


@lru_cache(maxsize=20_000)
def _kind(sign: str) -> str:
    if not (sign.isalpha() or unicodedata.category(sign).startswith("M")):
        return "symbol"
    return "east" if script_of(sign) in _CJK else "letters"


@lru_cache(maxsize=20_000)
def script_of(sign: str) -> str:
    """Give the script of a letter, such as ``LATIN``; empty for an unnamed sign.

    Examples
    --------
    >>> script_of("я"), script_of("路"), script_of("é")
    ('CYRILLIC', 'CJK', 'LATIN')
    """
    return unicodedata.name(sign, "").partition(" ")[0]


def _verdict(word: str, previous: str) -> int:
    """Say 1 for a plausible word, -1 for an impossible one, 0 for one too short to tell."""
    kind = _kind(word[-1]) if len(word) == 1 else _kind(word[0])
    if kind == "east":
        return 1
    if kind == "symbol":
        return _verdict_of_symbol(word, previous)
    if any(first <= sign <= last for sign in word for first, last in _HISTORIC):
        return -1
    scripts = {script_of(s) for s in word if not s.isascii()} - {"COMBINING"}
    has_ascii = any(sign.isascii() for sign in word)
    if len(scripts | ({"LATIN"} if has_ascii else set())) > 1:
        return -1
    if scripts <= {"LATIN"}:
        return int(has_ascii or (len(word) > 1 and max(word) <= _LATIN_END))
    return int(len(word) > 1)


def _verdict_of_symbol(sign: str, previous: str) -> int:
    if unicodedata.category(sign) in ("Cc", "Co", "Cn", "Cs") or sign == "\ufffd":
        return -1
    if sign >= "\u2000" or sign == "\xa0" or unicodedata.category(sign) == "Sc":
        return 1
    if previous.isascii() or _kind(previous) == "east":
        return int(previous.isalnum() or previous in " )]\"'")
    return -1 if _kind(previous) == "letters" and previous > _LATIN_END else 0
