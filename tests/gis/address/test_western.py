"""Western texts of any kind: never an error, never a guess, one spelling, one answer each."""

import string

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.address.geocoder import Geocoder
from gis.address.normalise import normalise
from gis.address.parse import parse, read_addresses
from gis.address.western_spelling import normalise_western
from gis.address.western_words import CROSSING_WORDS, TYPE_WORDS, UNIT_WORDS, VAGUE_WORDS
from scripts.evaluation.golden.files import make_geocoder

GEOCODER = make_geocoder("western")
KNOWN = {word for name in GEOCODER._ladder.streets._full.values() for word in name.split()}
SOME = [
    "main", "elm", "st.", "st", ",", "(", ")", "#", "12", "12a", "45-47", "13-nov", "8½", "block",
    "of", "the", "po", "box", "n/a", "42nd", "x",
]  # fmt: skip
WORDS = sorted({*SOME, *TYPE_WORDS, *UNIT_WORDS, *VAGUE_WORDS, *CROSSING_WORDS})
NASTY = st.text(
    st.one_of(
        st.characters(codec=None),
        st.characters(categories=["Cs", "Cc", "Cf", "Mn", "Nd", "No", "Pd", "Zs"]),
        st.sampled_from("\u202e\u200b\u0000\ud800אבשع٣１½ſßİ😀-–~/&@#(),.'’"),
    )
)
PHRASES = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.one_of(NASTY, PHRASES))
def test_no_text_stops_the_reading_and_a_second_spelling_changes_nothing(text):
    spelling = normalise_western(text)
    assert normalise_western(spelling) == spelling
    address = parse(text, grammar="western")
    assert address.number_from <= address.number_to
    assert address.kind != "intersection" or address.street != address.cross_street
    assert (address.kind == "none") == address.is_empty


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.lists(st.one_of(NASTY, PHRASES, st.none()), max_size=6))
def test_every_text_has_its_row_in_order_whatever_stands_beside_it(texts):
    found, read = GEOCODER.geocode(texts), read_addresses(texts)
    assert len(found) == len(read) == len(texts)
    assert read.raw.tolist() == ["" if t is None else t for t in texts]
    for i, text in enumerate(texts):
        alone = GEOCODER.geocode([text]).iloc[0]
        assert (alone.level, alone.status, alone.score) == tuple(
            found.loc[i, ["level", "status", "score"]]
        )


@settings(max_examples=100, derandomize=True, deadline=None)
@given(
    st.integers(1, 9999),
    st.lists(
        st.text(string.ascii_lowercase, min_size=4, max_size=9).filter(
            lambda w: all(abs(len(w) - len(k)) > 3 or _unlike(w, k) for k in KNOWN)
        ),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from(["", " St", " Ave", " Rd", ", Eastham"]),
)
def test_words_the_register_does_not_know_are_never_accepted(number, words, ending):
    found = GEOCODER.geocode([f"{number} {' '.join(words)}{ending}", " ".join(words) + ending])
    assert (found.status != "accepted").all()


def _unlike(word, known):
    """Whether fewer than half of the letters are in common."""
    common = sum(min(word.count(c), known.count(c)) for c in set(word))
    return common * 2 < max(len(word), len(known))


@pytest.mark.parametrize(
    "written",
    ["", "  ", "?", "n/a", "N.A.", "unknown", "none", "-", "12", "12-14", "&", "()", "@ &"],
)
def test_what_says_nothing_is_none(written):
    assert parse(written, grammar="western").kind == "none"
    assert GEOCODER.geocode([written]).status.tolist() == ["none"]


def test_one_house_in_many_spellings_is_one_spelling():
    ways = [
        "8 Mt. Auburn St",
        "8 MT.AUBURN ST.",
        "8  Mount Auburn Street",
        "８ Mt Auburn St",
        "No. 8 Mt. Auburn St",
    ]
    assert {normalise(way) for way in ways} == {"8 mount auburn street"}


@pytest.mark.parametrize(
    ("text", "street", "town"),
    [
        ("11 Broadway Weston", "broadway", "weston"),
        ("11 Broadway", "broadway", ""),
        ("6 Seven Pines Rd", "seven pines road", ""),
    ],
)
def test_names_of_the_register_decide_where_a_town_begins(text, street, town):
    shown = GEOCODER.candidates(text)
    assert shown.label.str.contains(street.replace(" ", "")).all()
    assert shown.label.str.startswith(town).all()


def test_a_spelt_number_that_belongs_to_the_name_is_no_number():
    found = GEOCODER.geocode(["Seven Pines Rd", "Two Main St, Eastham"])
    assert found.level.tolist() == ["street", "number"]
    assert found.status.tolist() == ["review", "accepted"]


def test_an_estate_carries_its_name_as_label():
    assert GEOCODER.candidates("Roosevelt Towers").label.tolist() == ["roosevelt towers"]


def test_numbers_are_never_taken_for_like_numbers():
    texts = [f"{n} Landstrasse" for n in range(1, 200) if n != 12]
    found = GEOCODER.geocode(texts)
    assert (found.level == "street").all() and found.address_id.isna().all()


def test_a_text_column_and_a_column_of_parts_are_read_alike():
    parts = pd.DataFrame(
        {"address_id": [1], "number": ["12-A"], "street": ["O'Brien Hwy"], "lon": 0.0, "lat": 0.0}
    )
    text = pd.DataFrame({"address_id": [1], "text": ["12A OBRIEN HIGHWAY"], "lon": 0.0, "lat": 0.0})
    answers = [Geocoder(r).geocode(["12 A O’Brien Hwy"]).iloc[0] for r in (parts, text)]
    assert all(a.address_id == 1 and a.level == "number" for a in answers)
    assert np.isclose(answers[0].score, answers[1].score)


@pytest.fixture(scope="module")
def country():
    """Two municipalities, kept as communities, each with a Landstrasse."""
    rows = [("Landstrasse", "3", "Schaan", 0.0), ("Landstrasse", "38", "Balzers", 0.1)]
    frame = pd.DataFrame(rows, columns=["street", "number", "community", "lon"])
    return Geocoder(frame.assign(address_id=frame.index, lat=47.1))


@pytest.mark.parametrize(
    ("text", "entry", "status", "evidence"),
    [
        ("Landstrasse 38, Balzers", 1, "accepted", "community_agrees"),
        ("Landstr. 38 Balzers", 1, "accepted", "community_agrees"),
        ("Landstrasse 38, 9496 Balzzers", 1, "accepted", "town_near"),
        ("Landstrasse 38, Schaan", 1, "review", "community_differs"),
        ("Landstrasse 38, Buchs", 1, "review", "town_unknown"),
        ("Landstrasse 38", 1, "accepted", "no_admin"),
    ],
)
def test_a_town_that_is_a_community_of_the_register_is_compared_as_one(
    country, text, entry, status, evidence
):
    found = country.geocode([text]).iloc[0]
    assert (found.address_id, found.status) == (entry, status)
    assert evidence in found.evidence
