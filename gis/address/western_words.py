"""Words that Western addresses shorten: street types, directions, ordinals, units."""

from __future__ import annotations

STREET_TYPES = {
    "alley": ("aly", "ally"),
    "apartments": ("apts",),
    "avenue": ("ave", "av", "aven", "avn", "avenu"),
    "boulevard": ("blvd", "boul", "blv"),
    "bridge": ("brdg", "brg", "br"),
    "center": ("ctr", "cntr", "centre"),
    "circle": ("cir", "circ"),
    "close": (),
    "complex": (),
    "court": ("ct", "crt"),
    "crescent": ("cres",),
    "drive": ("dr", "drv"),
    "expressway": ("expy", "expwy"),
    "extension": ("ext",),
    "freeway": ("fwy",),
    "gardens": ("gdns",),
    "heights": ("hts",),
    "highway": ("hwy", "hiway"),
    "hill": (),
    "landing": ("lndg",),
    "lane": ("ln",),
    "mall": (),
    "mews": (),
    "park": ("pk",),
    "parkway": ("pkwy", "pky", "pkway", "py", "parkwy", "phwy", "prkwy", "prky", "pwy"),
    "path": (),
    "place": ("pl",),
    "plaza": ("plz",),
    "road": ("rd",),
    "row": (),
    "square": ("sq",),
    "street": ("st", "str", "stret", "strt"),
    "terrace": ("ter", "terr"),
    "towers": (),
    "trail": ("trl",),
    "turnpike": ("tpke", "tpk", "trpk", "trnpk"),
    "walk": (),
    "walkway": (),
    "way": ("wy",),
    "yard": (),
}
"""Full word of a street type to its usual short forms."""

DIRECTIONS = {
    "north": ("n", "no"),
    "south": ("s", "so"),
    "east": ("e",),
    "west": ("w",),
    "northeast": ("ne",),
    "northwest": ("nw",),
    "southeast": ("se",),
    "southwest": ("sw",),
}
_OTHER = {
    "brook": ("bk", "brk"),
    "fort": ("ft",),
    "mount": ("mt",),
    "saint": ("snt",),
    "monsignor": ("msgr", "msr"),
    "strasse": ("str.",),
}
# fmt: off
_ORDINALS = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
    "tenth",
]


def _inverted(table: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {short: full for full, shorts in table.items() for short in shorts}


def _ordinal_words() -> dict[str, str]:
    endings = {1: "st", 2: "nd", 3: "rd"}
    return {f"{n}{endings.get(n, 'th')}": word for n, word in enumerate(_ORDINALS, start=1)}


FULL_WORDS = _inverted(STREET_TYPES) | _inverted(DIRECTIONS) | _inverted(_OTHER) | _ordinal_words()
"""Short form to full word, anywhere but at the beginning of a name."""

LEADING_WORDS = {"st": "saint", "dr": "doctor", "mt": "mount", "ft": "fort"} | _inverted(DIRECTIONS)
LEADING_WORDS |= _ordinal_words() | {"msgr": "monsignor", "msr": "monsignor"}
"""Short form to full word at the beginning of a name."""

TYPE_WORDS = frozenset(STREET_TYPES)
DIRECTION_WORDS = frozenset(DIRECTIONS)
LEADING_TYPES = frozenset(
    [
    "rue", "avenue", "boulevard", "chemin", "route", "allee", "via", "viale", "piazza", "calle",
    "place", "quai",
]
)
"""Street types that stand before the name."""

FLOOR_WORDS = frozenset(["floor", "fl", "flr", "story", "stock", "stockwerk", "og", "etage"])
UNIT_WORDS = FLOOR_WORDS | frozenset(
    [
    "apt", "apartment", "appt", "unit", "suite", "ste", "room", "rm", "flat", "lot", "whg",
    "wohnung", "top", "#",
]
)
BUILDING_WORDS = frozenset(["building", "bldg", "bld", "blg", "haus", "gebaude", "house"])
HOUSE_PARTS = {
    "rear": "rear",
    "basement": "basement",
    "bsmt": "basement",
    "attic": "attic",
    "ph": "ph",
    "penthouse": "ph",
    "upstairs": "upstairs",
    "downstairs": "downstairs",
}
"""Words that name a part of a house by themselves."""

MONTHS = {
    m: i
    for i, m in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        start=1,
    )
}
NUMBER_WORDS = {
    w: str(i)
    for i, w in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], start=1
    )
}
TENS = {
    w: 10 * i
    for i, w in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
LATER_ORDINALS = {
    w: i
    for i, w in enumerate(
        [
            "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth",
            "seventeenth", "eighteenth", "nineteenth",
        ],
        start=11,
    )
} | {f"{w[:-1]}ieth": n for w, n in TENS.items()}
"""Ordinals above ten, which are written in digits."""

ORDINAL_NUMBERS = {w: str(i) for i, w in enumerate(_ORDINALS, start=1)}

CROSSING_WORDS = frozenset(["&", "@", "/", "and", "at", "und", "corner", "cor", "ecke"])
"""Words between two streets that meet."""

NUMBERED_TYPES = frozenset(
    short
    for full in ("street", "avenue", "road", "place", "drive", "lane", "court", "terrace", "way")
    for short in (full, *STREET_TYPES[full])
)
"""Types of streets that are numbered: 31st Street, 31st Road."""

BETWEEN_WORDS = frozenset(["between", "btwn", "btw", "betw", "zwischen"])
VAGUE_WORDS = BETWEEN_WORDS | frozenset(
    [
    "opp", "opposite", "near", "nr", "nearby", "behind", "off", "across", "beside", "adjacent",
    "next", "abutting", "past", "beyond", "gegenuber", "nahe", "hinter",
]
)
"""Words that place a thing beside what follows, not at it."""

STATES = frozenset(
    [
    "al", "ak", "az", "ar", "ca", "co", "ct", "de", "fl", "ga", "hi", "id", "il", "in", "ia",
    "ks", "ky", "la", "me", "md", "ma", "mi", "mn", "ms", "mo", "mt", "ne", "nv", "nh", "nj",
    "nm", "ny", "nc", "nd", "oh", "ok", "or", "pa", "ri", "sc", "sd", "tn", "tx", "ut", "vt",
    "va", "wa", "wv", "wi", "wy", "dc",
]
)
# fmt: on
"""Two-letter codes that may follow a town."""
