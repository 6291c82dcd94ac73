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
    "parkway": ("pkwy", "pky", "pkway", "py", "parkwy"),
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
    "turnpike": ("tpke", "tpk"),
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
_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
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
        "rue",
        "avenue",
        "boulevard",
        "chemin",
        "route",
        "allee",
        "via",
        "calle",
        "place",
        "quai",
    ]
)
"""Street types that stand before the name."""

UNIT_WORDS = frozenset(
    [
        "apt",
        "apartment",
        "unit",
        "suite",
        "ste",
        "room",
        "rm",
        "floor",
        "fl",
        "flat",
        "lot",
        "appt",
        "whg",
        "wohnung",
        "top",
        "#",
    ]
)
MONTHS = {
    m: i
    for i, m in enumerate(
        [
            "jan",
            "feb",
            "mar",
            "apr",
            "may",
            "jun",
            "jul",
            "aug",
            "sep",
            "oct",
            "nov",
            "dec",
        ],
        start=1,
    )
}
NUMBER_WORDS = {
    w: str(i)
    for i, w in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
        ],
        1,
    )
}
