"""What incidents are about, and the words of files that mean it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from gis.database.base import Base


class Topic(Base):
    """What an incident is about, in both languages.

    ``sensitive`` topics are shown as counts only, small ones suppressed; as long as nobody has
    decided about the mark, a topic is sensitive. One that is retired stays for what happened
    before.
    """

    __tablename__ = "topic"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    sensitive: Mapped[bool] = mapped_column(server_default="true")
    sensitive_decided: Mapped[bool] = mapped_column(server_default="false")
    retired_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("sensitive OR sensitive_decided", name="undecided_is_sensitive"),
    )


class TopicWord(Base):
    """A category of files that means a topic; ``key`` is the word without width, case, spaces."""

    __tablename__ = "topic_word"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    word: Mapped[str] = mapped_column(Text)
    topic: Mapped[str] = mapped_column(ForeignKey("topic.code"))

    __table_args__ = (Index("ix_topic_word_topic", "topic"),)
