from gis.domain.topic import CATEGORIES, TOPICS, topic_name


def test_every_topic_has_both_names_and_a_known_category():
    for code, topic in TOPICS.items():
        assert topic.code == code
        assert topic.zh and topic.en
        assert topic.category in CATEGORIES


def test_disputes_are_sensitive_and_street_matters_are_not():
    sensitive = {code for code, topic in TOPICS.items() if topic.sensitive}
    assert sensitive == {"neighbour_dispute", "domestic_dispute"}


def test_a_topic_is_named_in_the_language_of_the_page():
    assert topic_name("noise", "zh_Hans_CN") == "噪声扰民"
    assert topic_name("noise", "en") == "Noise"
