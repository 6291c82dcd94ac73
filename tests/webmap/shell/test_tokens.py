"""Every colour stands once, in tokens.css; scripts, styles, templates and drawings name it."""

import re
from pathlib import Path

import webmap

STATIC = Path(webmap.__file__).parent / "static"
TOKENS = STATIC / "css" / "shell" / "tokens.css"
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b(?![-\w])|\b(?:rgba?|hsla?|oklch|lab)\(")
ENTITY = re.compile(r"&#\w+;")

DEFINED = set(re.findall(r"--([\w-]+)\s*:", TOKENS.read_text("utf-8")))


HOUSE = Path(webmap.__file__).parent
ENDINGS = {".js", ".css", ".html", ".py"}


def sources():
    for path in HOUSE.rglob("*"):
        foreign = STATIC / "vendor" in path.parents or path in (TOKENS, HOUSE / "shell/tokens.py")
        if path.suffix in ENDINGS and not foreign:
            yield path, path.read_text("utf-8")


def test_nothing_that_is_drawn_spells_a_colour():
    spelled = [
        f"{path.relative_to(HOUSE)}: {line.strip()}"
        for path, text in sources()
        for line in text.splitlines()
        if COLOUR.search(ENTITY.sub("", line))
    ]
    assert spelled == []


def test_every_token_that_is_named_is_there_and_every_one_there_is_named():
    named, set_by_scripts = set(), set()
    for _, text in sources():
        named |= set(re.findall(r"\btoken\(\"([\w-]+)\"\)", text))
        named |= set(re.findall(r"var\(--([\w-]+)", text))
        set_by_scripts |= set(re.findall(r"--([\w-]+)(?=\"|\s*:)", text))
    assert named - DEFINED - set_by_scripts == set(), "named but never set"
    own = re.findall(r"var\(--([\w-]+)", TOKENS.read_text("utf-8"))
    assert DEFINED - named - set(own) == set(), "set but never used"
