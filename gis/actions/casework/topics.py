"""Topics: adding and changing them, and remembering what the words of files mean."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy.orm import Session

from gis.actions.access.work import Work
from gis.domain.access import require
from gis.domain.topic import TopicAnswers, TopicSketch, check_topic, word_key
from gis.errors import Conflict, InvalidInput, NotFound
from gis.store.casework import topics
from gis.store.counts.recount import recount


def add_topic(work: Work, sketch: TopicSketch) -> None:
    """Add a topic; without a decision about its mark it counts as sensitive.

    Raises
    ------
    Conflict
        The code is taken, or a name means another topic.
    """
    require(work.scope, "import")
    sketch = check_topic(sketch)
    if topics.get_topic(work.session, sketch.code) is not None:
        raise Conflict("there is a topic {code} already", code=sketch.code)
    _refuse_taken_names(work.session, sketch)
    topics.put_topic(work.session, sketch)
    _audit(work, "topic.add", sketch.code, sensitive=sketch.sensitive)


def change_topic(work: Work, sketch: TopicSketch) -> None:
    """Rename a topic, or decide whether it is sensitive; its code stays.

    Without a decision (``sensitive`` None) the mark stays as it is.

    Raises
    ------
    NotFound
        There is no such topic.
    Conflict
        A name means another topic.
    """
    require(work.scope, "import")
    sketch = check_topic(sketch)
    stored = topics.get_topic(work.session, sketch.code)
    if stored is None:
        raise NotFound("there is no topic {code}", code=sketch.code)
    _refuse_taken_names(work.session, sketch)
    if sketch.sensitive is None and stored.sensitive_decided:
        sketch = replace(sketch, sensitive=stored.sensitive)
    was_sensitive = stored.sensitive
    topics.put_topic(work.session, sketch)
    work.session.expire(stored)
    if stored.sensitive != was_sensitive:
        recount(work.session, now=work.now, kinds=("incidents",))
    _audit(work, "topic.change", sketch.code, sensitive=sketch.sensitive)


def retire_topic(work: Work, code: str, *, retired: bool = True) -> None:
    """Retire a topic, or take it into use again; what happened before stays under it.

    Raises
    ------
    NotFound
        There is no such topic.
    Conflict
        It is so already.
    """
    require(work.scope, "import")
    stored = topics.get_topic(work.session, code)
    if stored is None:
        raise NotFound("there is no topic {code}", code=code)
    if retired and stored.retired_at is not None:
        raise Conflict("topic {code} is retired already", code=code)
    if not retired and stored.retired_at is None:
        raise Conflict("topic {code} is in use already", code=code)
    stored.retired_at = work.now if retired else None
    work.session.flush()
    action = "topic.retire" if retired else "topic.reopen"
    work.audit(action, object_kind="topic", object_id=code)


def _refuse_taken_names(session: Session, sketch: TopicSketch) -> None:
    known = topics.meanings(session).codes
    for word in (sketch.code, sketch.name_zh, sketch.name_en):
        owner = known.get(word_key(word), sketch.code)
        if owner != sketch.code:
            raise Conflict("“{word}” means topic {code} already", word=word, code=owner)


def translate(work: Work, word: str, code: str) -> None:
    """Remember that a category of files means a topic, for this and later files.

    Raises
    ------
    NotFound
        There is no such topic.
    Conflict
        The word is the code or a name of another topic.
    """
    require(work.scope, "import")
    word = " ".join(word.split())
    if not word_key(word):
        raise InvalidInput("give the word that files use")
    if topics.get_topic(work.session, code) is None:
        raise NotFound("there is no topic {code}", code=code)
    owner = topics.owner_of_name(work.session, word)
    if owner not in (None, code):
        raise Conflict("“{word}” means topic {code} already", word=word, code=owner)
    topics.put_word(work.session, word, code)
    _audit(work, "topic.translate", code)


def forget(work: Work, word: str) -> None:
    """Forget what a category of files means; what was imported stays.

    Raises
    ------
    NotFound
        Nothing was remembered of it.
    """
    require(work.scope, "import")
    if not topics.forget_word(work.session, word):
        raise NotFound("nothing is remembered of “{word}”", word=word)
    _audit(work, "topic.forget", None)


def learn(work: Work, answers: TopicAnswers) -> None:
    """Take over answers about the categories of a file: new topics first, then translations.

    A new topic that was added before, as for the file's dry run or the month before, is left.
    """
    for sketch in answers.new:
        if topics.get_topic(work.session, sketch.code) is None:
            add_topic(work, sketch)
    for word, code in answers.translations.items():
        translate(work, word, code)


@contextmanager
def answering(work: Work, answers: TopicAnswers, *, keep: bool) -> Iterator[None]:
    """Let an import know answers about its categories; they are kept unless it is a dry run."""
    with work.session.begin_nested() as point:
        learn(work, answers)
        yield
        if not keep:
            point.rollback()


def _audit(
    work: Work,
    action: str,
    code: str | None,
    **detail: object,
) -> None:
    work.audit(action, object_kind="topic", object_id=code, detail=detail)
