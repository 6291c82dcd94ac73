"""Guides as pages: Markdown files in ``docs/guide`` as HTML, pictures from our own address."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import PurePosixPath

from markdown_it import MarkdownIt
from markupsafe import Markup


def guide_html(text: str, address_of_picture: Callable[[str], str]) -> Markup:
    r"""Write a guide as HTML; HTML in it stays text.

    Parameters
    ----------
    text
        CommonMark.
    address_of_picture
        Gives the address of a picture by the name of its file.

    Examples
    --------
    >>> guide_html("# A\n\n1. *b* <c>", str)
    Markup('<h1>A</h1>\n<ol>\n<li><em>b</em> &lt;c&gt;</li>\n</ol>\n')
    >>> guide_html("![A map](../pictures/map.en.webp)", "/help/pictures/{}".format)
    Markup('<p><img src="/help/pictures/map.en.webp" alt="A map" /></p>\n')
    """
    tokens = _reader().parse(text)
    for inline in (inner for token in tokens for inner in token.children or ()):
        if inline.type == "image":
            name = PurePosixPath(str(inline.attrs["src"])).name
            inline.attrs["src"] = address_of_picture(name)
    reader = _reader()
    return Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704  (it escapes)


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})
