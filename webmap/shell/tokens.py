"""The colours of the site for what is drawn in Python: those of ``css/shell/tokens.css``."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from markupsafe import Markup

SHEET = Path(__file__).parents[1] / "static" / "css" / "shell" / "tokens.css"


def root_rule() -> Markup:
    """Give the rule that sets all of them, for a page that stands on its own."""
    values = "".join(f"--{name}:{value};" for name, value in _tokens().items())
    return Markup(f":root{{{values}}}")  # noqa: S704  (our own sheet)


def token(name: str) -> str:
    """Give the value of a token.

    Raises
    ------
    KeyError
        There is no such token.

    Examples
    --------
    >>> token("paper")
    '#ffffff'
    """
    return _tokens()[name]


@cache
def _tokens() -> dict[str, str]:
    found = re.findall(r"--([\w-]+):\s*([^;]+);", SHEET.read_text("utf-8"))
    return {name: " ".join(value.split()) for name, value in found}
