"""Topics as rows, and the words of files that mean them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.database.answers import rows_changed
from gis.domain.access import Scope, require
from gis.domain.topic import TopicSketch, word_key
from gis.store.area.visible import visible
from gis.store.tables import Incident, Topic, TopicWord


@dataclass(frozen=True)
class TopicRow:
    """A topic as the administrator sees it; ``words`` of files are translated to it."""

    code: str
    name_zh: str
    name_en: str
    category: str
    sensitive: bool
    sensitive_decided: bool
    retired_at: datetime | None
    incidents: int
    words: tuple[str, ...]


def topic_rows(session: Session, scope: Scope) -> list[TopicRow]:
    """List the topics, how often they occur in the area, which words mean them.

    Needs ``import``.
    """
    require(scope, "import")
    occurring = (
        select(Incident.topic, func.count())
        .where(visible(scope, Incident.community_id))
        .group_by(Incident.topic)
    )
    counts = dict(session.execute(occurring).all())
    words: dict[str, list[str]] = {}
    for code, word in session.execute(
        select(TopicWord.topic, TopicWord.word).order_by(TopicWord.word)
    ):
        words.setdefault(code, []).append(word)
    topics = session.scalars(select(Topic).order_by(Topic.category, Topic.code))
    return [
        TopicRow(
            t.code,
            t.name_zh,
            t.name_en,
            t.category,
            t.sensitive,
            t.sensitive_decided,
            t.retired_at,
            counts.get(t.code, 0),
            tuple(words.get(t.code, ())),
        )
        for t in topics
    ]


@dataclass(frozen=True)
class Meanings:
    """What words of files mean.

    Parameters
    ----------
    codes
        Code of the topic that a word means, by `word_key`.
    retired
        When each retired topic was retired, by its code.
    """

    codes: dict[str, str]
    retired: dict[str, datetime]


def meanings(session: Session) -> Meanings:
    """Give what words mean: codes, names, translations.

    A code wins over a name, and a name over a translation.
    """
    topics = session.scalars(select(Topic).order_by(Topic.code)).all()
    found = dict(session.execute(select(TopicWord.key, TopicWord.topic)).all())
    for name in ("name_zh", "name_en", "code"):
        found |= {word_key(getattr(topic, name)): topic.code for topic in topics}
    return Meanings(found, {t.code: t.retired_at for t in topics if t.retired_at is not None})


def owner_of_name(session: Session, word: str) -> str | None:
    """Give the topic that has a word for its code or one of its names; None when none has."""
    key = word_key(word)
    for topic in session.scalars(select(Topic).order_by(Topic.code)):
        if key in {word_key(w) for w in (topic.code, topic.name_zh, topic.name_en)}:
            return topic.code
    return None


def get_topic(session: Session, code: str) -> Topic | None:
    """Give a topic by its code, locked against others who change it."""
    return session.get(Topic, code, with_for_update=True)


def put_topic(session: Session, sketch: TopicSketch) -> None:
    """Store a topic, or what is said of it now."""
    columns = {
        "name_zh": sketch.name_zh,
        "name_en": sketch.name_en,
        "category": sketch.category,
        "sensitive": sketch.sensitive is not False,
        "sensitive_decided": sketch.sensitive is not None,
    }
    statement = insert(Topic).values(code=sketch.code, **columns)
    session.execute(
        statement.on_conflict_do_update(index_elements=["code"], set_=columns),
        execution_options={"populate_existing": True},
    )


def put_word(session: Session, word: str, code: str) -> None:
    """Remember that a word of files means a topic; a later answer takes the place of an earlier."""
    statement = insert(TopicWord).values(key=word_key(word), word=word, topic=code)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["key"], set_={"word": statement.excluded.word, "topic": code}
        )
    )


def forget_word(session: Session, word: str) -> bool:
    """Forget a translation; says whether there was one."""
    gone = session.execute(delete(TopicWord).where(TopicWord.key == word_key(word)))
    return rows_changed(gone) > 0
