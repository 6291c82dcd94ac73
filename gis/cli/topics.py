"""Topics of incidents from the command line."""

from __future__ import annotations

from dataclasses import asdict

import click

from gis.actions.access.work import Work
from gis.actions.casework import topics
from gis.cli.answers import Shown, answer, reading
from gis.cli.context import now, say, work_session
from gis.domain.access import SYSTEM
from gis.domain.topic import CATEGORIES, TopicSketch
from gis.errors import NotFound
from gis.store.casework.topics import TopicRow, get_topic, topic_rows

_SENSITIVE = click.option(
    "--sensitive/--not-sensitive",
    default=None,
    help="Shown as counts only, small ones suppressed; yes as long as nobody has decided.",
)
_CATEGORY = click.option("--category", type=click.Choice(list(CATEGORIES)))
BRIEF = ("code", "zh", "en", "sensitive", "incidents", "words")


@click.group("topics")
def topics_group() -> None:
    """List, add and change topics, and say which words of files mean them."""


@topics_group.command("list")
@reading
def list_command(shown: Shown) -> None:
    """List topics with both names, their mark, their incidents and the words that mean them."""
    with work_session() as session:
        rows = topic_rows(session, SYSTEM)
    answer([_row(r) if shown.is_table else asdict(r) for r in rows], shown, brief=BRIEF)


def _row(topic: TopicRow) -> dict:
    mark = ("yes" if topic.sensitive else "no") if topic.sensitive_decided else "yes (undecided)"
    return {
        "code": topic.code,
        "zh": topic.name_zh,
        "en": topic.name_en,
        "category": topic.category,
        "sensitive": mark,
        "retired": f"{topic.retired_at:%Y-%m-%d}" if topic.retired_at else "",
        "incidents": topic.incidents,
        "words": ", ".join(topic.words),
    }


@topics_group.command("add")
@click.argument("code")
@click.option("--zh", required=True, help="Chinese name.")
@click.option("--en", required=True, help="English name.")
@_CATEGORY
@_SENSITIVE
def add_command(code: str, zh: str, en: str, category: str | None, sensitive: bool | None) -> None:
    """Add a topic of incidents."""
    sketch = TopicSketch(code, zh, en, category or "other", sensitive)
    with work_session() as session:
        topics.add_topic(Work(session, SYSTEM, now()), sketch)
    say(f"{code} is a topic now{'' if sensitive is not None else _UNDECIDED}")


_UNDECIDED = "; it counts as sensitive until `topics change` decides"


@topics_group.command("change")
@click.argument("code")
@click.option("--zh", help="Chinese name.")
@click.option("--en", help="English name.")
@_CATEGORY
@_SENSITIVE
def change_command(
    code: str, zh: str | None, en: str | None, category: str | None, sensitive: bool | None
) -> None:
    """Rename a topic, or decide whether it is sensitive; what is not given stays."""
    with work_session() as session:
        stored = get_topic(session, code)
        if stored is None:
            raise NotFound("there is no topic {code}", code=code)
        sketch = TopicSketch(
            code, zh or stored.name_zh, en or stored.name_en, category or stored.category, sensitive
        )
        topics.change_topic(Work(session, SYSTEM, now()), sketch)
    say(f"{code} changed")


@topics_group.command("retire")
@click.argument("code")
@click.option("--reopen", is_flag=True, help="Take a retired topic into use again.")
def retire_command(code: str, reopen: bool) -> None:
    """Retire a topic: it stays for what happened before, and nothing new is filed under it."""
    with work_session() as session:
        topics.retire_topic(Work(session, SYSTEM, now()), code, retired=not reopen)
    say(f"{code} is in use again" if reopen else f"{code} is retired")


@topics_group.command("translate")
@click.argument("word")
@click.argument("code", required=False)
@click.option("--forget", is_flag=True, help="Forget what WORD means.")
def translate_command(word: str, code: str | None, forget: bool) -> None:
    """Remember that WORD in files means topic CODE."""
    if forget is (code is not None):
        raise click.UsageError("give a topic, or --forget")
    with work_session() as session:
        if forget:
            topics.forget(Work(session, SYSTEM, now()), word)
        elif code is not None:
            topics.translate(Work(session, SYSTEM, now()), word, code)
    say(f"“{word}” is forgotten" if forget else f"“{word}” means {code} from now on")
