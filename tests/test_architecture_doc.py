"""What the description of the house says is there, is there."""

import importlib
import re
from pathlib import Path

import pytest

from tests.test_subjects import SUBJECTS

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs" / "architecture.md").read_text("utf-8")
NAMES = sorted(set(re.findall(r"`((?:gis|webmap)(?:\.\w+)+)`", TEXT)))


def resolved(name):
    """Import the longest part of a dotted name that is a module, and follow the rest."""
    parts = name.split(".")
    for n in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:n]))
        except ModuleNotFoundError:
            continue
        for part in parts[n:]:
            found = getattr(found, part, None)
        return found
    return None


@pytest.mark.parametrize("name", NAMES)
def test_every_name_exists(name):
    assert resolved(name) is not None


def test_the_subjects_stand_in_their_order():
    assert tuple(re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE)) == SUBJECTS
