"""Work for other processes to do in tests; they import it by name."""

from __future__ import annotations

import os
import time

from gis.errors import InfeasibleDivision


def double(number: int) -> int:
    """Give twice a number; later ones are done sooner."""
    time.sleep(0.02 * (3 - number % 4))
    return 2 * number


def double_and_tell(number: int, tell) -> int:
    """Tell the halfway mark and the process, then double."""
    tell(0.5, str(os.getpid()))
    return 2 * number


def refuse_two(number: int) -> int:
    """Refuse the number 2 with an error that has more than a message."""
    if number == 2:
        raise InfeasibleDivision("no division", rule="too_few", remedy="Ask for fewer.")
    return number


def fail_two(number: int) -> int:
    """Break at the number 2."""
    return 1 // (number - 2)


def die(number: int) -> int:
    """Leave without a word."""
    os._exit(1)


def never_end(number: int, tell) -> int:
    """Tell the process, then go on for ever."""
    while True:
        tell(0.1, str(os.getpid()))
        time.sleep(0.05)
