"""Which encoding a Chinese or European table is in: UTF-8, UTF-16, GB18030, Big5.

A wrong guess gives readable nonsense, so a guess must be earned, UTF-8 too: what is decoded must
be words of one script, and most Chinese signs common ones. Otherwise the reader asks, and names
the line that does not fit the others.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import islice

from gis.errors import CommandHint, InvalidInput
from gis.exchange.readable import Legibility, legibility

_NAMES = {
    "utf-8-sig": "utf-8 utf8 utf-8-sig utf8-sig 65001 cp65001",
    "utf-16": "utf-16 utf16 unicode ucs-2",
    "utf-16-le": "utf-16le utf-16-le utf16le utf16-le",
    "utf-16-be": "utf-16be utf-16-be utf16be utf16-be",
    "gb18030": "gb18030 gb-18030 gbk gb2312 gb-2312 cp936 936 x-gbk ms936 54936",
    "big5": "big5 big-5 cp950 950 big5-hkscs",
    "latin-1": "latin-1 latin1 iso-8859-1 iso8859-1 88591",
    "cp1252": "cp1252 1252 windows-1252",
}
ENCODINGS = {name: codec for codec, names in _NAMES.items() for name in names.split()}
"""Names people write, and the codec each stands for."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MIN_SHARE = 0.6
_MIN_ZEROS = 0.05
_FOREIGN_LINE = re.compile(rb"(?m)^[\x00-\x09\x0b-\x7f]*+[\x80-\xff][^\n]*")
_SAMPLE_LINES = 2_000
_SAMPLE_BYTES = 400_000


def codec_named(encoding: str, *, file: str = "") -> str:
    """Give the codec of an encoding as people write it.

    Raises
    ------
    InvalidInput
        Not one of those that are read.

    Examples
    --------
    >>> codec_named("GBK"), codec_named("UTF-8")
    ('gb18030', 'utf-8-sig')
    """
    codec = ENCODINGS.get(encoding.strip().lower().replace("_", "-"))
    if codec is None:
        known = "utf-8, utf-16, gb18030, big5, latin-1, cp1252"
        raise InvalidInput(
            "{file}: encoding {encoding!r} is not known; use one of {known}",
            file=file,
            encoding=encoding,
            known=known,
        )
    return codec


def codec_of(content: bytes, encoding: str | None, *, file: str) -> str:
    """Give the codec that the whole of a text is in.

    Parameters
    ----------
    content
        The bytes of the file.
    encoding
        As the person states it; None to find it out.
    file
        Name for messages.

    Raises
    ------
    InvalidInput
        It cannot be told, two encodings are in one file, a line does not fit the codec, or the
        stated one makes nonsense of a text that another fits.
    """
    if encoding is None:
        codec = detect_codec(content)
        if codec is None:
            _refuse_mixture(content, file)
            raise InvalidInput(
                "{name}: the encoding cannot be told; save it as UTF-8, or state it, such as "
                "gb18030{hint}",
                name=file,
                hint=CommandHint("--encoding gb18030"),
            )
    else:
        codec = _with_byte_order(codec_named(encoding, file=file), content)
    _refuse_misfit(content, codec, file)
    if encoding is not None:
        _refuse_nonsense(content, codec, file)
    elif codec in ("gb18030", "big5"):
        _refuse_mixture(content, file)
    return codec


def detect_codec(content: bytes) -> str | None:
    r"""Find the codec of a text, or None when it cannot be told.

    Examples
    --------
    >>> detect_codec("梨子园社区,1141".encode("gbk")), detect_codec(b"code,name")
    ('gb18030', 'utf-8-sig')
    >>> detect_codec("户号,地址\\n".encode("utf-16-be")), detect_codec("学院路\\n".encode("gbk"))
    ('utf-16-be', 'gb18030')
    >>> detect_codec("Zürich, Genève".encode("latin-1")) is None
    True
    """
    for mark, codec in _MARKS:
        if content.startswith(mark):
            return codec
    wide = wide_codec(content)
    if wide is not None:
        return wide
    if content.isascii():
        return "utf-8-sig"
    is_utf8 = _decodes(content, "utf-8")
    if is_utf8:
        read = _legibility(content, "utf-8")
        if read.share >= _MIN_SHARE:
            return "utf-8-sig"
        if not read.is_strange:
            return None
    shares = {codec: share_common(content, codec) for codec in ("gb18030", "big5")}
    best = max(shares, key=lambda codec: shares[codec])
    return best if shares[best] >= _MIN_SHARE else None


def wide_codec(content: bytes) -> str | None:
    """Tell UTF-16 without a mark by where its zero bytes lie; None for other texts.

    Examples
    --------
    >>> wide_codec("id,name".encode("utf-16-le")), wide_codec(b"id,name") is None
    ('utf-16-le', True)
    """
    head = content[: _SAMPLE_BYTES // 2 * 2]
    n_even, n_odd = head[0::2].count(0), head[1::2].count(0)
    if n_even + n_odd < max(1, len(head) * _MIN_ZEROS):
        return None
    for codec, here, there in (("utf-16-le", n_odd, n_even), ("utf-16-be", n_even, n_odd)):
        if here > 9 * there:
            text = head.decode(codec, "ignore")
            return codec if legibility(text).share >= _MIN_SHARE else None
    return None


def is_plausible(content: bytes, codec: str) -> bool:
    """Say whether a text in this codec, which it fits, can be a language."""
    if codec in ("gb18030", "big5"):
        return content.isascii() or share_common(content, codec) >= _MIN_SHARE
    return _legibility(content, codec).share >= _MIN_SHARE


def _with_byte_order(codec: str, content: bytes) -> str:
    """Give UTF-16 without a mark the order of bytes that its zeros show."""
    has_mark = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if not codec.startswith("utf-16"):
        return codec
    if has_mark:
        return "utf-16"
    return (wide_codec(content) or codec) if codec == "utf-16" else codec


def _refuse_misfit(content: bytes, codec: str, file: str) -> None:
    """Refuse a text with bytes that are no text of the codec, by the line of the first."""
    try:
        content.decode(codec)
    except UnicodeDecodeError as error:
        wide = codec.startswith("utf-16")
        line = content[: error.start].count(b"\n\x00" if wide else b"\n") + 1
        raise InvalidInput(
            "{name}: line {line} is not {codec}; mend that line, or state the encoding of the"
            " whole file",
            name=file,
            line=line,
            codec=codec.removesuffix("-sig"),
        ) from error


def _refuse_nonsense(content: bytes, codec: str, file: str) -> None:
    """Refuse a stated codec that makes nonsense of a text which another fits."""
    found = detect_codec(content)
    if content.isascii() and not codec.startswith("utf-16"):
        return
    if found is None or found == codec or {found, codec} <= {"latin-1", "cp1252"}:
        return
    single = codec in ("latin-1", "cp1252") and found == "utf-8-sig"
    if single or codec.startswith("utf-16") or not is_plausible(content, codec):
        raise InvalidInput(
            "{name}: the text is not {codec} as stated, it would be nonsense; it looks like"
            " {found}",
            name=file,
            codec=codec.removesuffix("-sig"),
            found=found.removesuffix("-sig"),
        )


def _refuse_mixture(content: bytes, file: str) -> None:
    """Refuse a text whose lines are in two encodings, or of which one line is in none."""
    first = None
    for line, text in _foreign_lines(content):
        codec = _codec_of_line(text)
        first = first or codec
        if codec is not None and codec != first:
            raise InvalidInput(
                "{name}: line {line} is {codec}, the lines before it are {first}; a file has one"
                " encoding: open each part in its own and save all as UTF-8",
                name=file,
                line=line,
                codec=codec,
                first=first,
            )
        if first is not None and not _decodes(text, first):
            raise InvalidInput(
                "{name}: line {line} holds bytes that are no {codec}, while the lines before it"
                " are; write that line again",
                name=file,
                line=line,
                codec=first,
            )


def _foreign_lines(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Give the lines beyond ASCII with their numbers, from 1."""
    line, position = 1, 0
    for match in _FOREIGN_LINE.finditer(content):
        line += content.count(b"\n", position, match.start())
        position = match.start()
        yield line, match[0]


def _codec_of_line(text: bytes) -> str | None:
    """Give the codec that a line is surely in; None where it may be either."""
    if _decodes(text, "utf-8"):
        read = legibility(text.decode())
        if read.share >= _MIN_SHARE and share_common(text, "gb18030") < _MIN_SHARE:
            return "utf-8"
        return None if not read.is_strange else "gb18030"
    return "gb18030" if share_common(text, "gb18030") >= _MIN_SHARE else None


def _sample(content: bytes) -> bytes:
    """Take lines beyond ASCII, enough to judge by."""
    lines = islice(_FOREIGN_LINE.finditer(content), _SAMPLE_LINES)
    return b"\n".join(match[0] for match in lines)[:_SAMPLE_BYTES]


def _legibility(content: bytes, codec: str) -> Legibility:
    sample = content if codec.startswith("utf-16") else _sample(content)
    return legibility(sample.decode(codec, "ignore"))


def _decodes(content: bytes, codec: str) -> bool:
    try:
        content.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def share_common(content: bytes, codec: str) -> float:
    """Give the share of common characters among those beyond ASCII; 0 when it cannot be decoded.

    Common are the first level of GB 2312 (lead bytes B0-D7) and of Big5 (A4-C6), in which
    running text lies almost wholly, and full-width punctuation and digits.
    """
    try:
        content.decode(codec)
        text = _sample(content).decode(codec, "ignore")
    except UnicodeDecodeError:
        return 0.0
    foreign = [letter for letter in text if ord(letter) > 127]
    if not foreign:
        return 0.0
    leads = (0xB0, 0xD7) if codec == "gb18030" else (0xA4, 0xC6)
    return sum(_is_common(letter, codec, leads) for letter in foreign) / len(foreign)


def _is_common(letter: str, codec: str, leads: tuple[int, int]) -> bool:
    if "\u3000" <= letter <= "\u303f" or "\uff00" <= letter <= "\uffef":
        return True
    code = letter.encode(codec, "ignore")
    if len(code) != 2 or not leads[0] <= code[0] <= leads[1] or letter <= "\u2e80":
        return False
    return codec != "gb18030" or code[1] >= 0xA1
