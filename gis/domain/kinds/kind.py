"""What is said of a kind of record: its fields, how its rows are known again, what they tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gis.words.kinds import RECORD_KINDS

SHAPE = "shape"
"""Stands for the shape or point of a row where rows are compared."""


@dataclass(frozen=True)
class Field:
    """One column of a kind of record.

    Parameters
    ----------
    name
        Column name, the same in frames, files and tables.
    type
        ``text``, ``integer``, ``number``, ``date``, ``datetime``, ``code`` or ``choice``.
    required
        Whether a row without it is refused.
    choices
        Allowed values of a ``choice``.
    synonyms
        Usual names of the column in files (compared without case, spaces and underscores).
    zh
        What the column is called in Chinese.
    called
        What it is called in English, where that is not ``name``; one of its synonyms.
    personal
        Whether its values tell something about a person.
    default
        What is stored where a row says nothing; None stores nothing.
    words
        Of a ``choice``: what each value is called in Chinese and in English; files may say so.
    """

    name: str
    type: str = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    zh: str = ""
    called: str = ""
    personal: bool = False
    default: str | int | None = None
    words: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that the column may have in a file, its own first.

        Examples
        --------
        >>> Field("number", synonyms=("id",), zh="户号").names
        ('number', 'id', '户号')
        """
        own = (self.name, *self.synonyms)
        return own if not self.zh or self.zh in own else (*own, self.zh)

    @property
    def en(self) -> str:
        """What the column is called in English.

        Examples
        --------
        >>> Field("head_name").en
        'head name'
        """
        return self.called or self.name.replace("_", " ")

    def value_name(self, value: str, language: str) -> str:
        """Name a value of a choice in a language, ``zh`` or ``en``; itself where it has no name."""
        zh, en = self.words.get(value, (value, value))
        return zh if language == "zh" else en

    @property
    def is_flag(self) -> bool:
        """Whether its values are yes and no."""
        return self.choices == FLAG


FLAG = ("true", "false")


@dataclass(frozen=True)
class Identity:
    """One way to know a row again.

    Parameters
    ----------
    columns
        What must be equal; nothing equals nothing. Columns that the file does not have are not
        asked for.
    needs
        Columns that must say something.
    is_name
        Whether it is the source's own name of the row: then it must not be another thing.
    lone
        Whether it holds only where one stored and one delivered row are alike.
    """

    columns: tuple[str, ...]
    needs: tuple[str, ...] = ()
    is_name: bool = False
    lone: bool = False


def named(column: str, *content: str) -> tuple[Identity, ...]:
    """Know rows by a name and what they are; then by what they are; then by the name alone."""
    return (
        Identity((column, *content), needs=(column,), is_name=True),
        Identity(content, needs=content[:1]),
        Identity((column,), needs=(column,), is_name=True),
    )


@dataclass(frozen=True)
class RecordKind:
    """A kind of record: its fields and shapes, how its rows are known again, what follows them.

    Parameters
    ----------
    name
        What many are called, such as ``households``; a key of `gis.words.kinds.RECORD_KINDS`.
    fields
        All columns but ``geometry``.
    geometry
        Allowed shapes (``polygon``, ``line``, ``point``); empty for pure tables.
    geometry_required
        Whether a row without a shape is refused (else it may be located by address).
    key
        Field that must be unique in the file and identifies the row on re-import, or None.
    zh, en
        What many are called by people, in both languages.
    one_zh, one_en
        What one is called by people, of kinds that people look at one by one.
    identities
        How its rows are known again, in the order in which it is asked; none for kinds with rules
        of their own.
    one_if_alike
        Whether two rows that say the same are one thing.
    derived
        Columns that the checks fill in where the file has none.
    tells_apart
        Fields that tell one record from another: when all that both say differs, it is another.
    belongs_to
        The kind whose record each row belongs to, and may wait for.
    waits_for_community
        Whether a row that lies in no community waits for it.
    on_buildings
        Whether right points lie on buildings, so that coordinates can be checked by them.
    tells_of_real
        Whether rows tell of real people, cases or places unless they are ``synthetic``.
    found_by_name
        Whether the search box finds its records by their own names.
    checks
        What rows are checked and completed by beside their fields: names of rules of the importer.
    counted_as
        The measure that its located rows are counted as; None where they are not. What has a
        register, too, is a column of the statistics and a measure of the official's map.
    listed
        Fields shown in the register of the kind, the name first, nothing personal; none where it
        has no register that is read as a list and taken out as a file.
    from_files
        Whether it is imported under its own name.
    """

    name: str
    fields: tuple[Field, ...]
    geometry: tuple[str, ...] = ()
    geometry_required: bool = False
    key: str | None = None
    zh: str = ""
    en: str = ""
    one_zh: str = ""
    one_en: str = ""
    identities: tuple[Identity, ...] = ()
    one_if_alike: bool = False
    derived: tuple[str, ...] = ()
    tells_apart: tuple[str, ...] = ()
    belongs_to: str | None = None
    waits_for_community: bool = True
    on_buildings: bool = False
    tells_of_real: bool = False
    found_by_name: bool = False
    checks: tuple[str, ...] = ()
    counted_as: str | None = None
    listed: tuple[str, ...] = ()
    from_files: bool = True
    by_name: dict[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the fields by name."""
        object.__setattr__(self, "by_name", {f.name: f for f in self.fields})

    @property
    def one(self) -> str:
        """What one record is called by the program: its table, its subject of review."""
        return RECORD_KINDS[self.name].one

    @property
    def is_located(self) -> bool:
        """Whether records are located by address text or coordinates."""
        return RECORD_KINDS[self.name].is_located

    @property
    def own_name(self) -> str | None:
        """The field by which the source names a row; None of kinds that have none."""
        first = self.identities[0] if self.identities else None
        return first.columns[0] if first is not None and first.is_name else None

    @property
    def personal(self) -> frozenset[str]:
        """The fields whose values tell something about a person."""
        return frozenset(f.name for f in self.fields if f.personal)
