"""Which known name a written street or estate name means: exact, abbreviated, partial, misspelt.

Names are compared without spaces; numbers never take part. Doubt is shown as a code, and every
name that fits about equally well is given, never just the first.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from gis.address.signs import tells_apart
from gis.address.western_words import DIRECTION_WORDS, TYPE_WORDS

NameMatch = tuple[str, float, tuple[str, ...]]
"""Known name (compact), similarity in (0, 1], evidence codes."""

_chinese_type = re.compile(
    r"(大道|大街|公路|胡同|路|街|巷|道|小区|花园|公寓|家园|新村|苑)((?:\d+段|[东南西北中]段)?(?:\d+巷)?(?:\d+弄)?)$"
)
_LIKELY = 0.85
"""So like a name with the type as written is as likely meant as its like of another type."""

_digit = re.compile(r"\d+")


def compact(name: str) -> str:
    """Give a name without spaces, the form names are compared in.

    Examples
    --------
    >>> compact("cambridge park drive")
    'cambridgeparkdrive'
    """
    return name.replace(" ", "")


def split_type(name: str) -> tuple[str, str]:
    """Split a normalised name into its own part (compact) and its type.

    Examples
    --------
    >>> split_type("elm street north"), split_type("榕江大道"), split_type("broadway")
    (('elm', 'street north'), ('榕江', '大道'), ('broadway', ''))
    """
    if match := _chinese_type.search(name):
        return (name[: match.start()], match[0]) if match.start() else (name, "")
    words = name.split()
    end = len(words)
    while end > 1 and words[end - 1] in DIRECTION_WORDS | TYPE_WORDS:
        end -= 1
        if words[end] in TYPE_WORDS:
            break
    return "".join(words[:end]), " ".join(words[end:])


class NameIndex:
    """Known names of one sort, asked by what people write.

    Parameters
    ----------
    names
        Normalised names, with spaces where they have them.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._full: dict[str, str] = {}
        self._by_base: dict[str, list[str]] = defaultdict(list)
        self._by_word: dict[str, set[str]] = defaultdict(set)
        self._alias: dict[str, str] = {}
        self._memo: dict[str, list[NameMatch]] = {}
        for name in sorted(set(names) - {""}):
            self._add(name)
        self._bases = list(self._by_base)

    def _add(self, name: str) -> None:
        key = compact(name)
        if key in self._full:
            return
        self._full[key] = name
        self._by_base[split_type(name)[0]].append(key)
        for word in name.split():
            self._by_word[word[:3]].add(key)

    def __contains__(self, key: str) -> bool:
        return key in self._full

    def full_name(self, key: str) -> str | None:
        """Give a known name with its spaces; None for an unknown one."""
        return self._full.get(key)

    def add_alias(self, alias: str, name: str) -> None:
        """Take another name of a known one; a known name is never overruled."""
        if compact(alias) not in self._full and compact(name) in self._full:
            self._alias[compact(alias)] = compact(name)

    def resolve(self, name: str) -> list[NameMatch]:
        """Give the known names a written one may mean, most alike first, at most six."""
        key = compact(name)
        if not key:
            return []
        if key in self._full:
            return [(key, 1.0, ())]
        if key in self._alias:
            return [(self._alias[key], 1.0, ())]
        found = self._memo.get(name)
        if found is None:
            found = self._memo[name] = self._resolve(name)
        return found

    def alternatives(self, name: str) -> list[NameMatch]:
        """Give other known names a person may have meant by a known name: all of them in doubt."""
        base, kind = split_type(name)
        key = self._alias.get(compact(name), compact(name))
        others = dict.fromkeys(k for k, _, _ in self._same_base(base, "other"))
        shorter = compact(name).removesuffix(kind) if base.endswith(tuple(TYPE_WORDS)) else ""
        if shorter in self._full:
            others[shorter] = None
        return [(k, 0.97, ("another_street",)) for k in others if k != key]

    def _resolve(self, name: str) -> list[NameMatch]:
        base, kind = split_type(name)
        apart: list[NameMatch] = []
        for find in (
            lambda: self._direction_moved(name),
            lambda: self._followed_by_more(name),
            lambda: self._with_type_mended(name, kind),
            lambda: self._shortened(name),
            lambda: self._other_types(base, kind),
            lambda: self._partial(name, base),
            lambda: self._misspelt(base, kind),
        ):
            found = find()
            alike = [m for m in found if not self.differs(name, m[0])]
            if alike:
                return sorted(alike, key=lambda m: -m[1])[:6]
            apart = apart or found
        return sorted(apart, key=lambda m: -m[1])[:6]

    def differs(self, name: str, key: str) -> bool:
        """Whether a written name has another distinguishing sign than a known one."""
        if self._alias.get(compact(name)) == key:
            return False
        return tells_apart(name, self._full.get(key, key))

    def _direction_moved(self, name: str) -> list[NameMatch]:
        """Find a name whose direction is written at its other end: main street north."""
        words = name.split()
        if len(words) < 2 or not name.isascii():
            return []
        moved = []
        if words[-1] in DIRECTION_WORDS:
            moved.append("".join([words[-1], *words[:-1]]))
        if words[0] in DIRECTION_WORDS:
            moved.append("".join([*words[1:], words[0]]))
        keys = dict.fromkeys(self._alias.get(k, k) for k in moved)
        return [(k, 1.0, ()) for k in keys if k in self._full]

    def _other_types(self, base: str, kind: str) -> list[NameMatch]:
        """Give names with another type, and nearly equal names with the type as written."""
        found = self._same_base(base, kind)
        if found and kind:
            near = [m for m in self._misspelt(base, kind) if "type_differs" not in m[2]]
            found += [
                (key, likeness, ("name_fuzzy",)) if likeness >= _LIKELY else (key, likeness, codes)
                for key, likeness, codes in near
                if key not in {k for k, _, _ in found}
            ]
        return found

    def _same_base(self, base: str, kind: str) -> list[NameMatch]:
        code = "type_differs" if kind else "type_missing"
        return [(key, 0.97, (code,)) for key in self._by_base.get(base, ())]

    def _followed_by_more(self, name: str) -> list[NameMatch]:
        """Find a known name followed by up to two words, as a town (broadway springfield)."""
        words = name.split()
        for end in range(len(words) - 1, max(len(words) - 3, 0), -1):
            key = "".join(words[:end])
            key = self._alias.get(key, key)
            if key in self._full and not TYPE_WORDS.intersection(words[end:]):
                return [(key, 0.97, ("unread_text",))]
        return []

    def _with_type_mended(self, name: str, kind: str) -> list[NameMatch]:
        """Read a misspelt type word as the type it resembles (elm streert)."""
        own, _, last = name.rpartition(" ")
        if kind or not own or len(last) < 4:
            return []
        near = process.extractOne(last, sorted(TYPE_WORDS), scorer=OSA.distance, score_cutoff=2)
        if near is None or len(near[0]) < 4:
            return []
        return [(k, s * 0.98, c or ("name_fuzzy",)) for k, s, c in self.resolve(f"{own} {near[0]}")]

    def _shortened(self, name: str) -> list[NameMatch]:
        """Words cut short (mass avenue), or initials (jfk street)."""
        words = name.split()
        if not name.isascii() or len(words[0]) < 3:
            return []
        out: list[NameMatch] = []
        for key in self._by_word.get(words[0][:3], ()):
            known = self._full[key].split()
            if len(known) == len(words) and all(map(_is_cut_short, words, known)):
                out.append((key, 0.98, ("street_abbreviated",)))
        return out

    def _partial(self, name: str, base: str) -> list[NameMatch]:
        """All own words of the name stand in a known name (galileo way, obrien highway)."""
        words = [w for w in name.split() if w not in TYPE_WORDS and w not in DIRECTION_WORDS]
        if len(base) < 5 or not words or not name.isascii():
            return []
        keys = set.intersection(*(self._by_word.get(w[:3], set()) for w in words))
        hits = [k for k in keys if set(words) <= set(self._full[k].split())]
        return [(k, 0.93, ("street_partial",)) for k in hits]

    def _misspelt(self, base: str, kind: str) -> list[NameMatch]:
        edits = _edits_allowed(base)
        if not edits:
            return []
        found = process.extract(base, self._bases, scorer=OSA.distance, score_cutoff=edits, limit=8)
        near = [(b, d) for b, d, _ in found if _digit.findall(b) == _digit.findall(base)]
        out = [
            m for b, d in near for m in self._with_types(b, kind, 1 - d / max(len(base), len(b)))
        ]
        out.sort(key=lambda m: -m[1])
        if not out:
            return []
        rival = next((m[1] for m in out if m[0] != out[0][0]), 0.0)
        sure = out[0][1] >= 0.8 and len(base) >= 5 and out[0][1] - rival >= 0.1
        code = "name_fuzzy" if sure else "name_unsure"
        return [(k, s, (code, *c)) for k, s, c in out]

    def _with_types(self, base: str, kind: str, similarity: float) -> list[NameMatch]:
        keys = self._by_base[base]
        same = [k for k in keys if split_type(self._full[k])[1] == kind]
        if same:
            return [(k, similarity, ()) for k in same]
        code = "type_differs" if kind else "type_missing"
        return [(k, similarity * 0.9, (code,)) for k in keys]


def _is_cut_short(word: str, known: str) -> bool:
    return word == known or (len(word) >= 3 and known.startswith(word))


def _edits_allowed(base: str) -> int:
    """Edits a name may differ by: none in the shortest, one per three or four letters."""
    length = len(base)
    if base.isascii():
        return 0 if length < 4 else 1 if length < 7 else 2 if length < 11 else 3
    return 0 if length < 2 else 1 if length < 5 else 2
