"""A file with categories of its own: offered, answered once, remembered; the mark is decided."""

import json

import pandas as pd
import pytest

from gis.store import tables as t
from tests.gis.cli.test_cli import count


@pytest.fixture
def file(tmp_path):
    """Give a function that writes incidents of some categories."""

    def write(*categories: str, name: str = "a") -> str:
        rows = [
            {"number": f"{name}{n}", "topic": c, "occurred_at": "2024-05-01 07:30",
             "address_text": "滨江路3号"}
            for n, c in enumerate(categories)
        ]  # fmt: skip
        pd.DataFrame(rows).to_csv(tmp_path / f"{name}.csv", index=False)
        return str(tmp_path / f"{name}.csv")

    return write


def topics(run) -> dict[str, dict]:
    return {row["code"]: row for row in json.loads(run("topics", "list", "--json").out)}


def test_unknown_categories_are_listed_once_with_counts_and_what_to_answer(run, database, file):
    name = file("噪音扰民", "噪音扰民", "盗窃", "流浪犬")
    refused = run("import", "incidents", name)
    assert refused.status == 1
    assert "2 defects" in refused.err
    assert "“噪音扰民” (rows: 2)" in refused.err and "--topic '噪音扰民=noise'" in refused.err
    assert "“流浪犬” (rows: 1)" in refused.err and "--new-topic 'CODE=流浪犬'" in refused.err
    assert "盗窃”" not in refused.err


def test_answers_are_tried_in_a_dry_run_and_remembered_by_a_commit(run, database, file):
    name = file("噪音扰民", "流浪犬")
    answers = ("--topic", "噪音扰民=noise", "--new-topic", "stray_dogs=流浪犬/Stray dogs")
    tried = run("import", "incidents", name, *answers)
    assert tried.status == 0 and "2 incidents could be stored" in tried.err
    assert "stray_dogs" not in topics(run) and topics(run)["noise"]["words"] == []
    done = run("import", "incidents", name, *answers, "--not-sensitive", "--commit")
    assert done.status == 0, done.err
    known = topics(run)
    assert known["noise"]["words"] == ["噪音扰民"] and known["noise"]["incidents"] == 1
    assert known["stray_dogs"] | {"words": []} == {
        "code": "stray_dogs", "name_zh": "流浪犬", "name_en": "Stray dogs", "category": "other",
        "sensitive": False, "sensitive_decided": True, "incidents": 1, "words": [],
        "retired_at": None,
    }  # fmt: skip
    later = file(" 噪音扰民　", "stray DOGS", name="b")
    assert run("import", "incidents", later, "--commit").status == 0
    assert count(database, t.Incident) == 4
    assert topics(run)["stray_dogs"]["incidents"] == 2


def test_a_topic_about_which_nobody_decided_is_sensitive_until_somebody_does(run, database, file):
    name = file("上访")
    assert run("import", "incidents", name, "--new-topic", "petition=上访", "--commit").status == 0
    assert (topics(run)["petition"]["sensitive"], topics(run)["petition"]["sensitive_decided"]) == (
        True,
        False,
    )
    assert "yes (undecided)" in run("topics", "list").out
    assert run("topics", "change", "petition", "--en", "Petition").status == 0
    assert topics(run)["petition"]["sensitive_decided"] is False, "a name decides nothing"
    assert run("topics", "change", "petition", "--not-sensitive").status == 0
    found = topics(run)["petition"]
    assert (found["sensitive"], found["sensitive_decided"]) == (False, True)
    assert (found["name_zh"], found["name_en"]) == ("上访", "Petition")
    assert run("topics", "change", "petition", "--zh", "信访").status == 0
    assert topics(run)["petition"]["sensitive"] is False, "a name takes no decision back"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("topics", "add", "noise", "--zh", "噪", "--en", "N"), "a topic noise already"),
        (("topics", "add", "din", "--zh", "噪声扰民", "--en", "Din"), "means topic noise already"),
        (("topics", "add", "all", "--zh", "全", "--en", "All"), "cannot be the code"),
        (("topics", "change", "kites", "--zh", "筝"), "no topic kites"),
        (("topics", "translate", "噪音", "kites"), "no topic kites"),
        (("topics", "translate", "Theft", "noise"), "means topic theft already"),
        (("topics", "translate", "噪音", "--forget"), "nothing is remembered"),
    ],
)
def test_what_would_confuse_topics_is_refused(run, database, words, says):
    refused = run(*words)
    assert refused.status == 1 and says in refused.err


def test_a_translation_can_be_changed_and_forgotten(run, database, file):
    assert run("topics", "translate", "噪音", "noise").status == 0
    assert run("topics", "translate", "噪音", "traffic").status == 0
    assert (topics(run)["noise"]["words"], topics(run)["traffic"]["words"]) == ([], ["噪音"])
    assert run("topics", "translate", "噪音", "--forget").status == 0
    assert "“噪音” (rows: 1)" in run("import", "incidents", file("噪音")).err


def test_the_mark_of_no_new_topic_is_wrong_usage(run, database, file):
    assert run("import", "incidents", file("noise"), "--sensitive").status == 2
    assert run("import", "households", file("noise"), "--topic", "a=noise").status == 2


def test_names_a_person_has_changed_stay_through_imports(run, database, file):
    assert run("topics", "change", "noise", "--en", "Din").status == 0
    assert run("import", "incidents", file("din"), "--commit").status == 0
    assert topics(run)["noise"]["name_en"] == "Din"
