"""Topics: adding and changing them, and remembering what the words of files mean."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from gis.domain.access import Scope, require
from gis.domain.topic import TopicAnswers, TopicSketch, check_topic, word_key
from gis.errors import Conflict, InvalidInput, NotFound
from gis.store.access.audit import write_audit
from gis.store.casework import topics
from gis.store.counts.recount import recount


def add_topic(session: Session, scope: Scope, sketch: TopicSketch, *, now: datetime) -> None:
    """Add a topic; without a decision about its mark it counts as sensitive.

    Raises
    ------
    Conflict
        The code is taken, or a name means another topic.
    """
    require(scope, "import")
    sketch = check_topic(sketch)
    if topics.get_topic(session, sketch.code) is not None:
        raise Conflict("there is a topic {code} already", code=sketch.code)
    _refuse_taken_names(session, sketch)
    topics.put_topic(session, sketch)
    _audit(session, scope, "topic.add", sketch.code, now, sensitive=sketch.sensitive)


def change_topic(session: Session, scope: Scope, sketch: TopicSketch, *, now: datetime) -> None:
    """Rename a topic, or decide whether it is sensitive; its code stays.

    Without a decision (``sensitive`` None) the mark stays as it is.

    Raises
    ------
    NotFound
        There is no such topic.
    Conflict
        A name means another topic.
    """
    require(scope, "import")
    sketch = check_topic(sketch)
    stored = topics.get_topic(session, sketch.code)
    if stored is None:
        raise NotFound("there is no topic {code}", code=sketch.code)
    _refuse_taken_names(session, sketch)
    if sketch.sensitive is None and stored.sensitive_decided:
        sketch = replace(sketch, sensitive=stored.sensitive)
    was_sensitive = stored.sensitive
    topics.put_topic(session, sketch)
    session.expire(stored)
    if stored.sensitive != was_sensitive:
        recount(session, now=now, kinds=("incidents",))
    _audit(session, scope, "topic.change", sketch.code, now, sensitive=sketch.sensitive)


def _refuse_taken_names(session: Session, sketch: TopicSketch) -> None:
    known = topics.meanings(session)
    for word in (sketch.code, sketch.name_zh, sketch.name_en):
        owner = known.get(word_key(word), sketch.code)
        if owner != sketch.code:
            raise Conflict("“{word}” means topic {code} already", word=word, code=owner)


def translate(session: Session, scope: Scope, word: str, code: str, *, now: datetime) -> None:
    """Remember that a category of files means a topic, for this and later files.

    Raises
    ------
    NotFound
        There is no such topic.
    Conflict
        The word is the code or a name of another topic.
    """
    require(scope, "import")
    word = " ".join(word.split())
    if not word_key(word):
        raise InvalidInput("give the word that files use")
    if topics.get_topic(session, code) is None:
        raise NotFound("there is no topic {code}", code=code)
    owner = topics.owner_of_name(session, word)
    if owner not in (None, code):
        raise Conflict("“{word}” means topic {code} already", word=word, code=owner)
    topics.put_word(session, word, code)
    _audit(session, scope, "topic.translate", code, now)


def forget(session: Session, scope: Scope, word: str, *, now: datetime) -> None:
    """Forget what a category of files means; what was imported stays.

    Raises
    ------
    NotFound
        Nothing was remembered of it.
    """
    require(scope, "import")
    if not topics.forget_word(session, word):
        raise NotFound("nothing is remembered of “{word}”", word=word)
    _audit(session, scope, "topic.forget", None, now)


def learn(session: Session, scope: Scope, answers: TopicAnswers, *, now: datetime) -> None:
    """Take over answers about the categories of a file: new topics first, then translations.

    A new topic that was added before, as for the file's dry run or the month before, is left.
    """
    for sketch in answers.new:
        if topics.get_topic(session, sketch.code) is None:
            add_topic(session, scope, sketch, now=now)
    for word, code in answers.translations.items():
        translate(session, scope, word, code, now=now)


@contextmanager
def answering(
    session: Session, scope: Scope, answers: TopicAnswers, *, keep: bool, now: datetime
) -> Iterator[None]:
    """Let an import know answers about its categories; they are kept unless it is a dry run."""
    with session.begin_nested() as point:
        learn(session, scope, answers, now=now)
        yield
        if not keep:
            point.rollback()


def _audit(
    session: Session,
    scope: Scope,
    action: str,
    code: str | None,
    now: datetime,
    **detail: object,
) -> None:
    write_audit(session, scope, action, now=now, object_kind="topic", object_id=code, detail=detail)
