"""Guides as pages: the few marks of Markdown that the files in ``docs/guide`` use, as HTML.

Headings, paragraphs, numbered and plain lists, ``*emphasis*``; everything else is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from markupsafe import Markup, escape

_EMPHASIS = re.compile(r"\*([^*\s](?:[^*]*[^*\s])?)\*")
_MARKS = (
    ("h2", re.compile(r"## (.*)")),
    ("h1", re.compile(r"# (.*)")),
    ("ol", re.compile(r"\d+\. (.*)")),
    ("ul", re.compile(r"\* (.*)")),
    ("p", re.compile(r"(.+)")),
)


def guide_html(text: str) -> Markup:
    r"""Write a guide as HTML.

    Examples
    --------
    >>> guide_html("# A\n\n1. *b* < c\n2. d")
    Markup('<h1>A</h1>\n<ol><li><em>b</em> &lt; c</li><li>d</li></ol>')
    """
    parts = groupby(_marked(text), key=lambda line: line[0])
    return Markup("\n").join(_part(mark, [words for _, words in lines]) for mark, lines in parts)


def _marked(text: str) -> Iterator[tuple[str, str]]:
    for line in filter(None, map(str.strip, text.splitlines())):
        yield next((mark, found[1]) for mark, form in _MARKS if (found := form.fullmatch(line)))


def _part(mark: str, lines: list[str]) -> Markup:
    inner = [Markup(_EMPHASIS.sub(r"<em>\1</em>", str(escape(line)))) for line in lines]
    if mark in ("ol", "ul"):
        items = Markup("").join(Markup("<li>{}</li>").format(words) for words in inner)
        return Markup("<{0}>{1}</{0}>").format(mark, items)
    return Markup("\n").join(Markup("<{0}>{1}</{0}>").format(mark, words) for words in inner)
