"""What a request brings, made safe before any view reads it: texts, numbers in paths, JSON.

Texts of address, query and form are cleaned; JSON is read strictly: no NaN or Infinity, no number
that no column holds, no key twice, no depth that a person would not send.
"""

from __future__ import annotations

import json
import math
from functools import cached_property

from flask import Flask, Request, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import IntegerConverter, Map

from gis.domain.words import clean_text
from gis.errors import InvalidInput

LARGEST_ID = 2**31 - 1
"""No id of the database is larger; an address with a larger one leads nowhere."""

LARGEST_BODY = 4 * 1024 * 1024
"""Bytes of JSON; files come as forms and may be larger."""

DEEPEST = 50
MOST_DIGITS = 15
"""Of a whole number in JSON: what a browser can write without loss."""


class Id(IntegerConverter):
    """A number in an address that a column of the database can hold."""

    def __init__(
        self,
        map: Map,
        fixed_digits: int = 0,
        min: int | None = None,
        max: int | None = LARGEST_ID,
        signed: bool = False,
    ) -> None:
        super().__init__(map, fixed_digits, min, max, signed)


class Received(Request):
    """A request whose texts can be stored and whose JSON is what it seems."""

    @cached_property
    def args(self) -> ImmutableMultiDict[str, str]:
        """Give what stands in the query, cleaned."""
        return _clean_fields(super().args)

    @cached_property
    def form(self) -> ImmutableMultiDict[str, str]:
        """Give the fields of a form, cleaned."""
        return _clean_fields(super().form)

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> object:
        """Read the JSON that was sent; None when it is no JSON.

        Raises
        ------
        InvalidInput
            It is JSON, but not such as a program that means it would send: why.
        """
        if not (force or self.is_json):
            return None
        if (self.content_length or 0) > LARGEST_BODY:
            raise InvalidInput(
                "the JSON is longer than {most:,} bytes; send it in parts", most=LARGEST_BODY
            )
        if "received_json" not in self.__dict__:
            self.__dict__["received_json"] = read_json(self.get_data())
        return self.__dict__["received_json"]


def install(app: Flask) -> None:
    """Let the application take its requests as `Received`, and numbers in addresses as `Id`."""
    app.request_class = Received
    app.url_map.converters["int"] = Id

    @app.before_request
    def check_address() -> None:
        values = request.view_args or {}
        for name, value in values.items():
            if isinstance(value, str):
                values[name] = clean_text(value, name)


def read_json(content: bytes) -> object:
    """Read JSON strictly; None when it is none.

    Raises
    ------
    InvalidInput
        A key twice, NaN or Infinity, a number out of range, text that cannot be stored, or lists
        and objects in one another without end.

    Examples
    --------
    >>> read_json(b'{"name": "a"}'), read_json(b"{")
    ({'name': 'a'}, None)
    """
    try:
        value = json.loads(
            content,
            object_pairs_hook=_object,
            parse_int=_whole,
            parse_float=_finite,
            parse_constant=_no_number,
        )
        return _clean_value(value, "JSON", 0)
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        return None


def _object(pairs: list[tuple[str, object]]) -> dict:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidInput("{name}: stands twice in the JSON; send it once", name=_shown(twice))
    return made


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) > MOST_DIGITS:
        raise InvalidInput(
            "the JSON holds a number of more than {most} digits; send a smaller one",
            most=MOST_DIGITS,
        )
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        return _no_number(digits[:20])
    return number


def _no_number(word: str) -> float:
    raise InvalidInput("the JSON holds {word}, which is no number; send a number", word=word)


def _too_deep() -> InvalidInput:
    return InvalidInput(
        "the JSON is nested deeper than {most} levels; send plain lists", most=DEEPEST
    )


def _clean_value(value: object, name: str, depth: int) -> object:
    if isinstance(value, str):
        return clean_text(value, name)
    if depth > DEEPEST:
        raise _too_deep()
    if isinstance(value, list):
        return [_clean_value(item, name, depth + 1) for item in value]
    if isinstance(value, dict):
        cleaned = {}
        for key, item in value.items():
            key = clean_text(key, _shown(key))
            cleaned[key] = _clean_value(item, key, depth + 1)
        return cleaned
    return value


def _shown(name: str) -> str:
    """Give the name of a field as a message can show it."""
    return name.encode("ascii", "backslashreplace").decode()[:40]


def _clean_fields(fields: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    return ImmutableMultiDict(
        [
            (clean_text(name, _shown(name)), clean_text(value, _shown(name)))
            for name, value in fields.items(multi=True)
        ]
    )
