"""The kinds of records in the words of the page's language, as the registry of kinds says them."""

from __future__ import annotations

from gis.domain.kinds import KIND_OF_ONE, KINDS
from webmap.shell.language import current_language


def kind_name(kind: str) -> str:
    """Name a kind of records, such as ``households``."""
    if kind not in KINDS:
        return kind
    return KINDS[kind].zh if current_language() == "zh" else KINDS[kind].en


def kind_heading(kind: str) -> str:
    """Name a kind of records as a heading does."""
    name = kind_name(kind)
    return name[:1].upper() + name[1:]


def subject_names(subjects: tuple[str, ...]) -> dict[str, str]:
    """Name one record of each subject, such as ``household``."""
    chinese = current_language() == "zh"
    return {s: KIND_OF_ONE[s].one_zh if chinese else KIND_OF_ONE[s].one_en for s in subjects}


def subject_heading(subject: str) -> str:
    """Name all records of a subject as the head of a list does."""
    kind = KIND_OF_ONE[subject]
    return kind.zh if current_language() == "zh" else kind.name.capitalize()
