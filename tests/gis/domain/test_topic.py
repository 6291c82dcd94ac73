import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.domain.topic import TopicSketch, check_topic, read_answers, word_key
from gis.errors import InvalidInput


@given(st.text(max_size=30))
def test_width_case_and_spaces_make_no_other_word(text):
    key = word_key(text)
    assert word_key(key) == key
    assert word_key(f"  {text}\u3000") == key


@pytest.mark.parametrize("code", ["", "All", "all", "9lives", "two words", "噪声", "a" * 41, "a-b"])
def test_a_code_that_cannot_be_written_everywhere_is_refused(code):
    with pytest.raises(InvalidInput, match="cannot be the code of a topic"):
        check_topic(TopicSketch(code, "名", "Name"))


@pytest.mark.parametrize("sketch", [("dogs", " ", "Dogs"), ("dogs", "犬", "x" * 61)])
def test_a_topic_needs_both_names(sketch):
    with pytest.raises(InvalidInput, match="Chinese and an English name"):
        check_topic(TopicSketch(*sketch))


def test_a_category_with_an_equals_sign_is_read_whole():
    answers = read_answers(["a=b=noise"], ["dogs=犬=扰"])
    assert answers.translations == {"a=b": "noise"}
    assert (answers.new[0].code, answers.new[0].name_zh, answers.new[0].name_en) == (
        "dogs", "犬=扰", "犬=扰",
    )  # fmt: skip


@pytest.mark.parametrize("text", ["noise", "=noise", "噪音=", " = "])
def test_half_an_answer_is_refused(text):
    with pytest.raises(InvalidInput, match="two words with ="):
        read_answers([text], [])
