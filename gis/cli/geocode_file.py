"""Geocoding a file of addresses: one row out for each row in, gone on with after a kill.

Answers are kept beside the result as they are found (``.NAME.part``); the result itself appears
only when it is complete.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from gis.actions.location.answers import answer_texts
from gis.actions.location.register import LoadedRegister
from gis.address.evidence import explain
from gis.address.parse import READ_COLUMNS, read_addresses
from gis.cli.address_columns import AddressColumns
from gis.cli.progress import Bar
from gis.exchange.table import Value
from gis.exchange.whole import Row, WholeTable, write_whole

CHUNK = 5_000
"""Rows that are answered and kept in one go."""

_READ = [c for c in READ_COLUMNS if c not in ("raw", "number_from", "number_to")]
_FOUND = [
    "address_id", "lon", "lat", "level", "score", "status", "n_candidates", "margin", "error_m",
    "number_from", "number_to", "evidence", "register_version",
]  # fmt: skip


@dataclass(frozen=True)
class FileAnswer:
    """What became of a file: its rows, and how many have each status."""

    n_rows: int
    by_status: dict[str, int]
    resumed_at: int
    renamed: dict[str, str]


def geocode_file(
    table: WholeTable,
    address: AddressColumns,
    register: LoadedRegister,
    out: Path,
    *,
    language: str,
) -> FileAnswer:
    """Geocode every row of a table and write it with the answers beside its own columns.

    Parameters
    ----------
    address
        The columns of the address.
    out
        The result; its ending says the format.
    language
        Of the evidence, ``en`` or ``zh``.
    """
    part = out.with_name(f".{out.name}.part")
    head = {
        "sha256": table.sha256,
        "columns": address.positions,
        "version": register.version,
        "as": language,
    }
    done = _begin(part, head)
    with Bar("geocode", 1) as bar, part.open("a", encoding="utf-8") as kept:
        rows = table.rows(done)
        at = done
        while chunk := list(islice(rows, CHUNK)):
            texts = pd.Series([address.text_in(row) for row in chunk], dtype=object)
            answers = _answer(texts, register, language)
            kept.write("".join(json.dumps(a, ensure_ascii=True) + "\n" for a in answers))
            kept.flush()
            at += len(chunk)
            bar.move(0, at / table.n_rows)
    names = _names(table.columns)
    by_status: Counter[str] = Counter()
    write_whole(out, [*table.columns, *names], _joined(table, part, by_status))
    part.unlink()
    renamed = {a: b for a, b in zip(_result_names(), names, strict=True) if a != b}
    return FileAnswer(table.n_rows, dict(by_status), done, renamed)


def _result_names() -> list[str]:
    return [*(f"read_{c}" for c in _READ), *_FOUND]


def _names(taken: list[str]) -> list[str]:
    """Name the columns of the answer; what the file has already gets ``found_`` before it."""
    names = []
    for name in _result_names():
        while name in taken:
            name = f"found_{name}"
        names.append(name)
    return names


def _begin(part: Path, head: dict) -> int:
    """Make ready to keep answers; gives how many are kept from an interrupted run."""
    lines = part.read_bytes().split(b"\n") if part.exists() else []
    if lines and lines[0] == json.dumps(head).encode():
        whole = lines[:-1]
        part.write_bytes(b"\n".join(whole) + b"\n")
        return len(whole) - 1
    part.write_text(json.dumps(head) + "\n", encoding="utf-8")
    return 0


def _answer(texts: pd.Series, register: LoadedRegister, language: str) -> list[Row]:
    read = read_addresses(texts)
    found = answer_texts(texts, register)
    found["evidence"] = [explain(codes, language) for codes in found["evidence"]]
    found["register_version"] = register.version
    columns = [*(read[c] for c in _READ), *(found[c] for c in _FOUND)]
    return [
        [_plain(v) for v in row] for row in zip(*(c.astype(object) for c in columns), strict=True)
    ]


def _plain(value: Any) -> Value:
    if value is None or value is pd.NA or value != value:
        return ""
    if isinstance(value, float):
        return round(value, 7)
    return value.item() if isinstance(value, np.generic) else value


def _joined(table: WholeTable, part: Path, by_status: Counter[str]) -> Iterator[Row]:
    """Give each row of the file with its answer."""
    status = len(_READ) + _FOUND.index("status")
    with part.open(encoding="utf-8") as kept:
        next(kept)
        for row, line in zip(table.rows(), kept, strict=True):
            answer = json.loads(line)
            by_status[answer[status]] += 1
            yield [*row, *answer]
