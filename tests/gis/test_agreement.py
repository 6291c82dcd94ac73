"""Every sentence with a count reads right for 1 and for many: messages, pages, scripts."""

import ast
import re
from pathlib import Path

import pytest

import gis
import webmap
from gis.agreement import NOUNS, agreed, counts, noun_for, singular
from gis.errors import Message
from webmap.shell.language import catalogue, messages_in_scripts

PLACE = r"(?:\{\w+(?:[!:][^{}]*)?\}|%\(\w+\)[sd])"
NEXT_WORD = re.compile(rf"{PLACE} ([a-z]+s)\b(?!')")
OF_ONE = re.compile(rf"\b1 (?:[a-z-]*[a-rt-z] ){{0,2}}({'|'.join(set(NOUNS) - {'changes'})})\b")
SINGULAR_WORDS = re.compile(
    "alone|as|begins|belongs|does|ends|expects|fits|gets|goes|has|holds|is|"
    "its|lacks|less|lies|loses|makes|mixes|names|needs|opens|overlaps|plus|"
    "runs|says|sheets|shows|shuts|stands|takes|this|unpacks|was|weighs"
)
FOLDERS = (Path(gis.__file__).parent, Path(webmap.__file__).parent)
SPOKEN = ("cli", "actions", "exchange", "geometry", "analysis", "store", "pages", "api")


def trees():
    for folder in FOLDERS:
        for path in sorted(folder.rglob("*.py")):
            yield path.relative_to(folder.parent), ast.parse(path.read_text("utf-8"))


def templates():
    """Give every sentence with values: of the catalogues, the code and the scripts."""
    found = {str(m.id) for m in catalogue("zh") if isinstance(m.id, str) and m.id}
    found.update(messages_in_scripts())
    for _, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return sorted(text for text in found if re.search(PLACE, text) and "\n" not in text)


def said_of_one(template):
    text = singular(template, frozenset(counts(template)))
    return re.sub(PLACE, "1", text)


def test_every_sentence_with_a_count_reads_right_for_one():
    wrong = [t for t in templates() if counts(t) and OF_ONE.search(said_of_one(t))]
    assert wrong == []


def test_every_noun_behind_a_value_has_its_singular():
    unknown = {
        word
        for template in templates()
        for word in NEXT_WORD.findall(template)
        if word not in NOUNS and not SINGULAR_WORDS.fullmatch(word)
    }
    assert unknown == set()


def test_no_sentence_with_a_count_is_put_together_beside_the_messages():
    counted = set(NOUNS) - {"changes"}
    noun = re.compile(rf"^ (?!in |of |to )(?:[a-z-]+ ){{0,2}}?({'|'.join(counted)})\b")
    found = []
    for path, tree in trees():
        if not set(path.parts) & set(SPOKEN) or "migrations" in path.parts:
            continue
        for node in (n for n in ast.walk(tree) if isinstance(n, ast.JoinedStr)):
            for value, text in zip(node.values, node.values[1:], strict=False):
                is_counted = isinstance(value, ast.FormattedValue) and isinstance(
                    text, ast.Constant
                )
                is_fixed = (
                    isinstance(getattr(value, "value", None), ast.Name) and value.value.id.isupper()
                )
                if is_counted and not is_fixed and noun.match(str(text.value)):
                    found.append(f"{path}:{node.lineno}: {text.value.strip()[:40]}")
    assert found == []


@pytest.mark.parametrize(
    ("template", "values", "said"),
    [
        ("{n:,} rows were left out; mend them", {"n": 1}, "1 row was left out; mend it"),
        ("{n:,} rows were left out; mend them", {"n": 1200}, "1,200 rows were left out; mend them"),
        ("{n} of {all} rows lie apart", {"n": 1, "all": 5}, "1 of 5 rows lies apart"),
        ("there are only {n} blocks", {"n": 1}, "there is only 1 block"),
        ("{n} people", {"n": 1}, "1 person"),
        ("{n} title rows above the header were not read", {"n": 1},
         "1 title row above the header was not read"),
        ("{n} blocks lie here and have none beside them", {"n": 1},
         "1 block lies here and has none beside it"),
        ("{name} rows", {"name": "A"}, "A rows"),
        ("row {row} is a total", {"row": 1}, "row 1 is a total"),
        ("{n} communities, {g} grids", {"n": 1, "g": 1}, "1 community, 1 grid"),
    ],
)  # fmt: skip
def test_a_message_agrees_with_its_numbers(template, values, said):
    assert Message(template, **values) == said
    percent = re.sub(r"\{(\w+)[^}]*\}", r"%(\1)s", template)
    texts = {name: f"{v:,}" if isinstance(v, int) else v for name, v in values.items()}
    assert agreed(percent, texts) % texts == said


def test_values_keep_their_words():
    assert Message("{n} rows of {file}", n=1, file="2 rows.csv") == "1 row of 2 rows.csv"
    assert [noun_for(n, "households") for n in (0, 1, 2)] == [
        "households",
        "household",
        "households",
    ]
    assert noun_for(1, "land_cover") == "land_cover"
