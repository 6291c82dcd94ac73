"""Read a file from outside in a confined child process; give its table or a clear refusal.

The child starts with a bare environment (no database address, no secrets), works in a folder of
its own on a private copy of the file under a fixed name, and answers in plain data.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from gis.errors import InvalidInput, Message
from gis.exchange.formats import FORMAT_BY_NAME
from gis.exchange.limits import (
    CHILD_CPU_SECONDS,
    CHILD_MEMORY_BYTES,
    CHILD_WALL_SECONDS,
    MAX_UNPACKED_BYTES,
    megabytes,
)
from gis.exchange.table import Table, read_answer, write_answer

_ROOT = Path(__file__).resolve().parents[2]
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from gis.exchange.sandbox import work; work(sys.argv[2])"
)


def read_confined(
    form: str, path: Path, *, name: str, folder: Path, options: Mapping[str, object]
) -> Table:
    """Read one file of a format in a child process.

    Parameters
    ----------
    form
        Name of a format of `gis.exchange.formats`.
    path
        The file to read: our own copy inside `folder`.
    name
        Name of the original, for messages.
    folder
        Temporary folder of this reading; the child writes nowhere else.
    options
        Keyword arguments of its reader, plain JSON values.

    Raises
    ------
    InvalidInput
        What the reader refused, or that the limits were reached.
    """
    job = {"format": form, "path": str(path), "name": name, "options": dict(options)}
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    command = [sys.executable, "-I", "-c", _START, str(_ROOT), str(folder)]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=_bare_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=CHILD_WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise InvalidInput(_too_much(name)) from error
    if done.returncode != 0 or not (folder / "answer.json").exists():
        raise InvalidInput(_died(name, done.returncode))
    return read_answer(folder)


def work(folder: str) -> None:
    """Do the job laid out in `folder`; the child's whole life."""
    place = Path(folder)
    job = json.loads((place / "job.json").read_text(encoding="utf-8"))
    module, function = FORMAT_BY_NAME[job["format"]].reader
    read = getattr(importlib.import_module(module), function)
    from gis.exchange.confine import confine

    confine(max_output_bytes=2 * MAX_UNPACKED_BYTES)
    try:
        answer: Table | InvalidInput = read(Path(job["path"]), name=job["name"], **job["options"])
    except InvalidInput as refusal:
        answer = refusal
    except (MemoryError, RecursionError):
        answer = InvalidInput(_too_much(job["name"]))
    write_answer(place, answer)


def _bare_environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }


def _died(name: str, code: int) -> Message:
    if code in (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGXFSZ):
        return _too_much(name)
    return Message("{name}: the file is damaged; it could not be read to its end", name=name)


def _too_much(name: str) -> Message:
    return Message(
        "{name}: reading it takes more than is allowed ({seconds} s of computing, "
        "{megabytes} of memory); split the file",
        name=name,
        seconds=CHILD_CPU_SECONDS,
        megabytes=megabytes(CHILD_MEMORY_BYTES),
    )
