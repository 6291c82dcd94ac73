"""What is doubtful of the points of an import, as it is kept with it and told in any language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from gis.errors import Message
from gis.messages import plain_message, read_message


@dataclass(frozen=True)
class PointDoubts:
    """Doubts about many rows of one file together, in words.

    Parameters
    ----------
    datums
        Two datums in one file: depends on where the addresses are.
    points
        One point for many rows, rounded points: depends on the file alone.
    """

    datums: tuple[Message, ...] = ()
    points: tuple[Message, ...] = ()

    @property
    def told(self) -> tuple[Message, ...]:
        """Give all in the order in which they are told."""
        return (*self.datums, *self.points)

    def as_record(self) -> dict:
        """Write them as the import keeps them.

        Examples
        --------
        >>> PointDoubts(points=(Message("{n} rows", n=3),)).as_record()
        {'datums': [], 'points': [['{n} rows', {'n': 3}]]}
        """
        return {f.name: [plain_message(m) for m in getattr(self, f.name)] for f in fields(self)}


def read_doubts(record: Mapping | None) -> PointDoubts:
    """Read what an import keeps; nothing where nobody looked.

    Examples
    --------
    >>> read_doubts({"points": [["{n} rows", {"n": 3}]]}).told
    ('3 rows',)
    """
    kept = record or {}
    return PointDoubts(
        **{f.name: tuple(map(read_message, kept.get(f.name, ()))) for f in fields(PointDoubts)}
    )
