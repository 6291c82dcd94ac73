"""Accounts: users, their roles and areas, their sessions, and how they signed in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from gis.database.base import Base, one_of
from gis.domain.access import ROLES


class UserAccount(Base):
    """A person who signs in."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    password_changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    language: Mapped[str | None] = mapped_column(Text)
    password_must_change: Mapped[bool] = mapped_column(server_default="false")
    last_sign_in_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        UniqueConstraint("login"),
        CheckConstraint("language IS NULL OR language IN ('zh', 'en')", name="language_is_known"),
    )


class UserRole(Base):
    """A role of a user."""

    __tablename__ = "user_role"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(Text, primary_key=True)

    __table_args__ = (CheckConstraint(one_of("role", ROLES), name="role_is_known"),)


class UserArea(Base):
    """A division unit within which a user's roles hold."""

    __tablename__ = "user_area"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
    )
    division_unit_id: Mapped[int] = mapped_column(ForeignKey("division_unit.id"), primary_key=True)


class UserSession(Base):
    """An open session: who, since when, from where; a digest stands for the cookie's token."""

    __tablename__ = "user_session"

    token_digest: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    began_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(Text)
    agent: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_user_session_user_id", "user_id"),)


class SignInWait(Base):
    """Wrong passwords along one lane (see `gis.domain.sign_in`), and until when it waits."""

    __tablename__ = "sign_in_wait"

    lane: Mapped[str] = mapped_column(Text, primary_key=True)
    failures: Mapped[float]
    last_at: Mapped[datetime]
    wait_until: Mapped[datetime]
    refused: Mapped[int] = mapped_column(server_default="0")

    __table_args__ = (Index("ix_sign_in_wait_last_at", "last_at"),)


class SignInPlace(Base):
    """An address or browser from which an account was signed in to, as a digest."""

    __tablename__ = "sign_in_place"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
    )
    place: Mapped[str] = mapped_column(Text, primary_key=True)
    last_at: Mapped[datetime]
