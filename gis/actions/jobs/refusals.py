"""What a job was refused for, kept so that it can be raised again for the person who asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gis import errors
from gis.errors import Defect, GisError, Message
from gis.messages import plain_message, read_message

_PLACE = ("file", "layer", "row", "field", "code")


def written_refusal(error: GisError) -> dict:
    """Give a refusal as JSON can hold it.

    Examples
    --------
    >>> written_refusal(errors.NotFound("no grid {n}", n=3))
    {'kind': 'NotFound', 'message': ['no grid {n}', {'n': 3}], 'defects': []}
    """
    return {
        "kind": type(error).__name__,
        "message": plain_message(error.message),
        "defects": [
            {"message": plain_message(d.message), **{name: getattr(d, name) for name in _PLACE}}
            for d in error.defects
        ],
    }


def read_refusal(written: Mapping[str, Any]) -> GisError:
    """Read what `written_refusal` gave.

    Examples
    --------
    >>> read_refusal(written_refusal(errors.NotFound("no grid {n}", n=3)))
    NotFound('no grid 3')
    """
    kind = getattr(errors, str(written["kind"]), GisError)
    message = read_message(written["message"])
    defects = [
        Defect(read_message(d["message"]), **{name: d[name] for name in _PLACE})
        for d in written["defects"]
    ]
    error = GisError(message, defects)
    error.__class__ = kind if issubclass(kind, GisError) else GisError
    return error


def mistake_of_ours() -> Message:
    """Give what is said where the fault is ours and its inside is nobody's business."""
    return Message("the work failed; the server's log says why")
