"""The one family of errors: every refusal a person may meet, with what to do about it.

Entry points catch `GisError` and nothing else: the command line prints the message and each
defect on stderr, with what can be typed there, and exits 1; the web answers with the status in
`HTTP_STATUS`. The text of an error names the file, row, field or rule, what was expected and what
to do. A text with values in it is a `Message`, so that a page can say it in the reader's language.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from gis.agreement import agreed


class Message(str):
    """A sentence that remembers its template and values; as a str it is the English sentence.

    What only whoever works at the command line can use is a `CommandHint` among the values: it is
    in no text of the sentence but that of `with_hints`, so that no page shows it unasked.

    Parameters
    ----------
    template
        The sentence with ``{names}``, as the catalogues of translations know it; without values
        it is taken as it is.
    values
        What stands for the names; a value that is a `Message` itself is translated too.

    Examples
    --------
    >>> said = Message("{n:,} records match; {rest}", n=1200, rest=Message("choose fewer"))
    >>> said
    '1,200 records match; choose fewer'
    >>> said.template, sorted(said.values)
    ('{n:,} records match; {rest}', ['n', 'rest'])
    >>> Message("{n:,} records match", n=1)
    '1 record matches'
    """

    template: str
    values: dict[str, object]

    def __new__(cls, template: str, /, **values: object) -> Message:
        """Write the sentence, and keep what it was written from."""
        said = agreed(template, values).format(**values) if values else template
        message = super().__new__(cls, said)
        if isinstance(template, Message) and not values:
            message.template, message.values = template.template, template.values
        else:
            message.template, message.values = str(template), values
        return message


class CommandHint(str):
    """Words in a `Message` for whoever works at the command line; as a str they are empty.

    A sentence must be whole without them: the name of an option or of a command is a value of
    this kind, never part of a template. The command line says them by `with_hints`.

    Parameters
    ----------
    words
        What to type, such as ``--layer LAYER``; none gives nothing.

    Examples
    --------
    >>> Message("name one layer{hint}; there are two", hint=CommandHint("--layer LAYER"))
    'name one layer; there are two'
    """

    words: str

    def __new__(cls, words: str) -> CommandHint:
        """Keep the words, and say nothing."""
        hint = super().__new__(cls, "")
        hint.words = words
        return hint


def with_hints(said: str | Defect | GisError) -> str:
    """Give the English sentence as the command line says it, with what can be typed there.

    Examples
    --------
    >>> with_hints(Message("name one layer{hint}", hint=CommandHint("--layer LAYER")))
    'name one layer (--layer LAYER)'
    """
    if isinstance(said, Defect):
        return said.at_its_place(with_hints(said.message))
    if isinstance(said, GisError):
        return with_hints(said.message)
    if isinstance(said, CommandHint):
        return f" ({said.words})" if said.words else ""
    if not isinstance(said, Message) or not said.values:
        return str(said)
    values = {n: with_hints(v) if isinstance(v, str) else v for n, v in said.values.items()}
    return agreed(said.template, values).format(**values)


def listed(words: Iterable[str]) -> Message:
    """List words that a page says in the reader's language.

    Examples
    --------
    >>> listed(["draft", "submitted"])
    'draft, submitted'
    """
    said = [Message(word) for word in words]
    return reduce(lambda a, b: Message("{words}, {word}", words=a, word=b), said or [Message("")])


@dataclass(frozen=True)
class Defect:
    """One thing wrong with an input, precise enough to mend it.

    Parameters
    ----------
    message
        What is wrong, what was expected, and what to do; personal values masked.
    file, layer, row, field
        Where it is; ``row`` counts data rows from 1 (the header is not a row).
    code
        Short stable name of the rule, such as ``outside_county``.
    """

    message: str
    file: str | None = None
    layer: str | None = None
    row: int | None = None
    field: str | None = None
    code: str = "invalid"

    def __str__(self) -> str:
        """Say place and message on one line.

        Examples
        --------
        >>> str(Defect("expected a number, got 'x'", file="a.csv", row=3, field="people"))
        "a.csv, row 3, people: expected a number, got 'x'"
        """
        return self.at_its_place(self.message)

    def at_its_place(self, message: str) -> str:
        """Say a wording of the message after its place."""
        place = [p for p in (self.file, self.layer) if p]
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.field:
            place.append(self.field)
        return f"{', '.join(place)}: {message}" if place else str(message)


def rows_of(defects: Iterable[Defect]) -> set[int]:
    """Give the rows that have a defect; one of a whole file has none.

    Examples
    --------
    >>> rows_of([Defect("no name", row=3), Defect("no layer")])
    {3}
    """
    return {d.row for d in defects if d.row is not None}


class GisError(Exception):
    """Base of everything Community Grid refuses to do.

    Parameters
    ----------
    message
        One sentence for the person who asked; a template with ``{names}`` when values are given.
    defects
        The single causes, when there are several.
    values
        What stands for the names; see `Message`.

    Examples
    --------
    >>> str(GisError("grid {grid} is locked", grid=3))
    'grid 3 is locked'
    """

    def __init__(self, message: str, defects: Iterable[Defect] = (), **values: object) -> None:
        self.message = Message(message, **values)
        super().__init__(self.message)
        self.defects = tuple(defects)


class InvalidInput(GisError):
    """A file, row, field or argument that cannot be used as it is."""


class NotFound(GisError):
    """The thing asked for does not exist, or not within the person's area."""


class NotAllowed(GisError):
    """The person's roles or area do not include this."""


class Conflict(GisError):
    """Someone else changed the same thing first, or a state does not allow the step."""


class LimitReached(GisError):
    """As much as is allowed in a time was done already; says when there can be more."""


class InfeasibleDivision(GisError):
    """No division meets the rules; says which rule, where, and the smallest change that helps.

    Parameters
    ----------
    message
        The rule that fails and where.
    rule
        Stable name: ``block_above_maximum``, ``too_few``, ``between_bands``, ``component``,
        ``locks``.
    remedy
        The smallest change that would make it feasible, in words.
    blocks
        Block ids (or row numbers) the refusal is about.
    """

    def __init__(
        self, message: str, *, rule: str, remedy: str = "", blocks: Iterable[object] = ()
    ) -> None:
        if remedy:
            super().__init__("{refusal} {remedy}", refusal=message, remedy=remedy)
        else:
            super().__init__(message)
        self.rule = rule
        self.remedy = remedy
        self.blocks = tuple(blocks)


class DatabaseUnavailable(GisError):
    """PostgreSQL cannot be reached, started, or is not fit for use (version, extension, locale)."""


class NotEnoughSpace(GisError):
    """The disk is too full to begin work that could stop half-way."""


class ProgramMissing(GisError):
    """A program that the work needs is not installed; says what can be had without it."""


HTTP_STATUS: dict[type[GisError], int] = {
    InvalidInput: 400,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    InfeasibleDivision: 422,
    LimitReached: 429,
    ProgramMissing: 501,
    DatabaseUnavailable: 503,
    NotEnoughSpace: 507,
}


def status_of(error: GisError) -> int:
    """Give the HTTP status of an error, by its nearest listed ancestor.

    Examples
    --------
    >>> status_of(NotFound("no such grid")), status_of(GisError("odd"))
    (404, 400)
    """
    for kind in type(error).__mro__:
        if kind in HTTP_STATUS:
            return HTTP_STATUS[kind]
    return 400
