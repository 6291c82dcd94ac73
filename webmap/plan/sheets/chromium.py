"""Printing a page to PDF with Chromium, which may load nothing from outside."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from gis.errors import CommandHint, GisError, ProgramMissing

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
LONGEST_S = 300

_OPTIONS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-background-networking",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


def find_chromium() -> str | None:
    """Find a Chromium on this machine."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def print_pdf(html: str) -> bytes:
    """Print a page that stands on its own.

    Raises
    ------
    ProgramMissing
        There is no Chromium; says what can be had without it.
    GisError
        Chromium failed or took too long.
    """
    program = find_chromium()
    if program is None:
        raise ProgramMissing(
            "PDF needs Chromium, which is not installed on the server "
            "(Debian: apt install chromium); or take the sheets as HTML{hint} "
            "and print them from a browser",
            hint=CommandHint("--format html"),
        )
    with tempfile.TemporaryDirectory(prefix="community-grid-print-") as name:
        folder = Path(name)
        (folder / "sheets.html").write_text(html, "utf-8")
        _run([program, *_options(folder)], folder)
        return (folder / "sheets.pdf").read_bytes()


def _options(folder: Path) -> list[str]:
    own = [
        f"--user-data-dir={folder / 'profile'}",
        f"--print-to-pdf={folder / 'sheets.pdf'}",
        (folder / "sheets.html").as_uri(),
    ]
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return [*_OPTIONS, *as_root, *own]


def _run(command: list[str], folder: Path) -> None:
    environment = {**os.environ, "HOME": str(folder)}
    try:
        done = subprocess.run(  # noqa: S603  (a program that we found, with our own options)
            command, capture_output=True, timeout=LONGEST_S, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        raise GisError(
            "Chromium did not finish within {seconds} s; print fewer grids at a time",
            seconds=LONGEST_S,
        ) from None
    if done.returncode or not (folder / "sheets.pdf").exists():
        words = done.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = words[-1] if words else f"status {done.returncode}"
        raise GisError("Chromium could not print the sheets ({reason})", reason=reason)
