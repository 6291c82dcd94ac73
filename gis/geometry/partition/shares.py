"""Sharing a number of parts among components that do not touch, in the order of preference.

Pure. A share is a number of parts for each component. When a component has no division into its
number, the next share without that pair is taken; when no share is left, that is a proof if every
pair refused on the way was proven impossible.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from gis.geometry.partition.exact import Exact


@dataclass
class Shares:
    """The shares of a number of parts.

    Parameters
    ----------
    n_parts
        Number of parts in all.
    first
        (m,) parts of each component in the share liked best.
    bounds
        (m, 2) fewest and most parts of each component.
    """

    n_parts: int
    first: np.ndarray
    bounds: np.ndarray
    refused: dict[tuple[int, int], bool] = field(default_factory=dict)

    def choose(self, *, only_proven: bool = False) -> list[int] | None:
        """Give the share nearest to the first one of which no pair was refused.

        Parameters
        ----------
        only_proven
            Whether to leave out only what is proven impossible, not what was not found.

        Examples
        --------
        >>> shares = Shares(5, np.array([2, 3]), np.array([[2, 3], [2, 3]]))
        >>> shares.choose()
        [2, 3]
        >>> shares.refuse(0, 2, proven=True)
        >>> shares.choose()
        [3, 2]
        """

        def off(number: int, count: int) -> float:
            out = self._is_out(number, count, only_proven)
            return np.inf if out else float(count - self.first[number]) ** 2

        return self.cheapest(off)

    def cheapest(self, price: Callable[[int, int], float]) -> list[int] | None:
        """Give the share of the least sum of prices; None where each has an infinite one.

        Parameters
        ----------
        price
            Of a component and a number of parts.

        Examples
        --------
        >>> shares = Shares(5, np.array([2, 3]), np.array([[1, 4], [1, 4]]))
        >>> shares.cheapest(lambda number, count: float(count if number else 3 * count))
        [1, 4]
        """
        best, choices = np.full(self.n_parts + 1, np.inf), []
        best[0] = 0.0
        for number, (low, high) in enumerate(self.bounds):
            after, choice = np.full(self.n_parts + 1, np.inf), np.zeros(self.n_parts + 1, int)
            for count in range(int(low), min(int(high), self.n_parts) + 1):
                total = best[: self.n_parts + 1 - count] + price(number, count)
                better = total < after[count:]
                after[count:][better] = total[better]
                choice[count:][better] = count
            best = after
            choices.append(choice)
        return self._follow(choices) if np.isfinite(best[-1]) else None

    def refuse(self, number: int, count: int, *, proven: bool) -> None:
        """Leave out a number of parts of a component."""
        self.refused[number, count] = proven

    @property
    def is_impossible(self) -> bool:
        """Tell whether what is proven leaves no share."""
        return self.choose(only_proven=True) is None

    def seek(self, divide: Callable[[int, int], Exact]) -> list[int] | None:
        """Try shares until every component has a division; None when no share is left.

        Parameters
        ----------
        divide
            Tells what is known of a component and a number of parts.
        """
        while (counts := self.choose()) is not None:
            known = {(n, c): divide(n, c) for n, c in self._untried(counts)}
            wrong = [pair for pair, look in known.items() if look.part is None]
            if not wrong:
                return counts
            for number, count in wrong:
                self.refuse(number, count, proven=known[number, count].status == "infeasible")
        return None

    def _untried(self, counts: list[int]) -> list[tuple[int, int]]:
        return [(n, c) for n, c in enumerate(counts) if (n, c) not in self.refused]

    def _is_out(self, number: int, count: int, only_proven: bool) -> bool:
        proven = self.refused.get((number, count))
        return proven is not None and (proven or not only_proven)

    def _follow(self, choices: list[np.ndarray]) -> list[int]:
        counts, left = [], self.n_parts
        for choice in reversed(choices):
            counts.append(int(choice[left]))
            left -= counts[-1]
        return counts[::-1]
