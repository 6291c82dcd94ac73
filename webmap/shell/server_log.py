"""What the server itself writes down: paths without their questions, mistakes without values."""

from __future__ import annotations

import sys

from gunicorn.glogging import Logger

from gis.failures import account_of

PATHS_ONLY = '%(h)s %(t)s "%(m)s %(U)s" %(s)s %(B)s %(L)s'
"""Format of a line about a request, where somebody wishes them: no query, no referer."""

_BAD_REQUEST = "Invalid request from"


class ServerLog(Logger):
    """Gunicorn's log without what a request or an exception carried."""

    def exception(self, msg: object, *args: object, **kwargs: object) -> None:
        """Tell a mistake by its kind and place."""
        mistake = sys.exc_info()[1]
        said = msg if isinstance(msg, str) else type(msg).__name__
        kept = tuple(a.split("?", 1)[0] if isinstance(a, str) else a for a in args)
        account = account_of(mistake) if mistake else "no cause is known"
        super().error(f"{said}\n%s", *kept, account)

    def warning(self, msg: object, *args: object, **kwargs: object) -> None:
        """Tell where a request that is none came from, not what stood in it."""
        if isinstance(msg, str) and msg.startswith(_BAD_REQUEST):
            msg = msg.partition(": ")[0]
        super().warning(msg, *args, **kwargs)
