"""Files of the outside world: read into frames with their defects, and written."""

from __future__ import annotations

__all__ = ["read_records"]


def __getattr__(name: str) -> object:
    """Give the one reader of tables and map files; it is loaded when it is asked for.

    The child process that opens a file nobody trusts imports modules of this package, and needs
    not wait for those that the reader needs.
    """
    if name == "read_records":
        from gis.exchange.records import read_records

        return read_records
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
