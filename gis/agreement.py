"""Number in English sentences: what a template says of many, said of one.

Templates are written for many ("{n} rows were left out"). Where a value is 1, the noun behind it
and the verb of that noun take the singular, by the words listed here. Only words of the template
change, never a value; other languages are not touched.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache

from gis.words.kinds import RECORD_KINDS

_REGULAR = """
accounts answers areas borders bytes candidates cells changes
characters codes columns constraints copies corners counts days
decimals defects digits divisions doors doubts drafts edges editions entrances entries errors
exclaves features fields files findings formulas gaps grids groups hours houses imports jobs
layers letters levels lines links locks marks members messages metres minutes
months names notes numbers outlines pages parts persons pieces plans points polygons
questions records remarks rooms rounds rows rules sentences seconds sessions shapes sheets
signs sources stops streets tasks texts things topics towns units users values vertices
views visits ways weeks words workers worksheets years
"""
_IRREGULAR = {"people": "person", "vertices": "vertex"}
_VERBS = {
    "are": "is", "were": "was", "have": "has", "do": "does", "go": "goes", "lie": "lies",
    "stand": "stands", "need": "needs", "wait": "waits", "hold": "holds", "come": "comes",
    "match": "matches", "share": "shares", "repeat": "repeats", "look": "looks", "begin": "begins",
    "change": "changes", "stay": "stays", "meet": "meets", "run": "runs", "belong": "belongs",
    "reach": "reaches", "fit": "fits", "seem": "seems", "use": "uses", "lack": "lacks",
    "overlap": "overlaps", "touch": "touches", "weigh": "weighs", "remain": "remains",
    "cross": "crosses", "wish": "wishes",
    "differ": "differs", "agree": "agrees", "break": "breaks",
}  # fmt: skip
_THEM = {"them": "it", "they are": "it is", "They are": "It is", "they may": "it may"}
_THEM |= {"their": "its"}
_NO_ADJECTIVES = frozenset(
    ("a", "an", "and", "at", "be", "by", "each", "for", "from", "in", "into", "is", "it", "no")
    + ("not", "of", "on", "only", "or", "other's", "per", "than", "that", "the", "to", "with")
)


def _singular_of(noun: str) -> str:
    if noun in _IRREGULAR:
        return _IRREGULAR[noun]
    return noun[:-3] + "y" if noun.endswith("ies") else noun[:-1]


NOUNS = {noun: _singular_of(noun) for noun in (*_REGULAR.split(), *_IRREGULAR)}
NOUNS |= {many: word.one for many, word in RECORD_KINDS.items() if many != word.one}
"""Singular of each plural that is counted in sentences."""

_PLACE = r"\{\w+(?:[!:][^{}]*)?\}|%\(\w+\)[sd]"
_PLACEHOLDER = re.compile(r"\{(?P<brace>\w+)(?:[!:][^{}]*)?\}|%\((?P<percent>\w+)\)[sd]")
_COUNTED = re.compile(
    r"^(?P<before>\s(?:of\s(?:these\s)?)?(?:[a-z-]*[a-rt-z-]\s){0,2}?)(?P<noun>"
    + "|".join(sorted(NOUNS, key=len, reverse=True))
    + r")\b(?!-)"
)
_PARTITIVE = re.compile(rf"^\sof\s(?:these\s|the\s)?(?:{_PLACE})")
_NOUN = re.compile(rf"\b(?:{'|'.join(NOUNS)})\b")
_ANY_VERB = "|".join(_VERBS)
_VERB = re.compile(rf"\b(?:{_ANY_VERB})\b")
_VERB_ALONE = re.compile(rf"^\s(?:(?:without|of|in)\s(?:[a-z]+\s){{1,2}})?(?P<verb>{_ANY_VERB})\b")
_VERB_AFTER_AND = re.compile(rf"(?<=\band )(?:{_ANY_VERB})\b")
_CLAUSE_END = re.compile(r"[,;:.?!(]|\b(?:and|but)\b")
_SENTENCE_END = re.compile(r"[;:.?!(]")
_BEFORE = (
    (re.compile(r"\b(T|t)hese $"), r"\1his "),
    (re.compile(r"\b(T|t)here are ((?:only |at most |at least )?)$"), r"\1here is \2"),
)
_PRONOUN = re.compile(rf"\b(?:{'|'.join(_THEM)})\b")


def agreed(template: str, values: Mapping[str, object]) -> str:
    """Give the template as it is said with these values; itself where none is 1.

    Examples
    --------
    >>> agreed("{n:,} rows were left out; mend them", {"n": 1}).format(n=1)
    '1 row was left out; mend it'
    >>> agreed("%(n)s households, %(p)s people", {"n": "1", "p": 2})
    '%(n)s household, %(p)s people'
    >>> agreed("{n:,} of {total:,} rows lie apart", {"n": 1, "total": 5})
    '{n:,} of {total:,} rows lies apart'
    """
    ones = frozenset(name for name, value in values.items() if _is_one(value))
    return singular(template, ones) if ones else template


def noun_for(number: float, plural: str) -> str:
    """Give a noun as it stands behind a number: in the singular behind 1.

    Examples
    --------
    >>> noun_for(1, "households"), noun_for(2, "households"), noun_for(1, "people")
    ('household', 'households', 'person')
    """
    return NOUNS.get(plural, plural) if number == 1 else plural


def _is_one(value: object) -> bool:
    if isinstance(value, str):
        return value == "1"
    return not isinstance(value, bool) and isinstance(value, (int, float)) and value == 1


@lru_cache(maxsize=4096)
def singular(template: str, ones: Collection[str]) -> str:
    """Give the template as it is said when the named values are 1."""
    position = 0
    while match := _PLACEHOLDER.search(template, position):
        position = match.end()
        if (match["brace"] or match["percent"]) in ones:
            before = _before_one(template[: match.start()])
            said = before + match[0]
            template = said + _of_one(template[position:])
            position = len(said)
    return template


def counts(template: str) -> tuple[str, ...]:
    """Name the values of a template that are counts: one of them changes its words.

    Examples
    --------
    >>> counts("row {row} is one of {n} rows in {name}")
    ('n',)
    """
    names = [match["brace"] or match["percent"] for match in _PLACEHOLDER.finditer(template)]
    return tuple(n for n in dict.fromkeys(names) if singular(template, frozenset({n})) != template)


def _before_one(before: str) -> str:
    for pattern, said in _BEFORE:
        before = pattern.sub(said, before)
    return before


def _of_one(rest: str) -> str:
    """Say of one what follows a number."""
    alone = _VERB_ALONE.match(rest)
    if alone:
        return rest[: alone.start("verb")] + _VERBS[alone["verb"]] + rest[alone.end() :]
    counted = _COUNTED.match(rest)
    if counted and not _NO_ADJECTIVES.isdisjoint(counted["before"].removeprefix(" of").split()):
        counted = None
    if counted is None:
        partitive = _PARTITIVE.match(rest)
        noun = _NOUN.search(rest, partitive.end()) if partitive else None
        return rest if noun is None else rest[: noun.end()] + _verb_of_one(rest[noun.end() :])
    one = NOUNS[counted["noun"]]
    return rest[: counted.start("noun")] + one + _verb_of_one(rest[counted.end() :])


def _verb_of_one(rest: str) -> str:
    """Give the first verb of the clause, and what points back to the noun, the singular."""
    end = _CLAUSE_END.search(rest)
    clause = rest[: end.start()] if end else rest
    verb = _VERB.search(clause)
    if verb:
        rest = rest[: verb.start()] + _VERBS[verb[0]] + rest[verb.end() :]
        end = _SENTENCE_END.search(rest)
        stop = end.start() if end else len(rest)
        rest = _VERB_AFTER_AND.sub(lambda m: _VERBS[m[0]], rest[:stop]) + rest[stop:]
    pronoun = _PRONOUN.search(rest)
    if pronoun and not _NOUN.search(rest[: pronoun.start()]):
        rest = rest[: pronoun.start()] + _THEM[pronoun[0]] + rest[pronoun.end() :]
    return rest
