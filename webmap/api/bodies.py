"""What a request brings: its JSON, read and refused value by value."""

from __future__ import annotations

from datetime import date

from flask import request

from gis.errors import InvalidInput

LARGEST = 1_000_000_000


def json_body() -> dict:
    """Give the JSON object that was sent."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise InvalidInput("send a JSON object")
    return body


def whole_number(body: dict, name: str) -> int | None:
    """Read a whole number; None when it is left out or empty."""
    value = body.get(name)
    if value in (None, ""):
        return None
    try:
        number = int(value)
    except (TypeError, ValueError):
        raise InvalidInput("{name}: expected a whole number", name=name) from None
    if not 0 <= number <= LARGEST:
        raise InvalidInput(
            "{name}: expected a number from 0 to {largest:,}", name=name, largest=LARGEST
        )
    return number


def day_of(body: dict, name: str) -> date:
    """Read a date."""
    try:
        return date.fromisoformat(str(body.get(name) or ""))
    except ValueError:
        raise InvalidInput("{name}: expected a date such as 2026-03-01", name=name) from None


def text_of(body: dict, name: str) -> str | None:
    """Read a text; None when it is left out or empty."""
    value = body.get(name) or None
    if value is not None and not isinstance(value, str):
        raise InvalidInput("{name}: expected a text", name=name)
    return value


def texts_of(body: dict, name: str) -> list[str]:
    """Read a list of texts; none when it is left out."""
    value = body.get(name) or []
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise InvalidInput("{name}: expected a list of texts", name=name)
    return value
