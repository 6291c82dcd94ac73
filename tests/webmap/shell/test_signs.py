"""Signs that every desktop can draw, and meanings that can be had without hovering."""

import re
from pathlib import Path

HOUSE = Path(__file__).parents[3] / "webmap"
# Beside Latin letters and Chinese: what the fonts of any desktop have (the list called WGL4).
DRAWN_ANYWHERE = set("‐‑–—‘’“”•…‹›−←↑→↓↔▲►▼◄●○■□≈≠≤≥")
CHINESE = re.compile(r"[\u3000-\u30ff\u4e00-\u9fff\uff00-\uff0f\uff1a-\uff1f]")

# A `title` is read by hovering only. It may stand where all it says can be had otherwise too.
HEADINGS = re.compile(r'<th [^>]*title="')
TITLES = {
    "templates/plan/redraw_parts.html": "the name is written; the key stands in the table of keys",
    "templates/plan/redraw.html": "the name is read out; the key stands in the table of keys",
    "static/js/plan/redraw/toolbar.js": "the name is written; the key stands in the table of keys",
    "static/js/maps/targets.js": "the whole of its label: opening the target tells it",
    "static/js/maps/paper.js": "the name of a button, as that of the map's other buttons",
}
WRITTEN_BY_SCRIPT = re.compile(r'\.title = |setAttribute\("title"|element\("\w+", \{.*[ {]title: ')


def files_of_pages():
    folders = (("templates", "*.html"), ("static/js", "*.js"), ("static/css", "*.css"))
    for folder, pattern in folders:
        for path in sorted((HOUSE / folder).rglob(pattern)):
            yield str(path.relative_to(HOUSE)), path.read_text()


def test_no_page_needs_a_font_of_symbols():
    found = {
        (name, sign)
        for name, text in files_of_pages()
        for sign in set(text)
        if ord(sign) >= 0x2000 and sign not in DRAWN_ANYWHERE and not CHINESE.match(sign)
    }
    assert found == set(), "draw it in templates/shell/icons.html"


def test_what_a_heading_means_is_offered_behind_a_button():
    """A table that is equipped has one for the `title` of a heading; see shell/meaning.js."""
    for name, text in files_of_pages():
        for start in (m.start() for m in HEADINGS.finditer(text)):
            table = text[text.rindex("<table", 0, start) :]
            assert table.startswith("<table data-table="), f"{name}: nothing offers this meaning"


def test_nothing_is_told_by_hovering_alone():
    titled = set()
    for name, text in files_of_pages():
        without = HEADINGS.sub("", text)
        if name.endswith(".html") and re.search(r'<[a-z][^>]*\stitle="', without):
            titled.add(name)
        if name.endswith(".js") and WRITTEN_BY_SCRIPT.search(text):
            titled.add(name)
    assert titled == set(TITLES)
