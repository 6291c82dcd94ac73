"""What a request asks, in its JSON, query or form: read and refused value by value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from flask import request

from gis.domain.period import FIRST_YEAR, LAST_YEAR
from gis.errors import InvalidInput

LARGEST = 1_000_000_000
_DIGITS = re.compile(r"-?[0-9]{1,12}")


def json_body() -> dict:
    """Give the JSON object that was sent."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise InvalidInput("send a JSON object")
    return body


def whole_number(body: Mapping, name: str) -> int | None:
    """Read a whole number, also an id or one written as text; None when left out or empty."""
    value = body.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, str) and _DIGITS.fullmatch(value.strip()):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if type(value) is not int:
        raise InvalidInput("{name}: expected a whole number", name=name)
    number = value
    if not 0 <= number <= LARGEST:
        raise InvalidInput(
            "{name}: expected a number from 0 to {largest:,}", name=name, largest=LARGEST
        )
    return number


def day_of(body: Mapping, name: str) -> date:
    """Read a date of a year in which something may have happened."""
    try:
        day = date.fromisoformat(str(body.get(name) or ""))
    except ValueError:
        raise InvalidInput("{name}: expected a date such as 2026-03-01", name=name) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InvalidInput(
            "{name}: expected a date from {first} to {last}",
            name=name,
            first=FIRST_YEAR,
            last=LAST_YEAR,
        )
    return day


def text_of(body: Mapping, name: str) -> str | None:
    """Read a text; None when it is left out or empty."""
    value = body.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise InvalidInput("{name}: expected a text", name=name)
    return value


def texts_of(body: Mapping, name: str) -> list[str]:
    """Read a list of texts; none when it is left out."""
    value = body.get(name)
    if value is None or value == "":
        return []
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise InvalidInput("{name}: expected a list of texts", name=name)
    return value
