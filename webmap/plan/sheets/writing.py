"""Map sheets into files, for the command line."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from flask import Flask
from flask_babel import force_locale

from gis.actions.access.work import Work
from gis.actions.plan.sheets import take_sheets
from gis.database.engine import transaction
from gis.domain.access import Scope
from gis.errors import InvalidInput
from gis.settings import read_settings
from webmap import create_app
from webmap.plan.sheets.chromium import print_pdf
from webmap.plan.sheets.document import SheetWish, sheets_html
from webmap.shell.language import LANGUAGES
from webmap.shell.session import now

SUFFIXES = {"pdf": ".pdf", "html": ".html"}


def write_sheets(
    scope: Scope,
    plan_id: int,
    out: Path,
    *,
    paper: str = "A4",
    codes: Sequence[str] = (),
    format: str | None = None,
    language: str | None = None,
    say: Callable[[str], None] = lambda _line: None,
) -> list[Path]:
    """Write the sheets of a plan: all into one file, or each into a file of its own in a folder.

    Parameters
    ----------
    scope
        Who asks.
    out
        A path that ends with .pdf or .html, or a folder.
    paper, codes
        See `SheetWish`.
    format
        ``pdf`` or ``html``; by the ending of the path unless given.
    language
        ``zh`` or ``en``; that of the installation unless given.

    Returns
    -------
    list of Path
        What was written.
    """
    format = format or next((f for f, s in SUFFIXES.items() if out.suffix.lower() == s), "pdf")
    settings = read_settings()
    app = create_app(settings)
    one_file = bool(out.suffix)
    if one_file and out.suffix.lower() != SUFFIXES[format]:
        raise InvalidInput(
            "{file}: {format} sheets go into a file ending {suffix}",
            file=out.name,
            format=format,
            suffix=SUFFIXES[format],
        )
    written, wish = [], SheetWish(paper, tuple(codes))
    with _speaking(app, language or settings.default_language):
        for name, html in _documents(app, scope, plan_id, wish, apart=not one_file):
            target = out if one_file else out / f"{name}{SUFFIXES[format]}"
            _replace(target, print_pdf(html) if format == "pdf" else html.encode("utf-8"))
            written.append(target)
            say(f"wrote {target} ({target.stat().st_size / 1e6:.1f} MB)")
    return written


@contextmanager
def _speaking(app: Flask, language: str) -> Iterator[None]:
    try:
        with app.test_request_context("/"), force_locale(LANGUAGES[language]):
            yield
    finally:
        app.extensions["engine"].dispose()


def _documents(
    app: Flask, scope: Scope, plan_id: int, wish: SheetWish, *, apart: bool
) -> Iterator[tuple[str, str]]:
    moment = now()
    today: date = moment.date()
    with transaction(app.extensions["engine"]) as session:
        read = take_sheets(Work(session, scope, moment), plan_id)
        if not apart:
            yield "sheets", sheets_html(session, read, wish, today=today)
            return
        if not wish.codes:
            front = replace(wish, parts=("overview", "list"))
            yield "overview", sheets_html(session, read, front, today=today)
        for code in wish.codes or read.grids["code"].tolist():
            yield code, sheets_html(session, read, replace(wish, codes=(code,)), today=today)


def _replace(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    part.write_bytes(content)
    os.replace(part, target)
