"""The smallest changes of a refused request, in words.

Pure. A value that is proven the smallest is told as it is; an upper bound is told as such.
"""

from __future__ import annotations

import math

from gis.errors import InfeasibleDivision, Message
from gis.geometry.partition.relax import Change, Changes

DIGITS = 1_000_000


def with_changes(refusal: InfeasibleDivision, changes: Changes) -> InfeasibleDivision:
    """Give a refusal whose remedy names what helps; the same refusal where nothing is known."""
    remedy = word_changes(changes)
    if remedy is None:
        return refusal
    message: str = refusal.message
    if isinstance(message, Message):
        inner = message.values.get("refusal")
        message = inner if isinstance(inner, str) else message
    return InfeasibleDivision(message, rule=refusal.rule, remedy=remedy, blocks=refusal.blocks)


def word_changes(changes: Changes, word: str = "parts") -> Message | None:
    """Say which changes help, each by itself; None when none is known.

    Parameters
    ----------
    word
        What the parts are called: ``parts`` or ``grids``.

    Examples
    --------
    >>> word_changes(Changes(4, Change(550.0), Change(275.0, exact=False)))
    'Any one of these helps: ask for 4 parts; raise the maximum to 550; lower the minimum to 275 \
(less may do).'
    """
    ways = []
    if changes.n_parts is not None:
        asks = "ask for {n_parts} parts" if word == "parts" else "ask for {n_parts} grids"
        ways.append(Message(asks, n_parts=changes.n_parts))
    if changes.maximum:
        ways.append(_limit("raise the maximum to {limit}", changes.maximum))
    if changes.minimum:
        ways.append(_limit("lower the minimum to {limit}", changes.minimum, up=False))
    if changes.both:
        ways.append(_limit("widen the band by {limit} on both sides", changes.both))
    if not ways:
        return None
    said = ways[0]
    for way in ways[1:]:
        said = Message("{ways}; {way}", ways=said, way=way)
    return Message("Any one of these helps: {ways}.", ways=said)


def _limit(template: str, change: Change, *, up: bool = True) -> Message:
    said = Message(template, limit=say_limit(change.value, up=up))
    return said if change.exact else Message("{change} (less may do)", change=said)


def say_limit(value: float, *, up: bool) -> str:
    """Write a limit so that it still helps when typed in: rounded away from what was too little.

    Examples
    --------
    >>> say_limit(550.0, up=True), say_limit(1000.1 / 3, up=True), say_limit(1000.1 / 3, up=False)
    ('550', '333.366667', '333.366666')
    """
    whole = round(value * DIGITS, 3)
    return f"{(math.ceil(whole) if up else math.floor(whole)) / DIGITS:.15g}"
