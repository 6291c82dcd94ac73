"""What a log may say of a mistake of our own: kinds, places and rule names, never a value.

The message of an exception can hold what somebody typed or what a row holds: PostgreSQL quotes
the failing row, `int` the text it could not read. A log is read by people who may not see that.
"""

from __future__ import annotations

import traceback
from pathlib import PurePath

_NAMED = ("sqlstate", "errno")
_DIAGNOSED = ("schema_name", "table_name", "column_name", "constraint_name", "datatype_name")


class FailedElsewhere(RuntimeError):
    """A mistake in another process; ``account`` is what that process said of it.

    Parameters
    ----------
    account
        Text from `account_of`.
    """

    def __init__(self, account: str) -> None:
        super().__init__(account)
        self.account = account


def account_of(error: BaseException) -> str:
    """Tell a mistake and what caused it: kind, error code, constraint, and the lines passed.

    Examples
    --------
    >>> try:
    ...     int("tel. 13800131234")
    ... except ValueError as error:
    ...     account_of(error).splitlines()[0]
    'ValueError'
    """
    lines: list[str] = []
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        lines.append(("caused by " if lines else "") + _kind(link))
        lines += [f"  {_place(f)}" for f in traceback.extract_tb(link.__traceback__)]
        lines += [f"  | {line}" for line in str(getattr(link, "account", "")).splitlines()]
        quiet = link.__suppress_context__
        link = link.__cause__ or (None if quiet else link.__context__)
    return "\n".join(lines)


def _kind(error: BaseException) -> str:
    """Name the kind of an exception, with the database's codes and names where it has them."""
    kind = type(error)
    name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
    known = [f"{n}={v}" for n in _NAMED if (v := getattr(error, n, None)) is not None]
    diagnosis = getattr(error, "diag", None)
    if diagnosis is not None:
        named = ((n, getattr(diagnosis, n, None)) for n in _DIAGNOSED)
        known += [f"{what}={value}" for what, value in named if value]
    return " ".join([name, *known])


def _place(frame: traceback.FrameSummary) -> str:
    return f"{'/'.join(PurePath(frame.filename).parts[-3:])}:{frame.lineno} in {frame.name}"
