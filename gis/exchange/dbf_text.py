"""Decode the text of a .dbf: fixed fields of bytes, whose stated code page is often wrong.

A field cuts what is too long for it, also in the middle of a sign: the half sign is dropped and
told. A row whose text does not fit the others is refused by its number.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from typing import TypeGuard

from gis.errors import CommandHint, Defect, InvalidInput, Message
from gis.exchange.encoding import codec_named, detect_codec, is_plausible
from gis.exchange.table import Table, Value

MANY_BYTES = ("utf-8-sig", "gb18030", "big5")
"""Codecs whose signs have several bytes, in the order they are tried."""

MIN_FITTING = 0.5
MOST_LISTED = 10


def decode_table(table: Table, stated: str | None, name: str, *, is_certain: bool) -> None:
    """Turn byte-for-byte text (Latin-1) into text, in place.

    Parameters
    ----------
    table
        As read; its columns and texts are decoded, rows that do not fit become defects.
    stated
        What the .cpg, the .dbf or the person says; None when nothing does.
    name
        File name for messages.
    is_certain
        The person says so: what does not fit is refused.

    Raises
    ------
    InvalidInput
        The encoding cannot be told, or a stated one does not fit.
    """
    values = [v.encode("latin-1") for row in table.rows for v in row if _is_foreign(v)]
    values += [column.encode("latin-1") for column in table.columns if not column.isascii()]
    if not values:
        return
    codec = _asked_codec(values, stated, name) if is_certain and stated else None
    codec = codec or _fitting_codec(values, _known_codec(stated))
    if codec is None:
        raise InvalidInput(
            "{name}: the encoding of its text cannot be told; state it, such as gb18030{hint}",
            name=name,
            hint=CommandHint("--encoding gb18030"),
        )
    if codec != _known_codec(stated):
        told = codec.removesuffix("-sig")
        table.notes.append(Message("text read as {codec}, found by its characters", codec=told))
    table.columns = [c.encode("latin-1").decode(codec, "ignore") for c in table.columns]
    _decode_rows(table, codec, name)


def _is_foreign(value: Value) -> TypeGuard[str]:
    return isinstance(value, str) and not value.isascii()


def _known_codec(stated: str | None) -> str | None:
    """Give the codec of a stated code page, or None for one that is not known."""
    try:
        return codec_named(stated) if stated else None
    except InvalidInput:
        return None


def whole_signs(value: bytes, codec: str) -> bytes | None:
    r"""Drop a sign that is cut at the end; None when the bytes are no text of the codec.

    Examples
    --------
    >>> whole_signs("东风路中".encode("gbk") + b"\xd6", "gb18030").decode("gbk")
    '东风路中'
    >>> whole_signs(b"\xff\xff", "utf-8-sig") is None
    True
    """
    if codec not in MANY_BYTES:
        return value
    decoder = codecs.getincrementaldecoder("utf-8" if codec == "utf-8-sig" else codec)()
    try:
        decoder.decode(value)
    except UnicodeDecodeError:
        return None
    pending = decoder.getstate()[0]
    return value[: len(value) - len(pending)]


def _asked_codec(values: Sequence[bytes], stated: str, name: str) -> str:
    """Take the codec that the person states, unless another fits and this one is nonsense."""
    codec = codec_named(stated, file=name)
    found = _fitting_codec(values, None)
    joined = b"\n".join(whole_signs(v, codec) or b"" for v in values)
    if found not in (None, codec) and not is_plausible(joined, codec):
        raise InvalidInput(
            "{name}: the text is not {codec} as stated, it would be nonsense; it looks like"
            " {found}",
            name=name,
            codec=codec.removesuffix("-sig"),
            found=found.removesuffix("-sig"),
        )
    return codec


def _fitting_codec(values: Sequence[bytes], stated: str | None) -> str | None:
    """Give the stated codec if it fits and makes sense, else one that does, else the stated one."""
    if stated in MANY_BYTES:
        joined = _joined(values, stated)
        if joined is not None and is_plausible(joined, stated):
            return stated
    for codec in MANY_BYTES:
        joined = _joined(values, codec)
        found = None if joined is None else detect_codec(joined)
        if found is not None and _joined(values, found) is not None:
            return found
    for codec in filter(None, (stated, *MANY_BYTES)):
        fitting = [whole for v in values if (whole := whole_signs(v, codec))]
        if len(fitting) > MIN_FITTING * len(values) and is_plausible(b"\n".join(fitting), codec):
            return codec
    return None if stated in MANY_BYTES else stated


def _joined(values: Sequence[bytes], codec: str) -> bytes | None:
    """Join all values without their half signs; None when one does not fit."""
    whole = [whole_signs(value, codec) for value in values]
    return None if None in whole else b"\n".join(w for w in whole if w is not None)


def _decode_rows(table: Table, codec: str, name: str) -> None:
    """Decode every row; list the rows that were cut, refuse those that do not fit."""
    cut: list[int] = []
    kept: list[int] = []
    for i, (row, number) in enumerate(zip(table.rows, table.numbers, strict=True)):
        for j, value in enumerate(row):
            if not _is_foreign(value):
                continue
            given = value.encode("latin-1")
            whole = whole_signs(given, codec)
            text = _decoded(whole, codec)
            if text is None:
                message = Message(
                    "holds bytes that are no {codec}, as the other rows are; write it again",
                    codec=codec.removesuffix("-sig"),
                )
                table.defects.append(
                    Defect(message, name, None, number, table.columns[j], "bad_text")
                )
                break
            row[j] = text
            if whole != given and (not cut or cut[-1] != number):
                cut.append(number)
        else:
            kept.append(i)
    if cut:
        listed = ", ".join(map(str, cut[:MOST_LISTED])) + (", …" if len(cut) > MOST_LISTED else "")
        said = (
            "rows {rows}: a text was cut in the middle of its last sign; the half sign is left out"
        )
        table.notes.append(Message(said, rows=listed))
    _keep(table, kept)


def _decoded(whole: bytes | None, codec: str) -> str | None:
    try:
        return None if whole is None else whole.decode(codec)
    except UnicodeDecodeError:
        return None


def _keep(table: Table, kept: list[int]) -> None:
    if len(kept) == len(table.rows):
        return
    table.rows = [table.rows[i] for i in kept]
    table.numbers = [table.numbers[i] for i in kept]
    if table.shapes is not None:
        table.shapes = [table.shapes[i] for i in kept]
