"""Which encoding a Chinese or European table is in: byte-order mark, UTF-8, GB18030, Big5.

A wrong guess gives readable nonsense, so a guess must be earned: most characters have to be
common ones of that script. Otherwise the reader asks.
"""

from __future__ import annotations

import codecs

from gis.errors import InvalidInput

ENCODINGS = {
    "utf-8": "utf-8-sig",
    "utf8": "utf-8-sig",
    "utf-8-sig": "utf-8-sig",
    "utf-16": "utf-16",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "cp936": "gb18030",
    "936": "gb18030",
    "big5": "big5",
    "cp950": "big5",
    "950": "big5",
    "latin-1": "latin-1",
    "latin1": "latin-1",
    "iso-8859-1": "latin-1",
    "88591": "latin-1",
    "cp1252": "cp1252",
    "1252": "cp1252",
}
"""Names people write, and the codec each stands for."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MIN_SHARE_COMMON = 0.6


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


def detect_codec(content: bytes) -> str | None:
    """Find the codec of a text, or None when it cannot be told.

    Examples
    --------
    >>> detect_codec("梨子园社区,1141".encode("gbk")), detect_codec(b"code,name")
    ('gb18030', 'utf-8-sig')
    >>> detect_codec("Zürich, Genève".encode("latin-1")) is None
    True
    """
    for mark, codec in _MARKS:
        if content.startswith(mark):
            return codec
    if _decodes(content, "utf-8"):
        return "utf-8-sig"
    shares = {codec: _share_common(content, codec) for codec in ("gb18030", "big5")}
    best = max(shares, key=lambda codec: shares[codec])
    return best if shares[best] >= _MIN_SHARE_COMMON else None


def _decodes(content: bytes, codec: str) -> bool:
    try:
        content.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _share_common(content: bytes, codec: str) -> float:
    """Give the share of common characters among those beyond ASCII; 0 when it cannot be decoded.

    Common are the first level of GB 2312 (lead bytes B0-D7) and of Big5 (A4-C6), in which
    running text lies almost wholly, and full-width punctuation and digits.
    """
    try:
        text = content.decode(codec)
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
    code = letter.encode(codec)
    return len(code) == 2 and leads[0] <= code[0] <= leads[1] and letter > "\u2e80"
