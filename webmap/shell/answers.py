"""Answers of the interface: a view gives a value, its JSON is made here and nowhere else.

What a view gives is declared in its annotation, which the description of the interface reads
(`webmap.shell.describing`): a frozen dataclass; ``A | B``; ``tuple[A, Literal[202]]`` where the
status is another than 200; ``Annotated[Response, Media(...)]`` for files and for text that was JSON
already. What may be left out of a dataclass is typed ``X | UnsetType`` and ``UNSET`` by default.
"""

from __future__ import annotations

from dataclasses import dataclass, is_dataclass
from typing import Annotated, Any

import msgspec
import numpy as np
from flask import Flask, Response
from msgspec import UNSET, Meta, UnsetType

JSON = "application/json"
Moment = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
"""A moment as `datetime.isoformat` writes it, with its offset."""


@dataclass(frozen=True)
class Media:
    """An answer that is written already: its media type, and what it holds where that is JSON."""

    name: str = JSON
    body: Any = None


@dataclass(frozen=True)
class Refusal:
    """Why something was not done.

    Parameters
    ----------
    status
        Of the answer.
    message
        What is wrong and what to do, in the language of the page.
    defects
        Rows or fields that are wrong, one sentence each.
    """

    status: int
    message: str
    defects: list[str] | UnsetType = UNSET


class Application(Flask):
    """Flask, with views that may give a dataclass."""

    def make_response(self, rv: Any) -> Response:  # noqa: ANN401  (whatever a view gave)
        """Make an answer of what a view gave: a dataclass, alone or with its status, is JSON."""
        if is_dataclass(rv):
            return json_answer(rv)
        if isinstance(rv, tuple) and rv and is_dataclass(rv[0]):
            rv = (json_answer(rv[0]), *rv[1:])
        return super().make_response(rv)


def json_answer(value: object) -> Response:
    """Answer with a value as JSON."""
    return Response(to_json(value), mimetype=JSON)


def to_json(value: object) -> bytes:
    """Write a value as JSON: fields of dataclasses in their order, keys of dicts sorted; no NaN.

    Raises
    ------
    TypeError
        The value holds what JSON has no form for, or a dict whose keys are no texts.
    """
    return _ENCODER.encode(value)


def to_plain(value: object) -> Any:  # noqa: ANN401  (what JSON holds)
    """Give a value as lists, dicts and plain values, as `to_json` writes them."""
    return msgspec.to_builtins(value, order="deterministic", enc_hook=_plain)


def _plain(value: object) -> object:
    """Give a number of a table as a plain number."""
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"there is no JSON for a {type(value).__name__}")


_ENCODER = msgspec.json.Encoder(enc_hook=_plain, order="deterministic")
