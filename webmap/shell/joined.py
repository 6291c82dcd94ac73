"""Scripts and styles of a page in one file each, kept by browsers under the digest of its text.

The sources stay small modules and sheets; they are joined when a page first asks for them. The
address says what is in a file and the digest of its text, so a browser that has it never asks
again, and never shows a page with the scripts of another version.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, abort

from webmap.shell.access import public
from webmap.shell.bundle import STATIC, bundle_module

AT = "/joined"
KEPT = "public, max-age=31536000, immutable"

_NAMES = re.compile(r"[a-z0-9_]+(?:/[a-z0-9_]+)*(?:\+[a-z0-9_]+(?:/[a-z0-9_]+)*){0,29}")
_BESIDE = re.compile(r"""url\(["']?(\.[^"')]+)["']?\)""")
_TYPES = {"js": "text/javascript", "css": "text/css"}


def install(app: Flask) -> None:
    """Answer with joined files, and let the templates ask for their addresses."""
    app.jinja_env.globals.update(joined_script=joined_script, joined_style=joined_style)
    app.add_url_rule(f"{AT}/<digest>/<path:names>.<ending>", "joined", _send)


def joined_script(*names: str) -> str:
    """Give the address of one module with the exports of ``names``, such as ``shell/table``."""
    return _address(names, "js")


def joined_style(*names: str) -> str:
    """Give the address of one style sheet made of ``names``, such as ``shell/site``, in order."""
    return _address(names, "css")


def _address(names: Sequence[str], ending: str) -> str:
    joined = "+".join(dict.fromkeys(names))
    return f"{AT}/{_digest(_text(joined, ending))}/{joined}.{ending}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@lru_cache(maxsize=64)
def _text(joined: str, ending: str) -> str:
    """Join the files whose names are joined by plus signs.

    Raises
    ------
    FileNotFoundError
        There is none of such a name.
    """
    files = [STATIC / ending / f"{name}.{ending}" for name in joined.split("+")]
    if ending == "js":
        return bundle_module(files)
    return "\n".join(_absolute(file, file.read_text("utf-8")) for file in files)


def _absolute(sheet: Path, text: str) -> str:
    """Have what a sheet fetches from beside itself fetched from there, wherever it is joined."""

    def fetch(found: re.Match[str]) -> str:
        file = (sheet.parent / found[1]).resolve().relative_to(STATIC.resolve())
        return f'url("/static/{file.as_posix()}")'

    return _BESIDE.sub(fetch, text)


@public
def _send(digest: str, names: str, ending: str) -> Response:
    """Send a joined file; under an old digest what it is now, for that one time."""
    if ending not in _TYPES or not _NAMES.fullmatch(names):
        abort(404)
    try:
        text = _text(names, ending)
    except (FileNotFoundError, ValueError):
        abort(404)
    response = Response(text, mimetype=_TYPES[ending])
    response.headers["Cache-Control"] = KEPT if digest == _digest(text) else "no-cache"
    return response
