"""Evidence is one table, in both languages."""

import pytest

from gis.address.evidence import EVIDENCE, explain, score_of
from gis.errors import InvalidInput


@pytest.mark.parametrize("code", EVIDENCE)
def test_every_code_has_words_in_both_languages_and_a_fair_weight(code):
    assert explain(code, "en") and explain(code, "zh") != explain(code, "en")
    assert 0 <= score_of((code,)) <= 1


def test_an_unknown_language_is_refused():
    with pytest.raises(InvalidInput, match="language"):
        explain("number_exact", "de")
