"""Pages of lists of people: what asks for the one that follows."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from gis.errors import InvalidInput


def page_after(asked: Mapping[str, str]) -> UUID | None:
    """Read the id of the last row of the page before; None begins.

    Examples
    --------
    >>> page_after({}), page_after({"after": "00000000-0000-0000-0000-000000000001"})
    (None, UUID('00000000-0000-0000-0000-000000000001'))
    """
    text = asked.get("after") or ""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise InvalidInput("after: expected the id that came with the page before") from None


AFTER = {
    "name": "after",
    "in": "query",
    "description": "`after` of the page before; without it the first page",
    "schema": {"type": "string", "format": "uuid"},
}
